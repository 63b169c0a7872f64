"""The search page with a server as its engine, whatever is typed; on PostgreSQL too, as deploy/compose.yaml combines them."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.core import make_office
from tests.search.helpers import add
from tests.search.test_admin_search import WEIRD

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("server")]

#: What the page says when the database stands in.
NOTE = "components/message.html"
TYPED = [
    *WEIRD,
    "👩‍🌾 dịch vụ 🇻🇳",
    "dịch vụ " * 1_250,
    "ễ" * 10_000,
    "dịch\x00vụ\x1b[31m\x7f\u2028công",
    'title:"dịch vụ"~2^5 AND (NOT công* OR [a TO z]) && {"query": {"match_all": {}}} \\',
    "\u0301\u0323 dịch \u0302",
    "\u202eخدمة عامة\u202c dịch vụ",
    "dịch\ufeffvụ\u200bcông",
]


def ask(client: Client, query: str) -> None:
    response = client.get(f"/tim-kiem/?{query}")
    assert response.status_code in {200, 404}
    assert not any(template.name == NOTE for template in response.templates), "the server refused it"


def test_whatever_is_typed_is_answered_by_the_server(client: Client) -> None:
    site = make_office()
    add(site, "Dịch vụ công trực tuyến")
    for typed in TYPED:
        ask(client, "q=" + quote(typed, errors="replace"))
    ask(client, "q=%ff%fe%c3%28&linh-vuc=%ff")
    response = client.get("/tim-kiem/", {"q": "👩‍🌾 dịch vụ 🇻🇳"})
    assert "Dịch vụ công trực tuyến" in response.content.decode()


def test_any_text_is_answered_by_the_server(client: Client) -> None:
    site = make_office()
    add(site, "Dịch vụ công trực tuyến")
    words = st.sampled_from(["dịch", "vu", "công", "\u0301", "👩", '"', "*", ":", "\u202e", "đ"])

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.one_of(st.text(max_size=60), st.lists(words, max_size=12).map(" ".join)), st.text(max_size=12))
    def check(typed: str, topic: str) -> None:
        ask(client, f"q={quote(typed, errors='replace')}&linh-vuc={quote(topic, errors='replace')}")

    check()
