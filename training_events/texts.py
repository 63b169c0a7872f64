"""The words of each message as they are when an editor has written none."""

from __future__ import annotations

from django.utils.translation import gettext as _

from training_events import texts_about
from training_events.models.message import Occasion
from training_events.services.history import Ending
from training_events.texts_about import Words

__all__ = ["Words", "usual"]


def usual(occasion: str, ending: Ending | None = None, about: str = "") -> Words:
    """Return the usual words in the active language.

    Args:
        occasion: why a party is written to.
        ending: who cancelled and whether the party had seats: nobody is thanked for what the office did, and who waited never
            had a seat that somebody else could have.
        about: one of the names of training_events.texts_about; empty or anything else: the words for all.

    The text messages name the office first and carry no link: a link in a text message is what swindlers send. Class, time,
    place, code and link stand below every email by themselves.
    """
    if occasion == Occasion.CANCELLED and ending is not None:
        return _cancelled_by_staff(ending) if ending.by_staff else _cancelled(waited=bool(ending.waited))
    return texts_about.SPECIAL.get((Occasion(occasion), about), _TEXTS[Occasion(occasion)])()


def _confirmed() -> Words:
    return Words(
        _("You have a seat: {lop}"),
        _(
            "Your seats are kept, for {so_nguoi} people. "
            "Please come 15 minutes early and give your name or code at the door.\n\n"
            "If you cannot come, please cancel, so that somebody else gets the seat."
        ),
        _(
            "{don_vi}: seats kept: {so_nguoi}. {lop}, {thoi_gian}, {dia_diem}. Code {ma}. "
            "Cannot come? Call {dien_thoai}"
        ),
    )


def _pending() -> Words:
    return Words(
        _("Registration received, to be approved: {lop}"),
        _("Your seats are kept while staff look at the registration. We write again when it is decided."),
        _("{don_vi}: registration {ma} received, {lop}, {thoi_gian}. Staff will approve it, we write again."),
    )


def _approved() -> Words:
    return Words(
        _("Registration approved: {lop}"),
        _("Your registration is approved: you have your seats, for {so_nguoi} people."),
        _("{don_vi}: registration {ma} is approved. {lop}, {thoi_gian}, {dia_diem}. Seats: {so_nguoi}."),
    )


def _refused() -> Words:
    return Words(
        _("Registration not approved: {lop}"),
        _("Your registration was not approved. If you think that this is a mistake, please call us."),
        _("{don_vi}: registration {ma} for {lop} was not approved. Questions: call {dien_thoai}"),
    )


def _waiting() -> Words:
    return Words(
        _("On the waiting list: {lop}"),
        _(
            "All seats are taken. You are on the waiting list, place {thu_tu}. We write when a seat becomes free."
        ),
        _(
            "{don_vi}: {lop}, {thoi_gian}: waiting list, place {thu_tu}. Code {ma}. We write when you get a seat."
        ),
    )


def _moved_up() -> Words:
    return Words(
        _("A seat has become free, you have it: {lop}"),
        _(
            "A seat has become free: you now have your seats, for {so_nguoi} people.\n\n"
            "If you cannot come any more, please cancel, so that the next on the list gets the seat."
        ),
        _(
            "{don_vi}: you now have {so_nguoi} seats. {lop}, {thoi_gian}, {dia_diem}. Code {ma}. "
            "Cannot come? Call {dien_thoai}"
        ),
    )


def _changed() -> Words:
    return Words(
        _("Registration changed: {lop}"),
        _("Your registration was changed. It now says:"),
        _(
            "{don_vi}: registration {ma} changed. {lop}, {thoi_gian}, {so_nguoi} people. Not you? Call {dien_thoai}"
        ),
    )


def _cancelled_by_staff(ending: Ending) -> Words:
    if ending.waited:
        body = _(
            "The office has taken you off the waiting list. If you think that this is a mistake, please call us."
        )
    else:
        body = _(
            "The office has cancelled your registration. If you think that this is a mistake, please call us."
        )
    if ending.reason:
        sms = _("{don_vi}: we cancelled registration {ma} for {lop}: {ly_do}. Questions: call {dien_thoai}")
    else:
        sms = _("{don_vi}: we cancelled registration {ma} for {lop}. Questions: call {dien_thoai}")
    return Words(_("Registration cancelled: {lop}"), body, sms)


def _cancelled(*, waited: bool = False) -> Words:
    if waited:
        return Words(
            _("No longer on the waiting list: {lop}"),
            _("You have left the waiting list. Thank you for telling us."),
            _("{don_vi}: registration {ma} for {lop} has left the waiting list. Not you? Call {dien_thoai}"),
        )
    return Words(
        _("Registration cancelled: {lop}"),
        _("Your registration is cancelled. Thank you for telling us: somebody else can have the seat now."),
        _("{don_vi}: registration {ma} for {lop} is cancelled. Not you? Call {dien_thoai}"),
    )


def _reminder_days() -> Words:
    return Words(
        _("Coming up: {lop}, {thoi_gian}"),
        _(
            "We look forward to seeing you in a few days.\n\n"
            "If you cannot come, please cancel, so that somebody on the waiting list gets the seat."
        ),
        _("{don_vi}: coming up: {lop}, {thoi_gian}, {dia_diem}. Code {ma}. Cannot come? Call {dien_thoai}"),
    )


def _reminder_morning() -> Words:
    return Words(
        _("Today: {lop}, {thoi_gian}"),
        _("The class is today. Please come 15 minutes early and give your name or code at the door."),
        _("{don_vi}: today: {lop}, {thoi_gian}, {dia_diem}. Code {ma}."),
    )


def _event_moved() -> Words:
    return Words(
        _("New time or place: {lop}"),
        _(
            "The time or the place of the class has changed. Your seats are kept.\n\n"
            "If the new time does not suit you, please cancel, so that somebody else gets the seat."
        ),
        _(
            "{don_vi}: NEW time or place of {lop}: {thoi_gian}, {dia_diem}. Your seats are kept. Code {ma}. "
            "Questions: {dien_thoai}"
        ),
    )


def _event_cancelled() -> Words:
    return Words(
        _("The class does not take place: {lop}"),
        _("The class does not take place. We are sorry. You need not do anything."),
        _("{don_vi}: {lop}, {thoi_gian}, does NOT take place. We are sorry. Questions: {dien_thoai}"),
    )


def _event_postponed() -> Words:
    return Words(
        _("The class is postponed: {lop}"),
        _("The class is postponed. Your registration is kept; we write when the new date is known."),
        _(
            "{don_vi}: {lop}, {thoi_gian}, is POSTPONED. Your registration is kept, we write when the date is known."
        ),
    )


def _thanks() -> Words:
    return Words(
        _("Thank you for coming: {lop}"),
        _(
            "Thank you for coming. How was the class? Your opinion takes one minute and makes the next one better."
        ),
        _("{don_vi}: thank you for coming to {lop}. Your opinion: look up registration {ma} on our website."),
    )


_TEXTS = {
    Occasion.CONFIRMED: _confirmed,
    Occasion.PENDING: _pending,
    Occasion.APPROVED: _approved,
    Occasion.REFUSED: _refused,
    Occasion.WAITING: _waiting,
    Occasion.MOVED_UP: _moved_up,
    Occasion.CHANGED: _changed,
    Occasion.CANCELLED: _cancelled,
    Occasion.REMINDER_DAYS: _reminder_days,
    Occasion.REMINDER_MORNING: _reminder_morning,
    Occasion.EVENT_MOVED: _event_moved,
    Occasion.EVENT_CANCELLED: _event_cancelled,
    Occasion.EVENT_POSTPONED: _event_postponed,
    Occasion.THANKS: _thanks,
}
