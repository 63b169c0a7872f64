"""What people ask the search: the most frequent, what finds nothing, what nobody opens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Locale, Site
from wagtail.permissions import page_permission_policy

from core.taxonomy import source_language
from search import log, log_reports
from search.admin import promoted, words
from search.admin.policy import OfficePolicy, office_names, sites_of
from search.admin.question_filters import QuestionFilters
from search.admin.tables import STACKED, DayColumn, NumberColumn
from search.log_reports import NOTHING, UNOPENED, Row
from search.models import AskedQuestion, HiddenQuestion, LexiconEntry, PromotedResult

PERIODS = {"7": 7, "": 30, "365": 365}
#: A file opens with this mark, without which Excel reads UTF-8 as an old code page.
_BOM = "\ufeff".encode()
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
#: Who works on pages reads what people look for.
PERMISSIONS = ["add", "change", "publish"]


class _QuestionColumn(Column):
    """The question as typed; a link tries it."""

    cell_template_name = "search/admin/question_cell.html"

    def get_cell_context_data(self, instance: Row, parent_context: Any) -> dict[str, Any]:
        """Add the address of the public search, and the office where there are several."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        view = parent_context["table"].view
        site = view.sites.get(instance.site_id)
        context["try_url"] = words.try_url(parent_context["request"], site, instance.text, instance.language)
        context["office"] = view.names[instance.site_id] if len(view.sites) > 1 else ""
        is_usual = instance.language == source_language()
        context["language"] = "" if is_usual else view.languages.get(instance.language, instance.language)
        return context


class _ActionColumn(Column):
    """What can be done about a question."""

    cell_template_name = "search/admin/question_actions.html"

    def get_cell_context_data(self, instance: Row, parent_context: Any) -> dict[str, Any]:
        """Add the addresses of the forms, filled in, where the user may use them."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        view, request = parent_context["table"].view, parent_context["request"]
        context["csrf_token"] = get_token(request)
        context["next"] = request.get_full_path()
        if instance.site_id in view.sites_of_words:
            context["word_url"] = words.add_url(said=instance.text, site=instance.site_id)
        if instance.site_id in view.sites_of_promoted:
            context["promote_url"] = promoted.add_url(questions=instance.text, site=instance.site_id)
            context["may_hide"] = True
        return context


class _ResultColumn(Column):
    """How many results there were the last time."""

    cell_template_name = "search/admin/question_results.html"


class QuestionReport(ReportView):
    """Questions of a period, the most asked first."""

    page_title = gettext_lazy("What people search for")
    verbose_name_plural = gettext_lazy("questions")
    header_icon = "search"
    template_name = "search/admin/questions.html"
    index_url_name = "search_questions:index"
    index_results_url_name = "search_questions:index_results"
    permission_policy = page_permission_policy
    any_permission_required = PERMISSIONS
    filterset_class = QuestionFilters
    is_searchable = True
    default_ordering = None
    table_classname = STACKED
    columns = [
        _QuestionColumn("text", label=gettext_lazy("What was typed")),
        NumberColumn("asked", label=gettext_lazy("Times asked"), width="9%"),
        _ResultColumn("total", label=gettext_lazy("Results"), width="12%"),
        NumberColumn("clicks", label=gettext_lazy("Opened a result"), width="9%"),
        DayColumn("last", label=gettext_lazy("Last asked"), width="11%"),
        _ActionColumn("key", label=gettext_lazy("To do"), width="26%"),
    ]
    list_export = ["text", "asked", "total", "clicks", "rank", "days", "last", "office", "language"]
    export_headings = {
        "text": gettext_lazy("What was typed"),
        "asked": gettext_lazy("Times asked"),
        "total": gettext_lazy("Results the last time"),
        "clicks": gettext_lazy("Opened a result"),
        "rank": gettext_lazy("Mean place of what was opened"),
        "days": gettext_lazy("On how many days"),
        "last": gettext_lazy("Last asked"),
        "office": gettext_lazy("Office"),
        "language": gettext_lazy("Language"),
    }

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read once whose questions these are and what may be done about them."""
        super().setup(request, *args, **kwargs)
        user: Any = request.user
        self.sites: dict[int, Site] = {site.pk: site for site in sites_of(user)}
        self.names = office_names(list(self.sites.values()))
        self.languages = {row.language_code: str(row) for row in Locale.objects.all()}
        self.sites_of_words, self.sites_of_promoted = (
            {site.pk for site in OfficePolicy(model).sites_user_has_any_permission_for(user, ["add"])}
            for model in (LexiconEntry, PromotedResult)
        )

    @property
    def chosen(self) -> dict[str, str]:
        """The filters in force."""
        return self.filters.form.cleaned_data if self.filters and self.filters.is_valid() else {}

    def get_base_queryset(self) -> QuerySet[AskedQuestion]:
        """Return nothing: the rows are sums, see ``get_filtered_queryset``."""
        return AskedQuestion.objects.none()

    def get_filtered_queryset(self) -> Any:
        """Return the sums of the user's own offices."""
        chosen = self.chosen
        office = chosen.get("office")
        sites = [site for key, site in self.sites.items() if not office or str(key) == office]
        period = PERIODS.get(chosen.get("days") or "", 30)
        return log_reports.groups(
            sites, period, chosen.get("show") or "", log.question_key(self.search_query or "")
        )

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Add the texts to the rows of a file; the table has its own (``get_table``)."""
        return log_reports.rows(object_list) if self.is_export else object_list

    def get_table(self, object_list: Any) -> Any:
        """Show the rows with their texts; a file needs no table."""
        table = super().get_table([] if self.is_export else log_reports.rows(object_list))
        table.view = self
        return table

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the short ways to the three views."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        here, chosen = reverse("search_questions:index"), self.chosen
        now = {name: chosen.get(name) or "" for name in ("show", "days", "office")}

        def links(name: str, options: list[tuple[str, str]]) -> list[tuple[str, str, bool]]:
            return [
                (label, f"{here}?{urlencode({**now, name: value})}", now[name] == value)
                for value, label in options
            ]

        context["views"] = links(
            "show",
            [
                (log_reports.ALL, _("Asked most")),
                (NOTHING, _("Nothing found")),
                (UNOPENED, _("Found, but nobody opened a result")),
            ],
        )
        context["periods"] = links(
            "days",
            [("7", _("The last 7 days")), ("", _("The last 30 days")), ("365", _("The last 12 months"))],
        )
        return context

    def to_row_dict(self, item: Row) -> dict[str, Any]:
        """Return a row of the file; a question that begins as a formula is kept from being one."""
        text = f"'{item.text}" if item.text.startswith(_FORMULA_STARTS) else item.text
        values: dict[str, Any] = {name: getattr(item, name, "") for name in self.list_export}
        return {
            **values,
            "text": text,
            "rank": "" if item.rank is None else item.rank,
            "office": self.names.get(item.site_id, ""),
            "language": self.languages.get(item.language, item.language),
        }

    def stream_csv(self, queryset: Any) -> Iterator[bytes]:
        """Begin the file so that Excel reads Vietnamese."""
        yield _BOM
        yield from super().stream_csv(queryset)

    def get_filename(self) -> str:
        """Name the file by its day."""
        return f"cau-tim-kiem-{timezone.localdate():%Y-%m-%d}"


@require_POST
def hide(request: HttpRequest) -> HttpResponse:
    """Keep a question from being shown to others, or allow it again (``hidden=0``).

    Raises:
        PermissionDenied: when the office is not the user's own, or he or she may not promote results.
    """
    policy, user = OfficePolicy(PromotedResult), cast("Any", request.user)
    sites = policy.sites_user_has_any_permission_for(user, ["add"])
    raw = request.POST.get("site", "")
    site = sites.filter(pk=int(raw)).first() if raw.isascii() and raw.isdigit() and len(raw) < 10 else None
    if site is None:
        raise PermissionDenied
    language = request.POST.get("language", "")[:10].replace("\x00", "")
    key = log.question_key(request.POST.get("key", ""))
    if request.POST.get("hidden") == "0":
        for row in HiddenQuestion.objects.filter(site=site, language=language, key=key):
            row.delete()
        messages.success(request, _("The question may be shown to others again."))
    elif key:
        HiddenQuestion.objects.get_or_create(site=site, language=language, key=key, defaults={"by": user})
        messages.success(request, _("The question is no longer shown to others."))
    return redirect(get_valid_next_url_from_request(request) or reverse("search_questions:index"))


class _Item(MenuItem):
    """Shown to who works on pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the permission policy of pages."""
        return bool(page_permission_policy.user_has_any_permission(request.user, PERMISSIONS))


class QuestionsViewSet(ViewSet):
    """The report."""

    name = "search_questions"
    url_prefix = "search/questions"
    icon = "search"
    menu_label = gettext_lazy("What people search for")
    menu_order = 10
    menu_item_class = _Item

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the addresses."""
        return [
            path("", QuestionReport.as_view(), name="index"),
            path("results/", QuestionReport.as_view(results_only=True), name="index_results"),
            path("hide/", hide, name="hide"),
        ]
