"""The public page on which a certificate's code is checked. It answers for one code at a time and lists nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from core import limits
from training_events import codes
from training_events.models import Certificate
from training_events.views.base import PersonalView

#: Codes that one client may try in ten minutes: an office checks a pile, a program that guesses 60 bits gets nowhere.
LIMIT, WINDOW_SECONDS = 60, 600


class CertificateView(PersonalView):
    """Says what was confirmed under a code: shortened name, class, days. Codes are answered on every office's website."""

    def get(self, request: HttpRequest, code: str = "") -> HttpResponse:
        """Ask for a code, or answer for one."""
        template = "training_events/certificate.html"
        typed = request.GET.get("ma", "").replace("\x00", "")[:40]
        if typed and not code:
            clean = codes.clean_certificate(typed)
            if len(clean) == codes.CERTIFICATE_LENGTH:
                return HttpResponseRedirect(reverse("training_events:certificate", args=[clean]))
            return render(request, template, {"typed": typed, "missing": True})
        if not code:
            return render(request, template, {})
        if limits.exceeded(request, "training_events.certificate", LIMIT, WINDOW_SECONDS):
            return render(request, template, {"too_many": True}, status=429)
        clean = codes.clean_certificate(code)
        found = Certificate.objects.filter(code=clean).first() if clean else None
        if found is None:
            return render(request, template, {"typed": code[:40], "missing": True}, status=404)
        return render(request, template, {"certificate": found, "typed": found.shown_code})
