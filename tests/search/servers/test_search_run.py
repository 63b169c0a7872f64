"""manage.py search_run on a real server, through each of the two clients."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from search.scratch import place
from tests.search.servers.conftest import call
from tests.search.test_search_run import copy_empty_database, files, judge, run

__all__ = ["files"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="copies an empty database of SQLite")
@pytest.mark.parametrize("engine", ["opensearch", "elasticsearch"])
@pytest.mark.django_db
def test_on_a_server(
    engine: str,
    request: pytest.FixtureRequest,
    node_url: str,
    files: dict[str, Path],
    tmp_path: Path,
    empty_database: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    copy_empty_database(empty_database)
    url = request.getfixturevalue("proxy").url if engine == "elasticsearch" else node_url
    address = f"{engine}+{url}/test-{tmp_path.name}"
    prefix = place.place(address, "x").index_prefix.removesuffix("x-")
    seen: list[Any] = []
    remove = place.remove

    def watched(*args: Any) -> None:
        seen.extend(call(f"{node_url}/{prefix}*"))
        remove(*args)

    monkeypatch.setattr(place, "remove", watched)
    judge(run(files, address))
    assert any("wagtailcore_page" in name for name in seen)
    assert call(f"{node_url}/{prefix}*") == {}
    assert not files["scratch"].exists()
