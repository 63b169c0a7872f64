"""Answers that are there follow what an editor changes later: the day until which they are kept, and that they are sensitive."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils import timezone

from training_events import retention
from training_events.models import Answer, EventPage, RegistrationChange, SeatPool
from training_events.services import purge


def date(pool: SeatPool, ended_at: datetime.datetime | None, *, now: datetime.datetime) -> None:
    """Count anew until when answers are kept that go earlier than their registration, after the event's dates have changed.

    What the history says of answers moves along with the event; where there was no date it stays, and goes the earlier.

    Args:
        pool: the event with its new dates.
        ended_at: its end before (aware), None where its date was not known.
        now: the moment (aware) that days count from where there is no date.
    """
    rows = Answer.objects.filter(registration__pool=pool, keep_days__isnull=False)
    for days in set(rows.order_by().values_list("keep_days", flat=True)):
        rows.filter(keep_days=days).update(keep_until=retention.answer_until(pool, days, now=now))
    if ended_at is None or pool.ends_at is None:
        return
    moved = timezone.localtime(pool.ends_at).date() - timezone.localtime(ended_at).date()
    for change in RegistrationChange.objects.filter(registration__pool=pool, answers_until__isnull=False):
        for one in change.details:
            if "keep_until" in one:
                one["keep_until"] = (datetime.date.fromisoformat(one["keep_until"]) + moved).isoformat()
        change.answers_until = change.answers_until + moved if change.answers_until else None
        change.save(update_fields=["details", "answers_until"])


def follow(pool: SeatPool, page: EventPage, *, now: datetime.datetime) -> None:
    """Apply to answers that are there what their questions say now.

    A shorter time holds at once, a longer one for new answers only: people agreed to a day. What turns out to be sensitive is so
    from now on wherever it is shown, and its values leave the history; that it is not is for new answers to say.

    Args:
        pool: the event's seats.
        page: the page whose rules hold (services.pools.rule_page).
        now: the moment (aware) that days count from where there is no date.
    """
    mine = Answer.objects.filter(registration__pool=pool)
    questions = list(page.questions.all()) if mine.exists() else []
    for question in questions:
        rows = mine.filter(question_key=question.translation_key)
        if question.keep_days is not None:
            _shorten(pool, rows, question.keep_days, now)
        if question.is_sensitive and (found := rows.exclude(sensitive=question.sensitive)).exists():
            names = {str(question.translation_key), *found.values_list("wording", flat=True)}
            keys = found.values("registration")
            for change in RegistrationChange.objects.filter(registration__in=keys).exclude(details=[]):
                purge.clean(change, partial(purge.asks_one_of, names))
            found.update(sensitive=question.sensitive)


def _shorten(pool: SeatPool, rows: Any, days: int, now: datetime.datetime) -> None:
    longer = rows.filter(Q(keep_days__isnull=True) | Q(keep_days__gt=days))
    has_date = pool.ends_at is not None or pool.is_postponed
    if has_date:
        longer.update(keep_days=days, keep_until=retention.answer_until(pool, days, now=now))
        return
    for one in longer:
        # where there is no date, the days count from the answer, as people are told
        day = retention.answer_until(pool, days, now=one.answered_at)
        Answer.objects.filter(pk=one.pk).update(keep_days=days, keep_until=day)
