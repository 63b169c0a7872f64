"""Pages of events that people are registered for: not deleted unseen, not taken down unwarned, not made smaller unnoticed."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from tests.admin.conftest import Office
from tests.admin.test_creating import empty_form
from tests.factories.training_events import make_event, make_event_index, make_registration, publish
from training_events.models import EventPage, EventSeriesPage, Message, Registration, SeatPool, SeatReserve
from training_events.services import history
from training_events.services.registration import cancel


def texts(response: Any) -> str:
    return " ".join(str(one) for one in response.context["messages"])


def delete(client: Client, page: Page, *, many: bool) -> str:
    """Delete a page through Wagtail's own screens; return what is said."""
    path = f"/quan-tri/pages/{page.pk}/delete/"
    if many:
        path = f"/quan-tri/bulk/wagtailcore/page/delete/?id={page.pk}"
    return texts(client.post(path, {"next": ""}, follow=True))


@pytest.mark.parametrize("many", [False, True])
def test_an_event_with_registrations_is_cancelled_before_it_is_deleted(
    publisher: Client, commune: Office, sign_in: Callable[..., Client], many: bool
) -> None:
    event = commune.event
    row = make_registration(event)
    for client, page in ((publisher, event), (sign_in(), event.get_parent())):
        said = delete(client, page, many=many)
        assert "đang có 1 đăng ký còn hiệu lực. Hủy lớp trước" in said
        assert EventPage.objects.filter(pk=event.pk).exists()
    publish(event, status="cancelled")
    assert "còn người chưa được báo" in delete(publisher, event, many=many)
    Message.objects.update(state=Message.State.TOLD)
    assert "Chưa xóa" not in delete(publisher, event, many=many)
    assert not EventPage.objects.filter(pk=event.pk).exists()
    assert Registration.objects.filter(pk=row.pk).exists()


def test_a_past_event_is_deleted_after_its_registrations(
    publisher: Client, commune: Office, admin_user: User
) -> None:
    event = commune.event
    row = make_registration(event)
    SeatPool.objects.update(ends_at=timezone.now() - datetime.timedelta(days=1))
    day = row.keep_until
    assert f"{day.day}/{day.month}/{day.year}" in delete(publisher, event, many=False).replace("/0", "/")
    cancel(row, now=timezone.now(), by=history.staff(admin_user, "Nhầm"))
    assert "Chưa xóa" not in delete(publisher, event, many=False)


@pytest.fixture
def classes(commune: Office) -> list[EventPage]:
    """Two classes of a series for which somebody is registered, three and ten days from now."""
    index = make_event_index(commune.site)
    series = EventSeriesPage(title="Đợt bán hàng", slug="dot", locale=index.locale, seats=5)
    index.add_child(instance=series)
    for number in (1, 2):
        make_event(commune.site, f"Lớp {number}", days=7 * number - 4).move(series, "last-child")
    found = list(EventPage.objects.child_of(series).order_by("starts_at"))
    make_registration(found[0])
    return found


@pytest.mark.parametrize("many", [False, True])
def test_a_date_of_a_series_is_cancelled_before_its_page_is_deleted(
    publisher: Client, classes: list[EventPage], many: bool
) -> None:
    one = classes[0]
    said = delete(publisher, one, many=many)
    assert "“Lớp 1” là một buổi của “Đợt bán hàng”, đang có 1 đăng ký còn hiệu lực" in said
    assert "đã hủy" in said
    assert "tạm hoãn" in said
    publish(EventPage.objects.get(pk=one.pk), status="cancelled")
    assert "còn người chưa được báo" in delete(publisher, one, many=many)
    assert EventPage.objects.filter(pk=one.pk).exists()
    Message.objects.update(state=Message.State.TOLD)
    assert "Chưa xóa" not in delete(publisher, one, many=many)
    assert not EventPage.objects.filter(pk=one.pk).exists()
    # everybody knows: nobody is written to once more
    assert not Message.objects.unsent().exists()


def test_a_date_of_a_series_that_was_counts_as_long_as_its_registrations_are_kept(
    publisher: Client, classes: list[EventPage]
) -> None:
    EventPage.objects.filter(pk=classes[0].pk).update(ends_at=timezone.now() - datetime.timedelta(days=1))
    assert "“Lớp 1” đã học xong" in delete(publisher, classes[0], many=False)
    Registration.objects.all().delete()
    assert "Chưa xóa" not in delete(publisher, classes[0], many=False)


def test_a_date_that_nobody_was_promised_goes_without_a_word(
    publisher: Client, classes: list[EventPage]
) -> None:
    draft = EventPage(title="Lớp nháp", slug="nhap", live=False)
    EventSeriesPage.objects.get().add_child(instance=draft)
    assert "Chưa xóa" not in delete(publisher, draft, many=False)
    assert not EventPage.objects.filter(pk=draft.pk).exists()


def test_a_date_of_a_series_is_not_taken_down_or_moved_out_unseen(
    publisher: Client, commune: Office, classes: list[EventPage]
) -> None:
    one, index = classes[0], make_event_index(commune.site)
    moved = publisher.post(f"/quan-tri/pages/{one.pk}/move/{index.pk}/confirm/", follow=True)
    assert "không chuyển ra khỏi đợt được" in texts(moved)
    assert EventPage.objects.get(pk=one.pk).is_in_series
    path = f"/quan-tri/pages/{one.pk}/unpublish/"
    assert "“Lớp 1” là một buổi của “Đợt bán hàng”" in texts(publisher.post(path, follow=True))
    assert EventPage.objects.get(pk=one.pk).live
    publisher.post(path)
    assert not EventPage.objects.get(pk=one.pk).live


@pytest.mark.parametrize("many", [False, True])
def test_taking_an_event_down_is_warned_of_once(publisher: Client, commune: Office, many: bool) -> None:
    event = commune.event
    make_registration(event)
    path = f"/quan-tri/pages/{event.pk}/unpublish/"
    if many:
        path = f"/quan-tri/bulk/wagtailcore/page/unpublish/?id={event.pk}"
    warned = publisher.post(path, follow=True)
    assert "không ai được báo" in texts(warned)
    assert EventPage.objects.get(pk=event.pk).live
    assert "không ai được báo" not in texts(publisher.post(path, follow=True))
    assert not EventPage.objects.get(pk=event.pk).live


def test_an_event_without_registrations_goes_without_a_word(publisher: Client, commune: Office) -> None:
    publisher.post(f"/quan-tri/pages/{commune.event.pk}/unpublish/")
    assert not EventPage.objects.get(pk=commune.event.pk).live
    publisher.post(f"/quan-tri/pages/{commune.event.pk}/delete/")
    assert not EventPage.objects.filter(pk=commune.event.pk).exists()


def edit(client: Client, event: EventPage, *, as_draft: bool = False, **changes: Any) -> Any:
    """Publish the event, or keep a draft of it, through its own form with some fields changed."""
    address = f"/quan-tri/pages/{event.pk}/edit/"
    (session,) = event.sessions.all()
    rows = {"INITIAL_FORMS": 1, "TOTAL_FORMS": 1, "0-id": session.pk, "0-ORDER": 1, "0-title": ""}
    for name in ("starts_at", "ends_at"):
        rows[f"0-{name}"] = f"{timezone.localtime(getattr(session, name)):%Y-%m-%d %H:%M}"
    sent = empty_form(client, address) | {f"sessions-{name}": value for name, value in rows.items()}
    return client.post(address, sent | ({} if as_draft else {"action-publish": "1"}) | changes, follow=True)


def test_fewer_seats_than_people_are_published_with_a_warning(publisher: Client, commune: Office) -> None:
    event = commune.event
    for _ in range(3):
        make_registration(event)
    assert "Không ai mất chỗ" not in texts(edit(publisher, event, seats="3"))
    assert "2 chỗ ít hơn 3 chỗ đã có người và 0 chỗ dành riêng" in texts(edit(publisher, event, seats="2"))
    assert SeatPool.objects.get(event_key=event.translation_key).capacity == 2


def test_seats_held_back_beyond_the_start_are_refused(publisher: Client, commune: Office) -> None:
    event = commune.event
    begins = timezone.localtime(event.starts_at)
    late = begins + datetime.timedelta(hours=1)
    response = edit(publisher, event, held_until=f"{late:%Y-%m-%d %H:%M}")
    assert "Lớp bắt đầu trước lúc đó." in str(response.context["form"].errors["held_until"])
    assert EventPage.objects.get(pk=event.pk).held_until is None
    early = begins - datetime.timedelta(hours=1)
    edit(publisher, event, held_until=f"{early:%Y-%m-%d %H:%M}")
    assert EventPage.objects.get(pk=event.pk).held_until is not None


def test_editors_hear_of_seats_that_were_held_back_for_a_commune_that_is_gone(
    publisher: Client, commune: Office
) -> None:
    pool = make_registration(commune.event).pool
    assert "Không còn chỗ dành riêng" not in texts(edit(publisher, commune.event, as_draft=True))
    SeatReserve.objects.create(pool=pool, key=uuid.uuid4(), label="Đắk Ơ", place_key=uuid.uuid4(), capacity=0)
    assert "Không còn chỗ dành riêng cho “Đắk Ơ”" in texts(edit(publisher, commune.event, as_draft=True))
