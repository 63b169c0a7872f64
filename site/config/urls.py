"""The addresses. Vietnamese has no prefix, other languages do; Wagtail's tree answers last."""

import sys
from importlib.util import find_spec

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from config import views
from core.sitemaps import OfficeSitemap

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": OfficeSitemap}}, name="sitemap"),
    path(settings.ADMIN_PATH, include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]
if settings.SERVE_MEDIA:
    urlpatterns.append(re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}))



def _urls(app: str) -> list[URLPattern | URLResolver]:
    # Until every room stands: leave out what cannot be imported yet.
    try:
        return [path("", include(f"{app}.urls"))] if find_spec(app) and find_spec(f"{app}.urls") else []
    except ImportError as problem:
        print("left out:", problem, file=sys.stderr)
        return []


urlpatterns += i18n_patterns(
    *(pattern for app in ("search", "training_events", "guides", "news", "home") for pattern in _urls(app)),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
