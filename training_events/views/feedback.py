"""Opinions on a class: a signed link, one form, once for each registration."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from training_events.forms.feedback import FeedbackForm
from training_events.letters import FEEDBACK_SALT
from training_events.models import Feedback, Registration
from training_events.views.base import PersonalView, index_link, site_of, trail
from training_events.views.own import event_of


class FeedbackView(PersonalView):
    """Asks for a mark and a few words; shows neither name nor code of the registration."""

    def get(self, request: HttpRequest, signed: str) -> HttpResponse:
        """Show the form, or thanks where it was filled in."""
        row = self._registration(request, signed)
        return self._show(request, row, FeedbackForm())

    def post(self, request: HttpRequest, signed: str) -> HttpResponse:
        """Keep the opinion. Sent twice it is kept once; the first one counts."""
        row = self._registration(request, signed)
        form = FeedbackForm(request.POST)
        if not form.is_valid() and not self._is_given(row):
            return self._show(request, row, form)
        if form.is_valid():
            try:
                with transaction.atomic():
                    Feedback.objects.create(
                        pool=row.pool,
                        registration=row,
                        score=form.cleaned_data["score"],
                        text=form.cleaned_data["text"],
                        created_at=timezone.now(),
                    )
            except IntegrityError:
                pass  # the same form, sent twice
        return HttpResponseRedirect(request.path)

    @staticmethod
    def _registration(request: HttpRequest, signed: str) -> Registration:
        """Return the registration that the link was made for, once its class has begun.

        Raises:
            Http404: for a link that was changed, another office, or a class that is still to come.
        """
        site = site_of(request)
        try:
            pk = int(Signer(salt=FEEDBACK_SALT).unsign(signed))
        except (BadSignature, ValueError) as problem:
            raise Http404("no such link") from problem
        row = (
            Registration.objects.of_site(site).confirmed().select_related("pool__site").filter(pk=pk).first()
        )
        if row is None or row.pool.starts_at is None or row.pool.starts_at > timezone.now():
            raise Http404("nothing to say yet")
        return row

    @staticmethod
    def _is_given(row: Registration) -> bool:
        return Feedback.objects.filter(registration=row).exists()

    def _show(self, request: HttpRequest, row: Registration, form: FeedbackForm) -> HttpResponse:
        site = site_of(request)
        event = event_of(row)
        context = {
            "form": form,
            "event": event,
            "pool": row.pool,
            "is_given": self._is_given(row),
            "breadcrumbs": trail(event, site, request),
            "calendar": index_link(site, request),
        }
        return render(request, "training_events/feedback.html", context)
