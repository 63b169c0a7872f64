"""What an event asks besides name and phone: its published questions in the reader's words, on their stable keys."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.utils.translation import get_language

from training_events.models import EventPage, Question


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the reader sees it. ``wordings`` are its words in every language, to tell a translation from an edit."""

    key: uuid.UUID
    kind: str
    label: str
    hint: str
    required: bool
    per_participant: bool
    sensitive: str
    reason: str
    keep_days: int | None
    options: tuple[tuple[str, str], ...]
    wordings: frozenset[str]
    #: Key and words of the options in every language.
    option_wordings: frozenset[tuple[str, str]] = frozenset()


def asked(page: EventPage) -> list[Asked]:
    """Return the questions in force, in the editor's order.

    Which questions there are and of what kind is what the rules' page says (services.pools.rule_page), so that a stale
    translation asks nothing that is no longer asked; the words are those of the active language where there are any.

    Args:
        page: the page whose rules hold.
    """
    rows = list(Question.objects.filter(page_id=page.pk).order_by("sort_order", "pk"))
    if not rows:
        return []
    keys = [row.key for row in rows]
    others = Question.objects.filter(translation_key__in=keys, page__live=True).select_related("locale")
    texts: dict[uuid.UUID, dict[str, Question]] = {}
    for row in others:
        texts.setdefault(row.key, {})[row.locale.language_code] = row
    return [_asked(row, texts.get(row.key, {})) for row in rows]


def _asked(row: Question, texts: dict[str, Question]) -> Asked:
    words = texts.get(get_language() or "", row)
    translated = {str(child.id): str(child.value) for child in words.options}
    options = [(str(child.id), translated.get(str(child.id)) or str(child.value)) for child in row.options]
    return Asked(
        key=row.key,
        kind=row.kind,
        label=words.label or row.label,
        hint=words.help_text or ("" if words is row else row.help_text),
        required=row.required,
        per_participant=row.per_participant,
        sensitive=row.sensitive if row.is_sensitive else "",
        reason=words.reason or row.reason,
        keep_days=row.keep_days,
        options=tuple(options) if row.has_options else (),
        wordings=frozenset({row.label, *(one.label for one in texts.values())}),
        option_wordings=frozenset(
            (str(child.id), str(child.value)) for one in (row, *texts.values()) for child in one.options
        ),
    )
