"""Sample pages carry the vocabulary that their files name, so that every filter leads somewhere."""

import pytest
from django.test import Client

from core.models import ContentPage, Pillar, Place, Topic
from core.taxonomy import source_rows
from home.demo import content_files

pytestmark = pytest.mark.usefixtures("sample")


def test_every_page_has_the_terms_of_its_file() -> None:
    pages = ContentPage.objects.filter(locale__language_code="vi", depth__gt=2)
    # the sample's home pages are /office-trang-chu/ and /commune-trang-chu/
    by_key = {(page.url_path.split("/")[1].split("-")[0], page.slug): page for page in pages}
    wrong = []
    for data in content_files.read_pages():
        if not data.get("parent"):
            continue
        page = by_key[data["site"], data["slug"]]
        for name in ("topics", "places", "audiences"):
            found = set(getattr(page, name).values_list("slug", flat=True))
            if found != set(data.get(name) or []):
                wrong.append((data["slug"], name, found))
    assert wrong == []


def test_every_topic_place_and_pillar_leads_to_pages(client: Client) -> None:
    empty = []
    for param, model in (("linh-vuc", Topic), ("dia-ban", Place), ("tru-cot", Pillar)):
        for term in source_rows(model):
            if isinstance(term, Place) and term.kind in ("province", "district"):
                continue
            html = client.get(
                f"/tim-kiem/?{param}={term.slug}", headers={"host": "localhost"}
            ).content.decode()
            if 'class="search-result' not in html and "card__link" not in html:
                empty.append(term.slug)
    assert empty == []
