"""Files are found through the pages that offer them, and never by those who may not have them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.documents.permissions import permission_policy
from wagtail.models import Collection, CollectionViewRestriction, Site

from core.models import OfficeSettings, SiteDocument
from core.offices import forget
from home.models import DocumentLibraryPage
from news.models import FeaturePage
from search import document_tasks, documents, offering, services
from search.admin_documents import advice, state_label
from search.engines.base import SearchQuery, SearchResult
from search.models import DocumentText, PageText
from search.reading import limits
from search.reading.sandbox import Reading
from tests.factories.core import make_office
from tests.search import files
from tests.search.helpers import add

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LEAFLET = (
    "Cách nhận biết điểm đặt trạm quan trắc. Bà con gặp nhân viên đo đạc thì xem thẻ. "
    "Mọi thắc mắc xin gọi tổ công nghệ số của thôn trong giờ hành chính."
)
WORD = "quan trắc"


@pytest.fixture
def site() -> Site:
    return make_office()


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """A block after which everything happens that waits for the commit, tasks included."""

    @contextmanager
    def block() -> Iterator[None]:
        with django_capture_on_commit_callbacks(execute=True):
            yield

    return block


def make_file(content: bytes | None = None, name: str = "to-roi.pdf", **values: Any) -> SiteDocument:
    """Return a saved document with its file; read only when its transaction is committed."""
    content = files.pdf(LEAFLET) if content is None else content
    document = SiteDocument(**{"title": "Tờ rơi số 5", "file_size": len(content), **values})
    document.file.save(name, ContentFile(content), save=False)
    document.save()
    return document


def offer(site: Site, document: SiteDocument, title: str = "Trạm mới ở thôn", **values: Any) -> Any:
    return add(site, title, body=[("document", {"document": document, "note": ""})], **values)


def ask(site: Site, text: str = WORD) -> list[SearchResult]:
    return services.search(SearchQuery(text, site, "vi")).results


def found(site: Site, text: str = WORD) -> list[str]:
    return [result.card.title for result in ask(site, text)]


def restrict(collection: Collection) -> CollectionViewRestriction:
    return CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.LOGIN
    )


def make_collection(name: str, parent: Collection | None = None) -> Collection:
    return (parent or Collection.get_first_root_node()).add_child(name=name)


# --- found through the page ---


def test_a_page_is_found_by_what_its_file_says(site: Site, committed: Any) -> None:
    with committed():
        document = make_file()
        offer(site, document)
        add(site, "Giá hạt điều", "Thu mua tại xã.")
    results = ask(site)
    assert [result.card.title for result in results] == ["Trạm mới ở thôn"]
    file = results[0].file
    assert file is not None
    assert (file.document_id, file.title, file.type_label) == (document.pk, "Tờ rơi số 5", "PDF")
    assert file.url == document.url
    assert file.size_label == document.size_label
    assert "<mark>quan trắc</mark>" in results[0].excerpt
    assert found(site, "quan trac") == ["Trạm mới ở thôn"]


def test_what_the_page_says_itself_is_shown_from_the_page(site: Site, committed: Any) -> None:
    with committed():
        offer(site, make_file(), intro="Xã dựng trạm quan trắc nước.")
    assert ask(site)[0].file is None


@pytest.mark.any_database
@pytest.mark.parametrize("way", ["rich text", "section", "section list", "library"])
def test_every_way_to_offer_a_file_counts(site: Site, committed: Any, way: str) -> None:
    with committed():
        document = make_file()
        link = f'<p>Xem <a id="{document.pk}" linktype="document">tờ rơi</a>.</p>'
        section = {"title": "Phần một", "text": "", "pages": [], "documents": []}
        if way == "rich text":
            page = add(site, "Trang", body=[("paragraph", link)])
        elif way == "section":
            page = add(
                site,
                "Trang",
                model=FeaturePage,
                sections=[{"type": "section", "value": section | {"text": link}}],
            )
        elif way == "section list":
            page = add(
                site,
                "Trang",
                model=FeaturePage,
                sections=[{"type": "section", "value": section | {"documents": [document.pk]}}],
            )
        else:
            OfficeSettings.objects.filter(site=site).update(collection=document.collection)
            forget()
            page = add(site, "Trang", model=DocumentLibraryPage)
    assert offering.offered(page) == [document.pk]
    assert offering.offered(type(page).objects.get(pk=page.pk)) == [document.pk]
    assert page.pk in {one.pk for one in offering.pages_offering([document.pk])}
    assert found(site) == ["Trang"]


def test_the_library_leaves_a_file_to_the_page_that_explains_it(site: Site, committed: Any) -> None:
    with committed():
        OfficeSettings.objects.filter(site=site).update(collection=Collection.get_first_root_node())
        forget()
        add(site, "Tài liệu", model=DocumentLibraryPage)
        explained, alone = make_file(), make_file(files.pdf(LEAFLET + " Bản chi tiết."), title="Phụ lục")
        offer(site, explained)
        add(site, "Nháp", body=[("document", {"document": alone, "note": ""})], live=False)
    library = DocumentLibraryPage.objects.get()
    assert offering.offered(library) == [alone.pk]
    call_command("wagtail_update_index", verbosity=0)
    assert set(found(site)) == {"Trạm mới ở thôn", "Tài liệu"}
    assert {result.file.title for result in ask(site) if result.file} == {"Tờ rơi số 5", "Phụ lục"}


def test_the_file_with_most_of_the_question_is_named(site: Site, committed: Any) -> None:
    with committed():
        first = make_file(files.docx("Trạm bơm của thôn", "Lịch quan sát"), "a.docx", title="Trạm bơm")
        second = make_file(title="Quan trắc")
        page = add(
            site,
            "Trang",
            body=[
                ("document", {"document": first, "note": ""}),
                ("document", {"document": second, "note": ""}),
            ],
        )
    assert [row["document"] for row in PageText.objects.get(pk=page.pk).files] == [first.pk, second.pk]
    assert documents.found_file(page.pk, ["trạm", "quan", "trắc"])[0].title == "Quan trắc"  # type: ignore[index]
    assert documents.found_file(page.pk, ["tram", "bom"])[0].title == "Trạm bơm"  # type: ignore[index]
    assert documents.found_file(page.pk, ["bom"])[1].startswith("Trạm bơm của thôn")  # type: ignore[index]
    assert documents.found_file(page.pk, ["không", "đâu"]) is None
    assert documents.found_file(page.pk, ["", "(", "*"]) is None
    assert documents.found_files([], ["trạm"]) == {}


def test_the_passage_is_cut_around_the_match(site: Site, committed: Any) -> None:
    filler = "Bà con nộp giấy tờ tại bộ phận một cửa. " * 300
    with committed():
        page = offer(site, make_file(f"{filler}\n{LEAFLET}\n{filler}".encode(), "dai.txt"))
    _file, text = documents.found_file(page.pk, ["quan", "trắc"])  # type: ignore[misc]
    assert "trạm quan trắc" in text
    assert len(text) <= documents.PASSAGE
    assert not text.startswith(" ")


def test_a_list_of_results_costs_the_same_however_long(site: Site, committed: Any) -> None:
    with committed():
        pages = [offer(site, make_file(title=f"Tờ {number}"), f"Trang {number}") for number in range(6)]
    counts = []
    for keys in ([pages[0].pk], [page.pk for page in pages]):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(documents.found_files(keys, ["quan", "trắc"])) == len(keys)
        counts.append(len(queries))
    assert counts == [3, 3]


def test_indexing_a_page_asks_for_its_files_once(site: Site, committed: Any) -> None:
    with committed():
        page = add(
            site, "Trang", body=[("document", {"document": make_file(), "note": ""}) for _ in range(4)]
        )
    page = type(page).objects.get(pk=page.pk)
    with CaptureQueriesContext(connection) as queries:
        assert len(documents.texts_for(page)) == 4
    assert len(queries) == 2
    plain = add(site, "Không có tệp", "Chữ thôi.")
    with CaptureQueriesContext(connection) as queries:
        assert documents.texts_for(plain) == []
    assert len(queries) == 0


def test_the_staff_area_finds_documents_by_their_text(
    site: Site, committed: Any, admin_client: Client
) -> None:
    with committed():
        make_file()
        make_file(files.pdf("Chuyện khác hẳn, không liên quan gì tới việc kia."), title="Khác")
    answer = admin_client.get(reverse("wagtaildocs:index"), {"q": "quan trac"}).content.decode()
    assert "Tờ rơi số 5" in answer
    assert "Khác" not in answer


# --- changes ---


def test_a_new_file_replaces_the_words_of_the_old_one(site: Site, committed: Any) -> None:
    with committed():
        document = make_file()
        offer(site, document)
    with committed():
        document.file.save(
            "moi.pdf", ContentFile(files.pdf("Lịch tiêm phòng cho đàn trâu bò trong tháng")), save=True
        )
    assert found(site) == []
    assert found(site, "tiêm phòng trâu bò") == ["Trạm mới ở thôn"]


@pytest.mark.any_database
def test_a_file_that_did_not_change_is_not_read_again(
    site: Site, committed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with committed():
        document = make_file()
        offer(site, document)
    monkeypatch.setattr(document_tasks.sandbox, "read", lambda *args: pytest.fail("read again"))
    with committed():
        document.title = "Tờ rơi số 6"
        document.save()
    assert ask(site)[0].file.title == "Tờ rơi số 6"  # type: ignore[union-attr]


def test_a_deleted_document_is_forgotten(site: Site, committed: Any) -> None:
    with committed():
        document = make_file()
        offer(site, document)
    with committed():
        document.delete()
    assert found(site) == []
    assert not DocumentText.objects.exists()
    assert found(site, "trạm mới") == ["Trạm mới ở thôn"]


def test_a_page_that_is_not_live_offers_nothing(site: Site, committed: Any) -> None:
    with committed():
        document = make_file()
        page = offer(site, document, live=False)
    assert documents.texts_for(page) == []
    assert page.pk not in {one.pk for one in offering.pages_offering([document.pk])}


# --- privacy ---


def test_files_of_a_private_collection_are_not_found(site: Site, committed: Any) -> None:
    inner = make_collection("Bên trong", make_collection("Nội bộ"))
    with committed():
        page = offer(site, make_file(collection=inner))
    assert found(site) == ["Trạm mới ở thôn"]
    with committed():
        restriction = restrict(inner.get_parent())
    assert found(site) == []
    assert "trac" not in PageText.objects.get(pk=page.pk).folded
    with committed():
        restriction.delete()
    assert found(site) == ["Trạm mới ở thôn"]


def test_a_file_that_becomes_private_is_shown_to_nobody_even_before_the_index_knows(
    site: Site, committed: Any
) -> None:
    with committed():
        page = offer(site, make_file(collection=make_collection("Nội bộ")))
    restrict(Collection.objects.get(name="Nội bộ"))  # the task has not run yet
    assert documents.found_file(page.pk, ["quan", "trắc"]) is None
    assert all(result.file is None and "trắc" not in result.excerpt for result in ask(site))


def test_a_document_that_moves_into_a_private_collection_is_not_found(site: Site, committed: Any) -> None:
    secret = make_collection("Nội bộ")
    restrict(secret)
    with committed():
        document = make_file()
        offer(site, document)
    with committed():
        document.collection = secret
        document.save()
    assert found(site) == []


def test_a_collection_that_moves_below_a_private_one_takes_its_files_along(
    site: Site, committed: Any, admin_client: Client
) -> None:
    open_, secret = make_collection("Kho"), make_collection("Nội bộ")
    restrict(secret)
    with committed():
        offer(site, make_file(collection=open_))
    with committed():
        answer = admin_client.post(
            reverse("wagtailadmin_collections:edit", args=[open_.pk]), {"name": "Kho", "parent": secret.pk}
        )
    assert answer.status_code == 302
    assert Collection.objects.get(pk=open_.pk).is_descendant_of(secret)
    assert found(site) == []


def test_a_private_file_of_another_office_does_not_come_with_a_page(site: Site, committed: Any) -> None:
    other = make_collection("Kho xã bên")
    restrict(other)
    with committed():
        offer(site, make_file(collection=other))
    assert found(site) == []
    assert found(site, "trạm mới") == ["Trạm mới ở thôn"]


# --- what cannot be read ---


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("content", "name", "status", "hint"),
    [
        (files.pdf(""), "quet.pdf", "empty", "DOCX"),
        (b"%PDF-1.7 hong", "hong.pdf", "broken", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1cu", "cu.doc", "unsupported", "DOCX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1kin", "kin.docx", "encrypted", ""),
    ],
)
def test_a_file_that_cannot_be_read_harms_nothing_and_is_reported(
    site: Site, committed: Any, admin_client: Client, content: bytes, name: str, status: str, hint: str
) -> None:
    with committed():
        document = make_file(content, name)
        offer(site, document)
    assert found(site, "trạm mới") == ["Trạm mới ở thôn"]
    document.refresh_from_db()
    assert document.read_text.status == status
    report = admin_client.get(reverse("search_unread_documents"))
    for answer in (report, admin_client.get(reverse("wagtaildocs:edit", args=[document.pk]))):
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "Tờ rơi số 5" in text
        assert advice(document) in text
        assert hint in advice(document)
        assert state_label(document).lower() in text.lower()
    only = admin_client.get(reverse("search_unread_documents"), {"status": status}).content.decode()
    assert "Tờ rơi số 5" in only
    other = "too_big" if status != "too_big" else "empty"
    assert (
        "Tờ rơi số 5"
        not in admin_client.get(reverse("search_unread_documents"), {"status": other}).content.decode()
    )
    exported = admin_client.get(reverse("search_unread_documents"), {"export": "csv"})
    assert status in b"".join(exported.streaming_content).decode()  # type: ignore[attr-defined]


@pytest.mark.any_database
def test_what_is_read_as_a_whole_needs_nothing(site: Site, committed: Any, admin_client: Client) -> None:
    with committed():
        document = make_file()
    unread = make_file(title="Chưa đọc")
    text = admin_client.get(reverse("search_unread_documents")).content.decode()
    assert "Tờ rơi số 5" not in text
    assert "Chưa đọc" in text
    assert advice(document) == ""
    assert advice(unread) != ""
    edit = admin_client.get(reverse("wagtaildocs:edit", args=[document.pk])).content.decode()
    assert state_label(document) in edit


@pytest.mark.any_database
def test_a_file_that_is_read_in_part_is_searched_in_part_and_reported(
    site: Site, committed: Any, monkeypatch: pytest.MonkeyPatch, admin_client: Client
) -> None:
    monkeypatch.setattr(
        document_tasks.sandbox, "read", lambda *args: Reading("done", LEAFLET, pages=900, pages_read=80)
    )
    with committed():
        document = make_file()
        offer(site, document)
    assert found(site) == ["Trạm mới ở thôn"]
    assert "80" in advice(document)
    assert "900" in advice(document)
    assert "Tờ rơi số 5" in admin_client.get(reverse("search_unread_documents")).content.decode()


@pytest.mark.any_database
def test_recordings_and_large_files_have_their_own_advice(site: Site, committed: Any) -> None:
    with committed():
        sound = make_file(b"ID3", "loa.mp3", kind=SiteDocument.Kind.AUDIO)
        large = make_file(bytes(limits.MAX_BYTES + 1), "lon.pdf")
    assert sound.read_text.status == "unsupported"
    assert advice(sound) != ""
    assert large.read_text.status == "too_big"
    assert "30" in advice(large)


def test_the_report_shows_each_office_its_own_documents(committed: Any) -> None:
    from django.contrib.auth import get_user_model

    from tests.admin.conftest import build_office

    province, commune = build_office("localhost", "Tỉnh Mẫu"), build_office("xa.localhost", "Xã Thử")
    user = get_user_model().objects.create_user("bien-tap", password="x")
    user.groups.add(commune.groups.editors)
    client = Client()
    client.force_login(user)
    DocumentText.objects.create(document=province.document, status="broken")
    DocumentText.objects.create(document=commune.document, status="broken")
    assert permission_policy.user_has_any_permission(user, ["change"])
    text = client.get(reverse("search_unread_documents")).content.decode()
    assert "Tờ rơi Xã Thử" in text
    assert "Tờ rơi Tỉnh Mẫu" not in text


def test_the_command_reads_what_was_left_and_tries_a_lost_file_again(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    first, lost = make_file(), make_file(title="Mất tệp")
    lost.file.storage.delete(lost.file.name)
    page = offer(site, first)
    call_command("read_documents")
    assert "Mất tệp" in capsys.readouterr().out
    assert first.read_text.status == "done"
    assert DocumentText.objects.get(document=lost).status == "broken"
    assert PageText.objects.get(pk=page.pk).files == [{"document": first.pk}]
    lost.file.storage.save(lost.file.name, ContentFile(files.pdf(LEAFLET)))
    call_command("read_documents", verbosity=0)
    assert DocumentText.objects.get(document=lost).status == "done"
    call_command("read_documents")
    assert capsys.readouterr().out == "0 files read\n"
    call_command("read_documents", again=True, no_index=True)
    assert capsys.readouterr().out == "2 files read: 2 done\n"


# --- the sample ---


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("typed", "file"),
    [
        ("củi", "Phiếu giới thiệu sản phẩm"),
        ("cui", "Phiếu giới thiệu sản phẩm"),
        ("lại gần bảng Wi-Fi hơn", "Tờ rơi: Wi-Fi miễn phí ở trung tâm xã"),
    ],
)
def test_a_word_only_in_a_file_of_the_sample_is_found_by_the_search_page(typed: str, file: str) -> None:
    document = SiteDocument.objects.get(title=file)
    answer = Client().get(reverse("search:search"), {"q": typed})
    assert answer.status_code == 200
    assert f'<a href="{document.url}">{file}</a>' in answer.content.decode()
