"""How many queries a page costs once the office's data is warm. Twelve at most, whatever stands on it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.core import make_office, make_pillar, make_place, make_topic
from tests.factories.guides import make_guide, make_guide_index, make_series
from tests.factories.news import make_article, make_bulletin, make_feature, make_image, make_news_index

BUDGET = 12


@pytest.fixture
def tree(db: None) -> None:
    """Two languages, pictures everywhere, pages that lead to each other."""
    site = make_office(languages=("vi", "en"))
    news, guides = make_news_index(site), make_guide_index(site)
    topic, place, pillar = make_topic("Y tế số"), make_place(), make_pillar()

    def common() -> dict[str, Any]:
        return {"topics": [topic], "places": [place], "pillar": pillar, "cover_image": make_image()}

    articles = [make_article(news, slug=f"bai-{n}", **common()) for n in range(4)]
    items = [("item", {"title": "x", "text": "y", "image": make_image(), "page": page}) for page in articles]
    bulletins = [make_bulletin(news, slug=f"so-{n}", items=items, **common()) for n in range(3)]
    series = make_series(guides, slug="loat", pillar=pillar, cover_image=make_image())
    steps = [("step", {"title": "x", "text": "y", "image": make_image()}) for _ in range(4)]
    found = [make_guide(series, slug=f"huong-dan-{n}", steps=steps, **common()) for n in range(3)]
    make_feature(news, [*articles, *bulletins, *found], slug="chuyen", **common())


@pytest.mark.parametrize(
    "path",
    [
        "/tin-tuc/", "/tin-tuc/ban-tin/", "/tin-tuc/?linh-vuc=y-te-so", "/tin-tuc/bai-0/", "/tin-tuc/so-0/", "/tin-tuc/chuyen/",
        "/huong-dan/", "/huong-dan/loat/", "/huong-dan/loat/huong-dan-1/",
    ],
)  # fmt: skip
def test_a_page_costs_twelve_queries_at_most(client: Client, tree: None, path: str) -> None:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    assert len(queries) <= BUDGET, "\n".join(query["sql"][:200] for query in queries)
