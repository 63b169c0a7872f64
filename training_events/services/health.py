"""Whether messages go out and personal data are deleted: what nobody notices on the pages when it stops."""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import dates
from training_events.models import JobRun, Message

MESSAGES, PURGE = "send_messages", "purge_registrations"
#: How long each job may be silent: the first runs every minute, the second every five.
_SILENCE = {MESSAGES: datetime.timedelta(minutes=15), PURGE: datetime.timedelta(hours=6)}
#: A message that has been waiting for so long shows that a server is down or set up wrongly.
_WAITING = datetime.timedelta(hours=1)
#: Failures that staff have had time to call about are no news.
_FAILED_WITHIN = datetime.timedelta(days=7)


def ran(name: str, *, now: datetime.datetime) -> None:
    """Note that a job has done all of its work at ``now`` (aware)."""
    JobRun.objects.update_or_create(name=name, defaults={"finished_at": now})


def troubles(*, now: datetime.datetime) -> list[str]:
    """Return what is wrong at ``now`` (aware), a sentence each in the active language, no personal data. Three queries."""
    runs = dict(JobRun.objects.values_list("name", "finished_at"))
    found = [
        _silence(name, runs.get(name))
        for name, most in _SILENCE.items()
        if _is_silent(runs.get(name), most, now)
    ]
    waiting = Message.objects.unsent().filter(
        Q(attempts__gt=0) | Q(due_at__lt=now), created_at__lt=now - _WAITING
    )
    oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    if oldest is not None:
        found.append(_("The oldest message that is not sent yet: %(moment)s.") % {"moment": _moment(oldest)})
    failed = Message.objects.filter(state=Message.State.FAILED, finished_at__gte=now - _FAILED_WITHIN).count()
    if failed:
        words = ngettext(
            "%(count)s message of the last 7 days could not be sent.",
            "%(count)s messages of the last 7 days could not be sent.",
            failed,
        )
        found.append(words % {"count": failed})
    return found


def _is_silent(last: datetime.datetime | None, most: datetime.timedelta, now: datetime.datetime) -> bool:
    return last is None or now - last > most


def _silence(name: str, last: datetime.datetime | None) -> str:
    words = {
        MESSAGES: (
            _("Messages have never been looked after on this server (manage send_messages)."),
            _("Messages were last looked after: %(moment)s (manage send_messages)."),
        ),
        PURGE: (
            _("Personal data have never been deleted on this server (manage purge_registrations)."),
            _("Personal data were last deleted without trouble: %(moment)s (manage purge_registrations)."),
        ),
    }
    never, since = words[name]
    return since % {"moment": _moment(last)} if last is not None else never


def _moment(value: datetime.datetime) -> str:
    return f"{dates.time_label(value)}, {dates.date_label(value)}"
