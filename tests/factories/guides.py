"""Factories of guides."""

from typing import Any

from wagtail.models import Page, Site

from guides.models import GuideIndexPage, GuidePage, GuideSeriesPage
from tests.factories.core import home_of, make_locale
from tests.factories.news import add_page


def make_guide_index(site: Site, language: str = "vi", **values: Any) -> GuideIndexPage:
    """Return the live guides section of an office."""
    values = {"title": "Hướng dẫn", "slug": "huong-dan", **values}
    page = GuideIndexPage(locale=make_locale(language), **values)
    home_of(site, language).add_child(instance=page)
    return page


def make_series(parent: Page, **values: Any) -> GuideSeriesPage:
    """Return a live series."""
    page = add_page(parent, GuideSeriesPage(**values))
    assert isinstance(page, GuideSeriesPage)
    return page


def make_guide(parent: Page, **values: Any) -> GuidePage:
    """Return a live guide with everything filled in; pass an empty value to leave a part out."""
    relations = {name: values.pop(name) for name in ("topics", "places", "audiences") if name in values}
    filled = {
        "for_whom": "Người từ 14 tuổi đã có căn cước",
        "needs": [("need", "Căn cước còn hạn"), ("need", "Điện thoại có mạng")],
        "duration": "Khoảng 15 phút",
        "fee": "Không mất tiền",
        "online_label": "Ứng dụng VNeID",
        "online_url": "https://example.vn/vneid",
        "in_person": "<p>Công an xã, giờ hành chính.</p>",
        "procedure_code": "1.000000 (mẫu)",
        "procedure_url": "https://example.vn/thu-tuc",
        "steps": [
            ("step", {"title": "Mở ứng dụng", "text": "<p>Bấm <b>Đăng nhập</b>.</p>", "tip": "Bật chữ to."}),
            (
                "step",
                {"title": "Nhập mã", "text": "<p>Mã có 6 chữ số.</p>", "warning": "Không đọc mã cho ai."},
            ),
        ],
        "mistakes": [("mistake", {"mistake": "Nhập sai số điện thoại", "fix": "Dùng số chính chủ."})],
        "questions": [("question", {"question": "Có mất phí không?", "answer": "<p>Không.</p>"})],
        "scam_warning": "<p>Không ai được hỏi mã OTP.</p>",
        **values,
    }
    page = add_page(parent, GuidePage(**filled), **relations)
    assert isinstance(page, GuidePage)
    return page
