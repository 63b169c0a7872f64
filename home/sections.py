"""What the front page shows from the sections. Home is the only app that sees them all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Site

from core.cards import Card
from core.models import ContentPage, Pillar
from core.navigation import specific_cards
from core.offices import remember
from core.taxonomy import localized_all, source_language, source_rows
from guides.models import GuideIndexPage, GuidePage
from news.models import ArticlePage, BulletinPage, FeaturePage, NewsIndexPage
from training_events.models import EventIndexPage, EventPage

if TYPE_CHECKING:
    from home.models import HomePage

BULLETINS, ARTICLES, EVENTS, GUIDES, FEATURES = 3, 4, 4, 4, 3


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

    return FrontPage(
        lead=lead.get_card(request) if lead else None,
        pillars=[
            PillarLink(p.title, p.summary, p.icon, p.image, f"{urls['news']}?tru-cot={p.slug}" if urls["news"] else "")
            for p in localized_all(source_rows(Pillar).select_related("image"))
        ],
        bulletins=newest(BulletinPage, BULLETINS),
        articles=newest(ArticlePage, ARTICLES),
        features=newest(FeaturePage, FEATURES),
        events=_next_events(site, request),
        guides=[page.get_card(request) for page in _popular_guides(home, site)],
        urls=urls,
    )


def _next_events(site: Site, request: HttpRequest) -> list[Card]:
    """Return the next events that take place, those for residents only."""
    rows = EventPage.objects.for_site(site).upcoming(timezone.now()).filter(staff_only=False, status="scheduled")
    return [row.get_card(request) for row in rows.soonest().with_card_data()[:EVENTS]]


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
    found = {}
    for name, model in (("news", NewsIndexPage), ("guides", GuideIndexPage), ("events", EventIndexPage)):
        page = model.objects.for_site(site).below_site(site).first()
        found[name] = (page.get_url(request) or "") if page else ""
    return found
