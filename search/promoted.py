"""Which pages staff put above the others for a question."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from wagtail.models import Site

from core import vietnamese
from core.memory import remember
from core.vietnamese import Token
from search import lexicon_rules, selection
from search.engines.base import SearchQuery
from search.models.promoted import MAX_PAGES, PromotedResult


@dataclass(frozen=True, slots=True)
class Rule:
    """A set as questions are compared with it. ``pages``: translation keys, in order."""

    lines: tuple[tuple[Token, ...], ...]
    in_part: bool
    starts_on: datetime.date | None
    ends_on: datetime.date | None
    pages: tuple[UUID, ...]

    def applies(self, words: list[Token], day: datetime.date) -> bool:
        """Tell whether the set is in force on ``day`` and meant by a question of these words."""
        if (self.starts_on and day < self.starts_on) or (self.ends_on and day > self.ends_on):
            return False
        return any(_stands_in(line, words, in_part=self.in_part) for line in self.lines)


def _stands_in(line: tuple[Token, ...], words: list[Token], *, in_part: bool) -> bool:
    size = len(line)
    if not in_part:
        return size == len(words) and _same(line, words)
    return any(_same(line, words[at : at + size]) for at in range(len(words) - size + 1))


def _same(line: tuple[Token, ...], words: list[Token]) -> bool:
    """Compare without marks; one word alone must not contradict the line's ("chợ" is not "chó")."""
    if len(line) == 1 and words and line[0].exact != words[0].exact:
        unmarked = any(token.exact == token.folded for token in (line[0], words[0]))
        return unmarked and line[0].folded == words[0].folded
    return all(a.folded == b.folded for a, b in zip(line, words, strict=True))


def for_question(site: Site, language: str, text: str) -> list[int]:
    """Return the primary keys of the pages to show first, at most three, in the order of staff.

    Only pages that a reader of ``site`` may see now; a page stands for its translation in ``language``.

    Args:
        site: the office that is asked.
        language: language code of the results.
        text: the question as typed, or as it was read.
    """
    words = vietnamese.tokens(text[:1_000])
    rules: list[Rule] = remember("search.promoted", site.pk, shared=True, make=lambda: _read(site))
    day = timezone.localdate()
    wanted = [key for rule in rules if words and rule.applies(words, day) for key in rule.pages]
    if not wanted:
        return []
    query = SearchQuery(text="", site=site, language=language)
    rows = selection.visible(query).filter(translation_key__in=wanted).values_list("translation_key", "pk")
    by_key = dict(rows)
    return [by_key[key] for key in dict.fromkeys(wanted) if key in by_key][:MAX_PAGES]


def _read(site: Site) -> list[Rule]:
    rows = PromotedResult.objects.filter(site=site, active=True).prefetch_related("pages__page")
    return [
        Rule(
            lines=tuple(tuple(vietnamese.tokens(line)) for line in row.lines if lexicon_rules.folded(line)),
            in_part=row.match == PromotedResult.Match.PART,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            pages=tuple(item.page.translation_key for item in row.pages.all()),
        )
        for row in rows
    ]
