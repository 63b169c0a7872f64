"""manage.py search_run: documents and questions in, hits out, the site's own data untouched."""

from __future__ import annotations

import contextlib
import gzip
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from wagtail.models import Page

from search.scratch import pages, place
from search.scratch.documents import BadFile, layout, read_documents, read_questions
from search.scratch.place import BadEngine

DOCUMENTS = [
    {"id": "g/1", "type": "guide", "title": "Đăng ký khai sinh", "tags": ["Hộ tịch"], "date": "2024-05-06",
     "body": "Bà con nộp tờ khai tại xã. Không mất tiền.\n\nHồ sơ\nGiấy chứng sinh, thẻ căn cước."},
    {"id": "b1", "type": "bulletin", "title": "Bản tin số 3", "tags": ["Nông nghiệp", "nong nghiep"],
     "body": "Giá điều\nHạt điều tươi tăng giá."},
    {"id": "e1", "type": "event", "title": "Lớp dùng điện thoại", "body": "Học tại nhà văn hóa.", "tags": []},
    {"id": "a1", "type": "article", "title": "Chợ phiên & lễ hội", "body": "<b>Khách</b> đến xem cồng chiêng."},
]  # fmt: skip
QUESTIONS = [
    {"qid": "1", "query": "dang ky khai sinh"},
    {"qid": "2", "query": "hạt điều"},
    {"qid": "3", "query": "nhà văn hóa"},
    {"qid": "4", "query": "cồng chiêng"},
    {"qid": "5", "query": "zxqw vbnm"},
]


def write(file: Path, rows: list[dict[str, Any]]) -> Path:
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    if file.suffix == ".gz":
        file.write_bytes(gzip.compress(text.encode()))
    else:
        file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    return {
        "documents": write(tmp_path / "documents.jsonl.gz", DOCUMENTS),
        "queries": write(tmp_path / "queries.jsonl", QUESTIONS),
        "output": tmp_path / "out" / "run.tsv",
        "scratch": tmp_path / "scratch",
    }


def run(files: dict[str, Path], engine: str, **options: Any) -> list[list[str]]:
    call_command("search_run", documents=[files["documents"]], queries=files["queries"], output=files["output"],
                 scratch=files["scratch"], engine=engine, jobs=1, **options)  # fmt: skip
    return [line.split("\t") for line in files["output"].read_text().splitlines()]


def judge(rows: list[list[str]]) -> None:
    first = {qid: key for qid, key, rank, _score in rows if rank == "1"}
    assert first == {"1": "g/1", "2": "b1", "3": "e1", "4": "a1"}
    assert all(float(score) > 0 for *_, score in rows)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="copies an empty database of SQLite")
@pytest.mark.django_db
def test_on_sqlite(files: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    before = Page.objects.count()
    place.template().parent.mkdir()
    with (
        contextlib.closing(sqlite3.connect(str(connection.settings_dict["NAME"]))) as migrated,
        contextlib.closing(sqlite3.connect(place.template())) as empty,
    ):
        migrated.backup(empty)
    judge(run(files, "sqlite://"))
    assert Page.objects.count() == before
    made = (files["scratch"] / "state.json").stat().st_mtime_ns
    rows = run(files, "database+sqlite://", keep=True)
    judge(rows)
    assert (files["scratch"] / "state.json").stat().st_mtime_ns == made


@pytest.mark.pg
@pytest.mark.django_db
def test_on_postgres(files: dict[str, Path]) -> None:
    engine = place._own_address()
    try:
        judge(run(files, engine))
    finally:
        name = place.place(engine, place_key(files)).database_url.rpartition("/")[2]
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def place_key(files: dict[str, Path]) -> str:
    from search.scratch.documents import fingerprint

    return fingerprint([files["documents"]])


@pytest.mark.django_db
def test_pages_are_as_editors_make_them(files: dict[str, Path]) -> None:
    tree = pages.Tree()
    names = tree.add(list(read_documents([files["documents"]], list(tree.types))))
    site = tree.finish()
    found = {names[page.pk]: page for page in Page.objects.filter(pk__in=names).specific()}
    assert {key: type(page).__name__ for key, page in found.items()} == {
        "g/1": "GuidePage", "b1": "BulletinPage", "e1": "EventPage", "a1": "ArticlePage",
    }  # fmt: skip
    guide = found["g/1"]
    assert guide.intro == "Bà con nộp tờ khai tại xã. Không mất tiền."
    assert [block.block_type for block in guide.body] == ["heading", "paragraph"]
    assert str(guide.published_on) == "2024-05-06"
    assert [topic.name for topic in guide.topics.all()] == ["Hộ tịch"]
    assert [topic.name for topic in found["b1"].topics.all()] == ["Nông nghiệp"]
    assert [item.value["title"] for item in found["b1"].items] == ["Giá điều"]
    assert found["a1"].intro == "<b>Khách</b> đến xem cồng chiêng."
    assert site.root_page.get_children().live().count() == 3
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_text_is_laid_out() -> None:
    intro, rest = layout("Trình tự\nNộp đơn tại xã. " + "Rất dài, " * 60 + "hết.\n\nMang theo: thẻ.")
    assert intro == "Nộp đơn tại xã."
    assert [heading for heading, _ in rest] == [True, False, False]
    assert layout("") == ("", ())
    assert len(layout("a" * 1000)[0]) == 300


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"id": "1"}', "line 1: a document needs an id and a title"),
        ('{"id": "1", "title": "T", "type": "poem"}', "'poem' is no type; known are article"),
        ("[1]", "line 1: a JSON object is expected"),
        ("{", "line 1: "),
    ],
)
@pytest.mark.django_db
def test_bad_documents_are_named(line: str, problem: str, tmp_path: Path) -> None:
    file = tmp_path / "documents.jsonl"
    file.write_text(line)
    with pytest.raises(BadFile, match=problem):
        list(read_documents([file], list(pages.page_types())))


def test_bad_questions_are_named(tmp_path: Path) -> None:
    twice = write(tmp_path / "queries.jsonl", [QUESTIONS[0], QUESTIONS[0]])
    with pytest.raises(BadFile, match="'1' stands there twice"):
        read_questions(twice)
    with pytest.raises(BadFile, match="cannot be read"):
        read_questions(tmp_path / "missing.jsonl")


@pytest.mark.parametrize(
    "engine", ["mysql://host", "opensearch+ftp://host", "opensearch+http://", "postgres:///x"]
)
def test_an_unknown_engine_is_refused(engine: str) -> None:
    with pytest.raises(BadEngine, match="names no engine; known are sqlite"):
        place.place(engine, "key")


def test_a_server_gets_an_index_of_its_own(tmp_path: Path) -> None:
    found = place.place("opensearch+http://localhost:9200/site", "abc", tmp_path)
    assert found.search_url == "opensearch+http://localhost:9200/site-run-abc"
    assert found.database_url == f"sqlite:///{tmp_path}/db.sqlite3"
    assert (
        place.place("postgres://me@host:5433/site", "abc").database_url
        == "postgres://me@host:5433/search_run_abc"
    )


def test_a_folder_of_somebody_else_is_left_alone(files: dict[str, Path]) -> None:
    files["scratch"].mkdir()
    (files["scratch"] / "letter.txt").write_text("mine")
    with pytest.raises(CommandError, match="was not made by search_run"):
        run(files, "sqlite://")
    assert (files["scratch"] / "letter.txt").exists()
