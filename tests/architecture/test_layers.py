"""Imports run one way: config → home → sections → core. import-linter holds it; a deliberate breach proves that it bites."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("home", "news", "guides", "training_events", "search")
LINT = "from importlinter.cli import lint_imports_command as run; run()"


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--config", "pyproject.toml"],
        cwd=root,
        env={"PYTHONPATH": f"{root}:{root / 'site'}", "PATH": "", "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_room_keeps_to_the_directions() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_an_import_between_sections_is_caught(tmp_path: Path) -> None:
    for room in ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").write_text("")
    for room in ("config", "core"):
        shutil.copytree(
            ROOT / "site" / room, tmp_path / "site" / room, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert lint(tmp_path).returncode == 0
    (tmp_path / "news" / "breach.py").write_text("import guides\n")
    (tmp_path / "guides" / "breach.py").write_text("import home\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    assert "news.breach -> guides" in done.stdout
    assert "guides.breach -> home" in done.stdout


def test_site_is_a_source_folder_and_no_package() -> None:
    assert not (ROOT / "site" / "__init__.py").exists()
