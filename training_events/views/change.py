"""Changing a registration under its secret address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Site

from training_events import questions
from training_events.forms import ChangeForm
from training_events.services import change, pools
from training_events.views.base import PersonalView, site_of
from training_events.views.own import Own, context, find, to


class ChangeView(PersonalView):
    """The form with what is stored; saving it changes all of it or nothing."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the form."""
        site = site_of(request)
        own = find(site, token)
        if not own.can_cancel:
            return to(own.row)
        return self._show(request, site, own, self._form(own))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Change the registration, or show the form again with everything that was typed."""
        site = site_of(request)
        own = find(site, token)
        if not own.can_cancel:
            return to(own.row)
        form = self._form(own, data=request.POST)
        if not form.is_valid():
            return self._show(request, site, own, form)
        try:
            change.change(
                own.row,
                form.fields_to_change(),
                version=form.cleaned_data["version"],
                now=timezone.now(),
                people=form.participants(),
                answers=form.party_answers(),
            )
        except change.ChangedMeanwhile:
            return self._meanwhile(request, site, token)
        except change.NotEnoughSeats as problem:
            form.add_error("add" if "add" in form.fields else None, too_few(problem.free))
            return self._show(request, site, find(site, token), form)
        except change.WasPresent as problem:
            form.add_error(None, was_present(problem))
            return self._show(request, site, find(site, token), form)
        except change.ChangeRefused:
            form.add_error(
                "add" if int(form.cleaned_data.get("add") or 0) else None,
                _(
                    "Registration is closed: nobody can be added any more. Call us if somebody else would like to come."
                ),
            )
            return self._show(request, site, find(site, token), form)
        return HttpResponseRedirect(f"{reverse('training_events:registration', args=[token])}?da-luu=1")

    def _meanwhile(self, request: HttpRequest, site: Site, token: str) -> HttpResponse:
        """Show what is stored now: the same form sent twice has simply been saved; another's change must be seen first."""
        own = find(site, token)
        form = self._form(own)
        context_ = {"was_changed_meanwhile": True}
        return self._show(request, site, own, form, **context_)

    @staticmethod
    def _form(own: Own, **kwargs: object) -> ChangeForm:
        asked = questions.asked(pools.rule_page(own.event)) if own.event is not None else []
        return ChangeForm(row=own.row, asked=asked, **kwargs)

    @staticmethod
    def _show(request: HttpRequest, site: Site, own: Own, form: ChangeForm, **extra: object) -> HttpResponse:
        values = {**context(own, site, request), "form": form, **extra}
        return render(request, "training_events/change.html", values)


def too_few(free: int) -> str:
    """Return what to say where ``free`` seats are fewer than asked for."""
    if not free:
        return _(
            "There are no free seats for more people, or they are held back for another commune. Nothing was changed."
        )
    return ngettext(
        "Only %(count)s seat is free. Nothing was changed.",
        "Only %(count)s seats are free. Nothing was changed.",
        free,
    ) % {"count": free}


def was_present(problem: change.WasPresent) -> str:
    """Return what to say where somebody who has been checked in is taken off the party."""
    if not problem.name:
        return _("Somebody whom you take off has been checked in as present already. Nothing was changed.")
    text = _("%(name)s has been checked in as present already and cannot be taken off. Nothing was changed.")
    return text % {"name": problem.name}
