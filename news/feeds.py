"""Atom and RSS feeds of the news listings, with the same filters as the listing that links to them."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from wagtail.models import Site

from core.filters import ListingFilters
from core.models import ContentPage
from core.offices import office_for_site
from core.vietnamese import to_nfc
from news.listing import FILTERS, as_specific, query_of, visible_pages, with_types
from news.models import NewsIndexPage
from news.models.index import ALL, Kind

#: Entries of a feed; a reader that looks once a week misses nothing.
SIZE = 30
#: What XML 1.0 cannot hold (section 2.2, Char); text pasted from other programs does contain it.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return ``text`` in NFC without characters that XML forbids."""
    return _NOT_XML.sub("", to_nfc(text))


def start_of_day(day: datetime.date) -> datetime.datetime:
    """Return midnight of ``day`` in the site's time zone (aware)."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


@dataclass(frozen=True, slots=True)
class Selection:
    """What a feed shows: a listing of a section, narrowed by filters, on the site of the request."""

    index: NewsIndexPage
    kind: Kind
    site: Site
    filters: ListingFilters
    request: HttpRequest

    @property
    def query(self) -> str:
        """The query string of the filters, empty where none is set."""
        return query_of(self.filters)


class _SteadyDate:
    """Dates an empty feed by its section, so that it does not look new at every request."""

    feed: dict[str, Any]

    def latest_post_date(self) -> datetime.datetime:
        """Return the newest date of the entries, the section's own date where there is none."""
        dates = [item[key] for item in self.items for key in ("updateddate", "pubdate") if item[key]]  # type: ignore[attr-defined]
        return max(dates) if dates else self.feed["empty_date"]


class AtomGenerator(_SteadyDate, Atom1Feed):
    """Atom 1.0."""


class RssGenerator(_SteadyDate, Rss201rev2Feed):
    """RSS 2.0."""


class NewsFeed(Feed):
    """A feed of a listing; ``feed_type`` is AtomGenerator or RssGenerator."""

    def __init__(self, feed_type: type[Any]) -> None:
        """Choose the format."""
        super().__init__()
        self.feed_type = feed_type

    def get_object(self, request: HttpRequest, index: NewsIndexPage, kind: Kind, site: Site) -> Selection:
        """Read the filters of the request."""
        return Selection(index, kind, site, ListingFilters.from_request(request, FILTERS), request)

    def title(self, obj: Selection) -> str:
        """Section, kind, filters and office."""
        name = obj.index.title if obj.kind is ALL else str(obj.kind.title)
        parts = [name, *(label for _param, label in obj.filters.selected)]
        return xml_text(f"{', '.join(parts)} – {office_for_site(obj.site).short_name}")

    def description(self, obj: Selection) -> str:
        """The section's introduction."""
        return xml_text(obj.index.search_description or obj.index.intro or obj.index.title)

    subtitle = description

    def link(self, obj: Selection) -> str:
        """The listing."""
        return f"{obj.index.get_url(obj.request) or '/'}{obj.kind.route}{obj.query}"

    def feed_url(self, obj: Selection) -> str:
        """The feed itself, with its filters in their usual order."""
        return f"{obj.request.path}{obj.query}"

    def author_name(self, obj: Selection) -> str:
        """The office: Atom asks for an author."""
        office = office_for_site(obj.site)
        return xml_text(office.organisation_name or office.short_name)

    def feed_extra_kwargs(self, obj: Selection) -> dict[str, Any]:
        """Give the date of an empty feed."""
        return {"empty_date": obj.index.last_published_at or start_of_day(obj.index.published_on)}

    def items(self, obj: Selection) -> list[Any]:
        """The newest pages, as listings show them."""
        pages = obj.filters.apply(visible_pages(obj.site, obj.kind.types))
        found: list[Any] = [as_specific(page) for page in with_types(pages, obj.kind.types)[:SIZE]]
        for page in found:
            page.feed_card = page.get_card(obj.request)
        return found

    def item_title(self, item: Any) -> str:
        """The page's title."""
        return xml_text(item.title)

    def item_description(self, item: Any) -> str:
        """The page's introduction."""
        return xml_text(item.feed_card.intro)

    def item_link(self, item: Any) -> str:
        """The page; a shared page of another office keeps that office's address."""
        return str(item.feed_card.url)

    def item_pubdate(self, item: ContentPage) -> datetime.datetime:
        """The day of publication."""
        return start_of_day(item.published_on)

    def item_updateddate(self, item: ContentPage) -> datetime.datetime:
        """When the page was last published."""
        return item.last_published_at or start_of_day(item.published_on)

    def item_categories(self, item: Any) -> list[str]:
        """The kind of page."""
        return [xml_text(item.feed_card.kind_label)]


FEEDS = {"atom": NewsFeed(AtomGenerator), "rss": NewsFeed(RssGenerator)}
