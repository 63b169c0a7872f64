"""One style sheet is loaded, made of all parts."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders

from core import stylesheets

STATIC = Path(settings.STATICFILES_DIRS[0])


def test_every_part_is_in_the_list_once() -> None:
    loaded_elsewhere = {"css/admin.css", "css/admin_call.css", "css/door.css", "css/error.css"}
    files = {str(path.relative_to(STATIC)) for path in (STATIC / "css").rglob("*.css")} - loaded_elsewhere
    assert sorted(stylesheets.part_names()) == sorted(files)


def test_addresses_in_the_bundle_lead_to_files(settings: Any, tmp_path: Path) -> None:
    settings.BUNDLE_ROOT = tmp_path
    found = stylesheets.BundleFinder().find("css/site.css")
    text = Path(found).read_text(encoding="utf-8")
    addresses = [
        a for _quote, a in re.findall(r"""url\((["']?)([^"')]+)\1\)""", text) if not a.startswith("data:")
    ]
    assert addresses
    for address in addresses:
        assert (STATIC / "css" / address).resolve().exists(), address


def test_a_changed_part_makes_a_new_bundle(settings: Any, tmp_path: Path) -> None:
    settings.BUNDLE_ROOT = tmp_path
    finder = stylesheets.BundleFinder()
    target = Path(finder.find("css/site.css"))
    target.write_text("old")
    import os

    os.utime(target, (0, 0))
    assert "@layer" in Path(finder.find("css/site.css")).read_text(encoding="utf-8")


def test_the_bundle_is_found_by_its_name_only() -> None:
    assert finders.find("css/site.css")
    assert stylesheets.BundleFinder().find("css/other.css") == []
