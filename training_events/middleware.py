"""Signing out on a shared phone or computer."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class ForgetOnSignOutMiddleware:
    """Tells the browser, when staff sign out, to delete what pages have stored in it: above all the lists of the door."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header to the answer that signs out."""
        response = self.get_response(request)
        match = request.resolver_match
        if match is not None and match.view_name == "wagtailadmin_logout" and response.status_code == 302:
            response["Clear-Site-Data"] = '"storage"'
        return response
