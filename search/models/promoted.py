"""Results that staff put above all others for certain questions."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable, Page, Site

from search import lexicon_rules
from search.models.remembered import Remembered

MAX_QUESTIONS = 30
MAX_PAGES = 3


# The manager of its pages comes from Wagtail, which has no types.
class PromotedResult(Remembered, ClusterableModel):  # type: ignore[django-manager-missing]
    """A set of questions and the pages that answer them best."""

    class Match(models.TextChoices):
        """How a question is compared."""

        WHOLE = "whole", _("The whole question is one of these lines")
        PART = "part", _("The question contains one of these lines")

    site = models.ForeignKey(Site, verbose_name=_("Website"), on_delete=models.CASCADE, related_name="+")
    questions = models.TextField(
        _("questions"),
        validators=[MaxLengthValidator(4_000)],
        help_text=_(
            "One per line, as residents type it; marks and capitals make no difference. For example “lịch cắt điện”, on the "
            "next line “cúp điện”."
        ),
    )
    match = models.CharField(
        _("applies when"),
        max_length=10,
        choices=Match.choices,
        default=Match.WHOLE,
        help_text=_(
            "“Contains”: for the line “cúp điện” also the question “bao giờ hết cúp điện”. Choose it for lines of two words "
            "or more."
        ),
    )
    starts_on = models.DateField(
        _("first day"),
        null=True,
        blank=True,
        help_text=_("First day on which the pages stand at the top. Empty: at once."),
    )
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Last day. Empty: until you change it.")
    )
    active = models.BooleanField(_("in use"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("For colleagues. Optional."))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("promoted result")
        verbose_name_plural = _("promoted results")
        ordering = ["-updated_at", "-pk"]

    def __str__(self) -> str:
        return ", ".join(self.lines[:3])

    @property
    def lines(self) -> list[str]:
        """The questions in NFC, one per line of the field."""
        return lexicon_rules.phrases(self.questions)

    def is_in_force(self, day: datetime.date | None = None) -> bool:
        """Tell whether the pages stand at the top on ``day`` (local; today when not given)."""
        day = day or timezone.localdate()
        begun = self.starts_on is None or self.starts_on <= day
        return self.active and begun and (self.ends_on is None or day <= self.ends_on)

    def clean(self) -> None:
        """Store the questions in their normal form and check them.

        Raises:
            ValidationError: by field.
        """
        lines = self.lines
        self.questions = "\n".join(lines)
        wrong: dict[str, object] = {}
        if not any(lexicon_rules.folded(line) for line in lines):
            wrong["questions"] = _("Write at least one question.")
        elif len(lines) > MAX_QUESTIONS:
            wrong["questions"] = _("That are too many lines: at most %(count)d.") % {"count": MAX_QUESTIONS}
        elif self.match == self.Match.PART:
            for line in lines:
                if lexicon_rules.folded(line) in lexicon_rules.COMMON:
                    wrong["questions"] = _(
                        "“%(line)s” stands in too many questions. Write more words, or choose “The whole question”."
                    ) % {"line": line}
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            wrong["ends_on"] = _("The last day is before the first.")
        if wrong:
            raise ValidationError(wrong)


class PromotedPage(Orderable):
    """A page of the set, in the order of the form. Stands for its translations too."""

    promoted = ParentalKey("search.PromotedResult", on_delete=models.CASCADE, related_name="pages")
    page = models.ForeignKey(Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="+")

    class Meta(Orderable.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def __str__(self) -> str:
        return str(self.page_id)
