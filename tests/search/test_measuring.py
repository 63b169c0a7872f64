"""What `make search-quality` and `make bench` print, over a handful of documents."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import search_bench
import search_quality
from django.db import connection

from search.scratch import place
from tests.search.test_search_run import DOCUMENTS, copy_empty_database, write

QUESTIONS = [
    {"qid": "q1", "kind": "accented", "query": "đăng ký khai sinh", "judgments": {"g/1": 3}},
    {"qid": "q2", "kind": "accented", "query": "hạt điều", "judgments": {"b1": 3}},
    {"qid": "q3", "kind": "nonsense", "query": "zxqw vbnm", "judgments": {}},
]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="copies an empty database of SQLite")
@pytest.mark.django_db
def test_quality_and_times_are_printed(
    tmp_path: Path,
    empty_database: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    monkeypatch.setattr(search_quality, "HERE", tmp_path)
    copy_empty_database(empty_database)
    documents = write(tmp_path / "documents.jsonl", DOCUMENTS)
    (tmp_path / "queries.jsonl").write_text("\n".join(json.dumps(row) for row in QUESTIONS))

    search_quality.main(["--engines", "sqlite", "--only", "nonsense,unaccented", "--worst", "1"])
    said = capfd.readouterr().out
    rows = dict(re.findall(r"^(\w+) +(\d+ .*)$", said, re.MULTILINE))
    assert "nDCG@10" in said
    assert re.match(r"2 +\| +1\.000 +0\.0%", rows["accented"])
    assert re.match(r"1 +\| +1\.000", rows["nonsense"])
    assert rows["macro"].split()[2] == "1.000"
    assert re.search(r"^sqlite: \d\.\d\d ", said, re.MULTILINE)

    # the scratch of these documents is there already
    search_bench.main(["--engines", "sqlite", "--documents", str(documents), "--questions", "4"])
    said = capfd.readouterr().out
    assert re.search(r"^sqlite: \d+ pages$", said, re.MULTILINE)
    for name in (
        "search page, asked first",
        "search page, asked again",
        "search page with a filter",
        "suggestions, 3 to 5 letters",
    ):
        assert re.search(rf"^{name} +\d+( +\d+\.\d){{5}}$", said, re.MULTILINE), said
    [kept] = place.kept("sqlite://")
    assert kept.folder.parent == place.home() == tmp_path / "search-run"


@pytest.mark.parametrize(
    ("engine", "pages", "late", "said"),
    [
        ("sqlite", 20_000, 150.0, "goal 150: met"),
        ("postgres", 20_000, 150.1, "goal 150: not met"),
        ("opensearch", 25_000, 59.0, "goal 60: met"),
        ("elasticsearch", 25_000, 61.0, "goal 60: not met"),
        ("sqlite", 19_999, 1.0, ""),
        ("other", 20_000, 1.0, ""),
    ],
)
def test_goals_are_said_where_there_are_enough_pages(
    monkeypatch: pytest.MonkeyPatch, engine: str, pages: int, late: float, said: str
) -> None:
    monkeypatch.setattr(search_bench, "is_busy", lambda: False)
    assert search_bench.verdict(engine, pages, late) == said
    monkeypatch.setattr(search_bench, "is_busy", lambda: True)
    busy = " on this busy machine" if "not met" in said else ""
    assert search_bench.verdict(engine, pages, late) == said + busy
