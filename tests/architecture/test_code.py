"""Habits of the house that a machine can hold."""

import ast
import re
from pathlib import Path

import messages
import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("site", "home", "news", "guides", "training_events", "search", "surveys")
LIMIT = 300
# Content that editors may link to is not a request; these are.
LOADING = re.compile(
    r"""(?:<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\bsrc(?:set)?=["']|<link\b[^>]*?\bhref=["'])\s*(?:https?:)?//""",
    re.IGNORECASE,
)


def modules() -> list[Path]:
    return [
        file
        for room in (*ROOMS, "tools")
        for file in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in file.parts and "__pycache__" not in file.parts
    ]


def test_modules_stay_short() -> None:
    lengths = {
        file.relative_to(ROOT).as_posix(): len(file.read_text(encoding="utf-8").splitlines())
        for file in modules()
    }
    assert {name: lines for name, lines in lengths.items() if lines > LIMIT} == {}


def test_migrations_hold_no_block_definitions() -> None:
    """They would grow by thousands of lines and change with every label (core.fields.StreamField drops them)."""
    found = []
    for room in ROOMS:
        for file in (ROOT / room).rglob("migrations/*.py"):
            text = file.read_text(encoding="utf-8")
            if "wagtail.blocks" in text or "block_lookup" in text or "wagtail.fields.StreamField" in text:
                found.append(file.relative_to(ROOT).as_posix())
    assert found == []


def test_migrations_have_names() -> None:
    names = [file.name for room in ROOMS for file in (ROOT / room).rglob("migrations/0*.py")]
    assert names
    assert [name for name in names if re.search(r"_auto_|_alter_.*_and_more", name)] == []


def test_models_never_import_services() -> None:
    found = []
    for file in modules():
        if "models" not in file.parts and file.name not in {"models.py", "querysets.py"}:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += (
                [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            )
            if any(re.search(r"(^|\.)services(\.|$)", name) for name in names):
                found.append(file.relative_to(ROOT).as_posix())
    assert found == []


def assets(*suffixes: str) -> list[Path]:
    folders = (ROOT / "static", ROOT / "templates", *(ROOT / room for room in ROOMS))
    return [file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix in suffixes]


def test_pages_styles_and_scripts_load_nothing_from_elsewhere() -> None:
    found = []
    for file in assets(".css"):
        text = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        if re.search(r"""(?:url\(|@import)\s*["']?\s*(?:https?:)?//""", text):
            found.append(file.relative_to(ROOT).as_posix())
    for file in assets(".js"):
        text = file.read_text(encoding="utf-8")
        if re.search(
            r"""(?:fetch|import|open|sendBeacon|EventSource|WebSocket)\s*\(?\s*["'`](?:https?:|wss?:)?//""",
            text,
        ):
            found.append(file.relative_to(ROOT).as_posix())
    for file in assets(".html"):
        text = file.read_text(encoding="utf-8")
        if LOADING.search(text) and 'rel="canonical"' not in (LOADING.search(text) or [""])[0]:
            found.append(file.relative_to(ROOT).as_posix())
    assert found == []


def test_scripts_are_leaf_modules() -> None:
    """One ES module per behaviour, none naming another: a file's hash then changes with that file alone.

    An address that the page hands over (with its hash) may be imported.
    """
    imports = re.compile(r"^\s*(?:import\s|export\s.*\sfrom\s)|\bimport\(\s*[\"'`]", re.MULTILINE)
    assert [file.name for file in assets(".js") if imports.search(file.read_text(encoding="utf-8"))] == []


@pytest.fixture(scope="module")
def extracted() -> list[messages.Message]:
    return messages.extract()


def test_every_string_has_its_vietnamese(extracted: list[messages.Message]) -> None:
    """`make messages` brings the catalogue up to date; what is empty there is missing here."""
    translated = {
        (entry.msgid, entry.msgctxt or "")
        for entry in messages.merged("vi")
        if (entry.msgstr or entry.msgstr_plural.get(0)) and not entry.fuzzy
    }
    missing = {(m.msgid, m.context): m.place for m in extracted if (m.msgid, m.context) not in translated}
    assert len(extracted) > 100
    assert missing == {}


def test_translations_keep_the_placeholders() -> None:
    """An unknown placeholder is an error when the page is shown, a lost one loses what the sentence was about."""
    placeholder = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
    wrong = {}
    for entry in messages.merged("vi"):
        singular, plural = (set(placeholder.findall(text)) for text in (entry.msgid, entry.msgid_plural))
        for translation in filter(None, [entry.msgstr, *entry.msgstr_plural.values()]):
            found = set(placeholder.findall(translation))
            # Words that override a dependency's may say it more shortly.
            shorter = "override" in entry.comment and found <= singular | plural
            if not shorter and found != (plural if entry.msgid_plural else singular):
                wrong[entry.msgid] = translation
    assert wrong == {}


def test_english_words_are_ascii_or_typographic(extracted: list[messages.Message]) -> None:
    """Msgids are English: a Vietnamese msgid would show Vietnamese on English pages."""
    lower = r"[^\W\d_A-Z]"
    letter = "[ăâđêôơư\u1ea0-\u1ef9]"
    # Names begin with a capital, examples stand in quotation marks: both may appear in an English sentence.
    word = re.compile(rf"(?<![\w’])(?=[^A-ZĂÂĐÊÔƠƯ]){lower}*{letter}{lower}*(?!\w)")
    quoted = re.compile("“[^”]*”")
    allowed = {"đ"}
    found = {
        m.msgid: m.place
        for m in extracted
        for hit in [word.search(quoted.sub("", m.msgid))]
        if hit and hit[0] not in allowed
    }
    assert found == {}
