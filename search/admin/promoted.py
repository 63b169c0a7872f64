"""Results that staff put first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    ObjectList,
    PageChooserPanel,
)
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history, usage
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Page

from core import staff
from search.admin.policy import KEEPING, OfficePolicy, OwnForm, OwnObject
from search.admin.tables import LabelledColumn, OwnColumns
from search.admin.words import try_url
from search.models import PromotedResult
from search.models.promoted import MAX_PAGES


class PromotedForm(WagtailAdminModelForm):
    """Checks that the pages are ones that the user may link to."""

    def clean(self) -> dict[str, Any]:
        """Refuse pages of another office, drafts of others, and the same page twice."""
        cleaned: dict[str, Any] = super().clean()
        formset = self.formsets.get("pages")
        rows = [form for form in formset.forms if form not in formset.deleted_forms] if formset else []
        chosen = [form.cleaned_data.get("page") for form in rows if form.is_valid()]
        keys = [page.pk for page in chosen if page]
        if len(set(keys)) < len(keys):
            raise ValidationError(_("The same page is chosen twice."))
        allowed = staff.choosable_pages(Page.objects.filter(pk__in=keys), self.for_user)
        if self.for_user and allowed.count() < len(keys):
            raise ValidationError(_("Choose pages of your own office."))
        return cleaned


class _AfterSaving:
    """What is said when a set is saved."""

    success_message = gettext_lazy("“%(object)s” is saved and works with the next question.")

    def get_success_buttons(self) -> list[Any]:
        view: Any = self
        buttons: list[Any] = super().get_success_buttons()  # type: ignore[misc]
        url = try_url(view.request, view.object.site, view.object.lines[0])
        return [messages.button(url, _("Try it in the search"), new_window=True), *buttons]


class _Create(_AfterSaving, OwnForm, generic.CreateView):
    prefilled = {"questions": 100, "site": 10}
    page_title = gettext_lazy("New promoted result")


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
    """Own sets; for administrators those of every office."""

    add_item_label = gettext_lazy("Add an entry")

    def get_base_queryset(self) -> Any:
        """Leave out what belongs to others."""
        rows = self.permission_policy.instances_user_has_any_permission_for(self.request.user, KEEPING)
        return rows.select_related("site").prefetch_related("pages__page")


def _when(row: PromotedResult) -> str:
    """Return in words whether a set is in force."""
    day = timezone.localdate()
    if not row.active:
        return _("not in use")
    if row.ends_on and row.ends_on < day:
        return _("over since %(day)s") % {"day": date_format(row.ends_on, "d/m/Y")}
    if row.starts_on and row.starts_on > day:
        return _("from %(day)s") % {"day": date_format(row.starts_on, "d/m/Y")}
    return _("until %(day)s") % {"day": date_format(row.ends_on, "d/m/Y")} if row.ends_on else _("in force")


class PromotedViewSet(ModelViewSet):
    """The editor of promoted results."""

    model = PromotedResult
    name = "search_promoted"
    url_prefix = "search/promoted"
    icon = "pick"
    menu_label = gettext_lazy("Promoted results")
    menu_order = 40
    index_template_name = "search/admin/promoted_index.html"
    list_display = [
        "__str__",
        LabelledColumn(
            "pages",
            label=gettext_lazy("Pages"),
            accessor=lambda row: ", ".join(item.page.title for item in row.pages.all()),
        ),
        LabelledColumn("when", label=gettext_lazy("In force"), accessor=_when),
        LabelledColumn("site", label=gettext_lazy("Website")),
    ]
    list_filter = ["active"]
    search_fields = ["questions", "note"]
    edit_handler = ObjectList(
        [
            HelpPanel(
                content=gettext_lazy(
                    "These pages stand above all other results for the questions below, marked as chosen by the office. Use it "
                    "sparingly, for what many people look for and do not find at the top."
                )
            ),
            FieldPanel("questions"),
            FieldPanel("match"),
            InlinePanel(
                "pages",
                heading=gettext_lazy("Pages to show first"),
                label=gettext_lazy("Page"),
                min_num=1,
                max_num=MAX_PAGES,
                panels=[PageChooserPanel("page")],
                help_text=gettext_lazy(
                    "One to three pages, in this order. Only pages that are published are shown; on English pages their "
                    "translations are."
                ),
            ),
            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")], heading=gettext_lazy("Period")),
            FieldPanel("active"),
            FieldPanel("note"),
            FieldPanel("site"),
        ],
        base_form_class=PromotedForm,
    )
    index_view_class = _Index
    add_view_class = _Create
    copy_view_class = _Copy
    edit_view_class = _Edit
    delete_view_class = _Delete
    history_view_class = _History
    usage_view_class = _Usage

    @property
    def permission_policy(self) -> OfficePolicy:
        """Permissions on the website that a set belongs to."""
        return OfficePolicy(PromotedResult)


def add_url(**values: Any) -> str:
    """Return the address of the form of a new set, filled in with ``values``."""
    return f"{reverse('search_promoted:add')}?{urlencode(values)}"
