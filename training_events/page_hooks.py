"""What editors are told when they delete, take down or save the page of an event for which people are registered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from core import dates
from training_events.models import EventPage, SeatPool
from training_events.services import removal
from training_events.services.removal import Hindrance, Why

#: Where the session keeps what an editor was warned of: the second time it is done.
_WARNED = "training_events.unpublish"


@hooks.register("before_delete_page")
def before_delete(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete a page while people are registered for it or for an event below it."""
    found = removal.hindrance([page], now=timezone.now())
    if found is None:
        return None
    messages.error(request, _sentence(found))
    return HttpResponseRedirect(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))


@hooks.register("before_unpublish_page")
def before_unpublish(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Warn once, before a page goes that people are registered for."""
    pages = [page, *page.get_descendants()] if request.POST.get("include_descendants") else [page]
    return _warn_once(request, pages, reverse("wagtailadmin_pages:unpublish", args=[page.pk]))


@hooks.register("before_bulk_action")
def before_bulk(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    """Hold several pages at once to the same."""
    pages = [one for one in objects if isinstance(one, Page)]
    if action_type == "delete" and pages:
        found = removal.hindrance(pages, now=timezone.now())
        if found is not None:
            messages.error(request, _sentence(found))
            return HttpResponseRedirect(reverse("wagtailadmin_explore", args=[pages[0].get_parent().pk]))
    if action_type == "unpublish" and pages:
        return _warn_once(request, pages, request.get_full_path())
    return None


def _warn_once(request: HttpRequest, pages: Sequence[Page], address: str) -> HttpResponse | None:
    found = removal.expected(pages, now=timezone.now())
    if found is None or request.session.pop(_WARNED, "") == address:
        return None
    request.session[_WARNED] = address
    if found.one_class:
        text = _(
            "“%(class)s” is a date of “%(title)s”, for which %(count)s registrations are in force: people would read that it is "
            "gone, and not why. If the class does not take place, set its status to “cancelled” or “postponed” and publish it "
            "instead. To take it down all the same, confirm once more."
        )
    else:
        text = _(
            "%(count)s registrations are in force for “%(title)s”. They stay, but nobody is told, and people cannot open the "
            "page any more. If the class does not take place, set its status to “cancelled” and publish it instead. "
            "To take it down all the same, confirm once more."
        )
    messages.warning(request, text % _values(found))
    return HttpResponseRedirect(address)


def _sentence(found: Hindrance) -> str:
    texts = {
        Why.CANCEL: _(
            "Not deleted: %(count)s registrations are in force for “%(title)s”. Cancel the class first: set its status to "
            "“cancelled” and publish it, so that everybody is told."
        ),
        Why.TELL: _(
            "Not deleted: some of the %(count)s parties of “%(title)s” have not been told yet that it is cancelled. "
            "See “Messages” of the class; the page can go when all of them know."
        ),
        Why.KEPT: _(
            "Not deleted: the %(count)s registrations of “%(title)s”, which is over, are kept until the end of %(date)s. "
            "Take the page down instead; it can be deleted after that day."
        ),
    }
    of_class = {
        Why.CANCEL: _(
            "Not deleted: “%(class)s” is a date of “%(title)s”, for which %(count)s registrations are in force. If it does not "
            "take place, set its status to “cancelled”; if there will be a new date, to “postponed”. Publish it, so that "
            "everybody is told."
        ),
        Why.TELL: _(
            "Not deleted: some of the %(count)s parties of “%(title)s” have not been told yet that “%(class)s” is cancelled. "
            "See “Messages” of the series; the class can go when all of them know."
        ),
        Why.KEPT: _(
            "Not deleted: “%(class)s” is over, but the lists and certificates of “%(title)s” count it as long as its %(count)s "
            "registrations are kept, until the end of %(date)s. It can be deleted after that day."
        ),
    }
    return (of_class if found.one_class else texts)[found.why] % _values(found)


def _values(found: Hindrance) -> dict[str, Any]:
    return {
        "count": found.count,
        "title": found.title,
        "class": found.one_class,
        "date": dates.date_label(found.kept_until),
    }


@hooks.register("after_edit_page")
def after_edit(request: HttpRequest, page: Page) -> None:
    """Say so where there are fewer seats than people and seats held back: nobody loses a seat, and nobody gets one."""
    if not isinstance(page, EventPage) or page.is_in_series:
        return
    pool = SeatPool.objects.filter(event_key=page.seats_key).first()
    if pool is None:
        return
    lost = [one.label for one in pool.reserves.filter(capacity=0, place_key__isnull=False)]
    if lost:
        text = _(
            "No seats are held back for %(labels)s: the commune was deleted, so they are everybody's. Remove the line under "
            "“Seats held back”, or choose another commune there."
        )
        messages.warning(request, text % {"labels": ", ".join(f"“{one}”" for one in lost)})
    if page.seats is None or page.seats >= pool.taken + pool.held_at(timezone.now()):
        return
    text = _(
        "%(seats)s seats are fewer than the %(taken)s taken and %(held)s held back. Nobody loses a seat, but nobody gets one or "
        "moves up until enough are free again."
    )
    values = {"seats": page.seats, "taken": pool.taken, "held": pool.held_at(timezone.now())}
    messages.warning(request, text % values)
