"""Work that only one process may do, whichever machine it runs on: claimed in the database, which all share.

The cache will not do: with ``locmem`` each process has its own, and a cache may forget. Whoever works gives a sign of life
now and then; a process that was killed gives none, and after a while another may take its work over. The first one, if it
lives after all, learns that from its next sign and stops.
"""

from __future__ import annotations

import datetime
import secrets

from django.utils import timezone

from search.models import Claim


def take(name: str, seconds: float) -> str | None:
    """Claim ``name``; return the owner's name, None where another was heard of within the last ``seconds``."""
    owner, now = secrets.token_hex(8), timezone.now()
    _row, created = Claim.objects.get_or_create(name=name, defaults={"owner": owner, "heard_at": now})
    silent = Claim.objects.filter(name=name, heard_at__lt=now - datetime.timedelta(seconds=seconds))
    return owner if created or silent.update(owner=owner, heard_at=now) else None


def keep(name: str, owner: str) -> bool:
    """Give a sign of life; return whether the claim is still ``owner``'s."""
    return bool(Claim.objects.filter(name=name, owner=owner).update(heard_at=timezone.now()))


def release(name: str, owner: str | None = None) -> None:
    """Let others claim ``name``; only where it is ``owner``'s, if one is given."""
    rows = Claim.objects.filter(name=name)
    (rows if owner is None else rows.filter(owner=owner)).delete()


def is_held(name: str, seconds: float) -> bool:
    """Return whether somebody who claimed ``name`` was heard of within the last ``seconds``."""
    since = timezone.now() - datetime.timedelta(seconds=seconds)
    return Claim.objects.filter(name=name, heard_at__gte=since).exists()


def is_lost(name: str, seconds: float) -> bool:
    """Return whether somebody claimed ``name`` and was not heard of within the last ``seconds``."""
    since = timezone.now() - datetime.timedelta(seconds=seconds)
    return Claim.objects.filter(name=name, heard_at__lt=since).exists()
