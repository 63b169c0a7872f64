"""What people answered to an event's own questions with options, as numbers."""

from __future__ import annotations

from collections import Counter
from typing import Any

from training_events.models import Answer, QuestionKind, Registration, Sensitive

_COUNTED = (QuestionKind.CHOICE, QuestionKind.CHOICES, QuestionKind.YES_NO)


def by_option(pool_id: int | None) -> list[dict[str, Any]]:
    """Return (question, its options with the number of answers) of registrations that still exist; one query.

    Sensitive questions are left out: nobody needs a chart of who is ill.
    """
    rows = Answer.objects.filter(
        registration__pool=pool_id, kind__in=_COUNTED, sensitive__in=("", Sensitive.NO)
    ).exclude(registration__status__in=Registration.ENDED)
    found: dict[str, Counter[str]] = {}
    for wording, kind, value, shown in rows.order_by("pk").values_list("wording", "kind", "value", "shown"):
        options = [text for _key, text in value or []] if kind == QuestionKind.CHOICES else [shown]
        found.setdefault(wording, Counter()).update(options)
    return [{"wording": wording, "options": counted.most_common()} for wording, counted in found.items()]
