"""What is found, in which order, on the database that the tests run on."""

import datetime
import unicodedata
from typing import Any

import pytest
from django.core.management import call_command
from wagtail.models import PageViewRestriction, Site

from core.models import ContentPage
from search import services
from search.engines.base import Filters, SearchQuery, SearchResults
from search.models import LexiconEntry, PageText
from tests.factories.core import (
    make_audience,
    make_locale,
    make_office,
    make_pillar,
    make_place,
    make_topic,
)
from tests.factories.training_events import make_event, publish
from tests.search.helpers import add, article, past

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("weighing")]


@pytest.fixture
def site() -> Site:
    return make_office(languages=("vi", "en"))


def ask(site: Site, text: str, language: str = "vi", **filters: object) -> SearchResults:
    return services.search(SearchQuery(text, site, language, Filters(**filters)))  # type: ignore[arg-type]


def titles(site: Site, text: str, language: str = "vi", **filters: object) -> list[str]:
    return [result.card.title for result in ask(site, text, language, **filters).results]


@pytest.mark.parametrize(
    "typed",
    [
        "dịch vụ công",
        "dich vu cong",
        "DỊCH VỤ CÔNG",
        unicodedata.normalize("NFD", "dịch vụ công"),
        "dich vụ cong",
        "dịch\u00a0vụ công",
        '"dịch vụ công"',
        "dichvu cong",
    ],
)
def test_a_page_is_found_however_it_is_typed(site: Site, typed: str) -> None:
    add(site, "Nộp hồ sơ qua Cổng dịch vụ công", "Không phải đi lại.")
    add(site, "Giá hạt điều", "Thu mua tại xã.")
    assert titles(site, typed) == ["Nộp hồ sơ qua Cổng dịch vụ công"]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("dang ky", "Đăng ký tập huấn"),
        ("đăng ký", "Dang ky tap huan"),
        ("hoà giải", "Tổ hòa giải"),
        ("Đăk Ơ", "Xã Đắk Ơ"),
    ],
)
def test_d_with_and_without_bar_and_other_placements_meet(site: Site, typed: str, title: str) -> None:
    add(site, title)
    add(site, "Giá hạt điều")
    assert titles(site, typed) == [title]


def test_the_very_marks_rank_above_others(site: Site) -> None:
    add(site, "Chuyện bạn hàng ở chợ")
    add(site, "Bán hàng trên mạng")
    add(site, "Ban hang tren mang")
    for number in range(5):
        add(site, f"Trang khác {number}", "Nội dung không liên quan.")
    found = titles(site, "bán hàng")
    assert found[0] == "Bán hàng trên mạng"
    assert "Ban hang tren mang" in found[1:]


def test_a_single_word_finds_its_very_marks_first(site: Site) -> None:
    add(site, "Bưởi da xanh")
    add(site, "Buổi tập huấn")
    for number in range(5):
        add(site, f"Trang khác {number}")
    assert titles(site, "buổi") == ["Buổi tập huấn", "Bưởi da xanh"]
    assert titles(site, "bưởi") == ["Bưởi da xanh", "Buổi tập huấn"]


def test_title_and_introduction_weigh_more_than_the_body(site: Site) -> None:
    filler = "Bà con nộp giấy tờ tại bộ phận một cửa của xã trong giờ hành chính. " * 3
    add(site, "Giấy tờ cần mang", filler + "Có thể hỏi về khai sinh.")
    add(site, "Tin trong tuần", filler, intro="Xã đón nhiều gia đình đến khai sinh.")
    add(site, "Khai sinh cho trẻ", filler)
    for number in range(8):
        add(site, f"Trang khác {number}", filler)
    assert titles(site, "khai sinh") == ["Khai sinh cho trẻ", "Tin trong tuần", "Giấy tờ cần mang"]


def test_a_long_question_finds_what_answers_most_of_it(site: Site) -> None:
    add(site, "Đăng ký khai sinh trực tuyến", "Cha mẹ chuẩn bị giấy chứng sinh.")
    add(site, "Giá hạt điều tuần này", "Thương lái thu mua tại vườn.")
    for number in range(5):
        add(site, f"Trang khác {number}")
    assert titles(site, "làm sao để đăng ký khai sinh cho con mà không phải lên xã") == [
        "Đăng ký khai sinh trực tuyến"
    ]


@pytest.mark.parametrize(
    "typed", ["xyzzy plugh", "qwrtpsdf", "🌾🌾🌾", "!!! ???", "con khủng long biết bay", "\u0301\u0323"]
)
def test_nonsense_finds_nothing(site: Site, typed: str) -> None:
    add(site, "Con đường mới mở", "Bà con biết tin từ loa. Máy bay phun thuốc cho vườn điều.")
    add(site, "Giá hạt điều", "Thương lái thu mua tại vườn.")
    assert ask(site, typed).total == 0


def test_topics_and_places_of_a_page_are_found(site: Site) -> None:
    place = make_place("Bù Gia Mập", aliases="Bu Gia Map\nBù Gia Mâp")
    add(site, "Tin cơ sở", places=[place])
    add(site, "Giá hạt điều")
    assert titles(site, "bu gia map") == ["Tin cơ sở"]


def test_filters_combine_and_kinds_are_counted(site: Site) -> None:
    topic, place, pillar = make_topic("An toàn trực tuyến"), make_place("Đa Kia"), make_pillar()
    article(site, "Cảnh giác lừa đảo ở chợ", topics=[topic], places=[place], pillar=pillar)
    article(site, "Cảnh giác lừa đảo qua điện thoại", topics=[topic])
    add(site, "Quy trình báo lừa đảo", places=[place])
    assert ask(site, "lừa đảo").total == 3
    assert ask(site, "lừa đảo").counts.kind == {"bai-viet": 2, "trang": 1}
    assert titles(site, "lừa đảo", topic=topic.pk, place=place.pk) == ["Cảnh giác lừa đảo ở chợ"]
    assert titles(site, "lừa đảo", pillar=pillar.pk) == ["Cảnh giác lừa đảo ở chợ"]
    narrowed = ask(site, "lừa đảo", kind="trang")
    assert [result.card.title for result in narrowed.results] == ["Quy trình báo lừa đảo"]
    assert (narrowed.total, narrowed.counts.kind) == (1, {"bai-viet": 2, "trang": 1})
    assert ask(site, "", topic=topic.pk).total == 2


def test_audience_days_and_registration_narrow_alone_and_together(site: Site) -> None:
    farmers, asked = make_audience("Nông dân"), "dùng điện thoại"
    old = article(site, "Dùng điện thoại bán điều", published_on=datetime.date(2023, 5, 1))
    old.audiences.set([farmers])
    old.save()
    old.save()  # as in tests.search.helpers.add
    article(site, "Dùng điện thoại an toàn", published_on=datetime.date(2024, 5, 1))
    publish(make_event(site, "Lớp dùng điện thoại", audiences=[farmers]))
    publish(make_event(site, "Lớp dùng điện thoại đã xong", days=-30, audiences=[farmers]))
    year = {"since": datetime.date(2023, 1, 1), "until": datetime.date(2023, 12, 31)}
    assert ask(site, asked).total == 4
    assert titles(site, asked, **year) == ["Dùng điện thoại bán điều"]
    assert titles(site, asked, open=True) == ["Lớp dùng điện thoại"]
    assert titles(site, asked, open=True, **year) == []
    found = ask(site, asked, audience=farmers.pk)
    assert (found.total, found.counts.kind, found.counts.open) == (3, {"bai-viet": 1, "tap-huan": 2}, 1)
    assert titles(site, asked, audience=farmers.pk, kind="tap-huan", open=True) == ["Lớp dùng điện thoại"]
    newest = services.search(SearchQuery(asked, site, "vi", sort="date"))
    assert [result.card.title for result in newest.results] == [
        "Lớp dùng điện thoại",
        "Lớp dùng điện thoại đã xong",
        "Dùng điện thoại an toàn",
        "Dùng điện thoại bán điều",
    ]


def test_an_abbreviation_of_staff_works_both_ways_in_their_office(site: Site) -> None:
    other = make_office("da-kia.localhost", title="Xã Đa Kia")
    for office in (site, other):
        add(office, "Lịch mở kho lương thực", "Mỗi sáng thứ hai.")
        add(office, "Sửa cổng KHLT", "Xe lớn đi cổng sau.")
        add(office, "Giá hạt điều")
    assert titles(site, "KHLT") == ["Sửa cổng KHLT"]
    entry = {"kind": LexiconEntry.Kind.ABBREVIATION, "said": "KHLT", "means": "kho lương thực"}
    LexiconEntry.objects.create(site=site, **entry)
    assert sorted(titles(site, "khlt")) == ["Lịch mở kho lương thực", "Sửa cổng KHLT"]
    assert sorted(titles(site, "kho lương thực")) == ["Lịch mở kho lương thực", "Sửa cổng KHLT"]
    assert titles(other, "KHLT") == ["Sửa cổng KHLT"]


def test_pages_follow_one_another(site: Site) -> None:
    for number in range(5):
        add(site, f"Lớp tập huấn {number}")
    pages = [
        services.search(SearchQuery("tập huấn", site, "vi", page=number, size=2)) for number in (1, 2, 3)
    ]
    assert [len(page.results) for page in pages] == [2, 2, 1]
    assert {page.total for page in pages} == {5}
    assert len({result.page_id for page in pages for result in page.results}) == 5


def test_offices_and_languages_are_apart() -> None:
    office = make_office(languages=("vi", "en"), title="Huyện")
    commune = make_office("da-kia.localhost", languages=("vi", "en"), title="Xã", shares_from=office)
    for site, name in ((office, "huyện"), (commune, "xã")):
        add(site, f"Chuyển đổi số {name}", "Từ khóa: robot")
        add(site, f"Digital change {name}", "Keyword: robot", language="en")
    add(office, "Chuyển đổi số dùng chung", "Từ khóa: robot", shared=True)
    assert sorted(titles(office, "robot")) == ["Chuyển đổi số dùng chung", "Chuyển đổi số huyện"]
    assert titles(office, "robot", "en") == ["Digital change huyện"]
    assert sorted(titles(commune, "robot")) == ["Chuyển đổi số dùng chung", "Chuyển đổi số xã"]
    assert titles(commune, "robot", "en") == ["Digital change xã"]
    assert ask(commune, "robot").total == 2
    shared = next(r for r in ask(commune, "robot").results if "chung" in r.card.title)
    assert shared.card.url.startswith("http://localhost/")
    assert shared.card.source_label == "Huyện"
    assert next(r for r in ask(office, "robot").results if "chung" in r.card.title).card.source_label == ""


def test_what_is_not_public_never_shows_and_never_counts(site: Site) -> None:
    add(site, "Bản nháp về robot", live=False)
    private = add(site, "Trang riêng về robot")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    add(site, "Hết hạn robot", expire_at=past())
    gone = add(site, "Đã gỡ robot")
    gone.unpublish()
    deleted = add(site, "Đã xóa robot")
    deleted.delete()
    add(site, "Robot hái điều")
    found = ask(site, "robot")
    assert [result.card.title for result in found.results] == ["Robot hái điều"]
    assert (found.total, found.counts.kind) == (1, {"trang": 1})


def test_a_saved_page_is_found_by_its_new_text_only(site: Site) -> None:
    page = add(site, "Tin chợ phiên", "Chợ họp thứ bảy.")
    page.body = [("paragraph", "<p>Chợ họp ngày rằm.</p>")]
    page.save_revision().publish()
    assert titles(site, "ngày rằm") == ["Tin chợ phiên"]
    assert titles(site, "thứ bảy") == []
    assert PageText.objects.get(page=page).text == "Chợ họp ngày rằm."


def test_what_is_written_but_not_published_is_in_no_result(site: Site) -> None:
    page = add(site, "Tin chợ phiên", "Chợ họp thứ bảy.")
    page.title, page.intro = "Tin robot", "Robot bán hàng."
    page.body = [("paragraph", "<p>Robot họp ngày rằm.</p>")]
    page.save_revision()
    found = ask(site, "robot")
    assert (found.total, found.results, found.did_you_mean, found.asked_instead) == (0, [], "", "")
    assert titles(site, "chợ phiên thứ bảy") == ["Tin chợ phiên"]
    assert "obot" not in PageText.objects.get(page=page).text
    # the page is indexed again for another reason
    page.get_latest_revision_as_object().save_revision()
    type(page).objects.get(pk=page.pk).save()
    assert ask(site, "robot").total == 0


def test_a_published_page_is_indexed_with_its_relations(
    site: Site, django_capture_on_commit_callbacks: Any
) -> None:
    page = add(site, "Tin cơ sở", live=False)
    page.places.set([make_place("Phú Nghĩa")])
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    assert titles(site, "phu nghia") == ["Tin cơ sở"]


def test_the_index_can_be_rebuilt(site: Site) -> None:
    page = add(site, "Cây cao su", "Mủ cao su tươi.")
    gone = add(site, "Cây tiêu")
    ContentPage.objects.filter(pk=page.pk).update(intro="Vườn cây của hợp tác xã.")
    PageText.objects.all().delete()
    gone_id = gone.pk
    call_command("wagtail_update_index", verbosity=0)
    assert titles(site, "vườn cây hợp tác xã") == ["Cây cao su"]
    assert PageText.objects.filter(page_id=gone_id).exists()
    gone.delete()
    assert not PageText.objects.filter(page_id=gone_id).exists()
    assert titles(site, "cây tiêu") == []


def test_a_passage_shows_the_match(site: Site) -> None:
    add(site, "Tin tuần", "Mở đầu không có gì. " * 20 + "Bà con <b>đăng ký</b> lớp & nhận giấy mời tại xã.")
    [result] = ask(site, "dang ky lop").results
    assert "<mark>đăng ký lớp</mark> &amp; nhận" in result.excerpt
    assert result.excerpt.startswith("… ")


def test_locale_of_a_translation_names_its_kind(site: Site) -> None:
    make_locale("en")
    add(site, "Lịch tiếp công dân")
    assert ask(site, "tiếp công dân").results[0].card.kind_label
