"""What staff searched for, kept in their session: names and phone numbers stand in no address, so in no log and no history."""

from __future__ import annotations

import secrets
import time
from typing import Any

#: Where the address of a list names its search.
PARAM = "tim"
_KEY = "training_events.searches"
#: Searches that one member of staff has open, and for how many seconds.
MOST, KEEP = 10, 12 * 3600


def clean(raw: str) -> str:
    """Return the words of a search box as they are searched."""
    return raw.replace("\x00", "")[:100].strip()


def keep(session: Any, words: str) -> str:
    """Keep ``words`` in the session and return the token by which an address names them."""
    now = int(time.time())
    rows = {key: row for key, row in session.get(_KEY, {}).items() if row[1] > now - KEEP}
    token = secrets.token_hex(6)
    session[_KEY] = dict([*rows.items(), (token, [words, now])][-MOST:])
    return token


def words(session: Any, token: str) -> str | None:
    """Return the words that ``token`` names, None where they are not kept any more."""
    row = session.get(_KEY, {}).get(token)
    return row[0] if row and row[1] > int(time.time()) - KEEP else None
