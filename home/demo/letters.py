"""Messages of the sample, each written out and in a state of its own. None is left that would really be sent to many people."""

import datetime
import uuid
from collections.abc import Iterable

from django.utils import timezone

from home.demo.parties import CLERK
from training_events import letters
from training_events.channels import sms
from training_events.models import EventPage, Message, Registration
from training_events.services import truth
from training_events.services.truth import Verdict

State, Channel = Message.State, Message.Channel
_MINUTE = datetime.timedelta(minutes=1)
_LONG_AGO = datetime.timedelta(days=8)
_FIELDS = (
    "state", "channel", "subject", "text", "parts", "problem", "attempts", "told_by", "created_at", "due_at", "finished_at",
    "claim", "leased_until",
)  # fmt: skip


def settle(page: EventPage, *, with_troubles: bool) -> None:
    """Bring the event's messages into the states they would be in by now.

    Args:
        page: the event.
        with_troubles: whether one is given up, one delayed and one just being sent.
    """
    rows = Message.objects.filter(registration__pool=page.seat_pool).select_related(
        "registration__pool__site"
    )
    messages = list(rows.order_by("pk"))
    told = 0
    for one in messages:
        _settle(one, page)
        if one.needs_staff:
            told += 1
            if told % 2 == 0:
                one.state, one.told_by = State.TOLD, CLERK
    if with_troubles:
        _trouble(one for one in messages if one.state == State.SENT)
    Message.objects.bulk_update(messages, _FIELDS, batch_size=100)


def _settle(one: Message, page: EventPage) -> None:
    at = _moment(one)
    one.created_at, one.finished_at = at, at + _MINUTE
    one.due_at = min(one.due_at, at)
    row = one.registration
    is_unreachable = not (row.email or row.phone)
    if is_unreachable or truth.judge(one, now=at) is not Verdict.SEND:
        one.state = State.DROPPED
        return
    own = letters.own_words(page, one.occasion)
    letter = letters.compose(one, row, page, own)
    one.attempts = 1
    if row.email:
        one.state, one.channel, one.subject = State.SENT, Channel.EMAIL, letter.subject
        one.text = "\n\n".join([*letter.paragraphs, letter.link])
    else:
        one.state, one.channel, one.text = State.RECORDED, Channel.PHONE, letter.sms
        one.parts = sms.cost(letter.sms).parts


def _moment(one: Message) -> datetime.datetime:
    """Return when what the message tells happened, never later than now."""
    row: Registration = one.registration
    moments = {
        "confirmed": row.created_at,
        "pending": row.created_at,
        "waiting": row.created_at,
        "moved_up": row.moved_up_at,
        "approved": row.approved_at,
        "refused": row.cancelled_at,
        "cancelled": row.cancelled_at,
    }
    return min(moments.get(one.occasion) or one.due_at, timezone.now() - _MINUTE)


def _trouble(sent: Iterable[Message]) -> None:
    """Let three that were sent by email fare worse, none so that whoever looks at a new sample is told of a broken server."""
    now = timezone.now()
    # the oldest was given up so long ago that staff have had time to call
    given_up, delayed, on_its_way = sorted(sent, key=lambda one: one.created_at)[:3]
    given_up.state, given_up.problem = State.FAILED, "Địa chỉ email không nhận được thư (lỗi mẫu)"
    given_up.finished_at = min(given_up.created_at, now - _LONG_AGO) + _MINUTE
    given_up.created_at = given_up.finished_at - _MINUTE
    delayed.created_at = on_its_way.created_at = now - 5 * _MINUTE
    delayed.state, delayed.problem = State.QUEUED, "Máy chủ thư không trả lời (lỗi mẫu)"
    delayed.attempts, delayed.due_at, delayed.finished_at = 3, now + 30 * _MINUTE, None
    on_its_way.state, on_its_way.finished_at = State.SENDING, None
    on_its_way.claim, on_its_way.leased_until = uuid.uuid4(), now + 10 * _MINUTE
