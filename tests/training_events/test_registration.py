"""Registering, waiting, moving up, cancelling: the rules of the services."""

import datetime
import uuid

import pytest
from django.utils import timezone

from tests.factories.training_events import DAY, make_event, make_registration, publish, registration_data
from training_events import codes
from training_events.availability import Kind
from training_events.models import EventPage, Registration, SeatPool
from training_events.services import registration, seats
from training_events.services.registration import RegistrationRefused, cancel, promote_waiting, register

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def pool_of(event: EventPage) -> SeatPool:
    return SeatPool.objects.get(event_key=event.translation_key)


def statuses(*rows: Registration) -> str:
    for row in rows:
        row.refresh_from_db()
    return " ".join(row.status for row in rows)


def test_a_party_gets_its_seats_and_a_code_one_can_read_aloud(site):
    event = make_event(site, seats=10)
    row = make_registration(event, party_size=3, name="Nguyễn Văn A")
    assert row.is_confirmed
    assert pool_of(event).taken == 3
    assert len(row.code) == 7
    drawn = set("".join(codes.new_code() + codes.new_certificate_code() for _ in range(50)))
    assert set(row.code) | drawn <= set(codes.ALPHABET)
    # nothing that is taken for something else in handwriting
    assert not drawn & set("01ILO" + "BSUZ")


def test_seats_live_in_their_own_row_and_publishing_leaves_them_alone(site):
    event = make_event(site, seats=10)
    revision = event.save_revision()
    make_registration(event, party_size=4)
    revision.publish()
    assert pool_of(event).taken == 4


def test_a_draft_does_not_reach_the_seats(site):
    event = make_event(site, seats=10)
    event.seats, event.status = 3, "cancelled"
    event.save_revision()
    assert (pool_of(event).capacity, pool_of(event).status) == (10, "scheduled")


def test_a_party_that_does_not_fit_waits_together_and_a_smaller_one_still_gets_its_seat(site):
    event = make_event(site, seats=4)
    first = make_registration(event, party_size=3)
    group = make_registration(event, party_size=2)
    single = make_registration(event, party_size=1)
    assert statuses(first, group, single) == "confirmed waiting confirmed"
    assert pool_of(event).taken == 4
    assert group.position == 1


def test_positions_follow_the_order_of_arrival(site):
    event = make_event(site, seats=1)
    make_registration(event)
    waiting = [make_registration(event) for _ in range(3)]
    assert [row.position for row in waiting] == [1, 2, 3]
    cancel(waiting[0], now=timezone.now())
    assert [row.position for row in waiting] == [None, 1, 2]


def test_only_arrivals_are_numbered(site):
    event = make_event(site, seats=5)
    first = make_registration(event)
    cancel(first, now=timezone.now())
    publish(event, seats=6)
    assert [first.sequence, make_registration(event).sequence] == [1, 2]


def test_a_cancellation_moves_up_the_next_that_fits_once(site):
    event = make_event(site, seats=2)
    first = make_registration(event)
    second = make_registration(event)
    pair = make_registration(event, party_size=2)
    single = make_registration(event)
    cancel(first, now=timezone.now())
    assert statuses(first, second, pair, single) == "cancelled confirmed waiting confirmed"
    assert single.moved_up_at is not None
    cancel(first, now=timezone.now())
    assert statuses(pair) == "waiting"
    assert pool_of(event).taken == 2


def test_a_promoted_party_that_cancels_frees_the_seat_again(site):
    event = make_event(site, seats=1)
    first, second, third = (make_registration(event) for _ in range(3))
    cancel(first, now=timezone.now())
    cancel(second, now=timezone.now())
    assert statuses(first, second, third) == "cancelled cancelled confirmed"
    assert pool_of(event).taken == 1


def test_leaving_the_waiting_list_frees_no_seat(site):
    event = make_event(site, seats=1)
    make_registration(event)
    waiting = make_registration(event)
    cancel(waiting, now=timezone.now())
    assert pool_of(event).taken == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"registration_closes_at": timezone.now() + DAY},
        {"days": 1},
    ],
    ids=["after registration closed", "after the start"],
)
def test_nobody_moves_up_late(site, fields):
    event = make_event(site, seats=1, **fields)
    first, second = make_registration(event), make_registration(event)
    cancel(first, now=timezone.now() + 2 * DAY)
    assert statuses(first, second) == "cancelled waiting"
    assert pool_of(event).taken == 0


def test_nobody_moves_up_in_a_cancelled_event(site):
    event = make_event(site, seats=1)
    first, second = make_registration(event), make_registration(event)
    publish(event, status="cancelled")
    cancel(first, now=timezone.now())
    assert statuses(second) == "waiting"


def test_raising_the_seats_moves_parties_up_in_order(site):
    event = make_event(site, seats=1)
    rows = [make_registration(event) for _ in range(4)]
    publish(event, seats=3)
    assert statuses(*rows) == "confirmed confirmed confirmed waiting"
    publish(EventPage.objects.get(pk=event.pk), seats=None)
    assert statuses(*rows) == "confirmed " * 3 + "confirmed"


def test_lowering_the_seats_takes_none_away_and_shows_no_negative_number(site):
    event = make_event(site, seats=5)
    rows = [make_registration(event, party_size=2) for _ in range(2)]
    publish(event, seats=3)
    pool = pool_of(event)
    assert (pool.taken, pool.seats_left) == (4, 0)
    assert statuses(*rows) == "confirmed confirmed"
    waiting = make_registration(event)
    assert waiting.is_waiting
    cancel(rows[0], now=timezone.now())
    assert statuses(waiting) == "confirmed"


def test_an_event_without_a_limit_takes_everybody(site):
    event = make_event(site, seats=None)
    rows = [make_registration(event, party_size=5) for _ in range(5)]
    assert all(row.is_confirmed for row in rows)
    assert pool_of(event).seats_left is None


def test_the_same_key_gives_the_same_registration(site):
    event = make_event(site, seats=10)
    data = registration_data()
    first = register(event, data, now=timezone.now())
    again = register(event, data, now=timezone.now())
    assert first.pk == again.pk
    assert pool_of(event).taken == 1


def test_the_same_key_is_honoured_even_when_both_requests_pass_the_first_look(site, monkeypatch):
    """The unique key of the table decides; nothing of the second attempt stays behind."""
    event = make_event(site, seats=10)
    data = registration_data()
    first = register(event, data, now=timezone.now())
    answers = iter([None, first])
    monkeypatch.setattr(registration, "sent_before", lambda key: next(answers))
    again = register(event, data, now=timezone.now())
    assert again.pk == first.pk
    assert next(answers, "both asked") == "both asked"
    assert pool_of(event).taken == 1


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"status": "cancelled"}, Kind.CANCELLED),
        ({"status": "postponed"}, Kind.POSTPONED),
        ({"staff_only": True}, Kind.STAFF_ONLY),
        ({"registration_opens_at": timezone.now() + DAY}, Kind.NOT_OPEN),
        ({"registration_closes_at": timezone.now() - DAY}, Kind.CLOSED),
        ({"days": -0.05}, Kind.CLOSED),
        ({"days": -3}, Kind.ENDED),
        ({"seats": 0, "waiting_list": False}, Kind.FULL),
    ],
)
def test_an_event_that_takes_nobody_says_why(site, fields, kind):
    event = make_event(site, **fields)
    with pytest.raises(RegistrationRefused) as refusal:
        make_registration(event)
    assert refusal.value.state.kind is kind
    assert refusal.value.state.sentence
    assert not Registration.objects.exists()


def test_a_group_too_large_for_the_last_seats_is_refused_without_a_waiting_list(site):
    event = make_event(site, seats=2, waiting_list=False)
    with pytest.raises(RegistrationRefused) as refusal:
        make_registration(event, party_size=3)
    assert refusal.value.state.seats_left == 2
    assert pool_of(event).taken == 0


@pytest.mark.any_database
@pytest.mark.parametrize("size", [0, -1, 6])
def test_a_party_has_one_to_the_allowed_number_of_people(site, size):
    event = make_event(site, max_party=5)
    with pytest.raises(ValueError, match="1 to 5"):
        make_registration(event, party_size=size)


def test_names_are_stored_composed_and_found_without_marks(site):
    event = make_event(site)
    row = make_registration(event, name="Đặng Thị Ế")
    assert row.contact_name == "Đặng Thị Ế"
    same = Registration.objects.same_person(name="dang thi e", phone=row.phone)
    assert list(same) == [row]
    assert list(Registration.objects.matching("đặng thị")) == [row]
    assert list(Registration.objects.matching(row.shown_phone)) == [row]
    assert list(Registration.objects.matching(row.shown_code.lower())) == [row]


def test_registrations_are_kept_for_ninety_days_after_the_event_even_when_it_moves(site):
    event = make_event(site, days=10)
    row = make_registration(event)
    assert row.keep_until == timezone.localtime(event.ends_at).date() + datetime.timedelta(days=90)
    session = event.sessions.first()
    session.starts_at += 30 * DAY
    session.ends_at += 30 * DAY
    event.sessions = [session]
    moved = publish(event)
    row.refresh_from_db()
    assert row.keep_until == timezone.localtime(moved.ends_at).date() + datetime.timedelta(days=90)


def test_promotion_without_free_seats_moves_nobody(site):
    event = make_event(site, seats=1)
    make_registration(event)
    waiting = make_registration(event)
    assert promote_waiting(pool_of(event), now=timezone.now()) == []
    assert statuses(waiting) == "waiting"


@pytest.mark.any_database
def test_an_unknown_pool_is_an_error():
    with pytest.raises(SeatPool.DoesNotExist), seats.holding(0):
        pytest.fail("nothing to hold")


def test_a_copied_event_has_seats_of_its_own(site):
    event = make_event(site, seats=3)
    make_registration(event)
    copy = event.copy(update_attrs={"slug": f"ban-sao-{uuid.uuid4().hex[:6]}"}, keep_live=True)
    assert copy.seat_pool.taken == 0
    assert copy.seat_pool.capacity == 3
    assert copy.seat_pool.event_key != event.translation_key
