"""The news section's first page with its listings by kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Site

from core.models import ContentPage
from core.navigation import Link, main_menu
from news import routes
from news.listing import Listing, read_listing
from news.models.article import ArticlePage
from news.models.bulletin import BulletinPage
from news.models.feature import FeaturePage


@dataclass(frozen=True, slots=True)
class Kind:
    """A listing of the section: the name of its route, the route, its heading and its page types."""

    name: str
    route: str
    title: str | Promise
    types: tuple[type[ContentPage], ...]


ALL = Kind("all", "", _("All news"), (BulletinPage, ArticlePage, FeaturePage))
BULLETINS = Kind("bulletins", f"{routes.BULLETINS}/", _("Bulletins"), (BulletinPage,))
ARTICLES = Kind("articles", f"{routes.ARTICLES}/", _("Articles"), (ArticlePage,))
FEATURES = Kind("features", f"{routes.FEATURES}/", _("Thematic features"), (FeaturePage,))
KINDS = (ALL, BULLETINS, ARTICLES, FEATURES)


class NewsIndexPage(RoutablePageMixin, ContentPage):
    """Lists bulletins, articles and thematic features, all together and by kind."""

    kind_label = _("News")
    schema_type = "CollectionPage"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["news.BulletinPage", "news.ArticlePage", "news.FeaturePage"]
    max_count_per_parent = 1
    show_in_menus_default = True

    search_fields = [*ContentPage.search_fields]
    content_panels = [*ContentPage.content_panels]

    class Meta:
        verbose_name = _("news section")
        verbose_name_plural = _("news sections")
        indexes: list[models.Index] = []

    @path(ALL.route, name=ALL.name)
    def all_news(self, request: HttpRequest) -> HttpResponse:
        """Every kind."""
        return self._listing(request, ALL)

    @path(BULLETINS.route, name=BULLETINS.name)
    def bulletins(self, request: HttpRequest) -> HttpResponse:
        """Bulletins only."""
        return self._listing(request, BULLETINS)

    @path(ARTICLES.route, name=ARTICLES.name)
    def articles(self, request: HttpRequest) -> HttpResponse:
        """Articles only."""
        return self._listing(request, ARTICLES)

    @path(FEATURES.route, name=FEATURES.name)
    def features(self, request: HttpRequest) -> HttpResponse:
        """Thematic features only."""
        return self._listing(request, FEATURES)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the listing; caches may keep it for a minute, as every page (the mixin passes our base class by)."""
        response = super().serve(request, *args, **kwargs)
        if request.method in ("GET", "HEAD") and not request.user.is_authenticated:
            response.setdefault("Cache-Control", "public, max-age=60")
        return response

    def _listing(self, request: HttpRequest, kind: Kind) -> HttpResponse:
        site = Site.find_for_request(request)
        if site is None:
            raise Http404("no office")
        listing = read_listing(request, site, kind.types)
        address = self.get_url(request) or "/"
        self._shown = listing
        context = self.get_context(request)
        if kind is not ALL:  # the listing of one kind stands below the section
            context["breadcrumbs"] = [*context["breadcrumbs"], Link(address, self.title)]
        return TemplateResponse(
            request,
            self.get_template(request),
            context
            | {
                "kind": kind,
                "listing": listing,
                "heading": self.title if kind is ALL else kind.title,
                "kind_links": [
                    {"url": address + other.route, "title": other.title, "is_current": other is kind}
                    for other in KINDS
                ],
                "listing_url": address + kind.route,
                "canonical_url": (self.get_full_url(request) or "") + kind.route,
                "ways_on": self._ways_on(request, address, kind, listing),
            },
        )

    def _ways_on(self, request: HttpRequest, address: str, kind: Kind, listing: Listing) -> list[Link]:
        """Return where to look when a listing is empty: without filters, all kinds, the main menu."""
        if listing.cards:
            return []
        found = (
            [Link(address + kind.route, gettext("Show all without filters"))]
            if listing.filters.is_active
            else []
        )
        if kind is not ALL:
            found.append(Link(address, str(ALL.title)))
        return [*found, *(link for link in main_menu(request) if link.url != address)]

    def related(self, request: HttpRequest, limit: int = 3) -> list[ContentPage]:
        """Show nothing beside the listing."""
        return []

    def get_structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Add what the listing shows as an ItemList."""
        data = super().get_structured_data(request)
        shown: Listing | None = getattr(self, "_shown", None)
        if shown is not None and shown.cards:
            data["mainEntity"] = {
                "@type": "ItemList",
                "itemListElement": [
                    {
                        "@type": "ListItem",
                        "position": shown.page_obj.start_index() + rank,
                        "name": card.title,
                        "url": request.build_absolute_uri(card.url),
                    }
                    for rank, card in enumerate(shown.cards)
                ],
            }
        return data
