"""Every page of the sample site, both offices and both languages: what is named exists, and every page keeps the rules."""

from collections import defaultdict
from urllib.parse import unquote, urlsplit

import pytest

from tests.site.crawler import Crawler
from tests.site.rules import RULES, Rule, is_hidden

#: A complaint about the frame of the page would otherwise fill screens.
_EXAMPLES = 4


def report(complaints: dict[str, list[str]]) -> str:
    """Say each complaint once, with some of the pages that it stands on."""
    lines = [
        f"- {what}\n    on {len(pages)}: {', '.join(unquote(page) for page in pages[:_EXAMPLES])}"
        for what, pages in sorted(complaints.items())
    ]
    return f"{len(lines)} complaints\n" + "\n".join(lines)


def test_the_walk_reaches_the_whole_site(crawl: Crawler) -> None:
    hosts = {urlsplit(page.url).netloc: 0 for page in crawl.pages}
    for page in crawl.own_pages:
        hosts[urlsplit(page.url).netloc] += 1
    assert len(hosts) == 2
    assert min(hosts.values()) >= 30, hosts
    assert sum(page.language == "en" for page in crawl.own_pages) >= 30
    kinds = {answer.headers.get("Content-Type", "").partition(";")[0] for answer in crawl.answers.values()}
    assert {
        "text/html", "static", "media", "application/xml", "application/atom+xml", "application/rss+xml",
        "text/calendar", "text/plain", "application/pdf",
    } <= kinds  # fmt: skip


def test_everything_that_is_named_answers(crawl: Crawler) -> None:
    complaints = defaultdict(list)
    for reference in crawl.references:
        answer = crawl.answers[reference.url]
        if answer.status != 200:
            complaints[f"{answer.status} {unquote(reference.url)}"].append(reference.page)
    for answer in crawl.answers.values():
        if answer.status != 200:
            complaints.setdefault(f"{answer.status} {unquote(answer.url)}", ["(start)"])
    assert not complaints, report(complaints)


def test_every_named_place_on_a_page_exists(crawl: Crawler) -> None:
    complaints = defaultdict(list)
    for reference in crawl.references:
        target = crawl.answers[reference.url]
        if reference.fragment and target.is_page and reference.fragment not in target.ids:
            complaints[f"no #{reference.fragment} on {unquote(reference.url)}"].append(reference.page)
    assert not complaints, report(complaints)


def test_links_lead_outside_by_https_to_known_hosts(crawl: Crawler) -> None:
    """The sample names no address that could belong to somebody, besides the state's own."""
    complaints = defaultdict(list)
    for reference in crawl.outside:
        parts = urlsplit(reference.url)
        if parts.scheme == "https" and (parts.hostname or "").endswith((".gov.vn", "example.vn")):
            continue
        complaints[reference.url].append(reference.page)
    assert not complaints, report(complaints)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_page(rule: Rule, crawl: Crawler) -> None:
    complaints = defaultdict(list)
    for page in crawl.pages:
        for complaint in rule(page):
            complaints[complaint].append(page.url)
    assert not complaints, report(complaints)


def test_no_two_pages_of_an_office_share_a_title(crawl: Crawler) -> None:
    titles = defaultdict(list)
    for page in crawl.own_pages:
        assert page.soup.title
        canonical = page.soup.find("link", rel="canonical")
        if not is_hidden(page) and urlsplit(str(canonical["href"])).netloc == urlsplit(page.url).netloc:
            titles[urlsplit(page.url).netloc, page.language, page.soup.title.get_text(strip=True)].append(
                page.url
            )
    complaints = {str(title): pages for title, pages in titles.items() if len(pages) > 1}
    assert not complaints, report(complaints)


def test_languages_name_each_other(crawl: Crawler) -> None:
    complaints = defaultdict(list)
    for page in crawl.own_pages:
        alternates = {
            str(tag["hreflang"]): str(tag["href"])
            for tag in page.soup.find_all("link", rel="alternate", hreflang=True)
        }
        if not alternates:
            continue
        if alternates.get(page.language) != page.url:
            complaints[f"names {alternates.get(page.language)} as itself"].append(page.url)
        for address in alternates.values():
            other = crawl.answers.get(address)
            back = (
                [str(tag["href"]) for tag in other.soup.find_all("link", rel="alternate", hreflang=True)]
                if other
                else []
            )
            if page.url not in back:
                complaints[f"{address} does not name it back"].append(page.url)
    assert not complaints, report(complaints)
