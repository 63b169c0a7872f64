"""Walks the sample site through Django's test client, from the home pages over every link that leads on."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree

from bs4 import BeautifulSoup, Comment
from bs4.element import Tag
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.test import Client
from wagtail.models import Site

#: Where the walk begins on each host. The home pages in other languages are reached through the language switch.
STARTS = (
    "/",
    "/sitemap.xml",
    "/robots.txt",
    "/healthz",
    "/tim-kiem/",
    "/tim-kiem/?q=vneid",
    "/tim-kiem/?q=khong-co-gi-nhu-the",
    "/dang-ky/tra-cuu/",
)
#: Attributes that people read or hear.
_SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-sending", "data-copied")
_SHOWN_META = ("description", "og:title", "og:description")
_CSS_URL = re.compile(r"""url\(\s*['"]?([^'")]+)""")
_MAX_REDIRECTS = 3


@dataclass
class Answer:
    """What one address answered, after redirects."""

    url: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def is_page(self) -> bool:
        """Whether this is an HTML page."""
        return self.headers.get("Content-Type", "").startswith("text/html")

    @property
    def language(self) -> str:
        """The language that the address promises."""
        return "en" if re.match(r"/en(/|$)", urlsplit(self.url).path) else "vi"

    @property
    def is_filtered(self) -> bool:
        """Whether the address is a narrowed or later view of a page, with the same canonical address."""
        return bool(urlsplit(self.url).query)

    @cached_property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The parsed page."""
        return BeautifulSoup(self.text, "html.parser")

    @cached_property
    def texts(self) -> list[tuple[str, bool]]:
        """Every text that is read or spoken, and whether it is marked as another language than the page's."""
        return list(_find_texts(self.soup))

    @cached_property
    def ids(self) -> list[str]:
        """Every id on the page, repeated ones too."""
        return [str(tag["id"]) for tag in self.soup.find_all(id=True)]


@dataclass(frozen=True)
class Reference:
    """An address that a page names: in which tag and attribute, with which fragment."""

    page: str
    tag: str
    attribute: str
    url: str
    fragment: str

    def __str__(self) -> str:
        anchor = f"#{self.fragment}" if self.fragment else ""
        return f"{self.page}: <{self.tag} {self.attribute}> → {self.url}{anchor}"


class Crawler:
    """Fetches every address once and keeps what it answered and who named it."""

    def __init__(self) -> None:
        """Learn which hosts are ours."""
        self.hosts = {f"{site.hostname}:{site.port}": site.hostname for site in Site.objects.all()}
        self.answers: dict[str, Answer] = {}
        self.references: list[Reference] = []
        self.outside: list[Reference] = []
        self._clients = {host: Client(headers={"host": host}) for host in self.hosts}

    def walk(self) -> None:
        """Fetch everything that can be reached."""
        waiting = deque(f"http://{host}{path}" for host in self.hosts for path in STARTS)
        while waiting:
            url = waiting.popleft()
            if url in self.answers:
                continue
            answer = self.answers[url] = self.fetch(url)
            if urlsplit(answer.url).path.startswith("/quan-tri/"):
                # the staff area, to which a class for staff leads: Wagtail's own pages
                self.answers[url] = Answer(url, answer.status, {"Content-Type": "staff"})
                continue
            for reference in self._read(answer):
                host = urlsplit(reference.url).netloc
                if host not in self.hosts:
                    self.outside.append(reference)
                    continue
                self.references.append(reference)
                if reference.url not in self.answers:
                    waiting.append(reference.url)

    @property
    def pages(self) -> list[Answer]:
        """Every HTML page that answered 200."""
        return [answer for answer in self.answers.values() if answer.is_page and answer.status == 200]

    @property
    def own_pages(self) -> list[Answer]:
        """Pages without a query string: what a search engine would list."""
        return [answer for answer in self.pages if not answer.is_filtered]

    def fetch(self, url: str) -> Answer:
        """Return what ``url`` answers; static and uploaded files are looked up where they lie."""
        parts = urlsplit(url)
        if parts.path.startswith(settings.STATIC_URL):
            found = finders.find(unquote(parts.path.removeprefix(settings.STATIC_URL)))
            if not found:
                return Answer(url, 404)
            with open(str(found), "rb") as file:
                return Answer(url, 200, {"Content-Type": "static"}, file.read())
        if parts.path.startswith(settings.MEDIA_URL):
            name = unquote(parts.path.removeprefix(settings.MEDIA_URL))
            return Answer(url, 200 if default_storage.exists(name) else 404, {"Content-Type": "media"})
        return self._ask(url, _MAX_REDIRECTS)

    def _ask(self, url: str, redirects: int) -> Answer:
        parts = urlsplit(url)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        response = self._clients[parts.netloc].get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        response.close()
        if response.status_code in (301, 302) and redirects:
            target = urljoin(url, response["Location"])
            if urlsplit(target).netloc in self.hosts:
                return self._ask(target, redirects - 1)
        return Answer(url, response.status_code, dict(response.headers), body)

    def _read(self, answer: Answer) -> list[Reference]:
        if answer.status != 200:
            return []
        kind = answer.headers.get("Content-Type", "")
        if answer.is_page:
            return [self._reference(answer, *named) for named in _named_by(answer.soup)]
        if urlsplit(answer.url).path.endswith(".css"):
            return [
                self._reference(answer, "css", "url", found)
                for found in _CSS_URL.findall(answer.text)
                if not found.startswith(("data:", "#"))
            ]
        if kind.partition(";")[0].endswith(("/xml", "+xml")):
            return [self._reference(answer, *named) for named in _named_in_xml(answer.body)]
        return []

    @staticmethod
    def _reference(answer: Answer, tag: str, attribute: str, raw: str) -> Reference:
        url, fragment = urldefrag(urljoin(answer.url, raw.strip()))
        return Reference(answer.url, tag, attribute, url, unquote(fragment))


def _named_by(soup: BeautifulSoup) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for tag in soup.find_all(True):
        for attribute in ("href", "src", "poster", "action", "data-src"):
            # a form that sends by POST is no address to read
            is_sent = attribute == "action" and str(tag.get("method", "get")).lower() != "get"
            if tag.get(attribute) and not is_sent and not _is_contact(str(tag[attribute])):
                found.append((tag.name, attribute, str(tag[attribute])))
        found += [(tag.name, "srcset", part.split()[0]) for part in _srcset(tag)]
        if tag.name == "meta" and str(tag.get("property", "")) in ("og:image", "og:url"):
            found.append((tag.name, "content", str(tag.get("content", ""))))
    return found


def _find_texts(soup: BeautifulSoup) -> Iterator[tuple[str, bool]]:
    foreign = {id(inner) for tag in soup.select("[lang]:not(html)") for inner in (tag, *tag.find_all(True))}
    for node in soup.find_all(string=True):
        if (
            isinstance(node, Comment)
            or node.parent is None
            or node.parent.name in ("script", "style", "[document]")
        ):
            continue
        if text := " ".join(str(node).split()):
            yield text, id(node.parent) in foreign
    for tag in soup.find_all(True):
        spoken = [str(tag[name]) for name in _SPOKEN if name in tag.attrs]
        if tag.name == "meta" and str(tag.get("name") or tag.get("property")) in _SHOWN_META:
            spoken.append(str(tag.get("content", "")))
        for text in spoken:
            if text.strip():
                yield " ".join(text.split()), id(tag) in foreign


def _named_in_xml(body: bytes) -> list[tuple[str, str, str]]:
    """Read sitemaps, Atom and RSS."""
    found = []
    for element in ElementTree.fromstring(body).iter():
        name = element.tag.rpartition("}")[2]
        if name in ("loc", "link", "url") and (
            address := element.get("href") or (element.text or "").strip()
        ):
            found.append((name, "href", address))
    return found


def _srcset(tag: Tag) -> list[str]:
    return [part for part in str(tag.get("srcset", "")).split(",") if part.strip()]


def _is_contact(address: str) -> bool:
    return address.startswith(("mailto:", "tel:", "data:"))
