"""The search box and filters above an event's registrations."""

from __future__ import annotations

import dataclasses
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.models import Place
from core.taxonomy import localized
from training_events import presence, searches
from training_events.models import Attendance, EventPage, Registration
from training_events.querysets import RegistrationQuerySet

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Filters:
    """What staff look for, read from a query string; unknown values count as not given.

    The words searched for stand in the session, the query string only names them (training_events.searches).
    """

    words: str = ""
    #: What names the words; where they are gone nothing is found, rather than everything.
    search: str = ""
    is_lost: bool = False
    status: str = ""
    place: int | None = None
    registrant: str = ""
    #: ``present`` or ``absent``; with ``session`` at that session, else at any.
    attendance: str = ""
    session: uuid.UUID | None = None
    #: Other keys under which attendance of ``session`` may stand (``at``).
    also: tuple[uuid.UUID, ...] = ()

    @classmethod
    def read(cls, query: QueryDict, kept: Any) -> Filters:
        """Return the filters of a query string.

        Args:
            query: the query string, or the fields of a form.
            kept: the session of whoever searches.
        """
        search = query.get(searches.PARAM, "")
        words = searches.words(kept, search) if search else ""
        status, registrant = query.get("status", ""), query.get("registrant", "")
        place, attendance = query.get("place", ""), query.get("attendance", "")
        try:
            session = uuid.UUID(query.get("session", ""))
        except ValueError:
            session = None
        return cls(
            words=words or "",
            search=search if words else "",
            is_lost=words is None,
            status=status if status in Registration.Status.values else "",
            place=int(place) if place.isascii() and place.isdigit() and len(place) < 10 else None,
            registrant=registrant if registrant in Registration.Registrant.values else "",
            attendance=attendance if attendance in ("present", "absent") else "",
            session=session,
        )

    @property
    def is_active(self) -> bool:
        """Whether anything is narrowed."""
        given = (self.words, self.is_lost, self.status, self.place, self.registrant, self.attendance)
        return any(given)

    @property
    def query(self) -> str:
        """The filters as a query string."""
        names = ("status", "place", "registrant", "attendance", "session")
        values = {searches.PARAM: self.search, **{name: getattr(self, name) for name in names}}
        return urlencode({name: value for name, value in values.items() if value})

    def at(self, event: EventPage) -> Filters:
        """Return the filters with all keys of the session, which is one of ``event``."""
        if self.session is None or not self.attendance:
            return self
        return dataclasses.replace(self, also=presence.keys_of(event.specific, self.session))

    def narrow(self, rows: RegistrationQuerySet) -> RegistrationQuerySet:
        """Return those of ``rows`` that fit."""
        if self.is_lost:
            return rows.none()
        if self.words:
            rows = rows.matching(self.words)
        if self.status:
            rows = rows.filter(status=self.status)
        if self.place:
            rows = rows.filter(place=self.place)
        if self.registrant:
            rows = rows.filter(registrant=self.registrant)
        if self.attendance:
            came = Attendance.objects.filter(participant__registration=OuterRef("pk"))
            if self.session:
                came = came.filter(session_key__in=[self.session, *self.also])
            rows = rows.filter(Exists(came) if self.attendance == "present" else ~Exists(came))
        return rows


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters of one event offer."""

    statuses: list[Choice] = field(default_factory=list)
    places: list[Choice] = field(default_factory=list)
    registrants: list[Choice] = field(default_factory=list)
    attendance: list[Choice] = field(default_factory=list)


def choices(event: EventPage) -> Choices:
    """Return only what occurs in the event's registrations: a list without hits helps nobody."""
    rows = Registration.objects.filter(pool__event_key=event.seats_key).order_by()
    places = Place.objects.filter(pk__in=rows.values("place"))
    kinds = set(rows.values_list("registrant", flat=True).distinct())
    return Choices(
        statuses=[(value, str(label)) for value, label in Registration.Status.choices],
        places=sorted(((str(row.pk), str(localized(row))) for row in places), key=lambda one: one[1]),
        registrants=[
            (value, str(label)) for value, label in Registration.Registrant.choices if value in kinds
        ]
        if len(kinds) > 1
        else [],
        attendance=[("present", _("came")), ("absent", _("did not come"))],
    )
