"""Looking a registration up with its code and the last digits of the phone number."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Site

from core.offices import office_for_site
from training_events.forms import LookupForm
from training_events.services import lookup
from training_events.views.base import PersonalView, site_of, trail


class LookupView(PersonalView):
    """A form that leads to the registration's own address. Sent by POST, so that no code stands in any log."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return self._show(request, site_of(request), LookupForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Lead to the registration, also to that of the office whose events are shown here, or say that nothing fits."""
        site = site_of(request)
        form = LookupForm(request.POST)
        if not form.is_valid():
            return self._show(request, site, form)
        try:
            row = lookup.find(site, form.cleaned_data["code"], form.cleaned_data["digits"])
        except lookup.TooManyTries:
            form.add_error(None, _("This code was tried many times. Please wait 15 minutes, or call us."))
            return self._show(request, site, form, status=429)
        if row is None:
            form.add_error(
                None,
                _(
                    "No registration has this code and these digits. Please compare both with your slip, or call us."
                ),
            )
            return self._show(request, site, form)
        address = reverse("training_events:registration", args=[row.token])
        owner = row.pool.site
        if owner is not None and owner.pk != site.pk:
            # a link: the security policy lets no form lead to another host
            found = {"url": f"{owner.root_url}{address}", "office": office_for_site(owner).short_name}
            return self._show(request, site, form, elsewhere=found)
        return HttpResponseRedirect(address)

    @staticmethod
    def _show(
        request: HttpRequest, site: Site, form: LookupForm, status: int = 200, **more: object
    ) -> HttpResponse:
        context = {"form": form, "breadcrumbs": trail(None, site, request), **more}
        return render(request, "training_events/lookup.html", context, status=status)
