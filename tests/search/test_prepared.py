"""What is prepared once for all questions gives what Django would give for each: rows of pages, and their addresses."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from core.models import ContentPage, OfficeSettings
from search import counts, prepared
from search.engines import shown
from search.engines.base import SearchQuery
from search.selection import visible, visible_rows
from tests.factories.core import make_office
from tests.search.helpers import add, past

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def offices() -> list[Site]:
    district = make_office(languages=("vi", "en"))
    commune = make_office("da-kia.localhost", title="Xã Đa Kia", languages=("vi", "en"))
    for site in (district, commune):
        add(site, "Công khai")
        add(site, "Chia sẻ", shared=True)
        add(site, "Public", language="en")
        add(site, "Bản nháp", live=False)
        add(site, "Hết hạn", expire_at=past())
        private = add(site, "Riêng")
        add(site, "Dưới trang riêng").move(private, pos="last-child")
        PageViewRestriction.objects.create(page=private, restriction_type="password", password="x")
    settings = OfficeSettings.for_site(commune)
    settings.shares_from = district
    settings.save()
    return [district, commune]


def everything() -> list[int]:
    return list(ContentPage.objects.values_list("pk", flat=True))


def titles(query: SearchQuery) -> list[str]:
    return sorted(title for (title,) in visible_rows(query, everything(), ("title",)))


def test_every_reader_gets_the_rows_that_the_queryset_gives(offices: list[Site]) -> None:
    seen = {}
    for site in offices:
        for language in ("vi", "en", "fr"):
            query = SearchQuery("", site, language)
            rows = visible_rows(query, everything(), counts.COLUMNS)
            assert sorted(rows, key=lambda row: row[0]) == list(
                visible(query).order_by("pk").values_list(*counts.COLUMNS)
            )
            seen[site.hostname, language] = titles(query)
    own = {
        name: [title for title in found if not title.startswith(("Xã", "Huyện"))]
        for name, found in seen.items()
    }
    assert "Bản nháp" not in str(seen)
    assert "iêng" not in str(seen)
    assert own["da-kia.localhost", "vi"].count("Chia sẻ") == 2
    assert seen["da-kia.localhost", "fr"] == []


def test_what_changes_between_two_questions_is_seen(
    offices: list[Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    query = SearchQuery("", offices[0], "vi")
    soon = timezone.now() + datetime.timedelta(hours=1)
    add(offices[0], "Sắp hết hạn", expire_at=soon)
    page = add(offices[0], "Sẽ riêng")
    assert {"Sắp hết hạn", "Sẽ riêng"} <= set(titles(query))
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert "Sẽ riêng" not in titles(query)
    monkeypatch.setattr("search.prepared.timezone.now", lambda: soon + datetime.timedelta(seconds=1))
    assert "Sắp hết hạn" not in titles(query)


def test_any_number_of_keys_is_asked_for_at_once(offices: list[Site]) -> None:
    query = SearchQuery("", offices[0], "vi")
    assert visible_rows(query, [], ("pk",)) == []
    many = [*range(10_000_000, 10_003_000), *everything()]
    assert len(visible_rows(query, many, ("pk",))) == visible(query).count()


def test_a_queryset_in_which_nothing_can_be_is_not_asked(django_assert_num_queries: object) -> None:
    def nothing() -> object:
        return prepared.listed(ContentPage.objects.none(), prepared.KEYS).values_list("pk")

    with django_assert_num_queries(0):  # type: ignore[operator]
        assert prepared.rows(("test of nothing",), nothing, [1], ContentPage.objects.db) == []  # type: ignore[arg-type]


def test_addresses_are_those_of_wagtail(offices: list[Site]) -> None:
    add(offices[0], "Slug có dấu", slug="đường-dây")
    pages = ContentPage.objects.order_by("pk").select_related("locale")
    rows = shown.rows([page.pk for page in pages])
    for site in offices:
        cards = shown.Cards(site, list(rows))
        query = SearchQuery("", site, "vi")
        own = set(ContentPage.objects.below_site(site).values_list("pk", flat=True))
        for page in pages:
            expected = page.get_url(current_site=site) if page.pk in own else page.full_url
            assert cards.card(rows[page.pk]).url == expected, (site, page, query)
