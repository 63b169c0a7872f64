"""Reading the sample content (home/demo/content/*.yaml)."""

from pathlib import Path
from typing import Any

import yaml

from core import vietnamese

HERE = Path(__file__).resolve().parent
CONTENT, IMAGES, DOCUMENTS = HERE / "content", HERE / "images", HERE / "documents"

#: Not lists of pages.
_OTHER = {"vocabulary", "settings", "help_points", "documents", "english"}


def nfc(value: Any) -> Any:
    """Return ``value`` with every string in NFC, whatever editor wrote the file."""
    if isinstance(value, str):
        return vietnamese.to_nfc(value)
    if isinstance(value, list):
        return [nfc(item) for item in value]
    if isinstance(value, dict):
        return {key: nfc(item) for key, item in value.items()}
    return value


def read(name: str) -> Any:
    """Return the content of one file."""
    return nfc(yaml.safe_load((CONTENT / f"{name}.yaml").read_text(encoding="utf-8")))


def read_pages() -> list[dict[str, Any]]:
    """Return all pages, the tree's own pages first and parents before their children."""
    names = sorted(path.stem for path in CONTENT.glob("*.yaml") if path.stem not in _OTHER | {"tree"})
    pages = [page for name in ("tree", *names) for page in read(name)]
    placed: set[tuple[str, str]] = set()
    ordered: list[dict[str, Any]] = []
    while pages:
        ready = [page for page in pages if not page.get("parent") or (page["site"], page["parent"]) in placed]
        if not ready:
            missing = sorted({f"{page['site']}:{page['parent']}" for page in pages})
            raise ValueError(f"sample pages name parents that do not exist: {', '.join(missing)}")
        for page in ready:
            placed.add((page["site"], page["slug"]))
            ordered.append(page)
        chosen = {id(page) for page in ready}
        pages = [page for page in pages if id(page) not in chosen]
    return ordered


def alternatives() -> dict[str, dict[str, str]]:
    """Return title and text alternative of each illustration."""
    return nfc(yaml.safe_load((IMAGES / "alt.yaml").read_text(encoding="utf-8")))
