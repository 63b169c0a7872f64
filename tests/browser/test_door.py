"""A clerk at a village hall: no network, two devices, a camera, a borrowed phone; and a browser without scripts."""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect
from wagtail.models import GroupPagePermission

from tests.browser.conftest import Server
from tests.browser.helpers import until
from tests.site.kinds import open_event
from training_events import qr
from training_events.forms.fields import communes
from training_events.models import (
    Attendance,
    EventPage,
    EventSession,
    Participant,
    Registration,
    SeatPool,
    SeatReserve,
)
from training_events.services import attendance, history
from training_events.services.attendance import Tap

pytestmark = pytest.mark.browser
OpenDoor = Callable[..., Any]


def session() -> EventSession:
    return open_event().session_rows[0]


def path() -> str:
    return f"/quan-tri/ban-don-tiep/{open_event().pk}/{session().translation_key}/"


def person(number: int) -> Participant:
    """Return the first participant of the ``number``-th party of the class with free seats, under a name of the land."""
    row = Registration.objects.filter(pool__event_key=open_event().translation_key).confirmed()[number]
    found = row.participants.get(position=1)
    found.name = ("Điểu Thị Hường", "Nguyễn Văn Đức", "Trần Thị Ễn")[number]
    found.save()
    return found


@pytest.fixture
def open_door(server: Server, new_page: Callable[..., Any]) -> OpenDoor:
    """A function that opens the door on a device of ``name``."""

    def build(name: str = "lan", *, script: str = "", **options: Any) -> Any:
        user = User.objects.filter(username=name).first() or User.objects.create_superuser(
            name, first_name=name.title()
        )
        client = Client()
        client.force_login(user)
        page = new_page(**options)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url("/")}
        page.context.add_cookies([cookie])
        if script:
            page.add_init_script(script)
        page.goto(server.url(path()))
        if options.get("java_script_enabled", True):
            page.wait_for_selector("[data-kept]", state="attached")
            expect(page.locator("[data-line]")).to_have_text("Đang có mạng. Đã lưu hết.")
        return page

    return build


def sign_in(page: Any, server: Server, name: str) -> None:
    """Let another account use this browser from now on."""
    user = User.objects.filter(username=name).first() or User.objects.create_superuser(
        name, first_name=name.title()
    )
    client = Client()
    client.force_login(user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url("/")}
    page.context.add_cookies([cookie])


def row(page: Any, name: str) -> Any:
    return page.locator(".door-row", has_text=name)


def line(page: Any) -> Any:
    return page.locator("[data-line]")


def kept_lists(page: Any) -> int:
    """Return how many rows the browser keeps in its database of the door; -1 where there is none."""
    return int(
        page.evaluate(
            """async () => {
              if (!(await indexedDB.databases()).some((one) => one.name === "ban-don-tiep")) return -1;
              const ask = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
              const db = await ask(indexedDB.open("ban-don-tiep"));
              const count = await ask(db.transaction("lists").objectStore("lists").count());
              db.close();
              return count;
            }"""
        )
    )


def test_checking_in_without_network_and_afterwards_with_it(open_door: OpenDoor) -> None:
    first, second, third = (person(number) for number in range(3))
    page = open_door()
    before = Registration.objects.count()
    page.context.set_offline(True)
    page.reload()
    # the page and the list come from the device
    expect(line(page)).to_contain_text("Mất mạng")
    page.get_by_label("Tên, số điện thoại hoặc mã").fill("huong dieu")
    expect(page.locator(".door-row")).to_have_count(1)
    row(page, first.name).get_by_role("button", name="Có mặt").click()
    expect(row(page, first.name)).to_contain_text("chưa gửi")
    page.get_by_label("Tên, số điện thoại hoặc mã").fill(second.registration.shown_code.lower())
    row(page, second.name).get_by_role("button", name="Có mặt").click()
    row(page, second.name).get_by_role("button", name="Hoàn tác").click()
    expect(row(page, second.name).get_by_role("button", name="Có mặt")).to_be_visible()
    page.get_by_label("Tên, số điện thoại hoặc mã").fill("en tran")
    row(page, third.name).get_by_role("button", name="Có mặt").click()
    page.get_by_text("Chưa đăng ký? Nhập ở đây").click()
    page.get_by_label("Họ và tên").fill("Lê Văn Tới")
    page.get_by_label("Cán bộ đã đọc và người đăng ký đồng ý").check()
    page.get_by_role("button", name="Ghi người này").click()
    # one entered by mistake is taken back: it never leaves the device
    page.get_by_text("Chưa đăng ký? Nhập ở đây").click()
    page.get_by_label("Họ và tên").fill("Lê Văn Nhầm")
    page.get_by_label("Cán bộ đã đọc và người đăng ký đồng ý").check()
    page.get_by_role("button", name="Ghi người này").click()
    page.get_by_label("Tên, số điện thoại hoặc mã").fill("nham")
    row(page, "Lê Văn Nhầm").get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("[data-last]")).to_have_text("Đã bỏ Lê Văn Nhầm khỏi danh sách.")
    expect(row(page, "Lê Văn Nhầm")).to_have_count(0)
    expect(line(page)).to_contain_text("5 lượt đang chờ")
    assert not Attendance.objects.filter(session_key=session().translation_key).exists()
    # a page that is closed and opened again loses nothing
    page.reload()
    expect(line(page)).to_contain_text("5 lượt đang chờ")

    # meanwhile a colleague with network checks one of them in
    other, now = User.objects.create_superuser("binh", first_name="Bình"), timezone.now()
    attendance.check_in(
        third, session().translation_key, Tap(uuid.uuid4().hex, now), now=now, by=history.staff(other)
    )
    page.context.set_offline(False)
    expect(line(page)).to_have_text("Đang có mạng. Đã lưu hết.", timeout=20_000)
    expect(page.locator("[data-trouble]")).to_contain_text("Trần Thị Ễn")
    expect(page.locator("[data-trouble]")).to_contain_text("Tính theo lần đầu")
    page.get_by_role("button", name="Bỏ mục này").click()
    expect(page.locator("[data-trouble]")).to_be_hidden()
    expect(page.locator("[data-count=present]")).to_have_text("3")
    rows = Attendance.objects.filter(session_key=session().translation_key)
    assert sorted(rows.values_list("participant__name", flat=True)) == sorted(
        [first.name, third.name, "Lê Văn Tới"]
    )
    # the tap without network was the first
    assert rows.get(participant=third).user_name == "Lan"
    assert Registration.objects.count() == before + 1
    assert Registration.objects.latest("pk").source == "walk_in"


def test_a_lost_answer_and_an_impatient_thumb_give_one_attendance(open_door: OpenDoor) -> None:
    someone = person(0)
    page = open_door()
    lost: list[Any] = []

    def swallow(route: Any) -> None:
        """Let the request reach the server and throw its answer away, twice."""
        if len(lost) < 2:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.context.route(re.compile("/dong-bo/$"), swallow)
    page.get_by_label("Tên, số điện thoại hoặc mã").fill("huong")
    row(page, someone.name).get_by_role("button", name="Có mặt").dblclick()
    until(page, lambda: len(lost) == 1)
    expect(line(page)).to_contain_text("Mất mạng")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(page, lambda: len(lost) == 2)
    expect(line(page)).to_contain_text("Mất mạng")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(line(page)).to_have_text("Đang có mạng. Đã lưu hết.")
    assert Attendance.objects.filter(participant=someone).count() == 1


#: What a newer phone brings along, in the shape of its interface; jsQR does the reading.
DETECTOR = """
      globalThis.asked = 0;
      globalThis.BarcodeDetector = class {
        static async getSupportedFormats() { return ["qr_code"]; }
        async detect(video) {
          globalThis.asked += 1;
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
          const context = canvas.getContext("2d");
          context.drawImage(video, 0, 0);
          await import("/static/js/vendor/jsQR.js");
          const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
          const found = globalThis.jsQR(data, width, height);
          return found ? [{ rawValue: found.data }] : [];
        }
      };
"""


@pytest.mark.parametrize("detector", ["", DETECTOR], ids=["jsQR", "BarcodeDetector"])
def test_a_code_is_read_by_the_camera(open_door: OpenDoor, detector: str) -> None:
    """The camera is a canvas that shows the badge of one and then the slip of another; the decoder is the real one."""
    first, second = person(0), person(1)
    pictures = [qr.svg(qr.for_person(first.key)), qr.svg(qr.for_registration(second.registration.code))]
    addresses = [f"data:image/svg+xml;base64,{base64.b64encode(one.encode()).decode()}" for one in pictures]
    script = f"""
      {detector or "delete globalThis.BarcodeDetector;"}
      const pictures = {addresses!r};
      navigator.mediaDevices.getUserMedia = async () => {{
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = 480;
        const context = canvas.getContext("2d");
        const show = async (number) => {{
          const image = new Image(360, 360);
          image.src = pictures[number];
          await image.decode();
          context.fillStyle = "#fff";
          context.fillRect(0, 0, 480, 480);
          context.drawImage(image, 60, 60, 360, 360);
        }};
        globalThis.showPicture = show;
        await show(0);
        const stream = canvas.captureStream(10);
        setInterval(() => context.fillRect(0, 0, 1, 1), 100);
        return stream;
      }};
    """
    page = open_door(script=script)
    page.get_by_role("button", name="Quét mã QR").click()
    expect(page.locator("[data-last]")).to_have_text(f"{first.name}: có mặt.")
    page.evaluate("showPicture(1)")
    expect(page.locator("[data-last]")).to_have_text(f"{second.name}: có mặt.")
    page.get_by_role("button", name="Tắt máy ảnh").click()
    expect(page.locator("[data-count=present]")).to_have_text("2")
    expect(line(page)).to_have_text("Đang có mạng. Đã lưu hết.")
    rows = Attendance.objects.filter(participant__in=[first, second])
    assert set(rows.values_list("way", flat=True)) == {"qr"}
    assert page.evaluate("globalThis.asked > 0") is bool(detector)


def test_a_list_that_breaks_off_midway_settles_what_was_done(open_door: OpenDoor) -> None:
    """On a weak line the short answer to a tap arrives and the list does not: the tap is done, and is not sent again."""
    someone = person(0)
    page = open_door()
    sent: list[int] = []

    def break_off(route: Any) -> None:
        asked = route.request.post_data_json
        sent.append(len(asked["actions"]))
        if asked["known"] is None:
            route.continue_()
        else:
            answer = route.fetch()
            route.fulfill(response=answer, body=answer.body()[:-20])

    page.context.route(re.compile("/dong-bo/$"), break_off)
    page.get_by_label("Tên, số điện thoại hoặc mã").fill("huong")
    row(page, someone.name).get_by_role("button", name="Có mặt").click()
    expect(line(page)).to_have_text("Mất mạng. Anh/chị cứ làm tiếp: 0 lượt đang chờ, có mạng máy tự gửi.")
    assert sent == [1, 0]
    expect(row(page, someone.name)).to_contain_text("Có mặt lúc")
    expect(row(page, someone.name)).not_to_contain_text("chưa gửi")
    page.reload()
    expect(row(page, someone.name)).to_contain_text("Có mặt lúc")
    page.context.unroute_all(behavior="wait")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(line(page)).to_have_text("Đang có mạng. Đã lưu hết.")
    assert sum(sent) == 1
    assert Attendance.objects.filter(participant=someone).count() == 1


def enter(page: Any, name: str, phone: str = "", *, calls: bool = False, commune: str = "") -> None:
    """Enter somebody who stands at the door, or calls."""
    page.get_by_text("Chưa đăng ký? Nhập ở đây").click()
    if calls:
        page.get_by_label("Gọi điện đến").check()
    page.get_by_label("Họ và tên").fill(name)
    page.locator("#khach-so").fill(phone)
    if commune:
        page.get_by_label("Xã", exact=False).select_option(label=commune)
    page.get_by_label("Cán bộ đã đọc và người đăng ký đồng ý").check()
    page.get_by_role("button", name="Ghi người này").click()


def test_digits_find_people_and_a_call_is_taken_meanwhile(open_door: OpenDoor) -> None:
    someone = person(0)
    someone.registration.phone = "+84912345678"
    someone.registration.save()
    page = open_door()
    box = page.get_by_label("Tên, số điện thoại hoặc mã")
    # the last digits, and a whole number of which the device has only these
    for words in ("5678", "0912 345 678"):
        box.fill(words)
        expect(page.locator(".door-row")).to_have_count(1)
        expect(row(page, someone.name)).to_contain_text("…5678")
    box.fill("0987 654 321")
    expect(page.locator(".door-row")).to_have_count(0)
    enter(page, "Lê Thị Gọi", calls=True)
    expect(page.locator("[data-last]")).to_contain_text("số điện thoại")
    page.locator("#khach-so").fill("0987 654 321")
    page.get_by_role("button", name="Ghi người này").click()
    expect(row(page, "Lê Thị Gọi")).to_contain_text("…4321")
    until(page, lambda: Registration.objects.filter(contact_name="Lê Thị Gọi").exists())
    found = Registration.objects.get(contact_name="Lê Thị Gọi")
    assert (found.source, found.phone) == ("phone", "+84987654321")
    expect(row(page, "Lê Thị Gọi")).to_contain_text(found.code)
    assert not Attendance.objects.filter(participant__registration=found).exists()
    assert "0987" not in page.url


def fill_the_class(held_for: Any = None) -> None:
    """Leave no free seat but one that is held back for a commune."""
    pool = SeatPool.objects.get(event_key=open_event().translation_key)
    SeatReserve.objects.filter(pool=pool).delete()
    pool.held, pool.capacity, pool.held_until = 0, pool.taken, None
    if held_for:
        SeatReserve.objects.create(
            pool=pool, key=uuid.uuid4(), label=held_for.name, place_key=held_for.translation_key, capacity=1
        )
        pool.held, pool.capacity = 1, pool.taken + 1
    pool.save()


def test_a_seat_held_back_is_given_to_whom_it_is_held_for_and_a_refusal_is_lost_to_nobody(
    open_door: OpenDoor, server: Server
) -> None:
    place = communes()[0]
    fill_the_class(held_for=place)
    page = open_door()
    expect(page.locator("[data-count=free]")).to_have_text("0")
    enter(page, "Điểu Thị Xa", commune=str(place))
    expect(page.locator("[data-last]")).to_contain_text("Theo danh sách trên máy thì đã hết chỗ")
    expect(line(page)).to_have_text("Đang có mạng. Đã lưu hết.")
    assert Registration.objects.get(contact_name="Điểu Thị Xa").status == "confirmed"
    expect(page.locator("[data-trouble]")).to_be_hidden()
    # the next one is refused: the entry exists on this device only
    enter(page, "Lê Văn Thừa", "0987 654 321")
    expect(page.locator("[data-trouble]")).to_contain_text("Lê Văn Thừa: Đã hết chỗ.")
    expect(page.locator("[data-last]")).to_be_hidden()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Xong, xóa khỏi máy này").click()
    until(page, lambda: len(asked) == 1)
    assert "Còn 1 lượt" in asked[0]
    page.goto(server.url("/quan-tri/"))
    page.evaluate("document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    until(page, lambda: len(asked) == 2)
    assert "còn 1 lượt" in asked[1]
    # a colleague on the same device reads no name, but who has to look
    sign_in(page, server, "binh")
    page.goto(server.url(path()))
    expect(page.locator("[data-trouble]")).to_contain_text("Còn 1 lượt của Lan chưa ghi được")
    expect(page.locator("main")).not_to_contain_text("Lê Văn Thừa")
    sign_in(page, server, "lan")
    page.goto(server.url(path()))
    reason = page.locator("[data-trouble]").get_by_label("Lý do")
    reason.fill("Trưởng thôn,")
    # the device speaks with the server now and then: who types a reason meanwhile loses nothing of it
    with page.expect_response(re.compile("/dong-bo/$")):
        page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(line(page)).to_have_text("Đang có mạng. Đã lưu hết.")
    page.wait_for_timeout(200)
    reason.press_sequentially(" phải dự")
    assert reason.input_value() == "Trưởng thôn, phải dự"
    page.get_by_role("button", name="Gửi lại").click()
    expect(page.locator("[data-trouble]")).to_be_hidden()
    expect(line(page)).to_have_text("Đang có mạng. Đã lưu hết.")
    assert Registration.objects.get(contact_name="Lê Văn Thừa").status == "confirmed"


def test_the_line_says_all_saved_only_once_the_entry_of_this_moment_has_arrived(open_door: OpenDoor) -> None:
    someone = person(0)
    page = open_door()
    page.get_by_label("Tên, số điện thoại hoặc mã").fill("huong")
    expect(row(page, someone.name)).to_have_count(1)
    said = page.evaluate(
        """() => {
          document.querySelector(".door-row [data-in]").click();
          return document.querySelector("[data-line]").textContent;
        }"""
    )
    assert said == "Đang gửi 1 lượt …"
    expect(line(page)).to_have_text("Đang có mạng. Đã lưu hết.")
    assert Attendance.objects.filter(participant=someone).count() == 1


def test_entries_for_a_class_of_somebody_else_say_who_has_to_sign_in(
    open_door: OpenDoor, server: Server
) -> None:
    someone = person(0)
    page = open_door()
    page.context.set_offline(True)
    page.get_by_label("Tên, số điện thoại hoặc mã").fill("huong")
    row(page, someone.name).get_by_role("button", name="Có mặt").click()
    expect(line(page)).to_contain_text("1 lượt đang chờ")
    page.context.route(re.compile("/dong-bo/$"), lambda route: route.abort())
    page.context.set_offline(False)
    # Bình may edit one class only, and that is another one
    other = EventPage.objects.exclude(pk=open_event().pk).live().filter(sessions__isnull=False).first()
    group = Group.objects.create(name="một lớp")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    permission = Permission.objects.get(codename="change_page", content_type__app_label="wagtailcore")
    GroupPagePermission.objects.create(group=group, page=other, permission=permission)
    user = User.objects.create_user("binh", first_name="Bình")
    user.groups.add(group)
    sign_in(page, server, "binh")
    page.context.unroute_all(behavior="wait")
    page.goto(
        server.url(f"/quan-tri/ban-don-tiep/{other.pk}/{other.specific.session_rows[0].translation_key}/")
    )
    expect(line(page)).to_contain_text("còn 1 lượt của Lan chưa gửi được")
    expect(line(page)).not_to_contain_text("đăng xuất")
    assert not Attendance.objects.filter(participant=someone).exists()
    sign_in(page, server, "lan")
    page.goto(server.url(path()))
    expect(line(page)).to_have_text("Đang có mạng. Đã lưu hết.")
    assert Attendance.objects.filter(participant=someone).count() == 1


def test_a_borrowed_phone_keeps_nothing(open_door: OpenDoor, server: Server) -> None:
    page = open_door()
    assert kept_lists(page) == 1
    page.get_by_role("button", name="Xong, xóa khỏi máy này").click()
    expect(page.locator("main")).to_have_text("Đã xóa hết khỏi máy này.")
    assert kept_lists(page) == -1
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    # signing out does the same, without having been asked to
    page.goto(server.url(path()))
    page.wait_for_selector("[data-kept]", state="attached")
    expect(line(page)).to_have_text("Đang có mạng. Đã lưu hết.")
    assert kept_lists(page) == 1
    page.goto(server.url("/quan-tri/"))
    assert page.evaluate("navigator.serviceWorker.controller === null")
    page.evaluate("document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    page.wait_for_url(re.compile("/login/"))
    assert kept_lists(page) == -1


def test_the_door_without_scripts(open_door: OpenDoor) -> None:
    someone = person(0)
    page = open_door(java_script_enabled=False)
    page.get_by_label("Tên, số điện thoại hoặc mã").fill("dieu thi huong")
    page.get_by_role("button", name="Tìm kiếm").click()
    row(page, someone.name).get_by_role("button", name="Có mặt").click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    expect(row(page, someone.name)).to_contain_text("Có mặt lúc")
    assert Attendance.objects.filter(participant=someone).count() == 1
    row(page, someone.name).get_by_role("button", name="Hoàn tác").click()
    expect(row(page, someone.name).get_by_role("button", name="Có mặt")).to_be_visible()
    assert not Attendance.objects.filter(participant=someone).exists()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_targets_are_large_and_nothing_overflows(open_door: OpenDoor, width: int) -> None:
    page = open_door(viewport={"width": width, "height": 844})
    page.get_by_text("Chưa đăng ký? Nhập ở đây").click()
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, select, summary, input:not([type=hidden])")]
          .filter((one) => one.offsetParent && !one.matches(".skip-link, [type=radio], [type=checkbox]"))
          .map((one) => [one.textContent.trim() || one.name, one.getBoundingClientRect()])
          .filter(([, box]) => box.height < 44 || box.width < 44).map(([text]) => text)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
