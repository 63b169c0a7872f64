"""The site's style sheets: many small files to write, one file to load.

On a weak connection every request costs a round trip, so pages link one file, `css/site.css`. A staticfiles finder joins the
parts (there is no build step to forget); collectstatic hashes and compresses the result like any other file. With DEBUG on,
pages link the parts themselves.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

#: Order matters: the first file declares the cascade layers.
PARTS = (
    "layers", "reset", "tokens", "fonts", "base", "layout",
    *(
        f"components/{name}"
        for name in (
            "icon", "button", "ornament", "header", "search_box", "language_switch", "alert", "breadcrumbs",
            "page_header", "section_heading", "badge", "card", "event_card", "document_row", "facts", "figures",
            "step", "toc", "filters", "pagination", "form", "share", "pillar_tile", "contact_box", "related",
            "tag_list", "empty_state", "search_result", "search_page", "search_suggest", "today", "bulletin", "person",
            "standing", "month", "blocks", "footer",
        )
    ),
    "utilities", "print",
)  # fmt: skip
BUNDLE = "css/site.css"
_URL = re.compile(r"""url\((["']?)(?!data:|https?:|/|#)([^"')]+)\1\)""")


def part_names() -> list[str]:
    """Return the static names of the parts in their order."""
    return [f"css/{part}.css" for part in PARTS]


def join(folder: Path) -> str:
    """Return the parts below ``folder`` (the one that holds ``css/``) as one style sheet with addresses that still lead there."""
    return "\n".join(_relocated(name, (folder / name).read_text(encoding="utf-8")) for name in part_names())


def _relocated(name: str, text: str) -> str:
    """Rewrite relative addresses of a part in css/components/ for a file in css/."""
    if not name.startswith("css/components/"):
        return text
    return _URL.sub(
        lambda match: f'url("{match[2].removeprefix("../")}")' if match[2].startswith("../") else match[0],
        text,
    )


class BundleFinder(BaseFinder):
    """Finds `css/site.css`, joined again whenever a part is newer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Keep the joined file in the program's folder for generated files."""
        self.source = Path(settings.STATICFILES_DIRS[0])
        self.storage = FileSystemStorage(location=settings.BUNDLE_ROOT)

    def check(self, **kwargs: Any) -> list[Any]:
        """There is nothing to configure."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the joined file's path for its name, nothing for other names."""
        if path != BUNDLE:
            return []
        found = self._fresh()
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield the joined file."""
        self._fresh()
        yield BUNDLE, self.storage

    def _fresh(self) -> str:
        target = Path(self.storage.path(BUNDLE))
        newest = max((self.source / name).stat().st_mtime for name in part_names())
        if not target.exists() or target.stat().st_mtime < newest:
            target.parent.mkdir(parents=True, exist_ok=True)
            # another process may read it at this moment: replace it whole
            draft = target.with_suffix(".new")
            draft.write_text(join(self.source), encoding="utf-8")
            draft.replace(target)
        return str(target)
