"""Selections of content pages. Every public selection starts from an office (a Wagtail Site)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q
from django.utils.translation import get_language
from wagtail.models import PageManager, Site
from wagtail.query import PageQuerySet

from core import images, taxonomy
from core.offices import restricted_paths, site_paths

if TYPE_CHECKING:
    from core.models import Audience, Pillar, Place, Topic


class ContentPageQuerySet(PageQuerySet):
    """Chainable selections, usable on ContentPage and on every subclass."""

    def for_site(self, site: Site, language: str | None = None) -> Self:
        """Return what residents may see on ``site``: live, public, in the language, its own or shared with it.

        Own pages stand below the site's root or one of its translations (the roots of a site's languages are siblings
        with one translation key). Shared pages are those that the site named in ``OfficeSettings.shares_from`` has marked.
        """
        language = language or get_language() or taxonomy.source_language()
        return self.live().public().below_site(site, with_shared=True).in_language(language)

    def below_site(self, site: Site, *, with_shared: bool = False) -> Self:
        """Return the pages of one office in every language; with ``with_shared`` also what is shared with it."""
        paths = site_paths(site)
        own = Q(pk__in=[])
        for path in paths.own:
            own |= Q(path__startswith=path)
        if with_shared and paths.shared:
            shared = Q(pk__in=[])
            for path in paths.shared:
                shared |= Q(path__startswith=path)
            own |= shared & Q(shared=True)
        return self.filter(own)

    def in_language(self, language: str) -> Self:
        """Return the pages of one language code."""
        return self.filter(locale__language_code=language)

    def public(self) -> Self:
        """Return pages without a view restriction on them or above them.

        Wagtail reads the restrictions anew for every selection; here their paths are kept like other office data.
        """
        restricted = Q(pk__in=[])
        paths = restricted_paths()
        for path in paths:
            restricted |= Q(path__startswith=path)
        return self.exclude(restricted) if paths else self

    def for_pillar(self, pillar: Pillar) -> Self:
        """Return the pages of one pillar."""
        return self.filter(pillar=pillar)

    def for_topic(self, topic: Topic) -> Self:
        """Return the pages of one topic."""
        return self.filter(topic_items__tag=topic)

    def for_place(self, place: Place) -> Self:
        """Return the pages about one place."""
        return self.filter(places=place)

    def for_audience(self, audience: Audience) -> Self:
        """Return the pages for one audience."""
        return self.filter(audiences=audience)

    def newest(self) -> Self:
        """Return the newest first; the primary key decides between pages of one day."""
        return self.order_by("-published_on", "-pk")

    def with_card_data(self) -> Self:
        """Fetch what a card shows with a constant number of queries, however many cards there are."""
        found = self.select_related("cover_image", "pillar", "locale")
        found._fetches_renditions = True
        return found

    _fetches_renditions = False

    def _clone(self) -> Self:
        clone = super()._clone()
        clone._fetches_renditions = self._fetches_renditions
        return clone

    def _fetch_all(self) -> None:
        """Read the renditions of all raster covers at once; drawings (SVG) have none."""
        is_new = self._result_cache is None
        super()._fetch_all()
        if is_new and self._fetches_renditions:
            pages = [page for page in self._result_cache if hasattr(page, "cover_image")]
            images.fetch_renditions([page.cover_image for page in pages if page.cover_image])


class ContentPageManager(PageManager.from_queryset(ContentPageQuerySet)):  # type: ignore[misc]
    """Manager of ContentPage and its subclasses."""

    def get_queryset(self) -> Any:
        """Keep treebeard's order by path, as Wagtail's manager does."""
        return self._queryset_class(self.model, using=self._db).order_by("path")
