"""What a person may ask of an office: staff search by phone or code, hand out a copy, erase. Everything is recorded."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import page_permission_policy

from core import dates
from training_events.models import Registration
from training_events.services import access, people


def may_answer(user: Any) -> bool:
    """Return whether ``user`` may answer requests: who may publish, that is, who answers for an office's events."""
    return bool(page_permission_policy.user_has_permission(user, "publish"))


class PeopleView(WagtailAdminTemplateMixin, TemplateView):
    """One screen in three steps. Everything is sent by POST, so that no phone number stands in any log or history."""

    template_name = "training_events/admin/people.html"
    header_icon = "user"

    @method_decorator(never_cache)
    @method_decorator(sensitive_post_parameters())
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who answers for an office's events."""
        if not may_answer(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        """The heading."""
        return _("A person's data")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The place in the admin."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Search; copy; erase."""
        words = request.POST.get("q", "").replace("\x00", "").strip()[:40]
        action = request.POST.get("action", "search")
        found = people.find(request.user, words)
        if action == "search":
            return self._show(words, found)
        reason = request.POST.get("reason", "").replace("\x00", "").strip()[:300]
        ticked = set(request.POST.getlist("registration"))
        chosen = [row for row in found if str(row.pk) in ticked]
        problem = ""
        if not chosen:
            problem = _("Please tick the registrations of the person who asks.")
        elif not reason:
            problem = _("Please write how the person asked and how you made sure who it is.")
        elif action == "erase" and request.POST.get("sure") != "1":
            problem = _("Please tick that the data are to be erased for good.")
        if problem:
            return self._show(words, found, problem=problem, reason=reason, ticked=ticked)
        if action == "copy":
            return self._copy(chosen, reason)
        erased = people.erase(request.user, chosen, reason=reason, now=timezone.now())
        text = ngettext("%(count)s registration was erased.", "%(count)s registrations were erased.", erased)
        messages.success(request, text % {"count": erased})
        return HttpResponseRedirect(request.path)

    def _show(self, words: str, found: list[Registration], **more: Any) -> HttpResponse:
        """Show what was found, which is a look, also where half a form comes back."""
        access.record(self.request.user, access.Kind.SEARCH, count=len(found))
        return self.render_to_response(self.get_context_data(words=words, found=found, searched=True, **more))

    def _copy(self, chosen: list[Registration], reason: str) -> HttpResponse:
        """Return a page that reads on every phone and prints, without links to anything else."""
        parts = people.copy(self.request.user, chosen, reason=reason)
        body = render_to_string(
            "training_events/admin/person_copy.html",
            {"parts": parts, "made_on": dates.date_label(timezone.localdate())},
        )
        response = HttpResponse(body, content_type="text/html; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="du-lieu-ca-nhan.html"'
        return response
