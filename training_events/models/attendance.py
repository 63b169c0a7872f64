"""Who was there: every check-in as it was made, and what follows from them for each person and session."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from training_events.models.participant import Participant


class CheckInWay(models.TextChoices):
    """How a person was found at the door."""

    NAME = "name", _("by name")
    PHONE = "phone", _("by phone number")
    CODE = "code", _("by code")
    QR = "qr", _("by QR code")
    WALK_IN = "walk_in", _("came without registration")
    LIST = "list", _("from the list, afterwards")


class CheckIn(models.Model):
    """One tap on "present" on one device. Rows are only ever added or marked as undone.

    The key is made by the device, so a tap that arrives twice is one row. An undo names the keys that its device had seen:
    taps of other devices stay. So the result is the same in whatever order the devices get through, and however often they
    repeat themselves. An undo that arrives before its tap leaves a row that is undone from the start.
    """

    key = models.CharField(_("key"), max_length=64, unique=True, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="check_ins")
    #: Translation key of the session: the list outlives a session that an editor removes from the page.
    session_key = models.UUIDField(_("key of the session"), editable=False)
    #: When it was tapped, by the server's clock as far as it is known; and when the server learned of it.
    at = models.DateTimeField(_("when"))
    received_at = models.DateTimeField(_("received at"))
    way = models.CharField(_("how"), max_length=8, choices=CheckInWay)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("staff"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    #: Kept as text: the trace outlives the account.
    user_name = models.CharField(_("name of the staff"), max_length=150, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.CharField(_("undone by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["participant", "session_key"], name="checkin_of_person")]

    def __str__(self) -> str:
        return f"{self.participant} ({self.get_way_display()})"


class Attendance(models.Model):
    """A person was at a session: the earliest check-in that stands. Written by ``services.attendance`` only."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="attendances")
    session_key = models.UUIDField(_("key of the session"), db_index=True, editable=False)
    checked_in_at = models.DateTimeField(_("checked in at"))
    way = models.CharField(_("how"), max_length=8, choices=CheckInWay)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("staff"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    user_name = models.CharField(_("name of the staff"), max_length=150, blank=True)
    #: Key of the check-in that counts.
    client_key = models.CharField(_("key"), max_length=64, editable=False)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["checked_in_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["participant", "session_key"], name="attendance_once")]

    def __str__(self) -> str:
        return str(self.participant)
