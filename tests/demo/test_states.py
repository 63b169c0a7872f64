"""Every state that a visitor, a clerk or an administrator can meet stands in the sample.

The states are read from the program: whoever adds one finds out here that nobody can look at it yet.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

from training_events import texts
from training_events.availability import Kind
from training_events.models import (
    Answer,
    Certificate,
    CheckIn,
    Dimension,
    EventPage,
    EventSeriesPage,
    EventTotal,
    Message,
    MessageText,
    Occasion,
    Participant,
    Registration,
    SeatPool,
    SeatReserve,
    Sensitive,
)
from training_events.services import health

pytestmark = [pytest.mark.usefixtures("sample"), pytest.mark.database]

#: Choices that need no example: an editor writes own words for some occasions; a harmless answer says nothing of itself.
_EXEMPT = {(MessageText, "occasion"): set(Occasion.values), (Answer, "sensitive"): {Sensitive.NO.value}}


def fields_with_states() -> Iterator[tuple[type[models.Model], str, set[Any]]]:
    """Yield model, field and values of every choice in the rows of training events."""
    for model in apps.get_app_config("training_events").get_models():
        for field in model._meta.local_fields:
            if values := {value for value, _label in field.flatchoices}:
                yield model, field.name, values - _EXEMPT.get((model, field.name), set())


def test_every_choice_of_every_row_is_in_the_sample() -> None:
    missing = {
        f"{model.__name__}.{name}": sorted(map(str, lacking))
        for model, name, values in fields_with_states()
        if (lacking := values - set(model._default_manager.order_by().values_list(name, flat=True)))
    }
    assert missing == {}


def test_events_are_there_in_every_state_of_registration() -> None:
    states = [event.availability() for event in EventPage.objects.live().filter(locale__language_code="vi")]
    # an event whose page was taken down stands in no list: only the slips of those who had registered tell of it
    assert {state.kind for state in states} == set(Kind) - {Kind.WITHDRAWN}
    left = [state.seats_left for state in states if state.kind is Kind.OPEN]
    assert None in left, "no class without a limit"
    assert any(number is not None and 1 <= number <= 3 for number in left), "no class is almost full"


def test_events_are_there_for_everything_that_an_editor_can_decide() -> None:
    pools = SeatPool.objects
    for wanted in (
        Q(approval=True), Q(staff_only=True), Q(ask_birth_year=True), Q(held_until__isnull=False), Q(capacity=None),
        Q(waiting_list=False), Q(rescheduled_from__isnull=False), Q(registrants="everybody"),
    ):  # fmt: skip
        assert pools.filter(wanted).exists(), wanted
    assert EventPage.objects.filter(message_texts__isnull=False).exists()
    assert EventPage.objects.filter(certificate=True).exists()
    assert EventSeriesPage.objects.filter(locale__language_code="vi").exists()
    kinds = EventPage.objects.annotate(kinds=Count("questions__kind", distinct=True))
    assert kinds.filter(kinds=8).exists(), "no class whose form has a question of each kind"


def test_parties_are_there_in_every_shape() -> None:
    rows = Registration.objects
    full = EventPage.objects.get(slug="an-toan-tren-mang-ca-nha-da-kia", locale__language_code="vi").seat_pool
    assert (full.capacity, full.taken, rows.filter(pool=full).waiting().count()) == (30, 30, 3)
    assert rows.filter(party_size__gt=1, status="confirmed").exists()
    assert Participant.objects.filter(name="", registration__party_size__gt=1).exists()
    assert rows.filter(moved_up_at__isnull=False).exists()
    assert rows.filter(approved_at__isnull=False, registrant="cooperative").exists()
    assert rows.exclude(email="").exists()
    for reserves in (SeatReserve.objects.filter(place_key=None), SeatReserve.objects.exclude(place_key=None)):
        assert reserves.filter(taken__gt=0).exists()
        assert reserves.filter(capacity__gt=F("taken")).exists()


def test_messages_are_there_for_every_occasion_and_would_bother_nobody() -> None:
    delayed = Message.objects.filter(state="queued")
    assert [one.attempts > 0 and bool(one.problem) for one in delayed] == [True]
    unsent = Message.objects.unsent()
    assert not unsent.filter(registration__email="").exists(), "0900 000 000 is somebody's number"
    assert Message.objects.filter(state="failed").exists()
    # the jobs have not run yet, which is said until they do; of messages there is nothing to say
    assert [line for line in health.troubles(now=timezone.now()) if "manage" not in line] == []
    assert Message.objects.for_staff().exists()
    for occasion in Occasion:
        written = Message.objects.filter(occasion=occasion).exclude(text="").first()
        assert written is not None, occasion
        assert "{" not in written.text


def test_a_class_takes_place_today_with_people_at_the_door() -> None:
    now = timezone.localtime()
    today = EventPage.objects.filter(
        starts_at__date__range=(now.date() - datetime.timedelta(days=1), now.date()),
        slug="ban-huong-dan-mang-dien-thoai-toi-phu-nghia",
    ).get()
    taps = CheckIn.objects.filter(session_key=today.session_rows[0].translation_key)
    assert taps.filter(undone_at=None).exists()
    assert taps.exclude(undone_at=None).exists()
    assert Registration.objects.filter(pool=today.seat_pool).waiting().exists()


def test_certificates_are_valid_and_withdrawn_and_absence_is_known() -> None:
    assert {one.is_valid for one in Certificate.objects.all()} == {True, False}
    pool = Certificate.objects.first().pool  # type: ignore[union-attr]
    confirmed = Registration.objects.filter(pool=pool).confirmed()
    assert confirmed.filter(participants__attendances=None).exists()


def test_a_class_of_long_ago_is_only_numbers() -> None:
    pool = SeatPool.objects.get(
        event_key=EventPage.objects.get(slug="hoc-truc-tuyen-cung-con-phu-van").pool_key
    )
    totals = EventTotal.objects.filter(pool=pool)
    assert set(totals.values_list("dimension", flat=True)) == set(Dimension.values)
    assert not pool.registrations.exists()
    assert pool.feedback.filter(text="").count() == pool.feedback.count() > 0


def test_a_cancelled_class_promises_no_new_date() -> None:
    """Neither the sample nor the program's own words: nobody knows of one, and people would wait for it."""
    page = EventPage.objects.get(slug="so-suc-khoe-dien-tu-bu-gia-map")
    words = texts.usual(Occasion.EVENT_CANCELLED)
    said = [
        page.intro,
        page.share_text,
        page.search_description,
        str(page.body),
        page.availability().sentence,
    ]
    found = " ".join([*said, words.subject, words.body, words.sms])
    assert page.availability().kind is Kind.CANCELLED
    assert not [word for word in ("lịch mới", "ngày mới", "lich moi", "ngay moi") if word in found]
