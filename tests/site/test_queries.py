"""How many queries an anonymous reader's request costs, on the whole sample."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.site.kinds import office_client, other_addresses, page_addresses

pytestmark = [pytest.mark.usefixtures("sample"), pytest.mark.database]

BUDGET = 12
#: Nobody waits for these longer than for a form, and they are never listed.
FORM_BUDGET = 20


def count(paths: list[tuple[str, str]]) -> list[tuple[int, str, str]]:
    """Return (queries, kind, path) of the second request: the office's data are cached, renditions made."""
    client, found = office_client(), []
    for kind, path in paths:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200, path
        found.append((len(queries), kind, path))
    return sorted(found, reverse=True)


def listed(rows: list[tuple[int, str, str]]) -> str:
    return "\n".join(f"{number:>4}  {kind}  {path}" for number, kind, path in rows)


@pytest.mark.any_database
def test_every_page_type_keeps_its_budget() -> None:
    rows = count(list(page_addresses(3)))
    assert len(rows) > 40
    assert rows[0][0] <= BUDGET, listed(rows)


def test_listings_search_and_forms_keep_their_budget() -> None:
    rows = count(list(other_addresses().items()))
    forms = ("form", "registration", "cancel", "opinion", "look-up", "search")
    over = [
        row for row in rows if row[0] > (FORM_BUDGET if any(word in row[1] for word in forms) else BUDGET)
    ]
    assert not over, listed(rows)
