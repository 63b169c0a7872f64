"""Every type of page can be created by somebody, and a series of classes with a class below it by a publisher."""

from __future__ import annotations

import datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, get_page_models
from wagtail.test.utils.form_data import nested_form_data

from tests.admin.conftest import Office
from training_events.models import EventIndexPage, EventPage, EventSeriesPage


def test_every_type_of_page_has_a_place_where_it_is_created() -> None:
    ours = [model for model in get_page_models() if model is not Page]
    nowhere = [
        model.__name__
        for model in ours
        if model.is_creatable
        and not any(model in above.creatable_subpage_models() for above in [Page, *ours])
    ]
    assert nowhere == []


def empty_form(client: Client, address: str) -> dict[str, Any]:
    """Return what the form at ``address`` sends when nothing is filled in, and that it speaks Vietnamese."""
    response = client.get(address)
    assert response.status_code == 200, address
    form = response.context["form"]
    data = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False)}
    for formset in form.formsets.values():
        for name, value in formset.management_form.initial.items():
            data[f"{formset.prefix}-{name}"] = value
    for name in ("body", "bring"):
        data |= {f"{name}-count": "0"}
    plain = (str, int, datetime.date)
    return {name: str(value) for name, value in data.items() if isinstance(value, plain)}


def saved(response: Any) -> None:
    """Fail with what the form complains about."""
    if response.status_code != 302:
        form = response.context["form"]
        sets = {name: [*one.errors, *one.non_form_errors()] for name, one in form.formsets.items()}
        pytest.fail(f"{form.errors} {sets}")


def session(day: datetime.datetime) -> dict[str, Any]:
    times = {"starts_at": f"{day:%Y-%m-%d} 08:00", "ends_at": f"{day:%Y-%m-%d} 10:00"}
    return nested_form_data({"sessions": {"TOTAL_FORMS": 1, "0": {"title": "", "ORDER": 1, **times}}})


def test_a_publisher_creates_a_series_and_a_class_below_it(publisher: Client, commune: Office) -> None:
    index = EventIndexPage.objects.child_of(commune.site.root_page).get()
    choice = unescape(publisher.get(f"/quan-tri/pages/{index.pk}/add_subpage/").content.decode())
    address = f"/quan-tri/pages/add/training_events/eventseriespage/{index.pk}/"
    assert f'href="{address}' in choice
    assert "Đợt tập huấn" in choice
    page = unescape(publisher.get(address).content.decode())
    for words in ("Buổi chung của cả đợt", "Câu hỏi riêng", "Địa điểm"):
        assert words in page
    sent = empty_form(publisher, address) | {
        "title": "Đợt bán hàng trên mạng", "slug": "dot-ban-hang", "intro": "Ba buổi.", "seats": "20", "action-publish": "1",
    }  # fmt: skip
    saved(publisher.post(address, sent))
    series = EventSeriesPage.objects.get(slug="dot-ban-hang")
    assert series.live
    address = f"/quan-tri/pages/add/training_events/eventpage/{series.pk}/"
    day = timezone.localtime() + datetime.timedelta(days=5)
    sent = empty_form(publisher, address) | session(day) | {
        "title": "Lớp một", "slug": "lop-mot", "intro": "Chụp ảnh.", "action-publish": "1",
    }  # fmt: skip
    saved(publisher.post(address, sent))
    one = EventPage.objects.child_of(series).get()
    assert (one.live, one.seats_key, one.seat_pool.capacity) == (True, series.translation_key, 20)
    assert "Đợt bán hàng trên mạng" in Client().get(index.url, HTTP_HOST="xa.localhost").content.decode()


QUESTION = {"ORDER": 1, "kind": "text", "label": "", "sensitive": "", "options-count": 0}


def stream(*words: str) -> dict[str, Any]:
    """Return what the form sends of a list of options, below the field's own name."""
    found: dict[str, Any] = {"count": len(words)}
    for number, one in enumerate(words):
        block = {"type": "option", "value": one, "order": number, "deleted": "", "id": ""}
        found |= {f"{number}-{name}": value for name, value in block.items()}
    return found


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ({"label": "Nhóm máu"}, "sức khỏe"),
        ({"label": "Giay to tuy than"}, "định danh"),
        ({"label": "Số CC"}, "định danh"),
        ({"label": "Anh/chị là người", "kind": "choice", "options": ("Kinh", "S’tiêng")}, "dân tộc"),
        ({"label": "Nhóm của anh/chị", "kind": "choices", "options": ("Dân tộc Kinh", "Khác")}, "dân tộc"),
        ({"label": "Đã có tài khoản định danh mức 2?", "kind": "choice", "options": ("Có", "Chưa")}, ""),
    ],
)
def test_the_page_form_notices_questions_about_sensitive_data(
    publisher: Client, commune: Office, question: dict[str, Any], kind: str
) -> None:
    index = EventIndexPage.objects.child_of(commune.site.root_page).get()
    address = f"/quan-tri/pages/add/training_events/eventpage/{index.pk}/"
    words = question.pop("options", ())
    rows = {f"options-{name}": value for name, value in stream(*words).items()}
    row = nested_form_data({"questions": {"TOTAL_FORMS": 1, "0": {**QUESTION, **question, **rows}}})
    sent = empty_form(publisher, address) | row | {"title": "Lớp", "slug": "lop", "action-publish": "1"}
    response = publisher.post(address, sent)
    if not kind:
        saved(response)
        assert EventPage.objects.get(slug="lop").questions.count() == 1
        return
    assert not EventPage.objects.filter(slug="lop").exists()
    (errors,) = response.context["form"].formsets["questions"].errors
    assert list(errors) == ["sensitive"]
    assert kind in errors["sensitive"][0]
