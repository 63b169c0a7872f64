"""Selections of guides and series."""

from __future__ import annotations

from typing import Self

from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Length, Substr
from wagtail.models import Page, PageManager

from core.models import ContentPage
from core.querysets import ContentPageQuerySet


class GuideQuerySet(ContentPageQuerySet):
    """Selections of guides; all others come from ContentPageQuerySet."""

    def in_series(self, series: Page) -> Self:
        """Return the guides of a series that residents may see, in the editors' order."""
        return self.child_of(series).live().public().order_by("path")


class GuideManager(PageManager.from_queryset(GuideQuerySet)):  # type: ignore[misc]
    """Manager of GuidePage."""

    def get_queryset(self) -> GuideQuerySet:
        """Keep treebeard's order by path, as Wagtail's manager does."""
        return GuideQuerySet(self.model, using=self._db).order_by("path")


class SeriesQuerySet(ContentPageQuerySet):
    """Selections of series; all others come from ContentPageQuerySet."""

    def with_guide_count(self) -> Self:
        """Annotate ``guide_count``: how many live guides a series has."""
        parent = Substr("path", 1, Length("path") - Value(Page.steplen))
        guides = (
            ContentPage.objects.order_by()
            .filter(live=True)
            .annotate(parent_path=parent)
            .filter(parent_path=OuterRef("path"))
            .values("parent_path")
            .annotate(total=Count("pk"))
            .values("total")
        )
        return self.annotate(guide_count=Coalesce(Subquery(guides, output_field=IntegerField()), 0))


class SeriesManager(PageManager.from_queryset(SeriesQuerySet)):  # type: ignore[misc]
    """Manager of GuideSeriesPage."""

    def get_queryset(self) -> SeriesQuerySet:
        """Keep treebeard's order by path, as Wagtail's manager does."""
        return SeriesQuerySet(self.model, using=self._db).order_by("path")
