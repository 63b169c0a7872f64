"""The outbox: what is to be told to whom, and what became of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from training_events.models.registration import Registration


class Occasion(models.TextChoices):
    """Why a party is written to."""

    CONFIRMED = "confirmed", _("seat confirmed")
    PENDING = "pending", _("received, to be approved")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("not approved")
    WAITING = "waiting", _("on the waiting list")
    MOVED_UP = "moved_up", _("given a seat from the waiting list")
    CHANGED = "changed", _("registration changed")
    CANCELLED = "cancelled", _("registration cancelled")
    REMINDER_DAYS = "reminder_days", _("reminder some days before")
    REMINDER_MORNING = "reminder_morning", _("reminder in the morning")
    EVENT_MOVED = "event_moved", _("time or place of the class changed")
    EVENT_CANCELLED = "event_cancelled", _("class cancelled")
    EVENT_POSTPONED = "event_postponed", _("class postponed")
    THANKS = "thanks", _("thanks after the class")


#: What people do not know unless somebody tells them: without a way to write to them, staff have to call.
TO_BE_CALLED = (
    Occasion.APPROVED,
    Occasion.REFUSED,
    Occasion.MOVED_UP,
    Occasion.EVENT_MOVED,
    Occasion.EVENT_CANCELLED,
    Occasion.EVENT_POSTPONED,
)


#: What an editor's change of dates, place or status tells everybody.
ABOUT_EVENT = (Occasion.EVENT_MOVED, Occasion.EVENT_CANCELLED, Occasion.EVENT_POSTPONED)


class MessageQuerySet(models.QuerySet["Message"]):
    """Selections of the outbox."""

    def unsent(self) -> MessageQuerySet:
        """Return those that are still to be sent."""
        return self.filter(state__in=(Message.State.QUEUED, Message.State.SENDING))

    def for_staff(self) -> MessageQuerySet:
        """Return those that need a person: given up, or to be told by telephone.

        Of several about the dates of a class only the last: the earlier ones do not hold any more.
        """
        recorded = Q(state=Message.State.RECORDED, occasion__in=TO_BE_CALLED)
        later = Message.objects.filter(
            registration=OuterRef("registration"), occasion__in=ABOUT_EVENT, pk__gt=OuterRef("pk")
        ).exclude(state=Message.State.DROPPED)
        outdated = Q(occasion__in=ABOUT_EVENT) & Q(Exists(later))
        return self.filter(Q(state=Message.State.FAILED) | recorded).exclude(outdated)


class Message(models.Model):
    """One message to one party for one occasion. Written in the transaction of what it tells, sent by a worker later.

    ``version`` tells apart what may happen several times: the version of the registration, the sequence of the event's dates, or
    the day (proleptic ordinal) that a reminder speaks of. The database refuses a second row for the same.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("to be sent")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        RECORDED = "recorded", _("not sent: no message service is connected")
        TOLD = "told", _("told by telephone")
        FAILED = "failed", _("given up")
        DROPPED = "dropped", _("not needed any more")

    class Channel(models.TextChoices):
        EMAIL = "email", _("email")
        PHONE = "phone", _("text message")

    #: The same for every attempt: the mail's Message-ID and the idempotency key of the text message.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="messages")
    occasion = models.CharField(_("occasion"), max_length=16, choices=Occasion)
    version = models.PositiveIntegerField(_("version"))
    details = models.JSONField(_("details"), blank=True, default=dict)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField(_("queued at"))
    due_at = models.DateTimeField(_("next attempt at"))
    expires_at = models.DateTimeField(_("useless after"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    #: Who is sending it: a worker may only finish what it has claimed itself, and not for longer than the lease.
    claim = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    channel = models.CharField(_("channel"), max_length=5, choices=Channel, blank=True)
    subject = models.CharField(_("subject"), max_length=255, blank=True)
    text = models.TextField(_("text"), blank=True)
    parts = models.PositiveSmallIntegerField(_("parts of the text message"), default=0)
    reference = models.CharField(_("receipt"), max_length=100, blank=True)
    problem = models.CharField(_("problem"), max_length=200, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    told_by = models.CharField(_("told by"), max_length=150, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "occasion", "version"], name="message_once")
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="message_due")]

    def __str__(self) -> str:
        return f"{self.registration_id}: {self.occasion}"

    @property
    def needs_staff(self) -> bool:
        """Whether a person has to do something about it."""
        to_call = self.state == self.State.RECORDED and self.occasion in TO_BE_CALLED
        return to_call or self.state == self.State.FAILED
