"""What residents are told about their data: what is kept, why and until when, read from the rules that the purge follows."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import dates
from training_events import questions, retention
from training_events.models import EventPage, SeatPool
from training_events.questions import Asked
from training_events.services import access, certificates, pools


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that is kept: what, why, and until when where it differs from the registration."""

    what: str
    why: str
    until: str = ""


def settled(pool: SeatPool) -> SeatPool:
    """Return a copy of ``pool`` that states for how long in itself, so that what follows asks for the office's rules no more."""
    found = copy(pool)
    found.keep_days, found.keep_contact_days = retention.days_kept(pool), retention.contact_days(pool)
    return found


def rows(pool: SeatPool, event: EventPage | None, *, now: datetime.datetime) -> list[Kept]:
    """Return what is kept of those who register, in the order of the form.

    Args:
        pool: the seats with the rules, settled; for what holds in general those of no event, with the office's site.
        event: the event of the seats, None for what holds in general.
        now: the moment (aware) from which days count where the event has no date.
    """
    return [*_contact(pool, event), *_questions(pool, event, now=now), *_traces(pool, event)]


def until(pool: SeatPool, event: EventPage | None, *, now: datetime.datetime) -> list[str]:
    """Return until when a registration and its contacts are kept, as sentences (arguments as for ``rows``)."""
    days, contact = retention.days_kept(pool), pool.keep_contact_days
    if event is not None and pool.is_postponed:
        found = [
            _(
                "This class is postponed. Registrations are kept until there is a new date, for %(days)s at most; then "
                "%(after)s after the last session."
            )
            % {"days": _days(max(days, retention.POSTPONED_DAYS)), "after": _days(days)}
        ]
    elif event is not None and pool.ends_at is not None:
        found = [
            _(
                "Registrations of this class are kept until the end of %(date)s (%(days)s after the last session)."
            )
            % {"date": dates.date_label(retention.keep_until(pool, now=now)), "days": _days(days)}
        ]
    elif event is not None:
        found = [
            _(
                "The date of this class is not known yet. Registrations are kept for %(days)s, counted from the day of "
                "registering; as soon as there is a date, from the last session."
            )
            % {"days": _days(days)}
        ]
    else:
        found = [
            _(
                "Registrations are kept for %(days)s after the last session, unless the page of a class names "
                "another day."
            )
            % {"days": _days(days)}
        ]
    if contact is not None and contact < days:
        day = retention.contact_until(pool)
        found.append(
            _("Phone numbers and email addresses go earlier: they are kept until the end of %(date)s.")
            % {"date": dates.date_label(day)}
            if day
            else _("Phone numbers and email addresses go earlier: %(days)s after the last session.")
            % {"days": _days(contact)}
        )
    return found


def looks_months() -> int:
    """Return for how many months looks of staff at personal data are recorded."""
    return round(access.KEEP_DAYS * 12 / 365)


def _contact(pool: SeatPool, event: EventPage | None) -> Iterator[Kept]:
    yield Kept(
        _("Full names"), _("To keep your seats and check you in at the door. Names of the others may stay empty.")
    )  # fmt: skip
    yield Kept(
        _("Phone number"), _("To tell you about changes, and to recognise you when you look up your registration.")
    )  # fmt: skip
    yield Kept(_("Email (if you give one)"), _("To send you your code and changes."))
    yield Kept(
        _("Commune and number of people"), _("To give out seats, also those held back for a place, and for reports.")
    )  # fmt: skip
    if event is None or pool.takes_organisations:
        yield Kept(
            _("Name and tax code of the organisation"), _("Only where an organisation registers: to know for whom you come.")
        )  # fmt: skip
    if event is None or pool.ask_birth_year:
        yield Kept(
            _("Year of birth"), _("Only where the class is planned by age, for figures by age group. Nobody has to answer.")
        )  # fmt: skip


def _questions(pool: SeatPool, event: EventPage | None, *, now: datetime.datetime) -> Iterator[Kept]:
    if event is None:
        yield Kept(
            _("Answers to the questions of a class"),
            _(
                "Only what the class needs. The form gives the reason for anything sensitive; "
                "the page of each class lists its questions."
            ),
        )
        return
    for one in questions.asked(pools.rule_page(event)):
        yield Kept(one.label, _why(one), _answer_until(pool, one, now=now))


def _why(one: Asked) -> str:
    # an editor's own words come first: for sensitive data they are the reason that the law asks for
    said = one.reason.strip() or _("To prepare the class.")
    notes = [_("Sensitive data.")] if one.sensitive else []
    return " ".join([*notes, said, *([] if one.required else [_("You may leave it empty.")])])


def _answer_until(pool: SeatPool, one: Asked, *, now: datetime.datetime) -> str:
    if one.keep_days is None or one.keep_days >= retention.days_kept(pool):
        return ""
    day = retention.answer_until(pool, one.keep_days, now=now)
    if pool.ends_at is not None and day is not None:
        return _("Kept until the end of %(date)s.") % {"date": dates.date_label(day)}
    return _("Kept for %(days)s.") % {"days": _days(one.keep_days)}


def _traces(pool: SeatPool, event: EventPage | None) -> Iterator[Kept]:
    yield Kept(_("Your consent"), _("The sentence that you agreed to and when: proof for you and for us."))
    yield Kept(
        _("Changes and messages"), _("What was changed and what we sent you, so that mistakes can be cleared up.")
    )  # fmt: skip
    yield Kept(_("Attendance"), _("At which sessions you were: for the certificate and for reports."))
    if event is None or pool.ask_feedback:
        yield Kept(
            _("Your opinion of the class (if you give one)"), _("To make classes better."),
            _("The mark stays as a number without your name."),
        )  # fmt: skip
    if event is None or pools.rule_page(event).certificate:
        years = certificates.KEEP_YEARS
        yield Kept(
            _("Certificate (if you get one)"),
            _("So that others can check its code. Only initials and given name, class and days are kept."),
            ngettext("Kept for %(count)s year.", "Kept for %(count)s years.", years) % {"count": years},
        )  # fmt: skip


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
