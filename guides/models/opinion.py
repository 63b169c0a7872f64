"""What readers say about a guide: counts per day and optional remarks, without any identity.

Decree 224/2026/NĐ-CP art. 10(3)(b) asks that people can rate information online, confidentially. So nothing that could
lead to a person is stored: no address, no cookie, no time of day.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OpinionCount(models.Model):
    """How many readers found a guide helpful on one day, and how many did not."""

    page = models.ForeignKey(
        "guides.GuidePage", verbose_name=_("guide"), on_delete=models.CASCADE, related_name="opinion_counts"
    )
    day = models.DateField(_("day"))
    yes = models.PositiveIntegerField(_("helpful"), default=0)
    no = models.PositiveIntegerField(_("not helpful"), default=0)

    class Meta:
        verbose_name = _("readers' opinion")
        verbose_name_plural = _("readers' opinions")
        constraints = [models.UniqueConstraint(fields=["page", "day"], name="guides_opinion_once_a_day")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.day}: {self.yes}/{self.no}"


class OpinionComment(models.Model):
    """A reader's remark."""

    page = models.ForeignKey(
        "guides.GuidePage", verbose_name=_("guide"), on_delete=models.CASCADE, related_name="opinion_comments"
    )
    day = models.DateField(_("day"), db_index=True)
    helpful = models.BooleanField(_("helpful"))
    text = models.TextField(_("remark"), max_length=500)

    class Meta:
        verbose_name = _("reader's remark")
        verbose_name_plural = _("readers' remarks")
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]
