"""The words that staff keep: what is refused and in which words, when they work, and whose they are."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from core import vietnamese
from search import shipped
from search.models import LexiconEntry, SwitchedOff
from search.models.lexicon import lexicon_entries, switched_off
from search.shipped import ShippedEntry, shipped_entries
from search.understanding.lexicon import lexicon_for
from tests.admin.conftest import Office
from tests.factories.core import make_office

THESAURUS, ABBREVIATION = LexiconEntry.Kind.THESAURUS, LexiconEntry.Kind.ABBREVIATION


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files hold three entries only."""
    rows = (
        ShippedEntry("abbreviation", ("DVC",), ("dịch vụ công",), same=True),
        ShippedEntry("thesaurus", ("làm giấy khai sinh", "làm khai sinh"), ("đăng ký khai sinh",)),
        ShippedEntry("thesaurus", ("bán hàng trên mạng",), ("bán hàng trực tuyến",), same=True),
    )
    for place in ("search.models.lexicon", "search.admin.shipped", "search.understanding.lexicon"):
        monkeypatch.setattr(f"{place}.shipped_entries", lambda: rows)


def refusal(**values: Any) -> dict[str, list[str]]:
    """Return what is wrong with an entry, by field."""
    row = LexiconEntry(**{"kind": THESAURUS, "said": "cúp điện", "means": "mất điện", **values})
    try:
        row.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


class TestRules:
    @pytest.mark.parametrize(
        ("values", "field", "words"),
        [
            ({"said": " \n "}, "said", ""),
            ({"means": "?!"}, "means", "không có chữ cái"),
            ({"said": "cup dien", "means": "Cúp điện"}, "means", "tự bỏ qua dấu"),
            ({"said": "hoà giải", "means": "hòa giải"}, "means", "tự bỏ qua dấu"),
            ({"said": "làm"}, "said", "chung quá"),
            ({"said": "LAM"}, "said", "chung quá"),
            ({"said": "x"}, "said", "chung quá"),
            ({"said": "như thế nào"}, "said", "từ đệm"),
            ({"means": "có", "same": True}, "means", "chung quá"),
            ({"said": "a" * 81}, "said", "dài quá"),
            ({"said": "\n".join(f"cụm từ {number}" for number in range(31))}, "said", "tối đa 30 dòng"),
            ({"kind": ABBREVIATION, "said": "nhà văn hóa"}, "said", "không phải chữ viết tắt"),
            ({"kind": ABBREVIATION, "said": "CO"}, "said", "chung quá"),
        ],
    )
    def test_what_would_spoil_the_search_is_refused_in_words(
        self, db: None, few: None, values: dict[str, Any], field: str, words: str
    ) -> None:
        found = refusal(**values)
        assert set(found) == {field}
        assert words in " ".join(found[field])

    def test_phrases_are_kept_in_nfc_each_once(self, db: None, few: None) -> None:
        row = LexiconEntry(
            said="  cu\u0301p   đie\u0323\u0302n \n\nCúp điện\r\nhết\u200bđiện",
            means="lịch cắt điện",
            kind=THESAURUS,
        )
        row.full_clean()
        assert row.said == "cúp điện\nhết điện"
        assert str(row) == "cúp điện, hết điện → lịch cắt điện"

    @pytest.mark.parametrize("said", ["một cửa", "wifi", "covid 19", "4G"])
    def test_good_ones_pass(self, db: None, few: None, said: str) -> None:
        assert refusal(said=said, means="bộ phận tiếp nhận hồ sơ") == {}
        assert refusal(kind=ABBREVIATION, said="NVH", means="nhà văn hóa") == {}

    def test_what_is_known_already_is_said(self, db: None, few: None) -> None:
        known = {"said": "lam giay khai sinh", "means": "đăng ký khai sinh"}
        assert "Máy đã hiểu “lam giay khai sinh”" in refusal(**known)["said"][0]
        assert refusal(**{**known, "means": "đăng ký lại khai sinh"}) == {}
        assert "said" in refusal(kind=ABBREVIATION, said="dvc", means="dịch vụ công")
        # the other way round, in a set that works both ways
        assert "said" in refusal(said="bán hàng trực tuyến", means="bán hàng trên mạng")

    def test_an_office_may_say_again_what_it_switched_off(self, db: None, few: None) -> None:
        site = make_office("localhost")
        values = {"kind": ABBREVIATION, "said": "DVC", "means": "dịch vụ công", "site": site}
        assert "said" in refusal(**values)
        SwitchedOff.objects.create(site=site, key=shipped_key("DVC"))
        assert refusal(**values) == {}

    def test_own_entries_do_not_repeat_one_another(self, db: None, few: None) -> None:
        site, other = make_office("localhost"), make_office("xa.localhost")
        row = LexiconEntry.objects.create(said="cúp điện", means="lịch cắt điện", site=site)
        assert "Hãy sửa mục đó" in refusal(site=site)["said"][0]
        assert refusal(site=other) == refusal(site=None) == {}
        row.full_clean()  # not with itself
        LexiconEntry.objects.create(said="mất nước", means="lịch cắt nước")
        assert "said" in refusal(said="mất nước", site=other)


def shipped_key(word: str) -> str:
    """Return the key of the entry that begins with ``word``."""
    from search.models import lexicon

    return next(entry.key for entry in lexicon.shipped_entries() if entry.said[0] == word)


class TestInForce:
    def readings(self, site: Any, text: str) -> list[str]:
        words = vietnamese.tokens(text)
        return [" ".join(token.folded for token in match.words) for match in lexicon_for(site).matches(words)]

    def test_entries_work_with_the_next_question(self, db: None, few: None) -> None:
        site, other = make_office("localhost"), make_office("xa.localhost")
        assert self.readings(site, "khui khò") == []
        row = LexiconEntry.objects.create(said="khui khò", means="lịch mở kho", site=site)
        assert self.readings(site, "khui kho") == ["lich mo kho"]
        assert self.readings(other, "khui khò") == []
        row.active = False
        row.save()
        assert self.readings(site, "khui khò") == []
        row.active = True
        row.save()
        row.delete()
        assert self.readings(site, "khui khò") == []

    def test_what_stands_for_all_offices_can_be_refused_by_one(self, db: None, few: None) -> None:
        site, other = make_office("localhost"), make_office("xa.localhost")
        row = LexiconEntry.objects.create(said="cúp điện", means="lịch cắt điện")
        assert lexicon_entries(site) == lexicon_entries(other) == [row]
        off = SwitchedOff.objects.create(site=site, key=row.key)
        assert lexicon_entries(site) == []
        assert lexicon_entries(other) == [row]
        off.delete()
        assert lexicon_entries(site) == [row]

    def test_a_shipped_entry_can_be_switched_off(self, db: None, few: None) -> None:
        site, other = make_office("localhost"), make_office("xa.localhost")
        assert self.readings(site, "DVC") == ["dich vu cong"]
        row = SwitchedOff.objects.create(site=site, key=shipped_key("DVC"))
        assert switched_off(site) == {row.key}
        assert self.readings(site, "DVC") == []
        assert self.readings(other, "DVC") == ["dich vu cong"]
        SwitchedOff.objects.create(site=None, key=row.key)
        assert self.readings(other, "DVC") == []


def test_shipped_entries_have_keys_that_last() -> None:
    keys = [entry.key for entry in shipped_entries()]
    assert len(keys) == len(set(keys)) > 500
    assert max(map(len, keys)) < 200  # cut at 200 two could become one


@pytest.fixture
def entry(province: Office) -> LexiconEntry:
    """An entry of the superior office."""
    return LexiconEntry.objects.create(said="cúp điện", means="lịch cắt điện", site=province.site)


class TestEditor:
    def data(self, office: Office, **values: Any) -> dict[str, Any]:
        usual = {
            "kind": "thesaurus",
            "said": "cúp nước",
            "means": "lịch cắt nước",
            "active": "on",
            "note": "",
        }
        return {**usual, "site": office.site.pk, **values}

    def test_a_publisher_adds_an_entry_from_a_report(self, publisher: Client, commune: Office) -> None:
        url = reverse("search_words:add")
        form = publisher.get(url, {"said": "cúp nước", "site": commune.site.pk}).content.decode()
        assert "cúp nước</textarea>" in form
        assert "Không cần lập lại chỉ mục" in form
        answer = publisher.post(url, self.data(commune), follow=True)
        assert "Có hiệu lực ngay từ câu tìm tiếp theo" in answer.content.decode()
        row = LexiconEntry.objects.get()
        assert (row.site, row.created_by) == (commune.site, commune.groups.publishers.user_set.get())
        assert [found.pk for found in lexicon_entries(commune.site)] == [row.pk]

    def test_mistakes_are_said_at_the_field(self, publisher: Client, commune: Office) -> None:
        answer = publisher.post(reverse("search_words:add"), self.data(commune, said="làm"))
        assert "chung quá" in answer.content.decode()
        assert not LexiconEntry.objects.exists()

    def test_staff_cannot_write_for_another_office_or_for_all(
        self,
        publisher: Client,
        commune: Office,
        province: Office,
    ) -> None:
        for site in (province.site.pk, ""):
            answer = publisher.post(reverse("search_words:add"), self.data(commune, site=site))
            assert answer.status_code == 200
            assert "site" in answer.context["form"].errors
        assert not LexiconEntry.objects.exists()

    def test_what_belongs_to_another_office_is_shut(
        self,
        publisher: Client,
        commune: Office,
        entry: LexiconEntry,
    ) -> None:
        common = LexiconEntry.objects.create(said="mất mạng", means="sự cố internet")
        for row in (entry, common):
            for view in ("edit", "delete", "copy", "history", "usage"):
                url = reverse(f"search_words:{view}", args=[row.pk])
                for answer in (publisher.get(url), publisher.post(url, self.data(commune))):
                    assert answer.status_code in (302, 403, 405), (view, answer.status_code)
            row.refresh_from_db()
            assert row.said in ("cúp điện", "mất mạng")
        assert "cúp điện" not in publisher.get(reverse("search_words:index")).content.decode()

    def test_editors_read_reports_but_keep_no_words(self, editor: Client) -> None:
        for name in (
            "search_words:index",
            "search_words:add",
            "search_shipped:index",
            "search_promoted:index",
        ):
            assert editor.get(reverse(name)).status_code in (302, 403), name

    def test_an_administrator_keeps_everything(
        self,
        sign_in: Callable[..., Client],
        commune: Office,
        entry: LexiconEntry,
    ) -> None:
        admin = sign_in()
        answer = admin.post(reverse("search_words:add"), self.data(commune, site=""))
        assert answer.status_code == 302, answer.context["form"].errors
        shown = admin.get(reverse("search_words:index")).content.decode()
        assert "cúp điện" in shown
        assert "mọi cơ quan" in shown


class TestKnownWords:
    def test_searched_whatever_the_marks(self, publisher: Client, few: None) -> None:
        url = reverse("search_shipped:index")
        assert "3 mục" in publisher.get(url).content.decode()
        shown = publisher.get(url, {"q": "KHAI sinh"}).content.decode()
        assert "1 mục" in shown
        assert "làm giấy khai sinh" in shown
        assert "1 mục" in publisher.get(url, {"kind": "abbreviation"}).content.decode()
        assert "Không có mục nào" in publisher.get(url, {"q": "zzz\x00", "p": "99"}).content.decode()

    def test_switching_off_and_on(self, publisher: Client, commune: Office, few: None) -> None:
        url, key = reverse("search_shipped:switch"), shipped_key("DVC")
        publisher.post(url, {"key": key, "office": commune.site.pk})
        publisher.post(url, {"key": key, "office": commune.site.pk})  # twice is once
        row = SwitchedOff.objects.get()
        assert (row.site, row.by) == (commune.site, commune.groups.publishers.user_set.get())
        assert "Dùng lại" in publisher.get(reverse("search_shipped:index")).content.decode()
        publisher.post(url, {"key": key, "office": commune.site.pk, "off": "0"})
        assert not SwitchedOff.objects.exists()
        publisher.post(url, {"key": "no such entry", "office": commune.site.pk})
        assert not SwitchedOff.objects.exists()

    def test_only_for_the_own_office(
        self,
        publisher: Client,
        province: Office,
        few: None,
    ) -> None:
        data = {"key": shipped_key("DVC"), "office": province.site.pk}
        assert publisher.post(reverse("search_shipped:switch"), data).status_code in (302, 403)
        assert publisher.get(reverse("search_shipped:index"), {"office": province.site.pk}).status_code in (
            302,
            403,
        )
        assert publisher.get(reverse("search_shipped:switch")).status_code == 405
        assert not SwitchedOff.objects.exists()


def test_files_that_are_not_there_hold_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(shipped, "DATA", tmp_path)
    assert shipped.shipped_entries.__wrapped__() == ()
