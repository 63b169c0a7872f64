"""Figures for staff: of one event, and of a period for the offices that they work for. Numbers only, no names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Site

from core import dates, staff
from core.models import Place
from core.offices import office_for_site
from core.taxonomy import source_language, terms
from training_events.figures import answers, charts, periods, report, workbook
from training_events.figures.report import Report, Row
from training_events.models import SeatPool
from training_events.spreadsheets import XLSX
from training_events.views.staff import EventStaffView

#: A chart shows so many rows; the table has all.
_MOST_BARS = 20


def tables(figures: Report) -> list[dict[str, Any]]:
    """Return the breakdowns with their charts."""
    return [_table(one.slug, one.title, one.rows, one.note) for one in figures.breakdowns]


def _table(slug: str, title: str, rows: Sequence[Row], note: str = "") -> dict[str, Any]:
    chart: SafeString | str = charts.bars(f"hinh-{slug}", title, rows[:_MOST_BARS]) if rows else ""
    return {
        "slug": slug,
        "title": title,
        "note": note,
        "chart": chart,
        "rows": [(row, workbook.numbers(row.counts)) for row in rows],
    }


def _download(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


class EventFiguresView(EventStaffView, WagtailAdminTemplateMixin, TemplateView):
    """How one event went."""

    template_name = "training_events/admin/figures.html"
    header_icon = "table"
    looks = ""

    @cached_property
    def figures(self) -> Report:
        """The figures of the event."""
        pool = self.event.seat_pool
        return report.build([pool] if pool.pk else [], now=timezone.now())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the figures, or hand them out as a file (``tep=xlsx``)."""
        if request.GET.get("tep") == "xlsx":
            title = self.event.get_admin_display_title()
            site = self.event.get_site()
            office = office_for_site(site).organisation_name if site else ""
            today = dates.date_label(timezone.localdate())
            body = workbook.workbook(self.figures, title=title, office=office, made_on=today)
            return _download(body, f"so-lieu-{self.event.slug}")
        return super().get(request, *args, **kwargs)

    def get_page_title(self) -> str:
        """The heading."""
        return _("Figures")

    def get_page_subtitle(self) -> str:
        """The event."""
        return self.event.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the event's edit form."""
        edit = reverse("wagtailadmin_pages:edit", args=[self.event.pk])
        return [
            *self.breadcrumbs_items,
            {"url": edit, "label": self.event.get_admin_display_title()},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the figures and what people answered to questions with options."""
        return super().get_context_data(
            **kwargs,
            event=self.event,
            figures=self.figures,
            headings=workbook.headings(),
            whole=list(zip(workbook.headings(), workbook.numbers(self.figures.whole), strict=True)),
            tables=tables(self.figures),
            questions=answers.by_option(self.event.seat_pool.pk),
            file_url="?tep=xlsx",
        )


class PeriodFiguresView(WagtailAdminTemplateMixin, TemplateView):
    """The figures of a month, a quarter or a year, by office and place."""

    template_name = "training_events/admin/figures.html"
    header_icon = "table"

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who works for an office."""
        if not self.sites:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def sites(self) -> list[Site]:
        """The user's offices."""
        return staff.offices_of(self.request.user)

    @cached_property
    def chosen_sites(self) -> list[Site]:
        """The office of the address, all own ones where it names none."""
        wanted = self.request.GET.get("co-quan", "")
        return [site for site in self.sites if str(site.pk) == wanted] or self.sites

    @cached_property
    def period(self) -> periods.Period:
        """The period of the address, this year where it names none."""
        today = timezone.localdate()
        found = periods.read(self.request.GET.get("ky", "")) or periods.read(f"{today.year}")
        assert found is not None  # noqa: S101 - a year is always a period
        return found

    @cached_property
    def place(self) -> str:
        """Slug of the commune of the address; empty for all."""
        wanted = self.request.GET.get("dia-ban", "")
        return wanted if wanted in {place.slug for place in terms(Place)} else ""

    @cached_property
    def pools(self) -> list[SeatPool]:
        """The events."""
        return list(report.pools_of(self.chosen_sites, self.period, self.place))

    @cached_property
    def figures(self) -> Report:
        """Their figures."""
        return report.build(self.pools, now=timezone.now())

    @property
    def office_name(self) -> str:
        """Whose figures they are."""
        return ", ".join(
            office_for_site(site, source_language()).organisation_name for site in self.chosen_sites
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the figures, or hand them out as a file (``tep=xlsx``)."""
        if request.GET.get("tep") == "xlsx":
            today = dates.date_label(timezone.localdate())
            body = workbook.workbook(
                self.figures, title=self.period.label, office=self.office_name, made_on=today
            )
            return _download(body, f"so-lieu-tap-huan-{self.period.slug}")
        return super().get(request, *args, **kwargs)

    def get_page_title(self) -> str:
        """The heading."""
        return _("Figures of training events")

    def get_page_subtitle(self) -> str:
        """The period."""
        return self.period.label

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The place in the admin."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the figures and the choices."""
        query = self.request.GET.copy()
        query["tep"] = "xlsx"
        events = _table("lop", _("Training events"), self.figures.events)
        return super().get_context_data(
            **kwargs,
            figures=self.figures,
            headings=workbook.headings(),
            whole=list(zip(workbook.headings(), workbook.numbers(self.figures.whole), strict=True)),
            tables=[*tables(self.figures), {**events, "chart": ""}],
            file_url=f"?{query.urlencode()}",
            period=self.period,
            periods=periods.offered(*report.span(self.sites)),
            offices=[
                (str(site.pk), office_for_site(site, source_language()).short_name) for site in self.sites
            ]
            if len(self.sites) > 1
            else [],
            office=self.request.GET.get("co-quan", ""),
            places=[(place.slug, place.name) for place in terms(Place)],
            place=self.place,
        )
