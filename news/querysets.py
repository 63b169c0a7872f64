"""Selections of bulletins."""

from __future__ import annotations

from typing import Self

from django.db.models import Max, Q
from wagtail.models import Page, PageManager

from core.querysets import ContentPageQuerySet


class BulletinQuerySet(ContentPageQuerySet):
    """Selections of bulletins; all others come from ContentPageQuerySet."""

    def of_year(self, parent: Page, year: int) -> Self:
        """Return the bulletins, drafts too, of the office and language of ``parent`` that count in ``year``.

        A bulletin counts in the year in which its period begins, without a period in the year of its publication.
        """
        site = parent.get_site()
        rows = self.below_site(site) if site else self.descendant_of(parent)
        return rows.filter(
            Q(period_start__year=year) | Q(period_start__isnull=True, published_on__year=year),
            locale_id=parent.locale_id,
        )

    def next_number(self) -> int:
        """Return the number after the highest one."""
        return (self.aggregate(highest=Max("number"))["highest"] or 0) + 1


class BulletinManager(PageManager.from_queryset(BulletinQuerySet)):  # type: ignore[misc]
    """Manager of BulletinPage."""

    def get_queryset(self) -> BulletinQuerySet:
        """Keep treebeard's order by path, as Wagtail's manager does."""
        return BulletinQuerySet(self.model, using=self._db).order_by("path")
