"""Sending the outbox: claimed by one worker at a time, tried again while a server is dead, given up after days.

At least once: a row is finished only after the other side has taken the message. Never twice by two workers: a conditional
UPDATE claims it, and only the claim that is still in the row may finish it. What remains is a worker that dies between the
two; the next attempt carries the same Message-ID or idempotency key, by which the receiving side knows it.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from typing import Any

from django.db.models import F, Q
from django.utils import timezone, translation

from training_events import channels, emails, letters
from training_events.channels import Receipt, Refused, TryLater, sms
from training_events.models import Message
from training_events.services import messages, truth
from training_events.services.truth import Verdict

logger = logging.getLogger(__name__)

#: Longer than any attempt lasts (mail server 20 s a step, message service 30 s in all).
LEASE = datetime.timedelta(minutes=10)
#: Minutes until the next attempt; the last one holds for all that follow.
_BACKOFF = (1, 5, 15, 30, 60, 120, 240)
State = Message.State


def send_due(*, now: datetime.datetime | None = None, limit: int = 1000) -> int:
    """Send what is due, oldest first, over one connection to the mail server; return how many were finished.

    Where a server turns out to be dead, its other messages wait for the next run and are not tried one by one.

    Args:
        now: the moment (aware) at which the run begins; the present when not given.
        limit: at most so many messages.
    """
    started = timezone.now()
    now = now or started
    # a long run must not claim with the hour at which it began: such a claim would be over before it is used
    ahead = now - started
    give_up(now=now)
    rows = Message.objects.filter(_claimable(now)).order_by("created_at", "pk")
    dead: set[str] = set()
    done = 0
    line = emails.Line()
    try:
        for pk, address in list(rows.values_list("pk", "registration__email")[:limit]):
            channel = Message.Channel.EMAIL if address else Message.Channel.PHONE
            if channel in dead:
                continue
            try:
                done += send(pk, now=timezone.now() + ahead, line=line)
            except TryLater as problem:
                if problem.whole:
                    dead.add(channel)
    finally:
        line.close()
    return done


def send_by_key(key: str) -> None:
    """Send one message if it is due; a failure is already planned anew when this returns."""
    pk = Message.objects.filter(key=key).values_list("pk", flat=True).first()
    if pk is not None:
        try:
            send(pk, now=timezone.now())
        except TryLater:
            logger.info("Message %s waits for its next attempt.", key)


def give_up(*, now: datetime.datetime) -> None:
    """Finish what has become useless, and what was tried in vain for days. What was never tried is still tried once."""
    late = Message.objects.filter(_claimable(now, any_time=True), expires_at__lte=now)
    late.filter(occasion__in=truth.REMINDERS).update(state=State.DROPPED, finished_at=now, claim=None)
    late.filter(attempts__gt=0).update(state=State.FAILED, finished_at=now, claim=None)


def claim(pk: int, *, now: datetime.datetime) -> uuid.UUID | None:
    """Claim a due message with one conditional UPDATE; None where it is not due or somebody else has it."""
    mine = uuid.uuid4()
    rows = Message.objects.filter(_claimable(now), pk=pk)
    changed = rows.update(
        state=State.SENDING, claim=mine, leased_until=now + LEASE, attempts=F("attempts") + 1
    )
    return mine if changed == 1 else None


def send(pk: int, *, now: datetime.datetime, line: emails.Line | None = None) -> bool:
    """Claim, write, send and finish one message; return whether it is finished.

    Args:
        pk: primary key of the message.
        now: the moment (aware).
        line: the connection to the mail server of a run; a single message makes its own.

    Raises:
        TryLater: when it was not taken; the next attempt is planned.
    """
    mine = claim(pk, now=now)
    if mine is None:
        return False
    message = Message.objects.select_related("registration__pool__site").get(pk=pk)
    verdict = truth.settle(message, now=now)
    if verdict is Verdict.WAIT:
        # not an attempt: nobody was asked to take it
        later = now + truth.WAIT_FOR
        _finish(message, mine, state=State.QUEUED, due_at=later, attempts=max(0, message.attempts - 1))
        return False
    if verdict is Verdict.DROP:
        return _finish(message, mine, state=State.DROPPED, finished_at=now)
    try:
        with translation.override(message.registration.language):
            _send(message, mine, now, line)
    except TryLater as problem:
        _plan(message, mine, now, problem)
        raise
    except Exception as problem:
        # a fault of the program must not lose the message either; its words stay out of the log
        logger.exception("Message %s could not be written.", message.key)
        later_on = TryLater(f"the message could not be written ({type(problem).__name__})", whole=False)
        _plan(message, mine, now, later_on)
        raise later_on from problem
    return True


def _claimable(now: datetime.datetime, *, any_time: bool = False) -> Any:
    waiting = Q(state=State.QUEUED) if any_time else Q(state=State.QUEUED, due_at__lte=now)
    return waiting | Q(state=State.SENDING, leased_until__lte=now)


def _send(message: Message, mine: uuid.UUID, now: datetime.datetime, line: emails.Line | None) -> None:
    row = message.registration
    phone = channels.phone_channel()
    letter = letters.write(message, with_accents=phone.with_accents)
    problem = ""
    if row.email:
        try:
            receipt = emails.send(message, letter, line)
        except Refused as refusal:
            # the address is wrong for good: the telephone is what everybody gave
            problem = str(refusal)
        else:
            body = "\n\n".join([*letter.paragraphs, letter.link])
            _finish(
                message, mine, state=State.SENT, finished_at=now, channel=Message.Channel.EMAIL,
                subject=letter.subject, text=body, reference=receipt.reference[:100], problem="",
            )  # fmt: skip
            return
    try:
        receipt = phone.send(row.phone, letter.sms, key=str(message.key))
    except Refused as refusal:
        receipt, problem = None, str(refusal)  # type: ignore[assignment]
    _finish(
        message, mine, state=_phone_state(receipt), finished_at=now, channel=Message.Channel.PHONE,
        subject="", text=letter.sms, parts=sms.cost(letter.sms).parts,
        reference=receipt.reference[:100] if receipt else "", problem=problem[:200],
    )  # fmt: skip


def _phone_state(receipt: Receipt | None) -> str:
    if receipt is None:
        return State.FAILED
    return State.SENT if receipt.is_sent else State.RECORDED


def _plan(message: Message, mine: uuid.UUID, now: datetime.datetime, problem: TryLater) -> None:
    """Plan the next attempt: later each time, and not before the other side wants to be asked again."""
    minutes = _BACKOFF[min(message.attempts, len(_BACKOFF)) - 1]
    pause = max(minutes * 60.0, problem.after or 0.0)
    _finish(
        message, mine, state=State.QUEUED, due_at=now + datetime.timedelta(seconds=pause), problem=str(problem)[:200]
    )  # fmt: skip


def _finish(message: Message, mine: uuid.UUID, **values: Any) -> bool:
    """Write the outcome, if the claim is still ours: a worker that slept beyond its lease has nothing to say any more."""
    if message.details.pop(truth.BEING_TOLD, None):
        values["details"] = message.details
    rows = Message.objects.filter(pk=message.pk, claim=mine)
    return rows.update(**values, claim=None, leased_until=None) == 1


def send_again(message: Message, *, now: datetime.datetime) -> bool:
    """Let a message that was given up or only recorded go out once more; return whether it was one."""
    rows = Message.objects.filter(pk=message.pk, state__in=(State.FAILED, State.RECORDED))
    return (
        rows.update(
            state=State.QUEUED, due_at=now, expires_at=now + messages.GIVE_UP, attempts=0, finished_at=None, problem=""
        )
        == 1
    )  # fmt: skip


def mark_told(message: Message, *, name: str, now: datetime.datetime) -> bool:
    """Note that a member of staff has told the party by telephone; return whether the message was still open."""
    rows = Message.objects.filter(pk=message.pk).exclude(state__in=(State.SENT, State.TOLD, State.SENDING))
    return rows.update(state=State.TOLD, told_by=name[:150], finished_at=now, claim=None) == 1
