"""Everything that tests/search/test_admin_search.py demands of the staff's searches, on a real server."""

import pytest

from tests.search import test_admin_search as contract
from tests.search.test_admin_search import *

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("server")]


def test_nothing_of_the_contract_is_missing() -> None:
    here = globals()
    assert [name for name in vars(contract) if name.startswith("test_") and name not in here] == []
