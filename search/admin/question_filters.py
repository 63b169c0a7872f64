"""What of the questions is shown: a period, what found nothing or was not opened, one office."""

from __future__ import annotations

from typing import Any

import django_filters
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from search.admin.policy import office_names, sites_of
from search.log_reports import NOTHING, UNOPENED
from search.models import AskedQuestion


def _office_choices(request: HttpRequest) -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in office_names(sites_of(request.user)).items()]


class QuestionFilters(WagtailFilterSet):
    """Period, what is shown, and the office; the view applies them, because they concern sums."""

    show = django_filters.ChoiceFilter(
        label=gettext_lazy("Show"),
        choices=[
            (NOTHING, gettext_lazy("Nothing found")),
            (UNOPENED, gettext_lazy("Found, but nobody opened a result")),
        ],
        empty_label=gettext_lazy("All questions"),
        method="leave",
    )
    days = django_filters.ChoiceFilter(
        label=gettext_lazy("Period"),
        choices=[("7", gettext_lazy("The last 7 days")), ("365", gettext_lazy("The last 12 months"))],
        empty_label=gettext_lazy("The last 30 days"),
        method="leave",
    )
    office = django_filters.ChoiceFilter(
        label=gettext_lazy("Office"), choices=_office_choices, empty_label=gettext_lazy("All"), method="leave"
    )

    class Meta:
        model = AskedQuestion
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the user's own offices, and no choice where there is one."""
        super().__init__(*args, **kwargs)
        choices = _office_choices(self.request)
        if len(choices) < 2:
            del self.filters["office"]
        else:
            self.filters["office"].extra["choices"] = choices

    def leave(self, queryset: Any, _name: str, _value: str) -> Any:
        """Leave the rows as they are."""
        return queryset
