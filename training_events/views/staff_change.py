"""Changing a registration for somebody: the form and the service of the residents, with a trace of who changed it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from training_events import phones, questions
from training_events.forms import StaffChangeForm
from training_events.forms.fields import PhoneField
from training_events.models import PersonalDataAccess, Registration
from training_events.services import change, history
from training_events.views.change import too_few, was_present
from training_events.views.staff_phone import CallView


class StaffChangeView(CallView):
    """The form with what is stored; saving it changes all of it or nothing."""

    template_name = "training_events/admin/phone_change.html"
    header_icon = "edit"
    looks = PersonalDataAccess.Kind.DETAIL
    shown = 1

    def get_page_title(self) -> str:
        """The heading."""
        return _("Change the registration")

    @property
    def registration(self) -> Registration:
        """The registration of the address as it is stored now, if it belongs to the event."""
        rows = Registration.objects.filter(pool__event_key=self.event.seats_key).select_related(
            "pool", "place"
        )
        return get_object_or_404(
            rows.prefetch_related("participants__answers", "answers"), pk=self.kwargs["registration"]
        )

    @cached_property
    def back(self) -> str:
        """The registration's own screen."""
        return reverse("training_events_registration", args=[self.event.pk, self.kwargs["registration"]])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form; what has ended is only looked at."""
        row = self.registration
        return self._show(row, self._form(row)) if row.is_current else HttpResponseRedirect(self.back)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Change the registration, or show the form again with everything that was typed."""
        row = self.registration
        if not row.is_current:
            messages.warning(request, _("The registration has ended meanwhile. Nothing was changed."))
            return HttpResponseRedirect(self.back)
        form = self._form(row, data=request.POST)
        if not form.is_valid():
            return self._show(row, form)
        size = "add" if form.cleaned_data.get("add") else None
        last = "reason" if "reason" in form.fields else None
        try:
            change.change(
                row,
                form.fields_to_change(),
                version=form.cleaned_data["version"],
                now=timezone.now(),
                people=form.participants(),
                answers=form.party_answers(),
                by=history.staff(request.user, form.cleaned_data.get("reason", "")),
            )
        except change.ChangedMeanwhile:
            return self._meanwhile(form)
        except change.NotEnoughSeats as problem:
            hint = _("To go past that, write down the reason.") if self.desk.may_exceed else ""
            form.add_error(size, f"{too_few(problem.free)} {hint}".strip())
        except change.WasPresent as problem:
            form.add_error(None, was_present(problem))
        except change.ChangeRefused:
            form.add_error(last, self._refused())
        except ValueError:
            form.add_error(
                size,
                _("So many people at once need a reason: the largest group here is %(count)s.")
                % {"count": row.pool.max_party},
            )
        else:
            messages.success(request, _("The registration was changed."))
            return HttpResponseRedirect(self.back)
        return self._show(self.registration, form)

    def _refused(self) -> str:
        if self.desk.may_exceed:
            return _(
                "Registration is closed or the class has begun. To change this all the same, write down the reason."
            )
        return _(
            "Registration is closed or the class has begun: names can still be corrected. "
            "Anything else is changed by those who may publish this class: please ask them."
        )

    def _meanwhile(self, sent: StaffChangeForm) -> HttpResponse:
        """Show what is stored now, and beside it what was typed and would be lost; the same form sent twice is saved."""
        row = self.registration
        fresh = self._form(row)
        stored = {field.name: _said(field) for field in fresh}
        fields = [field for field in sent if not field.is_hidden and field.name != "reason"]
        typed = [(one.label, _said(one)) for one in fields if _said(one) != stored.get(one.name, "")]
        if not typed:
            messages.success(self.request, _("The registration was changed."))
            return HttpResponseRedirect(self.back)
        return self._show(row, fresh, typed=typed, was_changed_meanwhile=True)

    def _form(self, row: Registration, **kwargs: Any) -> StaffChangeForm:
        asked = questions.asked(self.page)
        return StaffChangeForm(row=row, asked=asked, may_exceed=self.desk.may_exceed, **kwargs)

    def _show(self, row: Registration, form: StaffChangeForm, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(row=row, form=form, back=self.back, **context))


def _said(field: BoundField) -> str:
    """Return what a field says in words: options by their labels, a phone number as people write it."""
    raw = field.value()
    values = [
        str(one) for one in (raw if isinstance(raw, list) else [raw]) if one not in (None, "", False, "0")
    ]
    if values and isinstance(field.field, forms.BooleanField):
        return _("Yes")
    if values and isinstance(field.field, PhoneField):
        return phones.shown(phones.parse(values[0]))
    labels = {str(key): str(label) for key, label in getattr(field.field, "choices", ())}
    return ", ".join(labels.get(one, one) for one in values)
