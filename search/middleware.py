"""What every request of the website gets from the search."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from search.engines import patience


class OneReaderMiddleware:
    """Counts together how long one request waits for the search server, however many questions it asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as one reader."""
        with patience.one_reader():
            return self.get_response(request)
