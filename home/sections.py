"""What the front page shows from the sections. Home is the only app that sees them all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Site

from core.cards import Card
from core.models import ContentPage, Pillar
from core.navigation import specific_cards
from core.offices import remember
from core.taxonomy import localized_all, source_language, source_rows
from guides.models import GuideIndexPage, GuidePage
from home.models.standing import HelpPointsPage
from news.models import ArticlePage, BulletinPage, FeaturePage, NewsIndexPage
from training_events.models import EventIndexPage, EventPage

if TYPE_CHECKING:
    from home.models import HomePage

BULLETINS, ARTICLES, EVENTS, GUIDES, FEATURES = 3, 3, 4, 4, 3
#: How many upcoming events are read to find those with seats.
EVENTS_READ = 16


@dataclass(frozen=True, slots=True)
class PillarLink:
    """A pillar and the listing that it leads to."""

    title: str
    summary: str
    icon: str
    image: Any
    url: str


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The lists of the front page, ready for the template."""

    lead: Card | None
    pillars: list[PillarLink] = field(default_factory=list)
    bulletins: list[Card] = field(default_factory=list)
    articles: list[Card] = field(default_factory=list)
    features: list[Card] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    next_event: Card | None = None
    guides: list[Card] = field(default_factory=list)
    urls: dict[str, str] = field(default_factory=dict)


def front_page(home: HomePage, request: HttpRequest, site: Site, *, fresh: bool = False) -> FrontPage:
    """Return the front page's lists for ``site`` in the active language.

    They are kept for a minute (core.offices.remember), as the page itself is by caches; ``fresh`` is for previews.
    """
    if fresh:
        return _read(home, request, site)
    language = get_language() or source_language()
    return remember("front", site.pk, language, request.get_host(), make=lambda: _read(home, request, site))


def _read(home: HomePage, request: HttpRequest, site: Site) -> FrontPage:
    lead = _lead(home, request, site)
    shown = [lead.pk] if lead else []
    urls = _index_urls(request, site)

    def newest(model: type[ContentPage], count: int) -> list[Card]:
        rows = model.objects.for_site(site).exclude(pk__in=shown).newest().with_card_data()[:count]
        return [row.get_card(request) for row in rows]

    events = _next_events(site, request)
    return FrontPage(
        lead=lead.get_card(request) if lead else None,
        pillars=[
            PillarLink(p.title, p.summary, p.icon, p.image, f"{reverse('search:search')}?tru-cot={p.slug}")
            for p in localized_all(source_rows(Pillar).select_related("image"))
        ],
        bulletins=newest(BulletinPage, BULLETINS),
        articles=newest(ArticlePage, ARTICLES),
        features=newest(FeaturePage, FEATURES),
        events=events,
        next_event=next((card for card in events if card.badge_tone == "leaf"), None)
        or next(iter(events), None),
        guides=[page.get_card(request) for page in _popular_guides(home, site)],
        urls=urls,
    )


def _next_events(site: Site, request: HttpRequest) -> list[Card]:
    """Return the next events in which a resident can still get a seat, then a place on a waiting list, by date.

    Events that take nobody any more are not news; the calendar lists them.
    """
    now = timezone.now()
    rows = (
        EventPage.objects.for_site(site).upcoming(now).filter(staff_only=False, status="scheduled").soonest()
    )
    shown = rows.each_series_once().with_card_data()[:EVENTS_READ]
    states = [(row, row.availability(now)) for row in shown]
    with_seats = [row for row, state in states if state.kind == "open"]
    waiting = [row for row, state in states if state.kind == "waiting"]
    chosen = {row.pk for row in (with_seats + waiting)[:EVENTS]}
    return [row.get_card(request) for row, _state in states if row.pk in chosen]


def _lead(home: HomePage, request: HttpRequest, site: Site) -> Any:
    pages = ContentPage.objects.for_site(site)
    chosen = None
    if home.lead_page is not None:
        chosen = pages.filter(translation_key=home.lead_page.translation_key).first()
    if chosen is not None:
        return next(iter(specific_cards([chosen])), None)
    return ArticlePage.objects.for_site(site).newest().with_card_data().first()


def _popular_guides(home: HomePage, site: Site) -> list[GuidePage]:
    rows = GuidePage.objects.for_site(site)
    keys = [row.guide.translation_key for row in home.popular_guides.select_related("guide")]
    by_key = {row.translation_key: row for row in rows.filter(translation_key__in=keys).with_card_data()}
    found = [by_key[key] for key in keys if key in by_key]
    if len(found) < GUIDES:
        more = rows.exclude(pk__in=[row.pk for row in found]).newest().with_card_data()
        found += list(more[: GUIDES - len(found)])
    return found


def _index_urls(request: HttpRequest, site: Site) -> dict[str, str]:
    """Return the addresses of the sections' own index pages (shared content does not bring its index along)."""
    found: dict[str, str] = {}
    models = {
        "news": NewsIndexPage,
        "guides": GuideIndexPage,
        "events": EventIndexPage,
        "help": HelpPointsPage,
    }
    for name, model in models.items():
        page = model.objects.for_site(site).below_site(site).first()
        found[name] = (page.get_url(request) or "") if page else ""
        if isinstance(page, NewsIndexPage):
            found["bulletins"] = found[name] + page.reverse_subpage("bulletins")
            found["features"] = found[name] + page.reverse_subpage("features")
    return found
