"""The tools behind the make targets: what a new user meets is a sentence, and a second run changes nothing."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import messages
import polib
import pytest
import run
from django.contrib.auth import get_user_model
from wagtail.models import Page, Site

ROOT = Path(__file__).resolve().parents[2]


def tool(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/nowhere", "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}", **variables}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.parametrize("which", ["the site's", "the second office's"])
def test_a_taken_port_is_named(free_port: Callable[[], int], which: str) -> None:
    port = free_port()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        chosen = port if which == "the site's" else port - 1
        sentence = one_sentence(tool("tools/run.py", PORT=str(chosen)))
    assert sentence.startswith(f"Port {port} is taken by another program:")
    assert "make run PORT=" in sentence


@pytest.mark.parametrize("value", ["x", "0", "65535", "", "٨٠٠٠"])
def test_an_impossible_port_is_named(value: str) -> None:
    assert one_sentence(tool("tools/run.py", PORT=value)) == "PORT must be a port number from 1 to 65534."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("bootstrap.is_new_enough = lambda name: False", "Python 3.11 or newer is needed; this one is 3."),
        ("bootstrap.PROBE = 'import no_such_module'", "Python's venv module is missing: install it"),
    ],
)
def test_an_unfit_python_is_answered_with_one_sentence(change: str, words: str) -> None:
    code = f"import sys; sys.path.insert(0, 'tools'); import bootstrap; {change}; bootstrap.find_python()"
    assert one_sentence(tool("-c", code)).startswith(words)


def test_the_bootstrap_is_readable_for_old_pythons() -> None:
    """Python 3.6 must get as far as the sentence: no syntax newer than its grammar."""
    import ast

    ast.parse((ROOT / "tools" / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.fixture
def password_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(run, "PASSWORD_FILE", tmp_path / "staff-password")
    return tmp_path / "staff-password"


@pytest.mark.django_db
def test_the_staff_password_is_generated_once_into_a_private_file(password_file: Path) -> None:
    password = run.staff_account()
    assert len(password) >= 16
    assert password_file.stat().st_mode & 0o777 == 0o600
    assert run.staff_account() == password
    staff = get_user_model().objects.get(username=run.STAFF)
    assert staff.check_password(password)
    assert staff.is_superuser


@pytest.mark.django_db
def test_a_changed_password_is_left_alone(password_file: Path) -> None:
    run.staff_account()
    staff = get_user_model().objects.get(username=run.STAFF)
    staff.set_password("another-one-of-mine")
    staff.save()
    assert run.staff_account() == "as you changed it"
    staff.refresh_from_db()
    assert staff.check_password("another-one-of-mine")


@pytest.mark.django_db
def test_only_sites_of_this_machine_follow_the_port() -> None:
    root = Page.objects.get(depth=1)
    Site.objects.all().delete()
    for host in ("localhost", "da-kia.localhost", "chuyendoiso.example.gov.vn"):
        Site.objects.create(hostname=host, port=8000, root_page=root, is_default_site=host == "localhost")
    run.follow_port(8080)
    assert dict(Site.objects.values_list("hostname", "port")) == {
        "localhost": 8080,
        "da-kia.localhost": 8080,
        "chuyendoiso.example.gov.vn": 8000,
    }


def test_children_are_stopped_and_nothing_else() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    stubborn = subprocess.Popen([sys.executable, "-c", "pass"], start_new_session=True)
    run.end([child, stubborn])
    assert child.returncode is not None
    assert child.returncode < 0
    assert stubborn.returncode is not None


def test_messages_are_found_in_code_and_templates() -> None:
    code = '_("One"); ngettext("%d seat", "%d seats", n); pgettext("month", "May"); _(variable)'
    assert [(m.msgid, m.plural, m.context) for m in messages.from_python(code, "a.py")] == [
        ("One", "", ""),
        ("%d seat", "%d seats", ""),
        ("May", "", "month"),
    ]
    template = (
        "{% translate 'It’s 50%' %}{% blocktranslate count n=n trimmed %}\n one {{ x }}\n{% plural %}many{% endblocktranslate %}"
        '{% include "a.html" with label=_("Read on") %}'
    )
    assert [(m.msgid, m.plural) for m in messages.from_template(template, "a.html")] == [
        ("It’s 50%%", ""),
        ("one %(x)s", "many"),
        ("Read on", ""),
    ]


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Vietnamese catalogue with one entry of use, one of none, one override, and a part of a room."""
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    main = tmp_path / "vi" / "LC_MESSAGES" / "django.po"
    part = tmp_path / "vi" / "parts" / "news.po"
    main.parent.mkdir(parents=True)
    part.parent.mkdir()
    override = '#. override: Wagtail says "Trang"\nmsgid "Site"\nmsgstr "Website"\n'
    main.write_text(
        head + f'msgid "Search"\nmsgstr "Tìm kiếm"\n\nmsgid "Gone"\nmsgstr "Đã đi"\n\n{override}',
        encoding="utf-8",
    )
    part.write_text(head + 'msgid "Bulletin"\nmsgstr "Bản tin"\n', encoding="utf-8")
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    return main


def test_extracting_keeps_translations_takes_in_parts_and_drops_the_unused(
    catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [messages.Message(msgid, "", "", "a.py") for msgid in ("Search", "Bulletin", "New")]
    monkeypatch.setattr(messages, "extract", lambda: found)
    assert messages.update() == (4, 1)
    entries = {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogue))}
    assert entries == {"Bulletin": "Bản tin", "New": "", "Search": "Tìm kiếm", "Site": "Website"}
    before = catalogue.read_bytes()
    messages.update()
    assert catalogue.read_bytes() == before


def test_catalogues_are_compiled_only_when_older(catalogue: Path) -> None:
    assert messages.compile_all() == ["vi"]
    assert messages.compile_all() == []
    compiled = {entry.msgid: entry.msgstr for entry in polib.mofile(str(catalogue.with_suffix(".mo")))}
    assert compiled["Bulletin"] == "Bản tin"
    os.utime(catalogue, (2**32, 2**32))
    assert messages.compile_all() == ["vi"]
