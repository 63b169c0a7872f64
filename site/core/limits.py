"""Counting how often something is asked within a time, in the cache: the one limiter of the program.

A limit protects the server, it must not lock people out: a village hall, a school and all phones of a mobile network may stand
behind one address. So limits by address are generous, and what can be counted by its own key (a registration code) is.
"""

from __future__ import annotations

import hashlib
import ipaddress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone


def _key(scope: str, who: str) -> str:
    # a digest with the secret key, so that the cache holds neither codes nor addresses of people
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{scope}:{who}".encode()).hexdigest()
    return f"core.limits:{scope}:{digest}"


def hits(scope: str, who: str) -> int:
    """Return how often ``who`` was counted in the current window of ``scope``."""
    return int(cache.get(_key(scope, who), 0))


def hit(scope: str, who: str, seconds: int) -> int:
    """Count one and return the number of this window, which begins with the first hit and lasts ``seconds``."""
    key = _key(scope, who)
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # the window ended between the two lines
        cache.set(key, 1, seconds)
        return 1


def client(request: HttpRequest) -> str:
    """Return what stands for the client of a request: its IPv4 address, or the /64 network of its IPv6 address.

    ``X-Forwarded-For`` counts only behind the program's own proxy (TRUST_PROXY), and of it only the last entry, which that
    proxy has written itself; everything before it may be made up.
    """
    raw = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        raw = request.META.get("HTTP_X_FORWARDED_FOR", raw).rpartition(",")[2].strip() or raw
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def first_today(scope: str, who: str, what: str) -> bool:
    """Tell whether ``who`` does ``what`` for the first time on this day (local time), and note it.

    For counting people rather than requests. The note is a digest of who, what and the day: no two notes tell that they are
    of the same client, and none of them can be linked with one of another day. It is gone after 24 hours.
    """
    day = timezone.localdate().isoformat()
    return bool(cache.add(_key(scope, f"{day}:{who}:{what}"), 1, 86_400))


def exceeded(request: HttpRequest, scope: str, limit: int, seconds: int = 60) -> bool:
    """Count a request of its client and tell whether the client has had more than ``limit`` within ``seconds``."""
    return hit(scope, client(request), seconds) > limit
