"""Was this helpful? Counted without identity; staff read what concerns their own office."""

import datetime
import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, PageViewRestriction, Site

from guides.models import GuidePage, OpinionComment, OpinionCount
from guides.services import opinions
from tests.factories.core import home_of, make_office
from tests.factories.guides import make_guide, make_guide_index

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide(site: Site) -> GuidePage:
    return make_guide(make_guide_index(site), slug="vneid", title="Kích hoạt VNeID")


def form_url(guide: GuidePage) -> str:
    return f"/huong-dan/y-kien/{guide.pk}/"


def test_the_guide_leads_to_the_form_without_a_cookie(client: Client, guide: GuidePage) -> None:
    response = client.get("/huong-dan/vneid/")
    text = response.content.decode()
    assert f'<form class="button-row" method="get" action="{form_url(guide)}">' in text
    assert "csrfmiddlewaretoken" not in text
    assert not response.cookies
    assert "public" in response["Cache-Control"]


def test_the_form_marks_the_answer_and_is_never_cached(client: Client, guide: GuidePage) -> None:
    response = client.get(form_url(guide), {"y": "co"})
    assert re.search(r'<input type="radio" name="helpful" value="co"[^>]* checked', response.content.decode())
    assert "no-store" in response["Cache-Control"]
    assert "checked" not in client.get(form_url(guide), {"y": "khac\x00"}).content.decode()


def test_an_answer_is_counted_by_day_and_leads_on(guide: GuidePage) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(form_url(guide))
    token = client.cookies["csrftoken"].value
    for answer, remark in (("co", ""), ("co", "  Dễ hiểu. "), ("chua", "Hình nhỏ quá")):
        data = {"helpful": answer, "remark": remark, "csrfmiddlewaretoken": token}
        response = client.post(form_url(guide), data)
        assert response.status_code == 302
        assert response["Location"] == f"{form_url(guide)}cam-on/"
    (row,) = OpinionCount.objects.all()
    assert (row.day, row.yes, row.no) == (timezone.localdate(), 2, 1)
    assert set(OpinionComment.objects.values_list("helpful", "text")) == {
        (True, "Dễ hiểu."),
        (False, "Hình nhỏ quá"),
    }
    thanks = client.get(f"{form_url(guide)}cam-on/").content.decode()
    assert "Cảm ơn anh/chị đã trả lời" in thanks
    assert 'href="/huong-dan/vneid/"' in thanks


def test_nothing_about_the_reader_has_a_column() -> None:
    columns = {field.name for model in (OpinionCount, OpinionComment) for field in model._meta.get_fields()}
    assert columns == {"id", "page", "day", "yes", "no", "helpful", "text"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Anh/chị chọn một trong hai câu trả lời."),
        ({"helpful": "khac"}, "Anh/chị chọn một trong hai câu trả lời."),
        ({"helpful": "co", "remark": "x" * 501}, "Anh/chị viết ngắn lại còn 500 ký tự (hiện có 501)."),
        ({"helpful": "co", "remark": "a\x00b"}, "field__error"),
    ],
)
def test_mistakes_are_named_and_nothing_is_lost(
    client: Client, guide: GuidePage, data: dict[str, str], words: str
) -> None:
    response = client.post(form_url(guide), data)
    assert response.status_code == 422
    text = response.content.decode()
    assert words in text
    if len(data.get("remark", "")) > 500:
        assert data["remark"] in text
    assert not OpinionCount.objects.exists()


def test_programs_that_fill_in_every_field_are_not_counted(client: Client, guide: GuidePage) -> None:
    response = client.post(
        form_url(guide), {"helpful": "co", "remark": "Mua ngay", "website": "https://x.example"}
    )
    assert response.status_code == 302
    assert not OpinionCount.objects.exists()
    assert not OpinionComment.objects.exists()


def test_a_flood_of_remarks_is_cut_but_counted(guide: GuidePage) -> None:
    day = datetime.date(2026, 11, 23)
    for number in range(opinions.REMARKS_A_DAY + 3):
        opinions.record(guide, helpful=False, remark=f"Nhận xét {number}", day=day)
    assert OpinionComment.objects.count() == opinions.REMARKS_A_DAY
    assert OpinionCount.objects.get().no == opinions.REMARKS_A_DAY + 3
    opinions.record(guide, helpful=True, remark="Hôm sau", day=day + datetime.timedelta(days=1))
    assert OpinionComment.objects.count() == opinions.REMARKS_A_DAY + 1


def test_no_form_for_what_readers_cannot_see(client: Client, site: Site, guide: GuidePage) -> None:
    index = guide.get_parent().specific
    draft = make_guide(index, live=False)
    secret = make_guide(index)
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    foreign = make_guide(make_guide_index(make_office("da-kia.localhost", title="Xã")))
    for page in (draft, secret, foreign, index):
        for path in (f"/huong-dan/y-kien/{page.pk}/", f"/huong-dan/y-kien/{page.pk}/cam-on/"):
            assert client.get(path, HTTP_HOST="localhost").status_code == 404
        assert (
            client.post(f"/huong-dan/y-kien/{page.pk}/", {"helpful": "co"}, HTTP_HOST="localhost").status_code
            == 404
        )
    assert client.get("/huong-dan/y-kien/99999999999999999999/").status_code == 404
    assert client.put(form_url(guide)).status_code == 405


# --- the reports ---
def make_staff(name: str, root: Page, *permissions: str) -> Any:
    group = Group.objects.create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for permission in permissions:
        GroupPagePermission.objects.create(
            group=group, page=root, permission=Permission.objects.get(codename=f"{permission}_page")
        )
    user = get_user_model().objects.create_user(name, password="mat-khau-dai")
    user.groups.add(group)
    return user


@pytest.fixture
def two_offices(guide: GuidePage, site: Site) -> tuple[Any, Any, GuidePage, GuidePage]:
    other = make_office("da-kia.localhost", title="Xã")
    foreign = make_guide(make_guide_index(other), title="Hướng dẫn của xã")
    opinions.record(guide, helpful=False, remark="Của huyện", day=datetime.date(2026, 11, 23))
    opinions.record(foreign, helpful=True, remark="Của xã", day=datetime.date(2026, 11, 23))
    here = make_staff("bien-tap-huyen", home_of(site), "change", "publish")
    there = make_staff("bien-tap-xa", home_of(other), "change")
    return here, there, guide, foreign


@pytest.mark.parametrize("name", ["guides_opinion_report", "guides_remark_report"])
def test_staff_read_the_opinions_of_their_own_office(
    client: Client, two_offices: tuple[Any, Any, GuidePage, GuidePage], name: str
) -> None:
    here, there, guide, foreign = two_offices
    for user, own, other in ((here, guide, foreign), (there, foreign, guide)):
        client.force_login(user)
        response = client.get(reverse(name))
        assert response.status_code == 200
        text = response.content.decode()
        assert own.title in text
        assert other.title not in text
        exported = client.get(reverse(name), {"export": "csv"})
        table = b"".join(exported.streaming_content).decode()
        assert own.title in table
        assert other.title not in table


def test_totals_add_up(client: Client, two_offices: tuple[Any, Any, GuidePage, GuidePage]) -> None:
    from guides.reports import opinion_totals

    here, _there, guide, _foreign = two_offices
    opinions.record(guide, helpful=True, day=datetime.date(2026, 11, 24))
    opinions.record(guide, helpful=True, remark="Tốt", day=datetime.date(2026, 11, 24))
    (row,) = opinion_totals(here)
    assert (row.yes_total, row.no_total, row.remark_total) == (2, 1, 2)


def test_who_may_not_edit_pages_sees_no_report(client: Client, site: Site, guide: GuidePage) -> None:
    user = make_staff("chi-vao-duoc", home_of(site))
    client.force_login(user)
    for name in ("guides_opinion_report", "guides_remark_report"):
        assert client.get(reverse(name)).status_code == 302
    assert "guides_opinion_report" not in client.get(reverse("wagtailadmin_home")).content.decode()
    client.logout()
    assert "login" in client.get(reverse("guides_remark_report"))["Location"]


def test_a_remark_about_a_person_can_be_deleted_by_its_own_office(
    client: Client, two_offices: tuple[Any, Any, GuidePage, GuidePage]
) -> None:
    here, there, guide, _foreign = two_offices
    remark = OpinionComment.objects.get(page=guide)
    delete = reverse("guides_delete_remark", args=[remark.pk])
    client.force_login(there)
    assert client.post(delete).status_code == 302  # Wagtail sends people without permission to its home page
    assert OpinionComment.objects.filter(pk=remark.pk).exists()
    client.force_login(here)
    assert client.get(delete).status_code == 405
    assert client.post(delete)["Location"] == reverse("guides_remark_report")
    assert not OpinionComment.objects.filter(pk=remark.pk).exists()
    assert OpinionCount.objects.get(page=guide).no == 1
