"""What an editor decides about messages: when reminders go out, and their words."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import SynchronizedField, TranslatableField

from training_events import placeholders
from training_events.models.message import Occasion


class MessageRules(models.Model):
    """Which messages go out by the calendar, as fields of a page."""

    reminder_days = models.PositiveSmallIntegerField(
        _("remind so many days before"), null=True, blank=True, default=2, validators=[MaxValueValidator(30)],
        help_text=_("Counted from the first session, sent at 8 in the morning. Empty: no such reminder."),
    )  # fmt: skip
    reminder_morning = models.BooleanField(
        _("remind in the morning of each session"), default=True,
        help_text=_("Sent at 6 in the morning, or earlier for a class that begins before half past 7."),
    )  # fmt: skip
    ask_feedback = models.BooleanField(
        _("thank people and ask for their opinion"), default=True,
        help_text=_("Sent some hours after the last session, with a link to a short form."),
    )  # fmt: skip

    class Meta:
        abstract = True

    def pool_rules(self) -> dict[str, Any]:
        """Return what the pool copies from the page."""
        rules: dict[str, Any] = super().pool_rules()  # type: ignore[misc]
        own = ("reminder_days", "reminder_morning", "ask_feedback")
        return {**rules, **{name: getattr(self, name) for name in own}}


class MessageText(TranslatableMixin, Orderable):
    """An event's own words for one occasion; what is left empty says what it always says. Translations have their own."""

    page = ParentalKey("training_events.EventPage", on_delete=models.CASCADE, related_name="message_texts")
    occasion = models.CharField(_("occasion"), max_length=16, choices=Occasion)
    subject = models.CharField(_("subject of the email"), max_length=160, blank=True)
    body = models.TextField(
        _("text of the email"), blank=True,
        help_text=_("Class, time, place, code and link follow by themselves. You may use: {ten} name, {lop} class, "
                    "{thoi_gian} time, {dia_diem} place, {ma} code, {so_nguoi} number of people, "
                    "{thu_tu} place on the waiting list, {don_vi} office, "
                    "{dien_thoai} telephone, {lien_ket} link, {gop_y} link for opinions, {ly_do} reason."),
    )  # fmt: skip
    sms = models.TextField(
        _("text message"), blank=True,
        help_text=_("For people without email; sent without accents. 160 characters cost one message; the preview counts."),
    )  # fmt: skip

    panels = [
        FieldPanel("occasion"),
        FieldPanel("subject"),
        FieldPanel("body"),
        FieldPanel("sms"),
    ]
    translatable_fields = [
        SynchronizedField("occasion", overridable=False),
        TranslatableField("subject"),
        TranslatableField("body"),
        TranslatableField("sms"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("text of a message")
        verbose_name_plural = _("texts of messages")
        unique_together = [("translation_key", "locale")]

    def __str__(self) -> str:
        return str(Occasion(self.occasion).label)

    def clean(self) -> None:
        """Refuse placeholders that do not exist, before somebody receives them."""
        super().clean()
        problems = {}
        for name in ("subject", "body", "sms"):
            try:
                placeholders.check(getattr(self, name))
            except ValueError as problem:
                problems[name] = str(problem)
        if "\n" in self.subject or "\r" in self.subject:
            problems["subject"] = str(_("A subject is one line."))
        if problems:
            raise ValidationError(problems)


#: Messages are sent alike in every language; their words are translated.
SYNCHRONIZED_MESSAGE_RULES = [
    SynchronizedField(field.name, overridable=False) for field in MessageRules._meta.local_fields
]

MESSAGE_PANELS = [
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("reminder_days"), FieldPanel("reminder_morning")]),
            FieldPanel("ask_feedback"),
        ],
        heading=_("Messages"),
    ),
    InlinePanel(
        "message_texts",
        heading=_("Own words of messages"),
        label=_("text of a message"),
        help_text=_(
            "Only where the usual words do not fit. The preview stands at Messages in the page's menu."
        ),
    ),
]
