"""What stands on the papers of an event: attendance sheet, badges, certificates."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from core import dates
from core.taxonomy import localized
from training_events import codes, qr
from training_events.documents.typesetting import breakable, pdf
from training_events.models import Certificate, EventPage, EventSession, Participant
from training_events.phones import last_digits

#: Where a name cannot be printed, there is a line to write it on.
_LINE = "…………………………"
#: Empty lines at the end of a sheet, for people who just come.
BLANK_LINES = 8


def sheet(
    event: EventPage,
    session: EventSession,
    people: Sequence[Participant],
    *,
    office: str,
    phones: str,
    now: datetime.datetime,
) -> bytes:
    """Return the attendance sheet of a session as PDF, with a column to sign in.

    Args:
        event: the event.
        session: the session.
        people: as ``door_list.listed`` gives them.
        office: name of the office.
        phones: ``full``, ``masked`` (the last four digits) or ``none``.
        now: the moment (aware) for the footer.
    """
    rows = [
        {
            "number": number,
            "code": _code(one, phones),
            "name": breakable(one.name) or (_LINE if one.name else ""),
            "note": breakable(_note(one)),
            "phone": _phone(one, phones),
            "commune": _commune(one),
            "present": _("present since %(time)s") % {"time": dates.time_short(one.here[0].checked_in_at)}  # type: ignore[attr-defined]
            if one.here  # type: ignore[attr-defined]
            else "",
        }
        for number, one in enumerate(people, start=1)
    ]
    when = f"{dates.weekday_date(session.starts_at)}, {dates.time_label(session.starts_at)}"
    if session.note:
        when = f"{when} ({session.note})"
    data = {
        "title": breakable(event.title),
        "office": office,
        "session": f"{session.title}: {when}" if session.title else when,
        "venue": event.where,
        "blank": BLANK_LINES,
        "rows": rows,
        "words": {
            "heading": _("Attendance sheet"),
            "made": _("Printed on %(date)s at %(time)s. Please lock it away: it holds personal data.")
            % {"date": dates.date_label(now), "time": dates.time_label(now)},
            "columns": [_("No."), _("Code"), _("Full name"), _("Phone"), _("Commune"), _("Signature")],
            "total": _("People present: ………"),
            "signature": _("Drawn up by"),
        },
    }
    return pdf("sheet", data)


def _code(person: Participant, phones: str) -> str:
    """Return the code as the sheet shows it.

    The sheet goes from hand to hand, and a whole code beside the last digits of the number opens the registration: with
    numbers there is only its end, enough to compare with a slip.
    """
    code = person.registration.code
    return codes.shown(code) if phones == "none" else f"… {code[-2:]}"


def badges(event: EventPage, people: Sequence[Participant], *, office: str) -> bytes:
    """Return badges to cut out, eight on a page; people without a name get an empty line to write on."""
    rows = [
        {
            "name": breakable(one.name) or _LINE,
            "commune": _commune(one),
            "qr": qr.svg(qr.for_person(one.key)),
        }
        for one in people
    ]
    day = dates.date_range(event.starts_at, event.ends_at) if event.starts_at else ""
    return pdf("badges", {"title": breakable(event.title), "office": office, "day": day, "rows": rows})


def certificates(rows: Sequence[Certificate], *, office: str, root_url: str, check_path: str) -> bytes:
    """Return certificates, one a page, for people who are still stored.

    Args:
        rows: the certificates with their participants.
        office: name of the office that confirms.
        root_url: address of the office's website without a slash at its end.
        check_path: path of the page on which a code is typed in.
    """
    host = root_url.partition("://")[2]
    data = {
        "office": office,
        "address": f"{host}{check_path}",
        "words": {
            "heading": _("Certificate of attendance"),
            "confirms": _("It is confirmed that"),
            "took_part": _("took part in the class"),
            "code": _("Verification code"),
            "check": _("Check at:"),
            "signature": _("On behalf of the office"),
        },
        "rows": [
            {
                "name": breakable(row.participant.name if row.participant else "") or _LINE,
                "title": breakable(row.title),
                "when": _("%(days)s, %(attended)s of %(sessions)s sessions")
                % {
                    "days": dates.date_range(row.first_day, row.last_day),
                    "attended": row.attended,
                    "sessions": row.sessions,
                },
                "code": row.shown_code,
                "place_and_day": _("Issued on %(date)s")
                % {"date": dates.date_label(timezone.localtime(row.issued_at))},
                "qr": qr.svg(f"{root_url}{check_path}{row.code}/"),
            }
            for row in rows
        ],
    }
    return pdf("certificates", data)


def _note(one: Participant) -> str:
    row = one.registration
    notes = [row.organisation_name]
    if one.name != row.contact_name:
        notes.append(_("registered by %(name)s") % {"name": row.contact_name})
    if not row.holds_seats:
        notes.append(row.get_status_display())
    return ", ".join(note for note in notes if note)


def _phone(one: Participant, how: str) -> str:
    row = one.registration
    if how == "full":
        return row.shown_phone
    return f"… {last_digits(row.phone)}" if how == "masked" and row.phone else ""


def _commune(one: Participant) -> str:
    place = one.registration.place
    return str(localized(place)) if place else ""
