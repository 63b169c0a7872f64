"""What people answered to an event's own questions with options, as numbers."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from training_events.models import Answer, QuestionKind, Registration, Sensitive
from training_events.wordings import Wordings

_COUNTED = (QuestionKind.CHOICE, QuestionKind.CHOICES, QuestionKind.YES_NO)


def by_option(pool_id: int | None) -> list[dict[str, Any]]:
    """Return (question, its options with the number of answers) of registrations that still exist; two queries.

    A question and its translations are one; one that was reworded is another.

    Sensitive questions are left out: nobody needs a chart of who is ill.
    """
    rows = Answer.objects.filter(
        registration__pool=pool_id, kind__in=_COUNTED, sensitive__in=("", Sensitive.NO)
    ).exclude(registration__status__in=Registration.ENDED)
    fields = ("question_key", "wording", "kind", "value", "shown")
    answers = list(rows.order_by("pk").values_list(*fields))
    words = Wordings(key for key, *_others in answers)
    found: dict[tuple[uuid.UUID, str], Counter[str]] = {}
    for key, wording, kind, value, shown in answers:
        counted = found.setdefault((key, words.label(key, wording)), Counter())
        counted.update(words.options(key, kind, value, shown))
    return [
        {"wording": wording, "options": counted.most_common()} for (_key, wording), counted in found.items()
    ]
