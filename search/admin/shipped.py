"""The words that the search knows already, and a switch for each office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Site

from search.admin.policy import KEEPING, OfficePolicy, office_names
from search.lexicon_rules import folded
from search.models import LexiconEntry, SwitchedOff
from search.shipped import shipped_entries

PAGE_SIZE = 50
KINDS = {
    "abbreviation": gettext_lazy("Abbreviation"),
    "thesaurus": gettext_lazy("Words with the same meaning"),
    "dialect": gettext_lazy("Spelling of a region"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as the list shows it. ``state``: ``on``, ``off`` (this office) or ``off_for_all``."""

    key: str
    kind: str
    said: str
    means: str
    both: bool
    common: bool
    state: str

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(KINDS.get(self.kind, self.kind))


def _policy() -> OfficePolicy:
    return OfficePolicy(LexiconEntry)


def _office(request: HttpRequest, raw: str) -> Site | None:
    """Return the website that ``raw`` names, or the user's first one; None when it is not the user's."""
    sites = list(_policy().sites_user_has_any_permission_for(request.user, KEEPING))
    if not raw:
        return sites[0] if sites else None
    return next((site for site in sites if str(site.pk) == raw), None)


def lines(site: Site, *, words: str = "", kind: str = "") -> list[Line]:
    """Return what the search knows without the office's own entries; what stands for all offices first.

    Args:
        site: the office whose switches are shown.
        words: only entries that hold these words, whatever their marks.
        kind: only entries of this kind.
    """
    off = set(SwitchedOff.objects.filter(site=site).values_list("key", flat=True))
    off_for_all = set(SwitchedOff.objects.filter(site=None).values_list("key", flat=True))
    wanted = folded(words)
    rows = [
        (row.key, row.kind, row.phrases_said, row.phrases_meant, row.same or row.kind == "abbreviation", True)
        for row in LexiconEntry.objects.filter(site=None, active=True)
    ]
    rows += [
        (entry.key, entry.kind, list(entry.said), list(entry.means), entry.same and not entry.weak, False)
        for entry in shipped_entries()
    ]
    return [
        Line(
            key=key,
            kind=row_kind,
            said=", ".join(said),
            means=", ".join(means),
            both=both,
            common=common,
            state="off_for_all" if key in off_for_all else "off" if key in off else "on",
        )
        for key, row_kind, said, means, both, common in rows
        if (not kind or row_kind == kind)
        and (not wanted or any(wanted in folded(phrase) for phrase in (*said, *means)))
    ]


class ShippedView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The list, searched by words and kind."""

    template_name = "search/admin/shipped.html"
    page_title = gettext_lazy("Words that the search knows")
    header_icon = "list-ul"
    any_permission_required = list(KEEPING)

    @property
    def permission_policy(self) -> OfficePolicy:
        """Who keeps words sees them."""
        return _policy()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Name the page."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the page of the list.

        Raises:
            PermissionDenied: when the office asked for is not the user's own.
        """
        context: dict[str, Any] = super().get_context_data(**kwargs)
        asked = {
            name: self.request.GET.get(name, "")[:100].replace("\x00", "") for name in ("q", "kind", "office")
        }
        site = _office(self.request, asked["office"])
        if site is None:
            raise PermissionDenied
        found = lines(site, words=asked["q"], kind=asked["kind"] if asked["kind"] in KINDS else "")
        sites = list(_policy().sites_user_has_any_permission_for(self.request.user, KEEPING))
        names = office_names(sites)
        query = urlencode({name: value for name, value in asked.items() if value})
        return {
            **context,
            "site": site,
            "office": names[site.pk],
            "offices": names if len(names) > 1 else {},
            "asked": asked,
            "kinds": KINDS,
            "total": len(found),
            "page_obj": Paginator(found, PAGE_SIZE).get_page(self.request.GET.get("p")),
            "query": f"{query}&" if query else "",
        }


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Stop using an entry in an office, or use it again (``off=0``).

    Raises:
        PermissionDenied: when the office is not the user's own.
    """
    site = _office(request, request.POST.get("office", ""))
    key = request.POST.get("key", "")[:200].replace("\x00", "")
    if site is None or not _policy().user_has_any_permission_for_instance(request.user, KEEPING, site):
        raise PermissionDenied
    known = {line.key for line in lines(site)}
    if request.POST.get("off") == "0":
        for row in SwitchedOff.objects.filter(site=site, key=key):
            row.delete()
        messages.success(request, _("The entry is used again, from the next question on."))
    elif key in known:
        user: Any = request.user
        SwitchedOff.objects.get_or_create(site=site, key=key, defaults={"by": user})
        messages.success(request, _("The entry is no longer used in this office, from the next question on."))
    return redirect(get_valid_next_url_from_request(request) or reverse("search_shipped:index"))


class _Item(MenuItem):
    """Shown to who keeps words."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the policy of the words."""
        return bool(_policy().user_has_any_permission(request.user, KEEPING))


class ShippedViewSet(ViewSet):
    """The list of what is known."""

    name = "search_shipped"
    url_prefix = "search/known-words"
    icon = "list-ul"
    menu_label = gettext_lazy("Words that the search knows")
    menu_order = 30
    menu_item_class = _Item

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the addresses."""
        return [path("", ShippedView.as_view(), name="index"), path("switch/", switch, name="switch")]
