"""What a card in a listing shows, the same for every page type."""

import datetime
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Card:
    """A page as a listing shows it. ``meta`` are short lines such as a place or a duration."""

    url: str
    title: str
    intro: str = ""
    image: Any = None
    kind_label: str = ""
    date: datetime.date | None = None
    meta: list[str] = field(default_factory=list)
    badge_text: str = ""
    badge_tone: str = "soft"
    source_label: str = ""
