"""The admin speaks Vietnamese: nothing of the screens that staff meet is left in English or says something else."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import polib
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.admin.conftest import Office

#: Rooms of Wagtail and wagtail-localize whose screens staff see.
ROOMS = (
    "wagtail/admin", "wagtail", "wagtail/images", "wagtail/documents", "wagtail/snippets", "wagtail/users",
    "wagtail/sites", "wagtail/locales", "wagtail/embeds", "wagtail/contrib/settings", "wagtail/contrib/redirects",
    "wagtail/contrib/table_block", "wagtail/contrib/search_promotions", "wagtail_localize",
    "wagtail_localize/locales",
)  # fmt: skip
#: The same word in both languages, or a bare pattern.
SAME = {"Email", "URL", "{}", "%(field_label)s:", "Video", "Wagtail API v2"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd](?!\w)")
LOCALE = Path(__file__).resolve().parents[2] / "locale" / "vi"


def rooms_root(room: str) -> Path:
    """Return the folder of a room of a dependency."""
    package, *rest = room.split("/")
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0], *rest)


def english(domain: str) -> Iterator[tuple[str, polib.POEntry]]:
    """Yield every entry of the rooms' English catalogues."""
    for room in ROOMS:
        file = rooms_root(room) / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
        if file.exists():
            yield from ((room, entry) for entry in polib.pofile(str(file)))


def test_every_word_of_wagtail_is_vietnamese() -> None:
    left = []
    with translation.override("vi"):
        for room, entry in english("django"):
            if entry.msgid_plural:
                said = translation.ngettext(entry.msgid, entry.msgid_plural, 2)
            elif entry.msgctxt:
                said = translation.pgettext(entry.msgctxt, entry.msgid)
            else:
                said = translation.gettext(entry.msgid)
            is_bare = not re.search(r"[A-Za-z]{2}", PLACEHOLDER.sub("", entry.msgid))
            if said in (entry.msgid, entry.msgid_plural) and entry.msgid not in SAME and not is_bare:
                left.append(f"{room}: {entry.msgid}")
    assert left == []


def test_every_word_of_wagtails_scripts_is_vietnamese() -> None:
    ours = {
        entry.msgid
        for entry in polib.pofile(str(LOCALE / "LC_MESSAGES" / "djangojs.po"))
        if entry.translated()
    }
    theirs = set()
    for room in ROOMS:
        file = rooms_root(room) / "locale" / "vi" / "LC_MESSAGES" / "djangojs.po"
        if file.exists():
            theirs |= {entry.msgid for entry in polib.pofile(str(file)) if entry.translated()}
    assert {entry.msgid for _room, entry in english("djangojs")} - ours - theirs == set()


@pytest.mark.django_db
def test_scripts_get_our_words(client: Client) -> None:
    catalog = client.get(reverse("wagtailadmin_javascript_catalog"))
    assert "Ch\\u00e8n kh\\u1ed1i" in catalog.content.decode() or "Chèn khối" in catalog.content.decode()


@pytest.mark.parametrize(
    "file", [*LOCALE.glob("LC_MESSAGES/*.po"), *LOCALE.glob("parts/*.po")], ids=lambda f: f.name
)
def test_translations_keep_the_placeholders(file: Path) -> None:
    wrong = []
    for entry in polib.pofile(str(file)):
        said = entry.msgstr or entry.msgstr_plural.get(0, "")
        wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
        if said and not set(PLACEHOLDER.findall(said)) <= wanted:
            wrong.append(entry.msgid)
    assert wrong == []


def test_terms_of_the_house() -> None:
    terms = {
        "Site": "Website",
        "Locale": "Ngôn ngữ",
        "Page": "Trang",
        "Collection": "Bộ sưu tập",
        "Snippets": "Mục dùng chung",
        "Redirects": "Chuyển hướng",
        "Save draft": "Lưu bản nháp",
        "Publish": "Xuất bản",
        "Unpublish": "Gỡ xuống",
        "Approve": "Phê duyệt",
        "Request changes": "Trả lại",
        "Schedule to publish": "Hẹn giờ xuất bản",
    }
    with translation.override("vi"):
        assert {word: translation.gettext(word) for word in terms} == terms


@pytest.mark.django_db
def test_the_sign_in_page_is_vietnamese(client: Client) -> None:
    shown = client.get(reverse("wagtailadmin_login")).content.decode()
    for words in ("Tên đăng nhập", "Mật khẩu", "Quên mật khẩu?", "Đăng nhập"):
        assert words in shown
    assert "Wagtail" not in re.sub(r"<[^>]+>", "", shown.split("<body", 1)[1].split("<script", 1)[0])


def test_the_editor_names_its_fields_and_blocks(publisher: Client, commune: Office) -> None:
    url = reverse("wagtailadmin_pages:add", args=["news", "articlepage", commune.news.pk])
    shown = publisher.get(url).content.decode()
    for words in ("Lời dẫn", "Hình đại diện", "Phân loại", "Địa chỉ và chia sẻ", "Lưu bản nháp", "hẹn giờ"):
        assert words in shown


def test_names_of_staff_stand_in_the_vietnamese_order() -> None:
    assert User(first_name="Lan", last_name="Nguyễn Thị").get_full_name() == "Nguyễn Thị Lan"
    assert User(first_name="Lan").get_full_name() == "Lan"
