"""What readers ask the search, counted per day, without anything that could lead to a person.

Law 91/2025/QH15: no more data than needed. No address, no cookie, no time of day, no user; questions that may hold personal
data are not kept at all (``search.log.is_private``).
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from search.models.remembered import Remembered

#: Characters of a question that is kept; a longer one is a letter rather than a question.
MAX_TEXT = 100


class AskedQuestion(models.Model):
    """How many people asked a question on one day, spelled in one way.

    Attributes:
        key: the words without marks and capitals: all spellings of a question are summed up by it.
        text: as typed.
        asked: how many clients; one that asks again on the same day, in whatever spelling, is not counted again.
        total: results the last time.
        clicks: how many of those who asked opened a result.
        ranks: sum of the places (from 1) of the results that were opened.
        page: the result that was opened last.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(_("language"), max_length=10)
    day = models.DateField(_("day"))
    key = models.CharField(_("words"), max_length=200)
    text = models.CharField(_("question"), max_length=MAX_TEXT)
    asked = models.PositiveIntegerField(_("times asked"), default=0)
    total = models.PositiveIntegerField(_("results"), default=0)
    clicks = models.PositiveIntegerField(_("results opened"), default=0)
    ranks = models.PositiveIntegerField(default=0)
    page = models.ForeignKey(Page, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("question asked")
        verbose_name_plural = _("questions asked")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "language", "day", "key", "text"], name="search_asked_spelling_a_day"
            )
        ]
        indexes = [
            models.Index(fields=["site", "day"], name="search_asked_by_day"),
            models.Index(fields=["site", "language", "key", "-day"], name="search_asked_by_words"),
        ]

    def __str__(self) -> str:
        return f"{self.text} ({self.asked})"


class HiddenQuestion(Remembered):
    """A question that staff do not want to be shown among the popular ones."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=10)
    key = models.CharField(max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("question not shown to others")
        verbose_name_plural = _("questions not shown to others")
        constraints = [models.UniqueConstraint(fields=["site", "language", "key"], name="search_hidden_once")]

    def __str__(self) -> str:
        return self.key
