"""Edit forms of the pages below a news section."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.forms import ContentPageForm
from news.routes import RESERVED_SLUGS


class NewsPageForm(ContentPageForm):
    """Refuses a slug at which a route of the section answers."""

    def clean(self) -> dict[str, Any]:
        """Check the slug."""
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("slug") in RESERVED_SLUGS:
            self.add_error(
                "slug", _("The section itself uses this address. Choose another one, with a few more words.")
            )
        return cleaned


class BulletinPageForm(NewsPageForm):
    """Refuses a number that another bulletin of the office and year has, and a period that ends before it begins.

    The check stands here and not in the model, because a copy made by Wagtail's "copy" keeps its number until
    the editor has typed a new one.
    """

    def clean(self) -> dict[str, Any]:
        """Check number and period."""
        cleaned = super().clean()
        start, end = cleaned.get("period_start"), cleaned.get("period_end")
        if start and end and end < start:
            self.add_error("period_end", _("The end is before the start."))
        published_on, number = cleaned.get("published_on"), cleaned.get("number")
        first = start or published_on
        if first is None or not number:
            return cleaned
        year = first.year
        parent = self.parent_page or self.instance.get_parent()
        others = type(self.instance).objects.of_year(parent, year).exclude(pk=self.instance.pk)
        twin = others.filter(number=number).first()
        if twin is not None:
            self.add_error(
                "number",
                _("Number %(number)d of %(year)d is taken by “%(title)s”. The next free number is %(free)d.")
                % {"number": number, "year": year, "title": twin.title, "free": others.next_number()},
            )
        return cleaned
