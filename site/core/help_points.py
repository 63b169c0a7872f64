"""Help points in the admin: each office keeps its own and links to those of the office that shares with it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.admin.views.generic.chooser import BaseChooseView
from wagtail.permission_policies.sites import SitePermissionPolicy
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import (
    CopyView,
    CreateView,
    DeleteView,
    EditView,
    HistoryView,
    SnippetViewSet,
    UsageView,
)

from core import staff
from core.models import HelpPoint

_KEEPING = ("add", "change", "delete")


class _OwnChoice(BaseChooseView):
    """Offers the help points of the own office and of the one that shares with it."""

    def get_object_list(self) -> QuerySet[HelpPoint]:
        """Narrow the list; administrators see all."""
        found: QuerySet[HelpPoint] = super().get_object_list()
        if self.request.user.is_superuser:
            return found
        sites = staff.offices_of(self.request.user)
        return found.filter(site__in=[*sites, *staff.sharing_sites(sites)])


class _Choose(_OwnChoice, ChooseView):
    pass


class _ChooseResults(_OwnChoice, ChooseResultsView):
    pass


class HelpPointChooserViewSet(SnippetChooserViewSet):
    """The chooser of the help point block."""

    choose_view_class = _Choose
    choose_results_view_class = _ChooseResults


class _OwnObject:
    """A view of one help point: that of another office is refused."""

    def get_object(self, *args: Any) -> HelpPoint:
        """Check the permission on this very row.

        Raises:
            PermissionDenied: when it belongs to another office.
        """
        view: Any = self
        found: HelpPoint = super().get_object(*args)  # type: ignore[misc]
        policy = view.permission_policy
        if not policy.user_has_any_permission_for_instance(view.request.user, _KEEPING, found):
            raise PermissionDenied
        return found


class _OwnForm:
    """A form in which staff choose among their own websites only."""

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        """Narrow the choice of the website, and make it where there is but one."""
        view: Any = self
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        sites = view.permission_policy.sites_user_has_any_permission_for(view.request.user, ["add", "change"])
        form.fields["site"].queryset = sites
        if sites.count() == 1:
            form.fields["site"].initial = sites.get().pk
        return form


class _Create(_OwnForm, CreateView):
    pass


class _Copy(_OwnForm, _OwnObject, CopyView):
    pass


class _Edit(_OwnForm, _OwnObject, EditView):
    pass


class _Delete(_OwnObject, DeleteView):
    pass


class _History(_OwnObject, HistoryView):
    pass


class _Usage(_OwnObject, UsageView):
    pass


class HelpPointViewSet(SnippetViewSet):
    """Help points; permissions are given per website."""

    model = HelpPoint
    icon = "help"
    add_to_admin_menu = True
    menu_order = 250
    list_display = ["name", "place", "phone", "site"]
    list_filter = ["place"]
    add_view_class = _Create
    copy_view_class = _Copy
    edit_view_class = _Edit
    delete_view_class = _Delete
    history_view_class = _History
    usage_view_class = _Usage
    chooser_viewset_class = HelpPointChooserViewSet

    @property
    def permission_policy(self) -> SitePermissionPolicy:
        """Permissions on the website that a help point belongs to."""
        return SitePermissionPolicy(HelpPoint)

    def get_queryset(self, request: HttpRequest) -> QuerySet[HelpPoint]:
        """Return the help points that the user keeps."""
        found: QuerySet[HelpPoint] = self.permission_policy.instances_user_has_any_permission_for(
            request.user, _KEEPING
        )
        return found
