"""The words of messages that say more precisely what has happened: what moved, who has yet to approve."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from training_events.models.message import Occasion

#: What tells apart messages of one occasion: a seat that staff have yet to approve, and what is new about a class that moved.
TO_APPROVE, TIME, PLACE, AGAIN, AGAIN_WAITING = "to_approve", "time", "place", "again", "again_waiting"


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and text of the email, and the text message, with gaps (training_events.placeholders)."""

    subject: str
    body: str
    sms: str


def _moved_up_to_approve() -> Words:
    return Words(
        _("A seat has become free, to be approved: {lop}"),
        _(
            "A seat has become free and is kept for you, for {so_nguoi} people. Staff have yet to approve the registration; "
            "we write again when it is decided."
        ),
        _(
            "{don_vi}: {so_nguoi} seats kept for you, staff have YET TO APPROVE. {lop}, {thoi_gian}. Code {ma}. "
            "We write again."
        ),
    )


def _new_time() -> Words:
    return Words(
        _("New time: {lop}"),
        _(
            "The time of the class has changed, the place is the same. Your seats are kept.\n\n"
            "If the new time does not suit you, please cancel, so that somebody else gets the seat."
        ),
        _(
            "{don_vi}: NEW TIME of {lop}: {thoi_gian}, {dia_diem}. Your seats are kept. Code {ma}. "
            "Questions: {dien_thoai}"
        ),
    )


def _new_place() -> Words:
    return Words(
        _("New place: {lop}"),
        _("The place of the class has changed, the time is the same. Your seats are kept."),
        _(
            "{don_vi}: NEW PLACE of {lop}: {dia_diem}, {thoi_gian}. Your seats are kept. Code {ma}. "
            "Questions: {dien_thoai}"
        ),
    )


def _on_again() -> Words:
    return Words(
        _("The class takes place: {lop}"),
        _(
            "The class takes place, at the time and place below. Your seats are kept.\n\n"
            "If that does not suit you, please cancel, so that somebody else gets the seat."
        ),
        _(
            "{don_vi}: {lop} TAKES PLACE: {thoi_gian}, {dia_diem}. Your seats are kept. Code {ma}. "
            "Questions: {dien_thoai}"
        ),
    )


def _on_again_waiting() -> Words:
    return Words(
        _("The class takes place: {lop}"),
        _(
            "The class takes place, at the time and place below. You are still on the waiting list; "
            "we write when a seat becomes free."
        ),
        _(
            "{don_vi}: {lop} TAKES PLACE: {thoi_gian}, {dia_diem}. You are still on the waiting list. Code {ma}."
        ),
    )


#: Every (occasion, about) that has words of its own.
SPECIAL = {
    (Occasion.MOVED_UP, TO_APPROVE): _moved_up_to_approve,
    (Occasion.EVENT_MOVED, TIME): _new_time,
    (Occasion.EVENT_MOVED, PLACE): _new_place,
    (Occasion.EVENT_MOVED, AGAIN): _on_again,
    (Occasion.EVENT_MOVED, AGAIN_WAITING): _on_again_waiting,
}
