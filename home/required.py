"""What an office must publish, and what of it stands on its website.

Source: Decree 224/2026/NĐ-CP art. 9(1)(c) (a commune's apparatus, boundary map, natural conditions, history, culture and
sights; its leaders with duties and short biographies), art. 10 (official channels, accessibility), Law 91/2025/QH15 (privacy).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from core.models import ContentPage
from core.offices import office_for_site
from core.taxonomy import source_language
from home.models import HomePage, LeadersPage, OfficialChannelsPage, StandardPage
from home.models.standing import Duty

#: After so many days without a review a page counts as due ("updated at once when something changes", art. 9(3)).
REVIEW_AFTER = datetime.timedelta(days=365)


class State(StrEnum):
    """How a requirement stands."""

    MISSING = "missing"
    DRAFT = "draft"
    INCOMPLETE = "incomplete"
    DUE = "due"
    GOOD = "good"


_LABELS = {
    State.MISSING: _("missing"),
    State.DRAFT: _("draft, not published"),
    State.INCOMPLETE: _("incomplete"),
    State.DUE: _("to be reviewed"),
    State.GOOD: _("published"),
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something an office must publish: a page of ``model``, for standing pages with ``duty``."""

    label: str | Promise
    source: str | Promise
    model: type[ContentPage]
    duty: str = ""

    @property
    def found_in(self) -> str:
        """The type of page, as the admin's addresses name it."""
        return self.model._meta.model_name or ""


_ART_9, _ART_10 = _("Decree 224/2026, article 9"), _("Decree 224/2026, article 10")
REQUIREMENTS = (
    Requirement(_("Apparatus, leaders with duties and biographies"), _ART_9, LeadersPage),
    Requirement(Duty.BOUNDARY_MAP.label, _ART_9, StandardPage, Duty.BOUNDARY_MAP),
    Requirement(Duty.NATURAL_CONDITIONS.label, _ART_9, StandardPage, Duty.NATURAL_CONDITIONS),
    Requirement(Duty.HISTORY.label, _ART_9, StandardPage, Duty.HISTORY),
    Requirement(Duty.CULTURE.label, _ART_9, StandardPage, Duty.CULTURE),
    Requirement(_("Official channels"), _ART_10, OfficialChannelsPage),
    Requirement(Duty.CONTACT.label, _ART_10, StandardPage, Duty.CONTACT),
    Requirement(Duty.ACCESSIBILITY.label, _ART_10, StandardPage, Duty.ACCESSIBILITY),
    Requirement(Duty.PRIVACY.label, _("Law 91/2025"), StandardPage, Duty.PRIVACY),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A requirement at one office, as the report and its export show it."""

    office: str
    label: str
    source: str
    state: State
    note: str
    last_reviewed_on: datetime.date | None
    page: ContentPage | None
    url: str

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(_LABELS[self.state])

    @property
    def is_open(self) -> bool:
        """Whether there is something to do."""
        return self.state is not State.GOOD


def rows_for(sites: Iterable[Site], user: Any, today: datetime.date) -> list[Row]:
    """Return a row per office and requirement; ``url`` leads to the page or to the form that creates it, where allowed."""
    return [row for site in sites for row in _rows(site, user, today)]


def _rows(site: Site, user: Any, today: datetime.date) -> list[Row]:
    office = office_for_site(site, source_language()).short_name
    home = HomePage.objects.filter(pk=site.root_page_id).first()
    pages: dict[tuple[str, str], ContentPage] = {}
    for model in (StandardPage, LeadersPage, OfficialChannelsPage):
        found = model.objects.below_site(site).in_language(source_language())
        for page in found.order_by("live", "-path"):
            pages[model._meta.model_name or "", getattr(page, "duty", "")] = page
    parent = next(
        (page.get_parent() for page in pages.values() if page.depth > site.root_page.depth + 1), home
    )
    found_rows = []
    for needed in REQUIREMENTS:
        page = pages.get((needed.found_in, needed.duty))
        state, note = _state(page, today)
        found_rows.append(
            Row(
                office=office,
                label=_capital(str(needed.label)),
                source=str(needed.source),
                state=state,
                note=note,
                last_reviewed_on=page.last_reviewed_on if page else None,
                page=page,
                url=_url(needed, page, parent, user),
            )
        )
    return found_rows


def _state(page: ContentPage | None, today: datetime.date) -> tuple[State, str]:
    if page is None:
        return State.MISSING, ""
    if not page.live:
        return State.DRAFT, ""
    if isinstance(page, LeadersPage):
        wanting = page.leaders.filter(Q(duties="") | Q(biography="")).count()
        if wanting:
            return State.INCOMPLETE, str(
                _("Leaders without duties or biography: %(count)s") % {"count": wanting}
            )
        if not page.leaders.exists():
            return State.INCOMPLETE, str(_("No leader is entered yet."))
    elif isinstance(page, StandardPage) and not page.body and not page.get_children().live().exists():
        return State.INCOMPLETE, str(_("The page has no content yet."))
    reviewed = page.last_reviewed_on or page.published_on
    if today - reviewed > REVIEW_AFTER:
        return State.DUE, ""
    return State.GOOD, ""


def _url(needed: Requirement, page: ContentPage | None, parent: Page | None, user: Any) -> str:
    if page is not None:
        allowed = page.permissions_for_user(user).can_edit()
        return reverse("wagtailadmin_pages:edit", args=[page.pk]) if allowed else ""
    if parent is None or not parent.permissions_for_user(user).can_add_subpage():
        return ""
    if needed.model not in parent.specific_class.allowed_subpage_models():
        parent = parent.get_site().root_page if parent.get_site() else parent
    return reverse("wagtailadmin_pages:add", args=[needed.model._meta.app_label, needed.found_in, parent.pk])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
