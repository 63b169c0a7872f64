"""What tests/search/test_leaks.py promises of page, public data and suggestions, with a real server behind them."""

import pytest
from django.test import Client
from wagtail.models import Site

from tests.search import test_leaks as contract

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("server")]


@pytest.fixture
def site(server: str) -> Site:
    # built for each server: it has to be told
    return contract.make_site()


def test_nothing_leaks(client: Client, site: Site) -> None:
    for query in contract.QUERIES:
        contract.test_the_page_shows_nothing_of_them(client, site, query)
    contract.test_counts_know_nothing_of_them(client, site)
    contract.test_the_api_finds_nothing_of_them(client, site)
    for typed in contract.TYPED:
        contract.test_suggestions_offer_nothing_of_them(client, site, typed)
