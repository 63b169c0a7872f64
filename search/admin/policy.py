"""Whose rows are whose: staff keep what belongs to their own website, administrators everything."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from wagtail.models import Site
from wagtail.permission_policies.sites import SitePermissionPolicy

from core import staff
from core.offices import office_for_site
from core.taxonomy import source_language

KEEPING = ("add", "change", "delete")


class OfficePolicy(SitePermissionPolicy):
    """Permissions per website. Rows of no website belong to every office: administrators keep them."""

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Any]:
        """Return the rows of the user's websites; for administrators also those of no website."""
        if user.is_active and (user.is_superuser or self._user_has_global_permission(user, actions)):
            rows: QuerySet[Any] = self.model._default_manager.all()
            return rows
        found: QuerySet[Any] = super().instances_user_has_any_permission_for(user, actions)
        return found

    def sites_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Site]:
        """Return the websites in the order of every list of offices: the default one first."""
        found: QuerySet[Site] = super().sites_user_has_any_permission_for(user, actions)
        return found.order_by("-is_default_site", "site_name", "hostname")

    def keeps_all(self, user: Any) -> bool:
        """Tell whether ``user`` may make rows for every office."""
        return bool(user.is_active and (user.is_superuser or self._user_has_global_permission(user, ["add"])))


def office_names(sites: list[Site]) -> dict[int, str]:
    """Return the offices' short names by primary key of the website."""
    return {site.pk: office_for_site(site, source_language()).short_name for site in sites}


def sites_of(user: Any) -> list[Site]:
    """Return the websites whose questions ``user`` may read: those whose pages he or she works on."""
    return staff.offices_of(user)


class OwnObject:
    """A view of one row: that of another office is refused."""

    def get_object(self, *args: Any) -> Any:
        """Check the permission on this very row.

        Raises:
            PermissionDenied: when it belongs to another office, or to all and the user is no administrator.
        """
        view: Any = self
        found = super().get_object(*args)  # type: ignore[misc]
        policy = view.permission_policy
        if not policy.user_has_any_permission_for_instance(view.request.user, KEEPING, found):
            raise PermissionDenied
        return found


class OwnForm:
    """A form in which staff choose among their own websites, and which remembers who filled it in first."""

    #: Fields that a link may fill in, with the length to which they are cut.
    prefilled: dict[str, int] = {}

    def get_initial(self) -> dict[str, Any]:
        """Begin with what a report hands over."""
        view: Any = self
        initial = dict(super().get_initial())  # type: ignore[misc]
        for name, length in self.prefilled.items():
            if value := view.request.GET.get(name, "").replace("\x00", "")[:length]:
                initial[name] = value
        return initial

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        """Narrow the choice of the website, and make it where there is but one."""
        view: Any = self
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        policy, user = view.permission_policy, view.request.user
        sites = policy.sites_user_has_any_permission_for(user, ["add", "change"])
        field = form.fields["site"]
        field.queryset = sites
        if not policy.keeps_all(user):
            field.required, field.help_text = True, ""
            if sites.count() == 1:
                field.initial = sites.get().pk
                field.empty_label = None
        return form

    def save_instance(self) -> Any:
        """Remember the author of a new row."""
        view: Any = self
        if view.form.instance.pk is None:
            view.form.instance.created_by = view.request.user
        return super().save_instance()  # type: ignore[misc]
