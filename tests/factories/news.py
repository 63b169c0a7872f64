"""Factories of news pages."""

import datetime
from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image
from wagtail.images.models import Filter
from wagtail.models import Page, Site

from core.images import PRESETS, rendition_spec
from core.models import SiteDocument, SiteImage, SiteImageRendition
from news.models import ArticlePage, BulletinPage, FeaturePage, NewsIndexPage
from tests.factories.core import home_of, make_locale

_numbers = count(1)
#: The rendition of templates/components/social_image.html.
SOCIAL = "fill-1200x630|format-jpeg|jpegquality-75"


def make_image(title: str = "Ảnh") -> SiteImage:
    """Return a raster image with its renditions (made here, because Wagtail leaves the files that it reads open)."""
    drawn = BytesIO()
    Image.new("RGB", (900, 600), "#1C6547").save(drawn, "PNG")
    image = SiteImage.objects.create(
        title=title,
        description="Ảnh mẫu",
        width=900,
        height=600,
        file=ContentFile(drawn.getvalue(), name="anh.png"),
    )
    presets = (PRESETS[name] for name in ("card", "cover", "body"))
    specs = [rendition_spec(preset, width) for preset in presets for width in preset.widths]
    for spec in {*specs, SOCIAL}:
        SiteImageRendition.objects.create(
            image=image, filter_spec=spec, focal_point_key=Filter(spec).get_cache_key(image), width=400, height=225,
            file=f"images/{image.pk}-{spec.split('|')[0]}.webp",
        )  # fmt: skip
    return image


def make_document(title: str = "Tờ rơi", **values: Any) -> SiteDocument:
    """Return a small text document."""
    return SiteDocument.objects.create(title=title, file=ContentFile(b"mau", name="to-roi.txt"), **values)


def make_news_index(site: Site, language: str = "vi", **values: Any) -> NewsIndexPage:
    """Return the live news section of an office."""
    values = {"title": "Tin tức", "slug": "tin-tuc", **values}
    page = NewsIndexPage(locale=make_locale(language), **values)
    home_of(site, language).add_child(instance=page)
    return page


def add_page(parent: Page, page: Page, **relations: Any) -> Page:
    """Save ``page`` below ``parent``; topics, places and audiences are set after that."""
    number = next(_numbers)
    page.title = page.title or f"Trang {number}"
    page.slug = page.slug or f"trang-{number}"
    page.locale_id = parent.locale_id
    parent.add_child(instance=page)
    if relations:
        for name, rows in relations.items():
            getattr(page, name).set(rows)
        page.save()
    return page


_RELATIONS = ("topics", "places", "audiences")


def _split(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values.pop(name) for name in _RELATIONS if name in values}


def make_article(parent: Page, **values: Any) -> ArticlePage:
    """Return a live article."""
    relations = _split(values)
    values.setdefault("body", [("paragraph", "<p>Bà con đã nộp hồ sơ tại nhà.</p>")])
    page = add_page(parent, ArticlePage(**values), **relations)
    assert isinstance(page, ArticlePage)
    return page


def make_bulletin(parent: Page, **values: Any) -> BulletinPage:
    """Return a live bulletin with two items and a script."""
    relations = _split(values)
    values.setdefault("number", next(_numbers))
    values.setdefault("period_start", datetime.date(2024, 9, 1))
    values.setdefault("period_end", datetime.date(2024, 9, 15))
    values.setdefault(
        "items",
        [
            ("item", {"title": "Học bạ số", "text": "<p>Phụ huynh xem điểm trên điện thoại.</p>"}),
            (
                "item",
                {"title": "Lịch lớp tháng 9", "text": "<p>Bốn lớp ở bốn xã.</p>", "source": "Tổ biên tập"},
            ),
        ],
    )
    values.setdefault("loudspeaker_script", "Kính thưa bà con.\n\nTháng chín có bốn lớp tập huấn.")
    page = add_page(parent, BulletinPage(**values), **relations)
    assert isinstance(page, BulletinPage)
    return page


def make_feature(
    parent: Page, pages: list[Page], documents: list[Any] | None = None, **values: Any
) -> FeaturePage:
    """Return a live feature with one section that gathers ``pages`` and ``documents``."""
    relations = _split(values)
    section = {"title": "Bắt đầu", "text": "", "pages": pages, "documents": documents or []}
    page = add_page(parent, FeaturePage(sections=[("section", section)], **values), **relations)
    assert isinstance(page, FeaturePage)
    return page
