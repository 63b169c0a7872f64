"""Pages to search for."""

import datetime
from typing import Any

from django.utils import timezone
from wagtail.models import Page, Site

from home.models import StandardPage
from news.models import ArticlePage
from search import log
from search.models import AskedQuestion
from tests.factories.core import home_of, make_locale

_count = 0


def add(
    site: Site,
    title: str,
    text: str = "",
    *,
    language: str = "vi",
    model: type[Page] = StandardPage,
    **values: Any,
) -> Any:
    """Return a live page below the office's home page, indexed as a save indexes it."""
    global _count
    _count += 1
    topics, places = values.pop("topics", []), values.pop("places", [])
    page = model(
        title=title,
        slug=values.pop("slug", f"trang-{_count}"),
        locale=make_locale(language),
        **{
            "body": [("paragraph", f"<p>{text}</p>")] if text else [],
            "published_on": datetime.date(2024, 8, 1),
            **values,
        },
    )
    home_of(site, language).add_child(instance=page)
    if topics:
        page.topics.set(topics)
    if places:
        page.places.set(places)
    if topics or places:
        page.save()
        page.save()  # the tests' tasks run at once, before the relations of the first save are written
    return page


def article(site: Site, title: str, text: str = "", **values: Any) -> Any:
    """Return a live article."""
    return add(site, title, text, model=ArticlePage, **values)


def past() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(minutes=5)


def ask(site: Site, text: str, *, days_ago: int = 0, times: int = 1, total: int = 3, clicks: int = 0) -> None:
    """Store a day of a question as it would stand after ``times`` records."""
    AskedQuestion.objects.create(
        site=site,
        language="vi",
        day=timezone.localdate() - datetime.timedelta(days=days_ago),
        key=log.question_key(text),
        text=text,
        asked=times,
        total=total,
        clicks=clicks,
    )
