"""The door of one session: search, check-in, walk-ins, calls. Plain forms, which a script makes work without network."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from wagtail.models import Site

from core import limits
from core.offices import office_for_site
from training_events import consent, door_list, presence, qr
from training_events.forms.fields import communes
from training_events.models import EventPage, EventSession, PersonalDataAccess
from training_events.services import history, pools, sync
from training_events.services.desk import Desk
from training_events.views.staff import EventStaffView

#: Nothing inline and nothing from elsewhere, unlike the rest of the staff area, whose scripts Wagtail writes into its pages.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
#: Rows of the plain page; whoever is not among them is found by name.
SHOWN = 60


def desk_of(
    event: EventPage,
    session: EventSession | None,
    user: Any,
    *,
    keys: tuple[uuid.UUID, ...] = (),
    asked: uuid.UUID | None = None,
) -> Desk:
    """Return the door of a session of ``event`` with what ``user`` may do there; without a session only for lists.

    ``keys``: all under which its attendance may stand; ``asked``: the one by which the device knows it.
    """
    pool = pools.ensure_pool(event)
    office = office_for_site(pool.site or Site.objects.get(is_default_site=True))
    return Desk(
        pool=pool,
        session=session or EventSession(starts_at=pool.starts_at, ends_at=pool.ends_at),
        user=user,
        may_exceed=event.permissions_for_user(user).can_publish(),
        office=office.organisation_name or office.short_name,
        keys=keys,
        asked=asked,
    )


class DoorDeskView(EventStaffView):
    """Finds the session of the address. Who may edit the event's page may work at its door."""

    looks: str = PersonalDataAccess.Kind.DOOR

    @cached_property
    def session(self) -> EventSession:
        """The session of the address, if it is one of the event, or a date of the series that is now one of its classes."""
        for row in self.event.specific.session_rows:
            if row.translation_key in self.keys:
                return row
        raise Http404("no such session")

    @cached_property
    def keys(self) -> tuple[uuid.UUID, ...]:
        """Every key under which attendance of the session may stand."""
        return presence.keys_of(self.event.specific, self.kwargs["session_key"])

    @cached_property
    def desk(self) -> Desk:
        """The door, with what the signed-in member of staff may do there."""
        asked = self.kwargs["session_key"]
        return desk_of(self.event.specific, self.session, self.request.user, keys=self.keys, asked=asked)


class DoorView(DoorDeskView, TemplateView):
    """The page, and its forms where no script runs."""

    template_name = "training_events/door/door.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the door."""
        return self._show()

    def _show(self) -> HttpResponse:
        response = self.render_to_response(self.get_context_data(**self.kwargs))
        response["Content-Security-Policy"] = POLICY
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the people found. Without a question no names are shown: this is the copy that devices keep."""
        people = door_list.listed(self.desk)
        # only ever sent in the body: an address with a name or a number stays in histories and logs
        words = self.request.POST.get("q", "").replace("\x00", "")[:100].strip()
        show = self.request.POST.get("show", "")
        found = door_list.find(people, words) if words or show else []
        if show in ("absent", "present"):
            found = [one for one in found if bool(one.here) == (show == "present")]  # type: ignore[attr-defined]
        self.shown = len(found[:SHOWN])
        now = timezone.now()
        pool = self.desk.pool
        return super().get_context_data(
            **kwargs,
            event=self.event,
            session=self.session,
            pool=pool,
            counts=door_list.counts(door_list.line_of(one) for one in people),
            rows=[self._row(one, words) for one in found[:SHOWN]],
            more=max(0, len(found) - SHOWN),
            words=words,
            show=show,
            asked=bool(words or show),
            free=pool.free_at(now),
            may_exceed=self.desk.may_exceed,
            consent=consent.spoken(pool, office=self.desk.office, now=now),
            communes=communes(),
            new_key=uuid.uuid4().hex,
            device={
                "sync": reverse(
                    "training_events_door_sync", args=[self.event.pk, self.session.translation_key]
                ),
                "worker": reverse("training_events_door_worker"),
                "away": reverse("training_events_registrations", args=[self.event.pk]),
                "signIn": f"{reverse('wagtailadmin_login')}?{urlencode({'next': self.request.path})}",
                "session": str(self.session.translation_key),
                "user": self.desk.user.pk,
                "userName": history.staff(self.desk.user).name,
                "until": door_list.until(self.desk).isoformat(),
                "shown": SHOWN,
            },
        )

    @staticmethod
    def _row(person: Any, words: str) -> dict[str, Any]:
        row = door_list.entry(door_list.line_of(person))
        return {
            **row,
            "new_key": uuid.uuid4().hex,
            "tap_list": ",".join(row["taps"]),
            "way": _way(words, row),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Search, or do what one of the plain forms asks for and show the same list again: sent twice it is done once."""
        raw = request.POST
        if "kind" not in raw:
            return self._show()
        action = {
            **{
                name: raw.get(name, "")
                for name in ("key", "kind", "person", "way", "name", "phone", "commune")
            },
            "people": raw.get("people", "1"),
            "reason": raw.get("reason", ""),
            "agreed": raw.get("agreed") == "on",
            "taps": [tap for tap in raw.get("taps", "").split(",") if tap],
        }
        result = sync.apply(self.desk, action, sync.clock(self.desk, None, timezone.now()))
        self.desk.pool.refresh_from_db()
        if result["state"] == "done":
            messages.success(request, _("Saved."))
        elif result["state"] == "conflict":
            messages.warning(request, result["text"])
        else:
            messages.error(request, result["text"])
        return self._show()


class DoorSyncView(DoorDeskView):
    """Takes what a device did, or tells it what changed in the list: two requests, so that a weak line settles the first.

    ``known`` says what the device wants to know: null nothing, the digests of its groups (door_list.changes) what changed.
    Without ``known`` the answer holds the whole list, as devices expect it that were opened before the list had groups.
    """

    #: A device asks several times a minute: the look is recorded once an hour.
    looks = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do the actions one by one: one that fails holds up no other."""
        try:
            sent = json.loads(request.body)
            actions, sent_at, known = sent["actions"], sent.get("sent_at"), sent.get("known", "all")
            if not isinstance(actions, list) or len(actions) > sync.LARGEST_BATCH:
                raise ValueError("actions")
            if known not in (None, "all") and len(known.keys()) > door_list.GROUPS:
                raise ValueError("known")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return JsonResponse({"error": "unreadable"}, status=400)
        time = sync.clock(self.desk, sent_at, timezone.now())
        results = [sync.apply(self.desk, action, time) for action in actions]
        if known is None:
            return JsonResponse({"results": results})
        self.desk.pool.refresh_from_db()
        state = door_list.state(self.desk) if known == "all" else door_list.changes(self.desk, known)
        who = f"{request.user.pk}:{self.desk.pool.pk}"
        if limits.hit("training_events.door", who, 3600) == 1:
            self.looks, self.shown = PersonalDataAccess.Kind.DOOR, state["total"]
        return JsonResponse({"results": results, "state": state})


@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of the doors. Its folder is its reach: no other page of the website comes under it."""
    return render(request, "training_events/door/worker.js", content_type="text/javascript; charset=utf-8")


def _way(words: str, row: dict[str, Any]) -> str:
    """Return by what a person was found: by what the question looks like."""
    if qr.read(words):
        return "qr"
    if words and row["code"].startswith(words.upper().replace(" ", "")):
        return "code"
    digits = sum(char.isdigit() for char in words)
    return "phone" if digits >= 3 and digits * 2 > len(words) else "name"
