"""What holds on every page of the site: each rule takes a page and returns its complaints, empty when all is well."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import polib
from bs4 import BeautifulSoup
from bs4.element import Tag

from tests.site.crawler import Answer

Rule = Callable[[Answer], list[str]]
LOCALE = Path(__file__).resolve().parents[2] / "locale"
_ENGLISH = frozenset(
    ["the", "of", "and", "your", "you", "for", "with", "this", "are", "not", "from", "all", "our", "please"]
)
_INTERACTIVE = ("a", "button", "input", "select", "textarea", "summary")
_UNFINISHED = re.compile(r"\bNone\b|\{\{|\{%|%\(\w+\)|\bundefined\b|Traceback|\b[Ll]orem\b")


def one_heading(page: Answer) -> list[str]:
    """One h1, with text."""
    found = page.soup.find_all("h1")
    if len(found) != 1:
        return [f"{len(found)} h1"]
    return [] if found[0].get_text(strip=True) else ["the h1 is empty"]


def headings_step_by_step(page: Answer) -> list[str]:
    """No heading skips a level, none is empty."""
    found, last = [], 0
    for tag in page.soup.find_all(re.compile("^h[1-6]$")):
        level, text = int(tag.name[1]), tag.get_text(" ", strip=True)
        if last and level > last + 1:
            found.append(f"h{last} is followed by h{level} “{text[:60]}”")
        if not text:
            found.append(f"an empty h{level}")
        last = level
    return found


def title_says_what(page: Answer) -> list[str]:
    """The title has text before the office's name."""
    title = page.soup.title.get_text(strip=True) if page.soup.title else ""
    return [] if len(title.split(" – ")[0]) >= 3 and len(title) <= 150 else [f"title “{title}”"]


def description_fits(page: Answer) -> list[str]:
    """30 to 200 characters, as search engines show; forms and other pages that they may not list are free."""
    tag = page.soup.find("meta", attrs={"name": "description"})
    text = str(tag["content"]).strip() if isinstance(tag, Tag) else ""
    if is_hidden(page) and text:
        return []
    return [] if 30 <= len(text) <= 200 else [f"description of {len(text)} characters: “{text[:80]}”"]


def language_is_named(page: Answer) -> list[str]:
    """The element html and the header name the language that the address promises."""
    named = str(page.soup.html.get("lang")) if page.soup.html else ""
    header = page.headers.get("Content-Language", "")
    return [] if named == header == page.language else [f"lang {named!r}, header {header!r}"]


def canonical_address(page: Answer) -> list[str]:
    """One absolute canonical address; on the office's own pages without a filter it is the address itself."""
    found = [str(tag["href"]) for tag in page.soup.find_all("link", rel="canonical")]
    if len(found) != 1 or not found[0].startswith("http"):
        return [f"canonical addresses {found}"]
    same_host = urlsplit(found[0]).netloc == urlsplit(page.url).netloc
    if same_host and not page.is_filtered and not is_hidden(page) and found[0] != page.url:
        return [f"canonical address {found[0]}"]
    return []


def links_speak(page: Answer) -> list[str]:
    """Every link and button has a name."""
    return [
        f"<{tag.name}> without a name: {str(tag)[:120]}"
        for tag in page.soup.find_all(["a", "button", "summary"])
        if not _name(tag, page.soup)
    ]


def pictures_have_alternatives(page: Answer) -> list[str]:
    """Every img has the attribute alt (empty where it is decoration) and its size, so that nothing jumps."""
    found = []
    for tag in page.soup.find_all("img"):
        if tag.get("alt") is None:
            found.append(f"no alt: {str(tag)[:120]}")
        if not (tag.get("width") and tag.get("height")):
            found.append(f"no width and height: {str(tag)[:120]}")
    return found


def nothing_from_elsewhere(page: Answer) -> list[str]:
    """No picture, script, style or frame of another host is loaded before a click."""
    found = []
    for tag in page.soup.find_all(
        ["img", "script", "iframe", "source", "video", "audio", "embed", "object", "input"]
    ):
        found += _foreign(page, tag, ("src", "srcset", "poster", "data"))
    for tag in page.soup.find_all("link"):
        if {"canonical", "alternate"}.isdisjoint(tag.get("rel") or []):
            found += _foreign(page, tag, ("href",))
    return found


def nothing_inline(page: Answer) -> list[str]:
    """No inline script, style or handler: the content security policy refuses them."""
    found = [f"<style>: {tag.get_text()[:60]}" for tag in page.soup.find_all("style")]
    for tag in page.soup.find_all(True):
        if tag.name == "script" and not tag.get("src") and tag.get("type") != "application/ld+json":
            found.append(f"inline script: {tag.get_text()[:60]}")
        found += [f"<{tag.name} {name}>" for name in tag.attrs if name == "style" or name.startswith("on")]
    return found


def ids_are_unique(page: Answer) -> list[str]:
    """No id twice."""
    return [f"id {name!r} {times} times" for name, times in Counter(page.ids).items() if times > 1]


def references_inside_exist(page: Answer) -> list[str]:
    """What labels and aria attributes name is on the page."""
    ids, found = set(page.ids), []
    for tag in page.soup.find_all(True):
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form"):
            value = tag.get(attribute)
            names = value if isinstance(value, list) else str(value or "").split()
            found += [f"<{tag.name} {attribute}={name!r}> names nothing" for name in names if name not in ids]
    return found


def fields_have_labels(page: Answer) -> list[str]:
    """Every visible field has a label or a spoken name."""
    labels = {str(tag["for"]) for tag in page.soup.find_all("label", attrs={"for": True})}
    return [
        f"no label: {str(tag)[:120]}"
        for tag in page.soup.find_all(["input", "select", "textarea"])
        if str(tag.get("type")) not in ("hidden", "submit", "button")
        and str(tag.get("id")) not in labels
        and not tag.find_parent("label")
        and not (tag.get("aria-label") or tag.get("aria-labelledby"))
    ]


def well_nested(page: Answer) -> list[str]:
    """No control inside a control; lists hold items only, definition lists terms and definitions."""
    found = []
    for tag in page.soup.find_all(["a", "button", "summary"]):
        inner = tag.find(_INTERACTIVE)
        if isinstance(inner, Tag):
            found.append(f"<{inner.name}> inside <{tag.name}>: {str(tag)[:100]}")
    for tag in page.soup.find_all(["ul", "ol", "menu"]):
        found += [
            f"<{child.name}> in <{tag.name}>"
            for child in _children(tag)
            if child.name not in ("li", "template")
        ]
    for tag in page.soup.find_all("dl"):
        found += [
            f"<{child.name}> in <dl>" for child in _children(tag) if child.name not in ("dt", "dd", "div")
        ]
    for tag in page.soup.select("dl > div"):
        if not (tag.find("dt", recursive=False) and tag.find("dd", recursive=False)):
            found.append(f"a group of a <dl> without term and definition: {str(tag)[:80]}")
    for tag in page.soup.find_all("li"):
        if tag.parent is None or tag.parent.name not in ("ul", "ol", "menu"):
            found.append(f"<li> outside a list: {tag.get_text(' ', strip=True)[:60]}")
    for tag in page.soup.find_all("table"):
        if not tag.find("th"):
            found.append("a table without a head")
    return found


def nothing_unfinished(page: Answer) -> list[str]:
    """No template syntax, no None, no left-over text."""
    return [f"“{text[:80]}”" for text in _texts(page) if _UNFINISHED.search(text)]


def composed_letters(page: Answer) -> list[str]:
    """All text in NFC."""
    return [f"“{text[:60]}”" for text in _texts(page) if not unicodedata.is_normalized("NFC", text)]


def in_the_language_of_the_page(page: Answer) -> list[str]:
    """No English interface text on Vietnamese pages, no Vietnamese interface text on English ones."""
    strange = _translations() if page.language == "vi" else _vietnamese_only()
    found = []
    for text in _texts(page, skip_other_languages=True):
        if text in strange:
            found.append(f"“{text}”")
        elif page.language == "vi" and text.isascii():
            words = set(re.findall(r"[a-z]+", text.lower()))
            if len(words & _ENGLISH) >= 2:
                found.append(f"“{text[:80]}”")
    return found


def structured_data_is_sound(page: Answer) -> list[str]:
    """Structured data are JSON with a context and a type."""
    found = []
    for tag in page.soup.find_all("script", type="application/ld+json"):
        try:
            data = json.loads(tag.get_text())
        except ValueError as problem:
            found.append(f"no JSON: {problem}")
            continue
        for row in data if isinstance(data, list) else [data]:
            if not (row.get("@context") and (row.get("@type") or row.get("@graph"))):
                found.append(f"no @context or @type: {str(row)[:80]}")
    return found


def phones_can_be_called(page: Answer) -> list[str]:
    """Links to telephones hold digits only, links to addresses an @."""
    found = []
    for tag in page.soup.find_all("a", href=re.compile("^(tel|mailto):")):
        kind, _colon, rest = str(tag["href"]).partition(":")
        if not re.fullmatch(r"\+?\d{3,15}" if kind == "tel" else r"[^@\s]+@[^@\s]+(\?.*)?", rest):
            found.append(str(tag["href"]))
    return found


RULES: tuple[Rule, ...] = (
    one_heading,
    headings_step_by_step,
    title_says_what,
    description_fits,
    language_is_named,
    canonical_address,
    links_speak,
    pictures_have_alternatives,
    nothing_from_elsewhere,
    nothing_inline,
    ids_are_unique,
    references_inside_exist,
    fields_have_labels,
    well_nested,
    nothing_unfinished,
    composed_letters,
    in_the_language_of_the_page,
    structured_data_is_sound,
    phones_can_be_called,
)


def is_hidden(page: Answer) -> bool:
    """Tell whether search engines are asked not to list the page."""
    tag = page.soup.find("meta", attrs={"name": "robots"})
    return isinstance(tag, Tag) and "noindex" in str(tag.get("content"))


def _children(tag: Tag) -> list[Tag]:
    return [child for child in tag.children if isinstance(child, Tag) and child.name != "script"]


def _name(tag: Tag, soup: BeautifulSoup) -> str:
    if tag.get("aria-label"):
        return str(tag["aria-label"]).strip()
    if tag.get("aria-labelledby"):
        targets = [soup.find(id=name) for name in str(tag["aria-labelledby"]).split()]
        return "".join(target.get_text(strip=True) for target in targets if isinstance(target, Tag))
    pictures = "".join(str(image.get("alt", "")) for image in tag.find_all("img"))
    return tag.get_text(strip=True) + pictures.strip()


def _foreign(page: Answer, tag: Tag, attributes: tuple[str, ...]) -> list[str]:
    own = urlsplit(page.url).hostname
    found = []
    for attribute in attributes:
        for part in str(tag.get(attribute, "")).split(","):
            address = urljoin(page.url, part.strip().split(" ")[0])
            if address.startswith("http") and urlsplit(address).hostname != own:
                found.append(f"<{tag.name} {attribute}> {address}")
    return found


def _texts(page: Answer, *, skip_other_languages: bool = False) -> Iterator[str]:
    """Yield every text that is read or spoken, with blanks collapsed."""
    for text, is_foreign in page.texts:
        if not (skip_other_languages and is_foreign):
            yield text


@cache
def _entries() -> list[polib.POEntry]:
    files = [LOCALE / "vi" / "LC_MESSAGES" / "django.po", *sorted((LOCALE / "vi" / "parts").glob("*.po"))]
    return [
        entry for file in files if file.exists() for entry in polib.pofile(str(file)) if not entry.obsolete
    ]


@cache
def _translations() -> frozenset[str]:
    """English texts that have another Vietnamese text, or none yet."""
    shown = {entry.msgstr for entry in _entries()}
    return frozenset(
        " ".join(text.split())
        for entry in _entries()
        for text in (entry.msgid, entry.msgid_plural)
        if text and text not in shown and len(text) > 2
    )


@cache
def _vietnamese_only() -> frozenset[str]:
    """Vietnamese texts of the interface that no English text equals."""
    english = {entry.msgid for entry in _entries()}
    texts = (" ".join(entry.msgstr.split()) for entry in _entries())
    return frozenset(text for text in texts if text and not text.isascii() and text not in english)
