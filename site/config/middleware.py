"""What every answer gets: a content security policy, the language of its path, its site, and, in dev, the site of its port."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin
from wagtail.models import Page, Site

from core.memory import remember

GetResponse = Callable[[HttpRequest], HttpResponse]


class PathLocaleMiddleware(MiddlewareMixin):
    """The path alone chooses the language.

    Django's own middleware would also look at Accept-Language and announce it in Vary. Residents' phones are often set
    to English, and an address must show everyone the same page; so an address without a prefix is always Vietnamese.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language of the path."""
        translation.activate(translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Say in which language the answer is."""
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response


def _policy(directives: dict[str, list[str]]) -> str:
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


class ContentSecurityPolicyMiddleware:
    """Public pages load nothing from elsewhere; a frame of another host appears only after a click (video, 360°).

    The staff area and the bar that staff see on public pages need inline scripts of Wagtail; an uploaded file shown
    by its own address (an SVG may hold a script) may do nothing at all.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        media = settings.MEDIA_ORIGINS
        public = {
            "default-src": ["'self'"],
            "script-src": ["'self'"],
            "style-src": ["'self'"],
            "img-src": ["'self'", "data:", *media],
            "media-src": ["'self'", *media],
            "frame-src": ["'self'", "https:"],
            "object-src": ["'none'"],
            "base-uri": ["'self'"],
            "form-action": ["'self'"],
            "frame-ancestors": ["'self'"],
        }
        staff = {
            **public,
            "script-src": ["'self'", "'unsafe-inline'"],
            "style-src": ["'self'", "'unsafe-inline'"],
            "img-src": ["'self'", "data:", "blob:", *media],
        }
        self.public, self.staff = _policy(public), _policy(staff)
        self.media = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the policy unless the view has set its own."""
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if request.path_info.startswith(f"/{settings.ADMIN_PATH}") or (
            user is not None and user.is_authenticated
        ):
            policy = self.staff
        elif settings.SERVE_MEDIA and request.path_info.startswith(settings.MEDIA_URL):
            policy = self.media
        else:
            policy = self.public
        response.headers.setdefault("Content-Security-Policy", policy)
        return response


class SiteMiddleware:
    """Finds the site of a request in the memory of the process: Wagtail would ask the database with every request.

    Stands behind CommonMiddleware, which refuses hosts that ALLOWED_HOSTS does not name, so nobody can fill the memory.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pin the site on the request, where Wagtail looks first."""
        host, port = request.get_host(), request.get_port()
        request._wagtail_site = remember(  # type: ignore[attr-defined]
            "site", host, port, shared=True, make=lambda: Site._find_for_request(request)
        )
        return self.get_response(request)


class OneSaveAtATimeMiddleware:
    """Lets what saves one page in the staff area wait for each other, from reading the page to the end of the transaction.

    Wagtail's editor saves drafts by itself half a second after a letter is typed, and its view reads the page, looks whether a
    newer version is there, and then saves all of the page. Whoever presses "Publish" in that half second has two requests under
    way: the draft, read before, was saved after, and the page was a draft again although its editor had been told that it is
    published (Wagtail 7.4). The one that comes second now finds the newer version and is refused, as Wagtail means it.
    """

    VIEWS = ("wagtailadmin_pages:edit", "wagtailadmin_pages:unpublish")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Call the view with the page's row locked; on SQLite the transaction itself admits no other writer."""
        match = request.resolver_match
        if request.method != "POST" or match is None or match.view_name not in self.VIEWS:
            return None
        with transaction.atomic():
            Page.objects.select_for_update().filter(pk=kwargs["page_id"]).values_list("pk").first()
            return view(request, *args, **kwargs)


class SitePortMiddleware:
    """dev only: show the site that SITE_PORTS names for the port, for browsers that cannot resolve *.localhost."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pin the site on the request, where Wagtail looks first."""
        port = request.get_host().rpartition(":")[2]
        host = settings.SITE_PORTS.get(int(port)) if port.isdigit() else None
        site = Site.objects.filter(hostname=host).first() if host else None
        if site:
            request._wagtail_site = site  # type: ignore[attr-defined]
        return self.get_response(request)
