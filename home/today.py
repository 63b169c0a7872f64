"""What a member of staff should do today, for the panel on the admin's first page. Own offices only."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page, Site
from wagtail.permissions import page_permission_policy

from core.models import ContentPage
from core.offices import office_for_site
from core.staff import offices_of
from core.taxonomy import source_language
from guides.models import GuideIndexPage, GuidePage
from home import required
from home.models import HelpPointsPage, LeadersPage, OfficialChannelsPage, StandardPage
from news.models import ArticlePage, BulletinPage, NewsIndexPage
from search import log_reports
from search.admin.policy import OfficePolicy
from search.admin.words import add_url
from search.models import LexiconEntry
from training_events import errands
from training_events.models import EventIndexPage, EventPage, Registration
from training_events.services import health

EVENT_DAYS = 14
#: Rows of each list; a link leads to the whole list.
ROWS = 6
#: An administrator of many offices gets the buttons of the first few.
OFFICES = 3
#: Pages that must stay right. News is dated and needs no review, an event is over when it is over.
REVIEWED_TYPES = (GuidePage, StandardPage, LeadersPage, OfficialChannelsPage, HelpPointsPage)


@dataclass(frozen=True, slots=True)
class QuickAction:
    """Something to begin: the words, where it goes, an icon of static/icons/."""

    label: str | Promise
    icon: str
    index: type[ContentPage]
    model: type[ContentPage]


ACTIONS = (
    QuickAction(gettext_lazy("Write an article"), "edit", NewsIndexPage, ArticlePage),
    QuickAction(gettext_lazy("Compose a bulletin"), "bulletin", NewsIndexPage, BulletinPage),
    QuickAction(gettext_lazy("Create a class"), "class", EventIndexPage, EventPage),
    QuickAction(gettext_lazy("Write a guide"), "guide", GuideIndexPage, GuidePage),
)


@dataclass(frozen=True, slots=True)
class Button:
    """A button that leads to an add form."""

    label: str
    icon: str
    url: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event of the next days with its seats."""

    title: str
    starts_at: datetime.datetime | None
    seats: str
    waiting: int
    is_full: bool
    edit_url: str
    registrations_url: str


@dataclass(frozen=True, slots=True)
class Errand:
    """What waits for staff in one class: how often, and where it is done."""

    title: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class MissedQuestion:
    """What residents searched for without finding anything; ``word_url``: the form that helps, empty for who may not use it."""

    text: str
    asked: int
    word_url: str


@dataclass(slots=True)
class OfficeDay:
    """One office: what can be begun, what is due."""

    name: str
    buttons: list[Button]
    missing: list[required.Row]


@dataclass(slots=True)
class Today:
    """Everything the panel shows."""

    offices: list[OfficeDay] = field(default_factory=list)
    drafts: list[Page] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    to_review: list[ContentPage] = field(default_factory=list)
    to_review_count: int = 0
    not_found: list[MissedQuestion] = field(default_factory=list)
    calls: list[Errand] = field(default_factory=list)
    approvals: list[Errand] = field(default_factory=list)
    #: What is wrong with the jobs of the server; for administrators.
    troubles: list[str] = field(default_factory=list)

    @property
    def missing_count(self) -> int:
        """How many required contents are open over all offices."""
        return sum(len(office.missing) for office in self.offices)


def today_for(user: Any, now: datetime.datetime) -> Today:
    """Return what ``user`` should do at ``now`` (aware)."""
    sites = offices_of(user)
    day = timezone.localdate(now)
    due = to_review(user, day)
    return Today(
        offices=[_office_day(site, user, day) for site in sites[:OFFICES]],
        drafts=list(_drafts(user)[:ROWS]),
        events=_events(user, now),
        to_review=list(due[:ROWS]),
        to_review_count=due.count(),
        not_found=_not_found(sites, user),
        calls=_calls(user, now),
        approvals=_approvals(user, now),
        troubles=health.troubles(now=now) if user.is_superuser else [],
    )


def _office_day(site: Site, user: Any, day: datetime.date) -> OfficeDay:
    rows = required.rows_for([site], user, day)
    return OfficeDay(
        name=office_for_site(site, source_language()).short_name,
        buttons=list(_buttons(site, user)),
        missing=[row for row in rows if row.is_open and row.state is not required.State.DUE],
    )


def _buttons(site: Site, user: Any) -> list[Button]:
    found = []
    for action in ACTIONS:
        parent = action.index.objects.below_site(site).in_language(source_language()).first()
        if parent is not None and parent.permissions_for_user(user).can_add_subpage():
            meta = action.model._meta
            url = reverse("wagtailadmin_pages:add", args=[meta.app_label, meta.model_name, parent.pk])
            found.append(Button(str(action.label), action.icon, url))
    return found


def _drafts(user: Any) -> QuerySet[Page]:
    """Return what the user wrote last and did not publish, newest first."""
    mine = Q(latest_revision__user=user) | Q(owner=user, live=False)
    editable = page_permission_policy.instances_user_has_permission_for(user, "change")
    return (
        editable.filter(mine, has_unpublished_changes=True).specific().order_by("-latest_revision_created_at")
    )


def _events(user: Any, now: datetime.datetime) -> list[EventRow]:
    editable = page_permission_policy.instances_user_has_permission_for(user, "change").values("pk")
    events = list(
        EventPage.objects.in_language(source_language())
        .filter(pk__in=editable, live=True)
        .filter(starts_at__gte=now, starts_at__lt=now + datetime.timedelta(days=EVENT_DAYS))
        .soonest()
        .prefetch_related("seat_pool")
    )
    keys = [event.translation_key for event in events]
    waiting = {
        row["pool__event_key"]: row["total"]
        for row in Registration.objects.filter(pool__event_key__in=keys)
        .waiting()
        .order_by()
        .values("pool__event_key")
        .annotate(total=Count("pk"))
    }
    return [_event_row(event, waiting.get(event.translation_key, 0)) for event in events]


def _event_row(event: EventPage, waiting: int) -> EventRow:
    pool = event.seat_pool
    if pool.capacity is None:
        seats = _("%(taken)s registered") % {"taken": pool.taken}
    else:
        seats = _("%(taken)s of %(capacity)s seats") % {"taken": pool.taken, "capacity": pool.capacity}
    return EventRow(
        title=event.title,
        starts_at=event.starts_at,
        seats=seats,
        waiting=waiting,
        is_full=pool.seats_left == 0,
        edit_url=reverse("wagtailadmin_pages:edit", args=[event.pk]),
        registrations_url=reverse("training_events_registrations", args=[event.pk]),
    )


def _calls(user: Any, now: datetime.datetime) -> list[Errand]:
    """Return how many people have to be called, the next class first; names and numbers stand on the page of calls only."""
    rows = errands.calls(user, now=now).order_by("registration__pool__starts_at", "registration__pool")
    fields = ("registration__pool", "registration__pool__title")
    found = rows.values_list(*fields).annotate(total=Count("pk"))
    url = reverse("training_events_calls")
    return [Errand(title, total, url) for _pk, title, total in found[:ROWS]]


def _approvals(user: Any, now: datetime.datetime) -> list[Errand]:
    rows = errands.to_approve(user, now=now).order_by("pool__starts_at", "pool")
    found = list(rows.values_list("pool__event_key", "pool__title").annotate(total=Count("pk"))[:ROWS])
    if not found:
        return []
    pages = EventPage.objects.in_language(source_language()).filter(
        translation_key__in=[key for key, *_others in found]
    )
    pks = dict(pages.values_list("translation_key", "pk"))
    return [
        Errand(title, total, f"{reverse('training_events_registrations', args=[pks[key]])}?status=pending")
        for key, title, total in found
        if key in pks
    ]


def _not_found(sites: list[Site], user: Any) -> list[MissedQuestion]:
    own = OfficePolicy(LexiconEntry).sites_user_has_any_permission_for(user, ["add"])
    may_add = set(own.values_list("pk", flat=True))
    return [
        MissedQuestion(
            text=row.text,
            asked=row.asked,
            word_url=add_url(said=row.text, site=row.site_id) if row.site_id in may_add else "",
        )
        for row in log_reports.not_found(sites)
    ]


def to_review(user: Any, day: datetime.date) -> QuerySet[ContentPage]:
    """Return the live pages of lasting content that nobody has reviewed for a year, the oldest first."""
    editable = page_permission_policy.instances_user_has_permission_for(user, "change").values("pk")
    limit = day - required.REVIEW_AFTER
    return (
        ContentPage.objects.in_language(source_language())
        .live()
        .type(*REVIEWED_TYPES)
        .filter(pk__in=editable)
        .filter(Q(last_reviewed_on__lt=limit) | Q(last_reviewed_on__isnull=True, published_on__lt=limit))
        .order_by("last_reviewed_on", "published_on", "pk")
    )
