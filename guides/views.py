"""Readers' opinions. Pages of guides are cached, so the form with its token has an address of its own."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Site

from core.navigation import Link
from guides.forms import NO, YES, OpinionForm
from guides.models import GuidePage
from guides.services import opinions


def _guide(request: HttpRequest, page_id: int) -> GuidePage:
    """Return a guide that the office publishes itself, in the language of the address.

    Raises:
        Http404: for drafts, private guides, other offices' guides and other languages.
    """
    site = Site.find_for_request(request)
    found = None
    if site is not None and page_id < 2**31:
        found = GuidePage.objects.for_site(site).below_site(site).filter(pk=page_id).first()
    if found is None:
        raise Http404("no such guide")
    return found


def _context(request: HttpRequest, guide: GuidePage) -> dict[str, Any]:
    address = guide.get_url(request) or "/"
    return {"guide": guide, "guide_url": address, "trail": [Link(address, guide.title)]}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, page_id: int) -> HttpResponse:
    """Ask whether a guide helped and record the answer; ``?y=co`` or ``?y=chua`` marks an answer beforehand."""
    guide = _guide(request, page_id)
    if request.method == "POST":
        form = OpinionForm(request.POST)
        if form.is_bound and form.is_from_a_program:
            return redirect("guides_opinion_thanks", page_id=guide.pk)
        if form.is_valid():
            opinions.record(
                guide,
                helpful=form.cleaned_data["helpful"] == YES,
                remark=form.cleaned_data["remark"],
                day=timezone.localdate(),
            )
            return redirect("guides_opinion_thanks", page_id=guide.pk)
        return render(request, "guides/opinion.html", _context(request, guide) | {"form": form}, status=422)
    answer = request.GET.get("y")
    form = OpinionForm(initial={"helpful": answer if answer in (YES, NO) else None})
    return render(request, "guides/opinion.html", _context(request, guide) | {"form": form})


@never_cache
@require_safe
def thanks(request: HttpRequest, page_id: int) -> HttpResponse:
    """Say thank you and lead back."""
    return render(request, "guides/opinion_thanks.html", _context(request, _guide(request, page_id)))
