"""One question in several languages: what people answered to its translations is counted and listed together.

A question that was reworded is another one: its answers stay with the words that people saw.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from training_events.models import Answer, Question, QuestionKind


class Wordings:
    """The words of questions and their options as they stand now, in every language."""

    def __init__(self, keys: Iterable[uuid.UUID]) -> None:
        """Read the questions. One query, none where nothing was asked.

        Args:
            keys: translation keys of the questions.
        """
        wanted = set(keys)
        rows = Question.objects.filter(translation_key__in=wanted).select_related("locale") if wanted else ()
        self._labels: dict[tuple[uuid.UUID, str], str] = {}
        self._options: dict[tuple[uuid.UUID, str, str], str] = {}
        by_key: dict[uuid.UUID, list[Question]] = {}
        for row in rows:
            by_key.setdefault(row.key, []).append(row)
        for key, some in by_key.items():
            own = next((row for row in some if row.locale.language_code == get_language()), some[0])
            texts = {str(child.id): str(child.value) for child in own.options}
            for row in some:
                self._labels[key, row.label] = own.label
                for child in row.options:
                    option = str(child.id)
                    self._options[key, option, str(child.value)] = texts.get(option) or str(child.value)

    def label(self, key: uuid.UUID, wording: str) -> str:
        """Return the question in the active language where ``wording`` is one of its translations, else ``wording``."""
        return self._labels.get((key, wording), wording)

    def options(self, key: uuid.UUID, kind: str, value: Any, shown: str) -> list[str]:
        """Return what was chosen, in the active language as far as the options still say the same.

        Args:
            key: translation key of the question.
            kind: one of QuestionKind.
            value: as Answer.value holds it.
            shown: as it was answered.
        """
        if kind == QuestionKind.YES_NO and isinstance(value, bool):
            return [_("Yes") if value else _("No")]
        if kind in (QuestionKind.CHOICE, QuestionKind.CHOICES) and isinstance(value, list):
            return [self._options.get((key, str(option), text), text) for option, text in value]
        return [shown]

    def shown(self, answer: Answer) -> str:
        """Return an answer in words of the active language."""
        if answer.kind not in (QuestionKind.CHOICE, QuestionKind.CHOICES, QuestionKind.YES_NO):
            return answer.shown
        return "; ".join(self.options(answer.question_key, answer.kind, answer.value, answer.shown))
