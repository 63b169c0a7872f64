"""The people of a party and what they answered."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import vietnamese
from training_events.models.question import QuestionKind, Sensitive
from training_events.models.registration import Registration


class Participant(models.Model):
    """One seat's person. A party of N has N rows from the start; names may stay open until the day.

    The first is the contact, unless an organisation's representative registers others. ``key`` is what attendance lists,
    badges and certificates refer to.
    """

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="participants")
    position = models.PositiveSmallIntegerField(_("number in the party"))
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("full name"), max_length=100, blank=True)
    name_key = models.CharField(max_length=100, blank=True, editable=False)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["registration", "position"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "position"], name="participant_position")
        ]

    def __str__(self) -> str:
        return self.name or f"{self.position}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the name in NFC with its folded form."""
        self.prepare()
        super().save(*args, **kwargs)

    def prepare(self) -> Participant:
        """Bring the derived field up to date (bulk_create calls no save) and return the row."""
        self.name = vietnamese.to_nfc(self.name)
        self.name_key = vietnamese.fold(self.name)[:100]
        return self


class Answer(models.Model):
    """What a party or one participant answered to a question, with the words of the question at that time.

    ``question_key`` is the question's translation key. It stays the same however the question is reworded or moved, and the
    answer outlives the question. ``wording`` and ``shown`` are what was asked and answered, so that no later edit gives an
    answer another meaning.
    """

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="answers")
    participant = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.CASCADE, related_name="answers"
    )
    question_key = models.UUIDField(_("key of the question"), db_index=True)
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind)
    sensitive = models.CharField(_("sensitive"), max_length=10, blank=True, choices=Sensitive)
    wording = models.TextField(_("question as asked"))
    #: JSON: text, a number, an ISO date, a truth value, a place's translation key, or a list of option keys.
    value = models.JSONField(_("answer"))
    shown = models.TextField(_("answer in words"))
    answered_at = models.DateTimeField(_("answered at"))
    #: Days after the last session that the question named (never a longer time than people were told), and the day they make:
    #: earlier than the registration's own. Both empty where the answer is kept as long as that.
    keep_days = models.PositiveSmallIntegerField(
        _("days answers are kept"), null=True, blank=True, editable=False
    )
    keep_until = models.DateField(_("kept until"), null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "question_key"],
                condition=Q(participant__isnull=True),
                name="answer_of_registration",
            ),
            models.UniqueConstraint(
                fields=["participant", "question_key"],
                condition=Q(participant__isnull=False),
                name="answer_of_participant",
            ),
        ]

    def __str__(self) -> str:
        return self.shown


class RegistrationChange(models.Model):
    """What happened to a registration after it was made: who, when, what, and why where staff went past a rule."""

    class Actor(models.TextChoices):
        HOLDER = "holder", _("the registered person")
        STAFF = "staff", _("staff")
        SYSTEM = "system", _("the system")

    class Action(models.TextChoices):
        REGISTERED = "registered", _("registered by staff")
        CHANGED = "changed", _("changed")
        CANCELLED = "cancelled", _("cancelled")
        MOVED_UP = "moved_up", _("given a seat from the waiting list")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("not approved")
        OVERRIDDEN = "overridden", _("given a seat past the rules")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(_("when"))
    actor = models.CharField(_("who"), max_length=10, choices=Actor)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("staff"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    #: Kept as text: the trace outlives the account.
    user_name = models.CharField(_("name of the staff"), max_length=150, blank=True)
    action = models.CharField(_("what"), max_length=12, choices=Action)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    #: [{"field": …, "old": …, "new": …}]; the values of sensitive answers are left out. Answers that are kept for a shorter time
    #: than their registration have a "keep_until" of their own, and ``answers_until`` is the first of these days.
    details = models.JSONField(_("details"), default=list, blank=True)
    answers_until = models.DateField(null=True, editable=False, db_index=True)

    class Meta:
        verbose_name = _("change of a registration")
        verbose_name_plural = _("changes of registrations")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_action_display()} ({self.get_actor_display()})"

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The details with names that people understand; sensitive answers have no old and new value."""
        states = dict(Registration.Status.choices)
        return [
            {
                **one,
                **(
                    {name: states.get(one[name], one[name]) for name in ("old", "new")}
                    if one["field"] == "status"
                    else {}
                ),
                "label": one.get("question") or _FIELD_LABELS.get(one["field"], one["field"]),
            }
            for one in self.details
        ]


_FIELD_LABELS = {
    "contact_name": _("Full name"),
    "phone": _("Phone number"),
    "email": _("Email"),
    "place": _("Commune"),
    "organisation_name": _("Name of the organisation"),
    "tax_code": _("Tax code"),
    "party_size": _("Number of people"),
    "participant": _("Participant"),
    "birth_year": _("Year of birth"),
    "certificate": _("Certificate of attendance"),
    "status": _("Status"),
}
