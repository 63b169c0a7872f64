"""Messages of an event for staff: what went out, what needs a call, how the words look, and what people thought of the class."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from training_events import channels, letters
from training_events.channels import sms
from training_events.models import TO_BE_CALLED, EventPage, Feedback, Message, Occasion, Registration
from training_events.services import delivery
from training_events.views.staff import PAGE_SIZE, EventStaffView

_STATUS = {
    Occasion.PENDING: Registration.Status.PENDING,
    Occasion.REFUSED: Registration.Status.REFUSED,
    Occasion.WAITING: Registration.Status.WAITING,
    Occasion.CANCELLED: Registration.Status.CANCELLED,
}


class _EventView(EventStaffView, WagtailAdminTemplateMixin, TemplateView):
    """The frame: a title, the event below it, the way back."""

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


class MessageListView(_EventView):
    """What was written to whom; first of all what a person has to do."""

    template_name = "training_events/admin/messages.html"
    header_icon = "mail"

    def get_page_title(self) -> str:
        """The heading."""
        return _("Messages")

    def _messages(self) -> Any:
        rows = Message.objects.filter(registration__pool__event_key=self.event.seats_key)
        return rows.select_related("registration__pool__site")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the messages of one page and how many need a call."""
        chosen = self.request.GET.get("xem", "")
        rows = self._messages()
        shown = {"can-goi": rows.for_staff(), "cho-gui": rows.unsent()}.get(chosen, rows)
        page = Paginator(shown.order_by("-created_at", "-pk"), PAGE_SIZE).get_page(self.request.GET.get("p"))
        self.shown = len(page)
        return super().get_context_data(
            **kwargs,
            event=self.event,
            rows=page,
            chosen=chosen,
            choices=[
                ("", _("All messages"), rows.count()),
                ("can-goi", _("Need a call"), rows.for_staff().count()),
                ("cho-gui", _("Waiting to be sent"), rows.unsent().count()),
            ],
            is_connected=channels.phone_channel().__class__ is not channels.LogChannel,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Note that a party was told, or let a message go out once more."""
        raw = request.POST.get("message", "")
        pk = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 12 else 0
        message = get_object_or_404(self._messages(), pk=pk)
        now = timezone.now()
        if request.POST.get("action") == "told":
            user: Any = request.user
            name = user.get_full_name() or user.get_username()
            done = delivery.mark_told(message, name=name, now=now)
        else:
            done = delivery.send_again(message, now=now)
        if done:
            messages.success(request, _("The message was noted."))
        else:
            messages.warning(request, _("The message has changed meanwhile: please look again."))
        if request.POST.get("back"):
            url = reverse("training_events_registration", args=[self.event.pk, message.registration_id])
            return HttpResponseRedirect(url)
        return HttpResponseRedirect(request.get_full_path())


class MessagePreviewView(_EventView):
    """Every message as it would be sent, with an invented person: the words of the draft, their length and cost."""

    template_name = "training_events/admin/message_preview.html"
    header_icon = "view"
    looks = ""

    def get_page_title(self) -> str:
        """The heading."""
        return _("Words of the messages")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the letters."""
        event = self.event.specific.get_latest_revision_as_object()
        # what a message service would send, also where none is connected yet
        with_accents = settings.SMS_ACCENTS
        return super().get_context_data(
            **kwargs,
            event=self.event,
            previews=[self._preview(event, occasion, with_accents) for occasion in Occasion],
        )

    @staticmethod
    def _preview(event: EventPage, occasion: Occasion, with_accents: bool) -> dict[str, Any]:
        first = event.session_rows[0].starts_at if event.session_rows else timezone.now()
        row = Registration(
            pool=event.seat_pool,
            code="ABC2345",
            token="…",  # noqa: S106 - nobody's link
            status=_STATUS.get(occasion, Registration.Status.CONFIRMED),
            contact_name="Nguyễn Thị Mẫu",
            party_size=2,
            language=event.locale.language_code,
        )
        message = Message(registration=row, occasion=occasion, version=timezone.localtime(first).toordinal())
        own = letters.own_words(event, occasion)
        with translation.override(row.language):
            letter = letters.compose(message, row, event, own, with_accents=with_accents)
        return {
            "label": occasion.label,
            "letter": letter,
            "own": own,
            "cost": sms.cost(letter.sms),
            "calls": occasion in TO_BE_CALLED,
        }


class FeedbackListView(_EventView):
    """What people thought: marks counted, words without names."""

    template_name = "training_events/admin/feedback.html"
    header_icon = "comment"
    looks = ""

    def get_page_title(self) -> str:
        """The heading."""
        return _("Opinions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the marks and the words."""
        rows = Feedback.objects.filter(pool__event_key=self.event.seats_key)
        counted = dict(rows.order_by().values_list("score").annotate(count=Count("pk")))
        total = sum(counted.values())
        asked = Registration.objects.filter(pool__event_key=self.event.seats_key).confirmed().count()
        return super().get_context_data(
            **kwargs,
            event=self.event,
            total=total,
            asked=asked,
            average=round(sum(score * count for score, count in counted.items()) / total, 1)
            if total
            else None,
            marks=[(label, counted.get(score, 0)) for score, label in Feedback.SCORES],
            rows=Paginator(rows.exclude(text=""), PAGE_SIZE).get_page(self.request.GET.get("p")),
        )
