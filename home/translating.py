"""Translating ends at the own office too.

wagtail-localize asks whether somebody may translate at all, not whether the page or snippet is theirs: with one permission an
editor could begin a translation in another office's tree. These guards stand at the same addresses and ask that first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from wagtail.models import Page
from wagtail_localize.models import TranslationSource
from wagtail_localize.views import report, submit_translations, update_translations

View = Callable[..., HttpResponseBase]


def may_change(user: Any, instance: Any) -> bool:
    """Tell whether ``user`` may change this page or snippet."""
    if isinstance(instance, Page):
        return bool(instance.permissions_for_user(user).can_edit())
    viewset = getattr(type(instance), "snippet_viewset", None)
    if viewset is None:
        return bool(user.is_superuser)
    return bool(viewset.permission_policy.user_has_permission_for_instance(user, "change", instance))


def _guarded(view: View, find: Callable[..., Any]) -> View:
    """Return ``view`` behind the question whether what ``find`` returns may be changed.

    Raises:
        PermissionDenied: when it may not.
    """

    def guard(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not may_change(request.user, find(**kwargs)):
            raise PermissionDenied
        return view(request, **kwargs)

    return guard


def _administrators(view: View) -> View:
    """Return ``view`` for those who work for every office."""

    def guard(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not getattr(request.user, "is_superuser", False):
            raise PermissionDenied
        return view(request, **kwargs)

    return guard


def _page(page_id: int) -> Page:
    return get_object_or_404(Page, pk=page_id)


def _snippet(app_label: str, model_name: str, pk: str) -> Any:
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError:
        raise Http404 from None
    return get_object_or_404(model, pk=unquote(pk))


def _source(translation_source_id: int) -> Any:
    return get_object_or_404(TranslationSource, pk=translation_source_id).get_source_instance()


def guarded_urls() -> list[URLPattern]:
    """Return the addresses of wagtail-localize that need a guard."""
    submit_page = submit_translations.SubmitPageTranslationView.as_view()
    submit_snippet = submit_translations.SubmitSnippetTranslationView.as_view()
    update = update_translations.UpdateTranslationsView.as_view()
    listed, results = (report.TranslationsReportView.as_view(results_only=only) for only in (False, True))
    return [
        path("localize/submit/page/<int:page_id>/", _guarded(submit_page, _page)),
        path(
            "localize/submit/snippet/<slug:app_label>/<slug:model_name>/<str:pk>/",
            _guarded(submit_snippet, _snippet),
        ),
        path("localize/update/<int:translation_source_id>/", _guarded(update, _source)),
        path("localize/reports/translations/", _administrators(listed)),
        path("localize/reports/translations/results/", _administrators(results)),
    ]
