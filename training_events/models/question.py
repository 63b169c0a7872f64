"""What editors add to an event: its own questions, and seats held back."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import SynchronizedField, TranslatableField

from core.fields import StreamField
from training_events import sensitivity


class QuestionKind(models.TextChoices):
    """What an answer looks like."""

    TEXT = "text", _("a line of text")
    LONG_TEXT = "long_text", _("several lines of text")
    CHOICE = "choice", _("one of several options")
    CHOICES = "choices", _("several options")
    NUMBER = "number", _("a number")
    DATE = "date", _("a date")
    YES_NO = "yes_no", _("yes or no")
    PLACE = "place", _("a commune")


class Sensitive(models.TextChoices):
    """Kinds of personal data that the law protects more strictly (Law 91/2025/QH15, Decree 356/2025)."""

    NO = "no", _("nothing of the kind")
    ETHNIC = "ethnic", _("ethnic origin or religion")
    IDENTITY = "identity", _("identity number or papers")
    HEALTH = "health", _("health or disability")


class OptionsBlock(blocks.StreamBlock):
    """The options of a question. Each block's own id is the option's stable key: it survives rewording and reordering."""

    option = blocks.CharBlock(label=_("Option"), max_length=160, icon="tick")


class Question(TranslatableMixin, Orderable):
    """A question of one event. Its translation key is what answers hang on, in every language and after every edit."""

    page = ParentalKey("training_events.EventPage", on_delete=models.CASCADE, related_name="questions")
    label = models.CharField(
        pgettext_lazy("event", "question"), max_length=200,
        help_text=_("You may reword or move a question at any time: answers that are there keep the words they were given to."),
    )  # fmt: skip
    help_text = models.CharField(_("hint below the question"), max_length=255, blank=True)
    kind = models.CharField(
        _("kind of answer"), max_length=10, choices=QuestionKind, default=QuestionKind.TEXT
    )
    options = StreamField(
        OptionsBlock(), verbose_name=_("options"), blank=True, help_text=_("Only for a choice of options.")
    )
    required = models.BooleanField(_("must be answered"), default=False)
    per_participant = models.BooleanField(
        _("ask for each participant"), default=False, help_text=_("Otherwise once for the whole group.")
    )
    sensitive = models.CharField(
        _("does it ask for sensitive data?"), max_length=10, choices=Sensitive, blank=True,
        help_text=_("The law protects ethnic origin, identity papers and health more strictly. "
                    "Ask only if the class cannot be held without it."),
    )  # fmt: skip
    reason = models.CharField(
        _("reason shown to the person asked"), max_length=255, blank=True,
        help_text=_("Needed for sensitive data: what the answer is used for and who sees it."),
    )  # fmt: skip
    keep_days = models.PositiveSmallIntegerField(
        _("delete answers after (days)"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Counted from the last session. Empty: as long as the registration."),
    )  # fmt: skip

    panels = [
        FieldPanel("label"),
        FieldPanel("help_text"),
        FieldPanel("kind"),
        FieldPanel("options"),
        FieldRowPanel([FieldPanel("required"), FieldPanel("per_participant")]),
        FieldPanel("sensitive"),
        FieldPanel("reason"),
        FieldPanel("keep_days"),
    ]
    translatable_fields = [
        TranslatableField("label"),
        TranslatableField("help_text"),
        TranslatableField("options"),
        TranslatableField("reason"),
        *(
            SynchronizedField(name, overridable=False)
            for name in ("kind", "required", "per_participant", "sensitive", "keep_days")
        ),
    ]

    class Meta(Orderable.Meta):
        verbose_name = pgettext_lazy("event", "question")
        verbose_name_plural = pgettext_lazy("event", "questions")
        unique_together = [("translation_key", "locale")]

    def __str__(self) -> str:
        return self.label

    @property
    def key(self) -> uuid.UUID:
        """What answers hang on."""
        return self.translation_key

    @property
    def is_sensitive(self) -> bool:
        """Whether the question asks for data that the law protects more strictly."""
        return self.sensitive not in ("", Sensitive.NO)

    @property
    def has_options(self) -> bool:
        """Whether answers are chosen from a list of the editor's."""
        return self.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES)

    def _words(self) -> str:
        """Return all that the person asked reads; the options tell what a harmless question is after."""
        options = [str(child.value) for child in self.options] if self.has_options else []
        return " / ".join([self.label, self.help_text, *options])

    def clean(self) -> None:
        """Ask for options where there must be some, and stop at questions that look sensitive but do not say so."""
        super().clean()
        if self.has_options and len(self.options) < 2:
            raise ValidationError({"options": _("Please give at least two options.")})
        if not self.sensitive and (kind := sensitivity.guess(self._words())):
            raise ValidationError(
                {
                    "sensitive": _(
                        "This question seems to ask for: %(kind)s. Please say whether it does; "
                        "if it does, give the reason that is shown to the person asked."
                    )
                    % {"kind": Sensitive(kind).label}
                }
            )
        if self.is_sensitive and not self.reason.strip():
            raise ValidationError(
                {"reason": _("Sensitive data need a reason that the person asked can read.")}
            )


class HeldSeats(TranslatableMixin, Orderable):
    """Seats that an editor holds back for a commune or a group. Its translation key is the key of the SeatReserve."""

    page = ParentalKey("training_events.EventPage", on_delete=models.CASCADE, related_name="held_seats")
    label = models.CharField(
        _("for whom"), max_length=120, help_text=_('For example "Residents of Đắk Ơ" or "Members of the women\'s union".')
    )  # fmt: skip
    place = models.ForeignKey(
        "core.Place", verbose_name=_("commune"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text=_("Empty for a group: people then say in the form whether they belong to it."),
    )  # fmt: skip
    seats = models.PositiveSmallIntegerField(_("seats"), validators=[MinValueValidator(1)])

    panels = [FieldPanel("label"), FieldRowPanel([FieldPanel("place"), FieldPanel("seats")])]
    translatable_fields = [
        TranslatableField("label"),
        SynchronizedField("place", overridable=False),
        SynchronizedField("seats", overridable=False),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("seats held back")
        verbose_name_plural = _("seats held back")
        unique_together = [("translation_key", "locale")]

    def __str__(self) -> str:
        return self.label
