"""Static files as production serves them: every name a template uses is collected and hashed."""

import json
import re
from pathlib import Path

from tests.config.helpers import PRODUCTION, start

ROOT = Path(__file__).resolve().parents[2]
COLLECT = (
    "import sys; sys.argv = ['manage.py', 'collectstatic', '--noinput', '--verbosity', '0']; "
    "from django.core.management import execute_from_command_line as run; run(sys.argv)"
)


def test_every_static_file_of_a_template_is_collected(tmp_path: Path) -> None:
    done = start(COLLECT, "config.settings.production", STATIC_ROOT=str(tmp_path / "static"), **PRODUCTION)
    assert done.returncode == 0, done.stderr
    collected = json.loads((tmp_path / "static" / "staticfiles.json").read_text())["paths"]
    folders = ("templates", "site", "home", "news", "guides", "training_events", "search")
    wanted = {
        name: file.relative_to(ROOT).as_posix()
        for folder in folders
        for file in (ROOT / folder).rglob("*.html")
        for name in re.findall(r"""{%\s*static\s+["']([^"']+)["']""", file.read_text(encoding="utf-8"))
    }
    assert wanted
    assert {name: place for name, place in wanted.items() if name not in collected} == {}
    own = [name for name in collected if (ROOT / "static" / name).is_file()]
    assert len(own) > 10
    # A browser may keep these for ever, because a change gives another name.
    assert all(re.search(r"\.[0-9a-f]{12}\.\w+$", collected[name]) for name in own)
