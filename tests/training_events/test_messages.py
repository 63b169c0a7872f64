"""The outbox: written with what it tells, sent once, delayed by dead servers, never lost."""

from __future__ import annotations

import datetime
import smtplib
import threading
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation
from wagtail.models import Site

from core.models import OfficeSettings
from tests.factories.core import home_of, make_office
from tests.factories.training_events import DAY, make_event, make_registration, publish
from tests.training_events.test_concurrency import at_once, pool, shared_database  # noqa: F401 - pool is a fixture
from training_events.models import EventPage, Message, MessageText, Occasion, Registration, SeatPool
from training_events.services import approval, change, delivery, history, messages
from training_events.services.registration import cancel

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MINUTE = datetime.timedelta(minutes=1)
LATER = datetime.timedelta(minutes=11)


@pytest.fixture
def site() -> Site:
    site = make_office(organisation_name="UBND xã Mẫu", languages=("vi", "en"))
    settings = OfficeSettings.for_site(site)
    settings.hotline, settings.email = "0271 000 000", "xa@example.vn"
    settings.save()
    return site


@pytest.fixture
def event(site: Site) -> EventPage:
    return make_event(site, seats=2, max_party=5)


def occasions(row: Registration) -> list[str]:
    return list(Message.objects.filter(registration=row).order_by("pk").values_list("occasion", flat=True))


def sent_to(address: str) -> list[Any]:
    return [one for one in mail.outbox if one.to == [address]]


def staff() -> history.Actor:
    user, _created = User.objects.get_or_create(username="canbo")
    return history.staff(user, "Lý do")


# --- what is written ---


def test_every_step_of_a_registration_leaves_its_message(event: EventPage) -> None:
    now = timezone.now()
    first, second = make_registration(event, party_size=2), make_registration(event)
    change.change(second, {"contact_name": "Lê Thị Mai"}, version=1, now=now)
    cancel(first, now=now)
    assert occasions(first) == ["confirmed", "cancelled"]
    assert occasions(second) == ["waiting", "changed", "moved_up"]


def test_approving_and_refusing_are_told(site: Site) -> None:
    event = make_event(site, approval=True)
    yes, no = make_registration(event), make_registration(event)
    approval.approve(yes, now=timezone.now(), by=staff())
    approval.refuse(no, now=timezone.now(), by=staff())
    approval.refuse(no, now=timezone.now(), by=staff())
    assert occasions(yes) == ["pending", "approved"]
    assert occasions(no) == ["pending", "refused"]


def test_a_walk_in_is_not_written_to(event: EventPage) -> None:
    assert occasions(make_registration(event, source=Registration.Source.WALK_IN)) == []


def test_what_is_rolled_back_is_not_told(event: EventPage) -> None:
    def change_of_mind() -> None:
        with transaction.atomic():
            make_registration(event)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_of_mind()
    assert not Message.objects.exists()


def test_the_queue_of_the_server_gets_what_was_committed_and_sends_it_once(
    event: EventPage, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    with django_capture_on_commit_callbacks(execute=True):
        make_registration(event, email="hoa@example.vn")
        assert Message.objects.exists()
        assert not DBTaskResult.objects.exists()
    (row,) = DBTaskResult.objects.all()
    assert mail.outbox == []
    for _time in range(2):
        row.task.call(*row.task_result.args)
    assert [one.to for one in mail.outbox] == [["hoa@example.vn"]]


def test_the_database_refuses_a_second_message_for_the_same(event: EventPage) -> None:
    row = make_registration(event)
    one = Message.objects.get()
    messages.queue(row, Occasion.CONFIRMED)
    assert Message.objects.count() == 1
    one.pk, one.key = None, None
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(
            registration=row, occasion="confirmed", version=1, created_at=one.created_at,
            due_at=one.due_at, expires_at=one.expires_at,
        )  # fmt: skip


def test_a_change_of_date_is_told_after_second_thoughts_and_only_to_those_with_seats(
    event: EventPage,
) -> None:
    has, waits = make_registration(event, party_size=2, email="a@example.vn"), make_registration(event)
    session = event.sessions.first()
    session.starts_at += DAY
    session.ends_at += DAY
    event.sessions = [session]
    publish(event)
    assert occasions(has) == ["confirmed", "event_moved"]
    assert occasions(waits) == ["waiting"]
    delivery.send_due(now=timezone.now())
    assert len(sent_to("a@example.vn")) == 1
    delivery.send_due(now=timezone.now() + LATER)
    moved = sent_to("a@example.vn")[1]
    assert moved.subject == "Đổi giờ: Dùng VNeID"
    assert "Trước đây" in moved.body


def test_a_slip_that_is_corrected_at_once_is_never_told(event: EventPage) -> None:
    row = make_registration(event)
    publish(event, venue_name="Nhà văn hóa thôn Mẫu 2")
    assert "event_moved" in occasions(row)
    publish(EventPage.objects.get(pk=event.pk), venue_name="Nhà văn hóa thôn Mẫu 1")
    delivery.send_due(now=timezone.now() + LATER)
    states = dict(Message.objects.values_list("occasion", "state"))
    assert states["event_moved"] == "dropped"
    assert Message.objects.filter(occasion="event_moved").count() == 1


@pytest.mark.any_database
def test_another_spelling_of_the_place_and_another_title_are_no_news(event: EventPage) -> None:
    row = make_registration(event)
    publish(event, venue_name="Nhà văn hoá thôn mẫu 1", title="Dùng VNeID trên điện thoại")
    assert occasions(row) == ["confirmed"]


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_a_class_that_is_off_is_told_to_everybody(event: EventPage, status: str) -> None:
    has, waits = make_registration(event, party_size=2), make_registration(event)
    gone = make_registration(event)
    cancel(gone, now=timezone.now())
    publish(event, status=status)
    assert occasions(has)[-1] == occasions(waits)[-1] == f"event_{status}"
    assert occasions(gone)[-1] == "cancelled"


def test_a_class_that_is_over_is_no_news(site: Site) -> None:
    event = make_event(site, days=-3)
    row = make_registration(event, now=timezone.now() - 4 * DAY)
    publish(event, venue_name="Hội trường xã")
    assert occasions(row) == ["confirmed"]
    delivery.send_due(now=timezone.now())
    assert Message.objects.get().state == "dropped"


# --- sending ---


@pytest.mark.any_database
def test_the_mail_says_what_when_where_and_carries_an_invitation(event: EventPage) -> None:
    row = make_registration(event, name="Nguyễn Thị Hoa", email="hoa@example.vn")
    assert delivery.send_due(now=timezone.now()) == 1
    (letter,) = mail.outbox
    message = Message.objects.get()
    assert letter.extra_headers["Message-ID"] == f"<{message.key}@localhost>"
    assert letter.reply_to == ["xa@example.vn"]
    for words in (row.shown_code, "Dùng VNeID", "Nhà văn hóa thôn Mẫu 1", row.token, "0271 000 000"):
        assert words in letter.body, words
    html = letter.alternatives[0][0]
    assert 'lang="vi"' in html
    assert "<script" not in html
    (part,) = letter.attachments
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "REQUEST"
    assert (message.state, message.channel, message.attempts) == ("sent", "email", 1)


@pytest.mark.any_database
def test_markup_in_a_name_stays_words(event: EventPage) -> None:
    make_registration(event, name="<b>Hoa</b> {ma}", email="hoa@example.vn")
    delivery.send_due(now=timezone.now())
    assert "&lt;b&gt;Hoa&lt;/b&gt; {ma}" in mail.outbox[0].alternatives[0][0]
    assert "<b>Hoa</b> {ma}" in mail.outbox[0].body


@pytest.mark.any_database
def test_it_is_written_in_the_language_of_the_registration(event: EventPage) -> None:
    with translation.override("en"):
        make_registration(event, email="hoa@example.vn")
    delivery.send_due(now=timezone.now())
    assert mail.outbox[0].subject == "You have a seat: Dùng VNeID"
    assert "/en/dang-ky/xac-nhan/" in mail.outbox[0].body


def test_what_does_not_hold_any_more_is_not_sent(event: EventPage) -> None:
    row = make_registration(event, email="hoa@example.vn")
    cancel(row, now=timezone.now())
    delivery.send_due(now=timezone.now())
    assert [one.subject for one in mail.outbox] == ["Đã hủy đăng ký: Dùng VNeID"]
    assert mail.outbox[0].attachments[0].get_param("method") == "CANCEL"
    assert Message.objects.get(occasion="confirmed").state == "dropped"


@pytest.mark.any_database
def test_without_email_and_service_the_words_are_kept_for_a_call(
    event: EventPage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    first = make_registration(event, party_size=2)
    row = make_registration(event, phone="+84912345678")
    cancel(first, now=timezone.now())
    delivery.send_due(now=timezone.now())
    message = Message.objects.get(registration=row, occasion="moved_up")
    assert (message.state, message.needs_staff) == ("recorded", True)
    assert row.shown_code in message.text
    assert list(Message.objects.for_staff()) == [message]
    assert "912345678" not in caplog.text
    assert "912 345 678" not in caplog.text


class Dead(EmailBackend):
    """A mail server that is down, or refuses somebody, as told."""

    problem: Exception | None = None
    tries = 0

    def send_messages(self, letters: Any) -> int:
        type(self).tries += 1
        if self.problem is not None:
            raise self.problem
        return super().send_messages(letters)


@pytest.fixture
def server(settings: Any) -> type[Dead]:
    settings.EMAIL_BACKEND = f"{__name__}.Dead"
    Dead.problem, Dead.tries = ConnectionRefusedError("down"), 0
    return Dead


def test_a_dead_mail_server_delays_and_loses_nothing(event: EventPage, server: type[Dead]) -> None:
    for number in range(2):
        make_registration(event, email=f"a{number}@example.vn")
    now = timezone.now()
    assert delivery.send_due(now=now) == 0
    assert server.tries == 1, "the second message does not wait for a server that is down"
    first, second = Message.objects.order_by("pk")
    assert (first.state, first.attempts, second.attempts) == ("queued", 1, 0)
    assert (first.due_at - now) // MINUTE == 1
    assert "ConnectionRefusedError" in first.problem
    waits = []
    for _attempt in range(8):
        first.refresh_from_db()
        waits.append((first.due_at - now) // MINUTE)
        now = first.due_at
        delivery.send_due(now=now)
    assert waits == [1, 5, 15, 30, 60, 120, 240, 240]
    server.problem = None
    assert delivery.send_due(now=now + 5 * 60 * MINUTE) == 2
    assert sorted(one.to[0] for one in mail.outbox) == ["a0@example.vn", "a1@example.vn"]


def test_after_three_days_it_is_given_up_shown_and_may_be_sent_again(
    event: EventPage, server: type[Dead]
) -> None:
    make_registration(event, email="hoa@example.vn")
    now = timezone.now()
    delivery.send_due(now=now)
    delivery.send_due(now=now + 3 * DAY + MINUTE)
    message = Message.objects.get()
    assert (message.state, message.needs_staff) == ("failed", True)
    server.problem = None
    assert delivery.send_again(message, now=now + 4 * DAY)
    assert delivery.send_due(now=now + 4 * DAY) == 1
    assert len(mail.outbox) == 1


def test_what_was_never_tried_is_tried_once_however_late(event: EventPage) -> None:
    make_registration(event, email="hoa@example.vn")
    assert delivery.send_due(now=timezone.now() + 5 * DAY) == 1
    assert len(mail.outbox) == 1


@pytest.mark.any_database
def test_a_wrong_address_falls_back_to_the_telephone(event: EventPage, server: type[Dead]) -> None:
    server.problem = smtplib.SMTPRecipientsRefused({"hoa@example.vn": (550, b"no such user")})
    make_registration(event, email="hoa@example.vn")
    delivery.send_due(now=timezone.now())
    message = Message.objects.get()
    assert (message.state, message.channel) == ("recorded", "phone")
    assert "550" in message.problem


def test_a_fault_while_writing_is_tried_again_and_tells_no_names(
    event: EventPage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_registration(event, name="Nguyễn Thị Hoa", email="hoa@example.vn")

    def broken(*args: Any, **kwargs: Any) -> None:
        raise KeyError("x")

    with monkeypatch.context() as patch:
        patch.setattr("training_events.letters.write", broken)
        assert delivery.send_due(now=timezone.now()) == 0
    assert "could not be written" in caplog.text
    assert "Hoa" not in caplog.text
    assert delivery.send_due(now=timezone.now() + 2 * MINUTE) == 1


def test_a_claim_is_exclusive_until_its_lease_ends(event: EventPage) -> None:
    make_registration(event, email="hoa@example.vn")
    pk, now = Message.objects.get().pk, timezone.now()
    mine = delivery.claim(pk, now=now)
    assert mine
    assert delivery.claim(pk, now=now + MINUTE) is None
    theirs = delivery.claim(pk, now=now + delivery.LEASE)
    assert theirs
    message = Message.objects.get()
    # the first one wakes up: it has nothing to say any more
    assert not delivery._finish(message, mine, state="sent")
    assert delivery._finish(message, theirs, state="sent")


def test_a_worker_that_dies_while_sending_loses_nothing(event: EventPage) -> None:
    make_registration(event, email="hoa@example.vn")
    message, now = Message.objects.get(), timezone.now()
    assert delivery.claim(message.pk, now=now)
    # nobody hears of that worker again
    assert delivery.send_due(now=now + MINUTE) == 0
    assert delivery.send_due(now=now + delivery.LEASE) == 1
    (letter,) = mail.outbox
    assert letter.extra_headers["Message-ID"] == f"<{message.key}@localhost>"
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 2)


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_the_same(
    pool: SeatPool,  # noqa: F811 - the fixture
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = EventPage.objects.get(translation_key=pool.event_key)
    for number in range(6):
        make_registration(event, email=f"a{number}@example.vn")
    Message.objects.update(state="queued", attempts=0, finished_at=None, claim=None, leased_until=None)
    handed: list[str] = []
    lock = threading.Lock()

    def send(message: Message, letter: Any, line: Any = None) -> Any:
        with lock:
            handed.append(message.registration.email)
        return delivery.Receipt("x")

    monkeypatch.setattr("training_events.emails.send", send)
    with shared_database(tmp_path):
        at_once([lambda: delivery.send_due(now=timezone.now() + MINUTE)] * 4)
        (done,) = at_once([lambda: Message.objects.filter(state="sent").count()])
    assert sorted(handed) == [f"a{number}@example.vn" for number in range(6)]
    assert done == 6


# --- editors ---


@pytest.mark.any_database
def test_an_editor_may_use_other_words(event: EventPage, site: Site) -> None:
    event.message_texts = [
        MessageText(
            occasion="confirmed",
            subject="Chào {ten}: {lop}",
            body="Mang theo điện thoại.\n\nMã {ma}",
            sms="{ma} OK",
            locale=event.locale,
        )
    ]
    event = publish(event)
    row = make_registration(event, name="Hoa", email="hoa@example.vn")
    delivery.send_due(now=timezone.now())
    assert mail.outbox[0].subject == "Chào Hoa: Dùng VNeID"
    assert f"Mang theo điện thoại.\n\nMã {row.shown_code}" in mail.outbox[0].body
    assert row.token in mail.outbox[0].body, "link and facts stand there whatever an editor writes"


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("body", "Chào {tên}", "Không có chỗ điền {tên}. Chỉ dùng được: {ten}, {lop}"),
        ("sms", "Mã {ma", "bị thiếu một nửa"),
        ("subject", "Hai\ndòng", "chỉ gồm một dòng"),
    ],
)
def test_a_gap_that_does_not_exist_is_refused_in_words(field: str, text: str, words: str) -> None:
    row = MessageText(occasion="confirmed", **{field: text})
    with pytest.raises(ValidationError) as problem:
        row.clean()
    assert words in str(problem.value.message_dict[field])


@pytest.mark.any_database
def test_every_usual_text_is_sound_and_short_in_both_languages(event: EventPage) -> None:
    from training_events import letters, placeholders, texts, texts_about
    from training_events.channels import sms

    row = make_registration(event, name="Nguyễn Thị Hoa")
    for language in ("vi", "en"):
        for occasion, about in [*((one, "") for one in Occasion), *texts_about.SPECIAL]:
            with translation.override(language):
                usual = texts.usual(occasion, about=about)
                for text in (usual.subject, usual.body, usual.sms):
                    placeholders.check(text)
                    assert text
                message = Message(registration=row, occasion=occasion, version=1)
                letter = letters.compose(message, row, event, usual, with_accents=False)
            cost = sms.cost(letter.sms)
            assert cost.is_gsm, letter.sms
            assert cost.parts == 1, letter.sms
            assert "http" not in letter.sms


# --- staff ---


@pytest.fixture
def officer(client: Client, site: Site) -> Client:
    from django.contrib.auth.models import Group, Permission
    from wagtail.models import GroupPagePermission

    user = User.objects.create_user("xa", password="mat-khau-dai")
    group = Group.objects.create(name="xa")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(
        group=group, page=home_of(site), permission=Permission.objects.get(codename="change_page")
    )
    user.groups.add(group)
    client.force_login(user)
    return client


def test_staff_see_states_call_and_note_it(officer: Client, event: EventPage) -> None:
    first = make_registration(event, party_size=2)
    row = make_registration(event)
    cancel(first, now=timezone.now())
    delivery.send_due(now=timezone.now())
    address = f"/quan-tri/training-events/{event.pk}/messages/"
    page = officer.get(f"{address}?xem=can-goi").content.decode()
    assert "Chưa nối dịch vụ tin nhắn: hãy gọi điện." in page
    assert row.shown_code in page
    detail = officer.get(f"/quan-tri/training-events/{event.pk}/registrations/{row.pk}/").content.decode()
    assert "Chưa nối dịch vụ tin nhắn: hãy gọi điện." in detail
    message = Message.objects.get(registration=row, occasion="moved_up")
    answer = officer.post(address, {"message": message.pk, "action": "told", "back": "1"})
    assert answer.url.endswith(f"/registrations/{row.pk}/")
    message.refresh_from_db()
    assert (message.state, message.told_by) == ("told", "xa")
    assert officer.post(address, {"message": "x"}).status_code == 404


@pytest.mark.any_database
def test_the_preview_shows_the_draft_with_an_invented_person(officer: Client, event: EventPage) -> None:
    make_registration(event, name="Nguyễn Thị Hoa")
    event.message_texts = [MessageText(occasion="thanks", body="Lời trong bản nháp", locale=event.locale)]
    event.save_revision()
    page = officer.get(f"/quan-tri/training-events/{event.pk}/messages/preview/").content.decode()
    assert "Lời trong bản nháp" in page
    assert "Nguyễn Thị Mẫu" in page
    assert "Nguyễn Thị Hoa" not in page
    assert "tính tiền 1 tin" in page
    assert page.count("Tin nhắn</h3>") == len(Occasion)


def test_another_office_sees_nothing(officer: Client) -> None:
    other = make_event(make_office("da-kia.localhost", title="Xã Đa Kia"))
    row = make_registration(other)
    message = Message.objects.get(registration=row)
    base = f"/quan-tri/training-events/{other.pk}"
    for address in ("messages/", "messages/preview/", "opinions/"):
        assert officer.get(f"{base}/{address}").status_code in (302, 403)
    officer.post(f"{base}/messages/", {"message": message.pk, "action": "told"})
    message.refresh_from_db()
    assert message.state == "queued"


def test_the_command_plans_and_sends(event: EventPage, capsys: pytest.CaptureFixture[str]) -> None:
    from django.core.management import call_command

    make_registration(event, email="hoa@example.vn")
    call_command("send_messages")
    assert len(mail.outbox) == 1
    assert "1 messages finished" in capsys.readouterr().out
