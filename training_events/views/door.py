"""The door of one session: search, check-in, walk-ins, calls. Plain forms, which a script makes work without network."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
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
from training_events import consent, door_list, qr
from training_events.forms.fields import communes
from training_events.models import EventPage, EventSession, PersonalDataAccess
from training_events.services import pools, sync
from training_events.services.door import Desk
from training_events.views.staff import EventStaffView

#: Nothing inline and nothing from elsewhere, unlike the rest of the staff area, whose scripts Wagtail writes into its pages.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
#: Rows of the plain page; whoever is not among them is found by name.
SHOWN = 60


def desk_of(event: EventPage, session: EventSession | None, user: Any) -> Desk:
    """Return the door of a session of ``event`` with what ``user`` may do there; without a session only for lists."""
    pool = pools.ensure_pool(event)
    office = office_for_site(pool.site or Site.objects.get(is_default_site=True))
    return Desk(
        pool=pool,
        session=session or EventSession(starts_at=pool.starts_at, ends_at=pool.ends_at),
        user=user,
        may_exceed=event.permissions_for_user(user).can_publish(),
        office=office.organisation_name or office.short_name,
    )


class DoorDeskView(EventStaffView):
    """Finds the session of the address. Who may edit the event's page may work at its door."""

    looks: str = PersonalDataAccess.Kind.DOOR

    @cached_property
    def session(self) -> EventSession:
        """The session of the address, if it is one of the event."""
        key = self.kwargs["session_key"]
        for row in self.event.specific.session_rows:
            if row.translation_key == key:
                return row
        raise Http404("no such session")

    @cached_property
    def desk(self) -> Desk:
        """The door, with what the signed-in member of staff may do there."""
        return desk_of(self.event.specific, self.session, self.request.user)


class DoorView(DoorDeskView, TemplateView):
    """The page, and its forms where no script runs."""

    template_name = "training_events/door/door.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the door."""
        response = super().get(request, *args, **kwargs)
        response["Content-Security-Policy"] = POLICY
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the people found. Without a question no names are shown: this is the copy that devices keep."""
        people = door_list.listed(self.desk)
        words = self.request.GET.get("q", "").replace("\x00", "")[:100].strip()
        show = self.request.GET.get("show", "")
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
            counts=door_list.counts(people),
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
                "until": door_list.until(self.desk).isoformat(),
                "shown": SHOWN,
            },
        )

    @staticmethod
    def _row(person: Any, words: str) -> dict[str, Any]:
        row = door_list.entry(person)
        return {
            **row,
            "new_key": uuid.uuid4().hex,
            "tap_list": ",".join(row["taps"]),
            "way": _way(words, row),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what one of the plain forms asks for, and show the same list again."""
        raw = request.POST
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
        if result["state"] == "done":
            messages.success(request, _("Saved."))
        elif result["state"] == "conflict":
            messages.warning(request, result["text"])
        else:
            messages.error(request, result["text"])
        kept = {name: raw[name] for name in ("q", "show") if raw.get(name)}
        return HttpResponseRedirect(f"{request.path}?{urlencode(kept)}" if kept else request.path)


class DoorSyncView(DoorDeskView):
    """Takes what a device did and answers with the list as it is now; with no actions it only answers."""

    #: A device asks several times a minute: the look is recorded once an hour.
    looks = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do the actions one by one: one that fails holds up no other."""
        try:
            sent = json.loads(request.body)
            actions, sent_at = sent["actions"], sent.get("sent_at")
            if not isinstance(actions, list) or len(actions) > sync.LARGEST_BATCH:
                raise ValueError("actions")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return JsonResponse({"error": "unreadable"}, status=400)
        time = sync.clock(self.desk, sent_at, timezone.now())
        results = [sync.apply(self.desk, action, time) for action in actions]
        self.desk.pool.refresh_from_db()
        state = door_list.state(self.desk)
        who = f"{request.user.pk}:{self.desk.pool.pk}"
        if limits.hit("training_events.door", who, 3600) == 1:
            self.looks, self.shown = PersonalDataAccess.Kind.DOOR, len(state["people"])
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
