"""The calls that an office has to make: the number, the words to read out, and a button for what was done."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core import staff
from core.taxonomy import source_language
from training_events import errands, letters
from training_events.models import EventPage, Message
from training_events.services import access, delivery, history
from training_events.views.staff import PAGE_SIZE


class CallsView(WagtailAdminTemplateMixin, TemplateView):
    """People of all classes who have to be told something and could not be written to, the next class first."""

    template_name = "training_events/admin/calls.html"
    header_icon = "phone"

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who works for an office; whose classes are shown, the selection says."""
        if not staff.offices_of(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        """The heading."""
        return _("Calls to make")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The place in the admin."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the calls of one page, and record who saw them."""
        rows = errands.calls(self.request.user, now=timezone.now()).select_related("registration__pool__site")
        rows = rows.order_by("registration__pool__starts_at", "registration__pool", "created_at", "pk")
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("p"))
        shown = list(page.object_list)
        for pool_id, count in Counter(one.registration.pool_id for one in shown).items():
            access.record(self.request.user, access.Kind.LIST, pool_id=pool_id, count=count, detail="calls")
        keys = {one.registration.pool.event_key for one in shown}
        pages = EventPage.objects.filter(translation_key__in=keys, locale__language_code=source_language())
        events = {one.translation_key: one for one in pages}
        calls = [
            {"message": one, "event": events.get(one.registration.pool.event_key), "words": _words(one)}
            for one in shown
        ]
        return super().get_context_data(**kwargs, page=page, calls=calls)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Note that a party was told."""
        raw = request.POST.get("message", "")
        pk = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 12 else 0
        now = timezone.now()
        message = get_object_or_404(errands.calls(request.user, now=now), pk=pk)
        if delivery.mark_told(message, name=history.staff(request.user).name, now=now):
            messages.success(request, _("The message was noted."))
        else:
            messages.warning(request, _("The message has changed meanwhile: please look again."))
        return HttpResponseRedirect(request.get_full_path())


def _words(message: Message) -> str:
    """Return what is to be read out: the text message as it holds now, with accents, nothing cut to what a message may cost."""
    with translation.override(message.registration.language):
        return letters.write(message).spoken
