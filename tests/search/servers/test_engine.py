"""Everything that tests/search/test_engine.py demands, on a real server through each of the two clients."""

import pytest

from search import services
from search.engines.base import SearchQuery
from tests.factories.core import make_office
from tests.search import test_engine as contract
from tests.search.helpers import add
from tests.search.test_engine import *

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("server")]


def test_nothing_of_the_contract_is_missing() -> None:
    here = globals()
    assert [name for name in vars(contract) if name.startswith("test_") and name not in here] == []


@pytest.mark.database  # a server beside PostgreSQL is what deploy/compose.yaml starts
def test_it_is_the_server_that_answers(server: str, django_capture_on_commit_callbacks: object) -> None:
    site = make_office()
    add(site, "Dịch vụ công trực tuyến")
    found = services.search(SearchQuery("dich vu cong", site, "vi"))
    assert (found.total, found.degraded) == (1, False)
