"""Staff's own abbreviations and everyday words."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history, usage
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Site

from core.taxonomy import source_language
from search.admin.policy import KEEPING, OfficePolicy, OwnForm, OwnObject
from search.admin.tables import DayColumn, LabelledColumn, OwnColumns
from search.models import LexiconEntry

AT_ONCE = gettext_lazy(
    "It works with the next question that anybody asks. The index need not be built anew: these words change how questions "
    "are read, not the pages."
)


def try_url(request: HttpRequest, site: Site | None, text: str, language: str | None = None) -> str:
    """Return the address of the public search page of ``site`` (None: the one that is open) with ``text``."""
    with translation.override(language or source_language()):
        path = f"{reverse('search:search')}?{urlencode({'q': text})}"
    here = Site.find_for_request(request)
    return path if site is None or site == here else f"{site.root_url}{path}"


class _AfterSaving:
    """What is said when an entry is saved: that it works, and where to see it."""

    success_message = gettext_lazy("“%(object)s” is saved and works with the next question.")

    def get_success_buttons(self) -> list[Any]:
        view: Any = self
        buttons: list[Any] = super().get_success_buttons()  # type: ignore[misc]
        url = try_url(view.request, view.object.site, view.object.phrases_said[0])
        return [messages.button(url, _("Try it in the search"), new_window=True), *buttons]


class _Create(_AfterSaving, OwnForm, generic.CreateView):
    prefilled = {"said": 100, "means": 100, "site": 10, "kind": 20}
    page_title = gettext_lazy("New entry")


class _Copy(_AfterSaving, OwnForm, OwnObject, generic.CopyView):
    pass


class _Edit(_AfterSaving, OwnForm, OwnObject, generic.EditView):
    pass


class _Delete(OwnObject, generic.DeleteView):
    pass


class _History(OwnObject, history.HistoryView):
    pass


class _Usage(OwnObject, usage.UsageView):
    pass


class _Index(OwnColumns, generic.IndexView):
    """Own entries; for administrators those of every office."""

    add_item_label = gettext_lazy("Add an entry")

    def get_base_queryset(self) -> Any:
        """Leave out what belongs to others."""
        rows = self.permission_policy.instances_user_has_any_permission_for(self.request.user, KEEPING)
        return rows.select_related("site")


class WordsViewSet(ModelViewSet):
    """The editor of the words."""

    model = LexiconEntry
    name = "search_words"
    url_prefix = "search/words"
    icon = "edit"
    menu_label = gettext_lazy("Synonyms and abbreviations")
    menu_order = 20
    index_template_name = "search/admin/words_index.html"
    add_to_reference_index = False
    list_display = [
        "__str__",
        LabelledColumn("kind", label=gettext_lazy("Kind"), accessor="get_kind_display"),
        LabelledColumn(
            "active",
            label=gettext_lazy("In use"),
            accessor=lambda row: _("yes") if row.active else _("no"),
        ),
        LabelledColumn(
            "site", label=gettext_lazy("Website"), accessor=lambda row: row.site or _("every office")
        ),
        DayColumn("updated_at", label=gettext_lazy("Last changed"), sort_key="updated_at"),
    ]
    list_filter = ["kind", "active"]
    search_fields = ["said", "means", "note"]
    panels = [
        HelpPanel(content=AT_ONCE),
        FieldPanel("kind"),
        FieldPanel("said"),
        FieldPanel("means"),
        FieldPanel("same"),
        FieldPanel("active"),
        FieldPanel("note"),
        FieldPanel("site"),
    ]
    index_view_class = _Index
    add_view_class = _Create
    copy_view_class = _Copy
    edit_view_class = _Edit
    delete_view_class = _Delete
    history_view_class = _History
    usage_view_class = _Usage

    @property
    def permission_policy(self) -> OfficePolicy:
        """Permissions on the website that an entry belongs to."""
        return OfficePolicy(LexiconEntry)


def add_url(**values: Any) -> str:
    """Return the address of the form of a new entry, filled in with ``values``."""
    return f"{reverse('search_words:add')}?{urlencode(values)}"
