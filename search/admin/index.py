"""How the search index stands, and a button that builds it anew."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.permissions import page_permission_policy
from wagtail.search.backends import get_search_backend

from core.models import ContentPage
from search import index_runs, index_state
from search.admin.questions import PERMISSIONS
from search.models import IndexChange, IndexState, PageText

#: Seconds after which a page that shows a run loads itself again.
REFRESH = 3
#: A run that nobody took up for so long: the worker is not running.
NO_WORKER = datetime.timedelta(minutes=2)
_DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def engine_name() -> str:
    """Return what answers questions, in words."""
    module = settings.WAGTAILSEARCH_BACKENDS["default"]["BACKEND"].rpartition(".")[2]
    servers = {"elasticsearch": "Elasticsearch", "opensearch": "OpenSearch"}
    database = _DATABASES.get(connection.vendor, connection.vendor)
    return servers.get(module) or _("the website's own database (%(name)s)") % {"name": database}


def outage_since() -> datetime.datetime | None:
    """Return since when the search server has not answered, None when it does or there is none."""
    breaker = getattr(get_search_backend("default"), "breaker", None)
    outage = breaker.outage if breaker is not None else None
    return datetime.datetime.fromtimestamp(outage.since, tz=datetime.UTC) if outage is not None else None


class IndexStatus(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The state of the index."""

    template_name = "search/admin/index.html"
    page_title = gettext_lazy("Search index")
    header_icon = "cogs"
    permission_policy = page_permission_policy
    any_permission_required = PERMISSIONS

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Name the page."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add everything that is known."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        run = index_runs.latest()
        state = run.state if run else ""
        live = ContentPage.objects.live()
        return {
            **context,
            "engine": engine_name(),
            "pages": live.count(),
            "indexed": PageText.objects.filter(page__in=live.values("pk")).count(),
            "waiting": IndexChange.objects.filter(is_told=False)
            .values("model", "object_id")
            .distinct()
            .count(),
            "outage_since": outage_since(),
            "needs_rebuild": index_state.needs_rebuild(),
            "built_at": max(
                filter(None, IndexState.objects.values_list("built_at", flat=True)), default=None
            ),
            "run": run,
            "run_state": state,
            "nobody_works": state == "waiting" and run and run.asked_at < timezone.now() - NO_WORKER,
            "refresh": REFRESH if state in {"waiting", "running"} else 0,
            "may_rebuild": may_rebuild(self.request.user),
        }


def may_rebuild(user: Any) -> bool:
    """Tell whether ``user`` may build the index anew: it is one for all offices."""
    return bool(user.is_active and user.is_superuser)


@require_POST
def rebuild(request: HttpRequest) -> HttpResponse:
    """Ask for a rebuild.

    Raises:
        PermissionDenied: for anybody but administrators.
    """
    if not may_rebuild(request.user):
        raise PermissionDenied
    if index_runs.begin(request.user) is None:
        messages.warning(request, _("The index is being built already."))
    else:
        messages.success(
            request, _("The index is being built anew. Residents can go on searching meanwhile.")
        )
    return redirect("search_index:index")


class _Item(MenuItem):
    """Shown to who works on pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the permission policy of pages."""
        return bool(page_permission_policy.user_has_any_permission(request.user, PERMISSIONS))


class IndexViewSet(ViewSet):
    """The screen of the index."""

    name = "search_index"
    url_prefix = "search/index"
    icon = "cogs"
    menu_label = gettext_lazy("Search index")
    menu_order = 50
    menu_item_class = _Item

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the addresses."""
        return [path("", IndexStatus.as_view(), name="index"), path("rebuild/", rebuild, name="rebuild")]
