"""The README's table of variables is the declarations', word for word; each variable is named nowhere else by hand."""

import re
from pathlib import Path

import env_table

from config.env import VARIABLES

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_lists_every_variable_with_its_default() -> None:
    assert env_table.written() == env_table.table(), "run: python tools/env_table.py"


def test_only_the_declarations_read_the_environment() -> None:
    # the last two hand it on to a process of their own and read no variable for themselves
    allowed = {
        "site/config/env.py",
        "site/config/wsgi.py",
        "search/reading/sandbox.py",
        "search/management/commands/search_run.py",
    }
    found = {
        file.relative_to(ROOT).as_posix()
        for folder in ("site", "home", "news", "guides", "training_events", "search")
        for file in (ROOT / folder).rglob("*.py")
        if re.search(r"\bos\.(environ|getenv)\b", file.read_text(encoding="utf-8"))
    }
    assert found <= allowed


def test_the_deployment_files_name_only_declared_variables() -> None:
    names = {variable.name for variable in VARIABLES} | {"DJANGO_SETTINGS_MODULE"}
    example = (ROOT / "deploy" / "environment.example").read_text(encoding="utf-8")
    used = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE))
    assert used
    assert used <= names
