"""A slug typed by hand and made from a title, in a real browser: the scripts of the admin have the last word there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from news.models import NewsIndexPage

TITLES = {"Đăng ký tập huấn": "dang-ky-tap-huan", "Đường về xã Đắk Ơ": "duong-ve-xa-dak-o"}


@pytest.fixture
def add_form(sample_copy: None, live_server: Any, new_page: Callable[..., Any]) -> Any:
    """The form of a new article, opened by an administrator."""
    index = NewsIndexPage.objects.first()
    assert index is not None
    user = get_user_model().objects.create_superuser(username="thu-nghiem", password="mat-khau-thu")
    page = new_page(viewport={"width": 1280, "height": 900})
    page.goto(live_server.url + reverse("wagtailadmin_login"))
    page.fill("[name=username]", user.get_username())
    page.fill("[name=password]", "mat-khau-thu")
    page.click("button[type=submit]")
    page.wait_for_url("**" + reverse("wagtailadmin_home"))
    page.goto(live_server.url + reverse("wagtailadmin_pages:add", args=["news", "articlepage", index.pk]))
    return page


def test_typing_a_title_gives_an_ascii_slug(add_form: Any) -> None:
    field = add_form.locator("[name=title]")
    for title, slug in TITLES.items():
        field.fill("")
        field.press_sequentially(title)
        add_form.wait_for_function("slug => document.querySelector('[name=slug]').value === slug", arg=slug)


def test_a_slug_typed_by_hand_loses_its_marks(add_form: Any) -> None:
    add_form.click("a[role=tab]:has-text('Địa chỉ và chia sẻ')")
    field = add_form.locator("[name=slug]")
    field.press_sequentially("Hội nghị Đắk Ơ")
    field.blur()
    add_form.wait_for_function("() => document.querySelector('[name=slug]').value === 'hoi-nghi-dak-o'")
