"""The editor saves a draft by itself in the very moment in which it publishes. SQLite and PostgreSQL, with a control."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.admin.views.pages.edit import EditView
from wagtail.fields import StreamField
from wagtail.models import Page

from tests.factories.core import make_office
from tests.factories.news import make_article, make_news_index
from tests.training_events.test_concurrency import at_once, shared_database

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

OURS = "config.middleware.OneSaveAtATimeMiddleware"
#: Seconds that the draft is held back for the other request to overtake it.
HELD_BACK = 2.0


def fields(html: str) -> dict[str, str]:
    """Return what a browser would send of the editor's form."""
    [form] = BeautifulSoup(html, "html.parser").select("form[data-edit-form]")
    found = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.get("type") in ("checkbox", "radio", "submit", "file") and not field.has_attr("checked"):
            continue
        chosen = field.select("option[selected]") if field.name == "select" else []
        value = field.text if field.name == "textarea" else field.get("value", "")
        found[str(field["name"])] = str(chosen[0].get("value", "")) if chosen else str(value)
    return found


@pytest.mark.parametrize("is_control", [False, True], ids=["", "control: as Wagtail does it"])
def test_a_draft_that_saves_itself_does_not_take_back_what_is_published(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_control: bool
) -> None:
    if is_control:
        settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != OURS]
    site = make_office()
    page = make_article(make_news_index(site), title="Bà con nộp hồ sơ trên mạng", live=False)
    user = User.objects.create_superuser("lan")
    revision = page.save_revision(user=user)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    browser = Client()
    browser.force_login(user)
    data = fields(browser.get(address).content.decode()) | {"overwrite_revision_id": str(revision.pk)}
    # blocks are drawn by a script
    data |= {f"{field.name}-count": "0" for field in page._meta.fields if isinstance(field, StreamField)}

    is_read, is_published = threading.Event(), threading.Event()
    form_valid = EditView.form_valid

    def held_back(view: Any, form: Any) -> HttpResponse:
        if view.expects_json_response:
            is_read.set()
            is_published.wait(HELD_BACK)
        return form_valid(view, form)

    monkeypatch.setattr(EditView, "form_valid", held_back)

    def client() -> Client:
        other = Client()
        other.cookies = browser.cookies
        return other

    def save() -> int:
        return client().post(address, data, headers={"accept": "application/json"}).status_code

    def publish() -> int:
        assert is_read.wait(30)
        status = client().post(address, data | {"action-publish": "action-publish"}).status_code
        is_published.set()
        return status

    with shared_database(tmp_path):
        assert at_once([save, publish]) == [200, 302]
        (live,) = at_once([lambda: Page.objects.get(pk=page.pk).live])
    assert live is not is_control
