"""manage.py search_run: documents and questions in, hits out, the site's own data untouched."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from wagtail.models import Page, Site

from core.filters import PAGE_SIZE
from search.management.commands import search_run
from search.progress import Progress
from search.scratch import asking, indexing, pages, place
from search.scratch.documents import Asked, BadFile, Document, layout, read_documents, read_questions
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


def copy_empty_database(empty_database: str) -> None:
    """Spare a run on SQLite the migrations."""
    place.home().mkdir()
    shutil.copyfile(empty_database, place.template())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="copies an empty database of SQLite")
@pytest.mark.django_db
def test_on_sqlite(
    files: dict[str, Path],
    tmp_path: Path,
    empty_database: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    before = Page.objects.count()
    copy_empty_database(empty_database)
    judge(run(files, "sqlite://", keep=True))
    assert Page.objects.count() == before
    said = capsys.readouterr().out
    assert f"Kept for the next run: folder {files['scratch']}" in said
    made = (files["scratch"] / "state.json").stat().st_mtime_ns
    judge(run(files, "database+sqlite://", keep=True))
    assert (files["scratch"] / "state.json").stat().st_mtime_ns == made
    judge(run(files, "sqlite://"))
    assert not files["scratch"].exists(), "nothing is left of a run that keeps nothing"
    assert list(place.home().iterdir()) == [place.template()], (
        "an empty database spares the next run half a minute"
    )


@pytest.mark.parametrize("status", [0, 1])
def test_nothing_is_left_of_a_run_that_keeps_nothing(
    files: dict[str, Path], monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """Whether it succeeded or not."""

    def work(arguments: list[str], env: dict[str, str], check: bool) -> Any:
        assert env["DATABASE_URL"] == f"sqlite:///{files['scratch']}/db.sqlite3"
        (files["scratch"] / "db.sqlite3").touch()
        files["output"].parent.mkdir()
        files["output"].touch()
        return subprocess.CompletedProcess(arguments, status)

    monkeypatch.setattr(search_run.subprocess, "run", work)
    with contextlib.nullcontext() if not status else pytest.raises(CommandError, match="The run failed"):
        run(files, "sqlite://")
    assert files["output"].exists()
    assert not files["scratch"].exists()


@pytest.mark.pg
@pytest.mark.django_db
def test_on_postgres(files: dict[str, Path], empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = place._postgres

    def begin_migrated(engine: str, *statements: str, database: str) -> None:
        """Spare a run the migrations."""
        ask(
            engine,
            *(one.replace("template0", f'"{empty_database}"') for one in statements),
            database=database,
        )

    monkeypatch.setattr(place, "_postgres", begin_migrated)
    engine = place._own_address()
    judge(run(files, engine, keep=True))
    [kept] = place.kept(engine, files["scratch"])
    assert place.database_name(kept) in databases()
    call_command("search_run", remove=True, engine=engine, scratch=files["scratch"])
    assert place.database_name(kept) not in databases()
    judge(run(files, engine))
    assert place.database_name(kept) not in databases()
    assert not files["scratch"].exists()


def test_a_new_database_gets_its_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On whatever server, unless they are there; migrating here would take as long as a hundred tests."""
    plans: list[list[str]] = [["0001_initial"], []]
    asked: list[str] = []

    class Executor:
        def __init__(self, _connection: Any) -> None:
            self.loader = SimpleNamespace(graph=SimpleNamespace(leaf_nodes=list))

        def migration_plan(self, _leaves: Any) -> list[str]:
            return plans.pop(0)

    monkeypatch.setattr(place, "MigrationExecutor", Executor)
    monkeypatch.setattr(place, "call_command", lambda name, **_options: asked.append(name))
    scratch = place.place("postgres://me@host/site", "abc", tmp_path)
    place.make_tables(scratch)
    assert asked == ["migrate"]
    place.make_tables(scratch)
    assert asked == ["migrate"]


def databases() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return [row[0] for row in cursor.fetchall()]


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


@pytest.mark.parametrize("engine", ["sqlite://", "opensearch+http://localhost:9/x"])
@pytest.mark.django_db
def test_nothing_is_built_outside_of_a_scratch(files: dict[str, Path], engine: str) -> None:
    """Whoever types --inside by hand would else lose the offices of the website."""
    before = list(Site.objects.values_list("pk", "hostname", "root_page"))
    assert before
    files["scratch"].mkdir()
    (files["scratch"] / "search-run").touch()
    with pytest.raises(CommandError, match="used by the command itself"):
        run(files, engine, inside=True)
    assert list(Site.objects.values_list("pk", "hostname", "root_page")) == before
    assert not files["output"].exists()


def test_what_was_kept_is_removed_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for key, engine in (("a1", "sqlite"), ("b2", "sqlite"), ("a1", "postgres")):
        made = place.home() / f"{key}-{engine}"
        made.mkdir(parents=True)
        (made / "search-run").write_text(key)
    stranger, empty = place.home() / "mine-sqlite", place.home() / "empty-1.sqlite3"
    stranger.mkdir()
    empty.touch()
    call_command("search_run", remove=True)
    said = capsys.readouterr().out
    assert said.count("Removed: folder ") == 2
    assert sorted(file.name for file in place.home().iterdir()) == ["a1-postgres", "mine-sqlite"]
    call_command("search_run", remove=True)
    assert "Nothing was kept" in capsys.readouterr().out
    assert "geheim" not in str(place.place("postgres://me:geheim@host/x", "abc"))


def test_what_is_missing_is_named() -> None:
    with pytest.raises(CommandError, match="Missing: --documents, --output"):
        call_command("search_run", queries=Path("q.jsonl"))


@pytest.mark.django_db
def test_a_run_says_what_the_page_and_the_public_data_say(client: Client) -> None:
    """The first 20 hits of more than 20, by the very code of the search page."""
    tree = pages.Tree()
    documents = [
        Document(
            f"d{number}",
            "article",
            f"Giá hạt điều đợt {number}",
            "Thu mua.",
            ((False, "Tại vườn. " * number),),
        )
        for number in range(1, 26)
    ]
    names = tree.add(documents)
    tree.finish()
    said = io.StringIO()
    indexing.index_pages(1, said)
    asked = [Asked("1", "gia hat dieu"), Asked("2", "hạt điều đợt 7")]
    answers = asking.ask(asked, names, said)
    titles = {document.id: document.title for document in documents}
    for question in asked:
        rows = [row for row in answers.rows if row[0] == question.qid]
        assert [rank for _, _, rank, _ in rows] == list(range(1, len(rows) + 1))
        found = [titles[key] for _, key, _, _ in rows]
        shown: list[str] = []
        for number in (1, 2) if len(rows) > PAGE_SIZE else (1,):
            html = client.get("/tim-kiem/", {"q": question.query, "trang": number}).content.decode()
            shown += re.findall(r'search-result__title"><a [^>]*>([^<]*)<', html)
        assert found == shown[:20]
        public = client.get("/tim-kiem/api/v1/", {"q": question.query, "moi-trang": 20}).json()
        assert found == [row["title"] for row in public["results"]]
    assert Counter(row[0] for row in answers.rows)["1"] == 20
    assert found == ["Giá hạt điều đợt 7"]
    assert said.getvalue().splitlines()[-1].startswith("Asking 2/2 (")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_a_bar_and_a_log_a_line_for_each_tenth() -> None:
    screen, log = Terminal(), io.StringIO()
    for stream in (screen, log):
        with Progress("Indexing", 200, stream) as progress:
            for _ in range(200):
                progress.step()
    assert screen.getvalue().startswith("\rIndexing [..............................] 0/200 (")
    assert re.search(r"\rIndexing \[#{30}\] 200/200 \(0 s, 0 s left\)\n$", screen.getvalue())
    assert [line.split(" (")[0] for line in log.getvalue().splitlines()][1:3] == [
        "Indexing 20/200",
        "Indexing 40/200",
    ]
    assert len(log.getvalue().splitlines()) == 11
    with Progress("Asking", 0, screen):
        pass
    assert screen.getvalue().endswith("0/0 (0 s, 0 s left)\n")


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
