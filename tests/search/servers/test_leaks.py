"""What tests/search/test_leaks.py promises of page, public data and suggestions, with a real server behind them."""

import pytest
from django.test import Client
from wagtail.models import Site

from tests.search import test_leaks as contract
from tests.search.test_leaks import site  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("server")]


def test_nothing_leaks(server: str, client: Client, site: Site) -> None:  # noqa: F811 - the fixture
    for query in contract.QUERIES:
        contract.test_the_page_shows_nothing_of_them(client, site, query)
    contract.test_counts_know_nothing_of_them(client, site)
    contract.test_the_api_finds_nothing_of_them(client, site)
    for typed in contract.TYPED:
        contract.test_suggestions_offer_nothing_of_them(client, site, typed)
