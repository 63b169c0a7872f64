"""What files say, and that no file does harm: real ones, broken ones and malicious ones."""

import io
import os
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from search.reading import legacy, limits, sandbox
from search.reading.sandbox import Reading
from tests.search import files

SAMPLES = Path(__file__).resolve().parents[2] / "home/demo/documents"
NOTICE = (
    "Thông báo về việc đăng ký tập huấn sử dụng dịch vụ công trực tuyến. Bà con đến nhà văn hóa thôn Bù Rên, mang theo căn cước "
    "và điện thoại; được hướng dẫn nộp hồ sơ, trả phí và tra cứu kết quả ngay tại chỗ. Lỡ buổi này thì còn buổi sau."
)
TCVN3 = (
    "ñy ban nh©n d©n x· th«ng b¸o: bµ con ®Õn nép hå s¬ ®¨ng ký khai sinh, kÕt h«n t¹i bé phËn mét cöa. §­îc h­íng dÉn kü, "
    "gi÷ giÊy tê cÈn thËn. NghØ chñ nhËt. Tr­êng häc më líp vÏ, kú thi lþ."
)
VNI = (
    "Uûy ban nhaân daân xaõ thoâng baùo: baø con ñeán noäp hoà sô ñaêng kyù khai sinh, keát hoân taïi boä phaän moät cöûa. "
    "Ñöôïc höôùng daãn kyõ, giöõ giaáy tôø caån thaän. Nghæ chuû nhaät. Tröôøng hoïc môû lôùp veõ, kyø thi lî."
)
PLAIN = (
    "ủy ban nhân dân xã thông báo: bà con đến nộp hồ sơ đăng ký khai sinh, kết hôn tại bộ phận một cửa. Được hướng dẫn kỹ, "
    "giữ giấy tờ cẩn thận. Nghỉ chủ nhật. Trường học mở lớp vẽ, kỳ thi lỵ."
)

Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read bytes as a file of this kind."""

    def reading(content: bytes, extension: str = "pdf", **options: Any) -> Reading:
        path = tmp_path / "file"
        path.write_bytes(content)
        return sandbox.read(str(path), extension, **options)

    return reading


def stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str) -> None:
    """Let ``script`` run in place of the reader."""
    program = tmp_path / "reader"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(sandbox.sys, "executable", str(program))


def with_limits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **values: float) -> None:
    """Let the reader run with other limits."""
    changed = "; ".join(f"limits.{name} = {value!r}" for name, value in values.items())
    code = f"from search.reading import limits; {changed}; from search.reading import child; child.main()"
    # the arguments of the parent are: -s -m search.reading.child FILE EXTENSION
    stand_in(monkeypatch, tmp_path, f"exec '{sys.executable}' -c '{code}' \"$4\" \"$5\"")


def words(text: str) -> str:
    return " ".join(text.split())


# --- what files say ---


@pytest.mark.parametrize(
    "path", sorted(SAMPLES.glob("*.pdf")) + sorted(SAMPLES.glob("*.docx")), ids=lambda p: p.name
)
def test_every_sample_file_is_read(path: Path) -> None:
    found = sandbox.read(str(path), path.suffix[1:])
    assert found.status == "done"
    assert "TÀI LIỆU MẪU" in words(found.text)
    assert unicodedata.is_normalized("NFC", found.text)
    assert found.pages == found.pages_read == (0 if path.suffix == ".docx" else len(PdfReader(path).pages))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_vietnamese_of_a_pdf_is_composed(read: Read, form: Any) -> None:
    found = read(files.pdf(unicodedata.normalize(form, NOTICE), "Trang hai:\n" + NOTICE))
    assert found.status == "done"
    assert words(found.text) == words(f"{NOTICE} Trang hai: {NOTICE}")
    assert (found.pages, found.pages_read) == (2, 2)


@pytest.mark.parametrize(
    ("content", "extension", "expected"),
    [
        (
            files.docx("Đăng ký khai sinh", "Nộp ở một cửa"),
            "docx",
            "Đăng ký khai sinh Nộp ở một cửa Chú thích cuối",
        ),
        (files.docx(unicodedata.normalize("NFD", "Lịch tiếp dân")), "docx", "Lịch tiếp dân Chú thích cuối"),
        (files.odt("Sổ tay", "Việc của tổ"), "odt", "Sổ tay thêm sau Việc của tổ thêm sau"),
        ("Họ tên;Thôn\nĐiểu Krứ;Bù Rên".encode(), "csv", "Họ tên;Thôn Điểu Krứ;Bù Rên"),
        ("Giá hạt điều".encode("utf-16"), "txt", "Giá hạt điều"),
        (
            files.archive(
                xl__sharedStrings_xml="<sst><si><t>Giá điều</t></si><si><t>42.000</t></si></sst>".encode()
            ),
            "xlsx",
            "Giá điều 42.000",
        ),
        (
            files.archive(
                ppt__slides__slide10_xml="<s><p><t>Mười</t></p></s>".encode(),
                ppt__slides__slide2_xml=b"<s><p><t>Hai</t></p></s>",
            ),
            "pptx",
            "Hai Mười",
        ),
    ],
    ids=["docx", "docx decomposed", "odt", "csv", "utf-16", "xlsx", "pptx"],
)
def test_other_files_are_read(read: Read, content: bytes, extension: str, expected: str) -> None:
    found = read(content, extension)
    assert (found.status, words(found.text)) == ("done", expected)


def test_a_drawing_does_not_say_everything_twice(read: Read) -> None:
    twice = "<d><p><Choice><t>Khung chữ</t></Choice><Fallback><t>Khung chữ</t></Fallback></p></d>"
    assert words(read(files.archive(word__document_xml=twice.encode()), "docx").text) == "Khung chữ"


@pytest.mark.parametrize("typed", [TCVN3, VNI])
def test_fonts_from_before_unicode_are_understood(read: Read, typed: str) -> None:
    assert legacy.to_unicode(typed).lower() == PLAIN.lower()
    found = read(files.pdf_of_bytes(typed.replace("\u00ad", "\xad").encode("cp1252")))
    assert "đăng ký khai sinh" in found.text
    assert "bộ phận một cửa" in found.text


@pytest.mark.parametrize(
    "text",
    [
        NOTICE * 3,
        "Événement à la fenêtre: élève très pressé, où êtes-vous déjà allés? Forêt, gâteau, hôpital, garçon, français, Noël. "
        * 3,
        "Größe, Übung, schön, möglich, für, Äpfel, Öl, Straße, müssen, können, hören, Türen, früh, größer, Mädchen. "
        * 3,
        "© 2024 ® ™ ± 5 µm · « » £ ¤ § ¶ " * 10,
    ],
    ids=["Vietnamese", "French", "German", "signs"],
)
def test_other_texts_are_left_as_they_are(text: str) -> None:
    assert legacy.to_unicode(text) == text


# --- what cannot be read ---


def encrypted(password: str, algorithm: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(files.pdf(NOTICE)))
    writer.encrypt(password, owner_password="chu-so-huu", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_file_with_a_password_is_named_and_one_for_changes_only_is_read(read: Read, algorithm: str) -> None:
    assert read(encrypted("bí mật", algorithm)).status == "encrypted"
    assert words(read(encrypted("", algorithm)).text) == words(NOTICE)


def test_an_office_file_with_a_password_is_named(read: Read) -> None:
    assert read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "docx").status == "encrypted"


@pytest.mark.parametrize(
    ("content", "extension", "expected"),
    [
        (files.pdf("1"), "pdf", "empty"),
        (files.pdf(""), "pdf", "empty"),
        (files.docx()[:-30], "docx", "broken"),
        (files.archive(mimetype_txt=b"x"), "docx", "broken"),
        (files.archive(word__document_xml=b"<a><b></a>"), "docx", "broken"),
        (
            files.archive(
                word__document_xml=b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a><t>&c;</t></a>'
            ),
            "docx",
            "broken",
        ),
        (files.archive(word__document_xml=b"<a><p><t> </t></p></a>"), "docx", "empty"),
        (b"", "pdf", "broken"),
        (b"<html>404</html>", "pdf", "broken"),
        (os.urandom(4_000), "pdf", "broken"),
        (b"PK\x03\x04" + bytes(100), "odt", "broken"),
        (b"a\0b", "txt", "broken"),
        (b"", "csv", "empty"),
        (b"whatever", "doc", "unsupported"),
        (b"whatever", "", "unsupported"),
        (files.endless_pdf(), "pdf", "broken"),
    ],
)
def test_a_file_without_text_has_a_reason(read: Read, content: bytes, extension: str, expected: str) -> None:
    found = read(content, extension)
    assert found.status == expected, found
    assert found.text == "" or expected == "empty"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.99])
def test_a_truncated_pdf_gives_what_is_left_or_is_broken(read: Read, share: float) -> None:
    whole = (SAMPLES / "so-tay-ban-hang.pdf").read_bytes()
    assert read(whole[: int(len(whole) * share)]).status in {"broken", "done", "empty"}


def test_a_page_that_is_damaged_does_not_take_the_others_with_it(read: Read) -> None:
    whole = files.pdf(NOTICE, "Trang hỏng", NOTICE)
    start = whole.index(b"stream\n", whole.index(b"\n9 0 obj")) + 7
    found = read(whole[:start] + b"\xff" * 12 + whole[start + 12 :])
    assert found.status == "done"
    assert found.text.count("nhà văn hóa thôn") == 2


# --- what would do harm ---


def test_unpacking_is_bounded(read: Read) -> None:
    bomb = files.archive(word__document_xml=b"<a><t>" + b" " * 200_000_000 + b"</t></a>")
    assert len(bomb) < 300_000
    assert read(bomb, "docx").status == "too_big"
    assert read(files.bomb_pdf()).status in {"broken", "empty"}


def test_elements_inside_elements_end_somewhere(read: Read) -> None:
    depth = 1_000_000
    found = read(files.archive(word__document_xml=b"<a>" * depth + b"</a>" * depth), "docx")
    assert (found.status, found.text) == ("broken", "")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
def test_memory_is_bounded(read: Read, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    long = files.archive(word__document_xml=b"<a><t>" + b"a" * 60_000_000 + b"</t></a>")
    with_limits(monkeypatch, tmp_path, MAX_MEMORY=120 << 20)
    assert read(files.docx("Vừa"), "docx").text.startswith("Vừa")
    found = read(long, "docx")
    assert (found.status, found.text) == ("too_big", "")
    assert "memory" in found.detail


def test_a_page_that_takes_for_ever_is_left_out(
    read: Read, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_limits(monkeypatch, tmp_path, PAGE_SECONDS=0.3)
    started = time.monotonic()
    found = read(files.slow_pdf())
    assert (found.status, found.detail, found.pages, found.pages_read) == ("timed_out", "slow page", 1, 0)
    assert time.monotonic() - started < limits.WALL_SECONDS


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux limits the processor time of a process surely"
)
def test_the_processor_time_is_bounded(read: Read, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with_limits(monkeypatch, tmp_path, CPU_SECONDS=1, PAGE_SECONDS=60)
    assert read(files.slow_pdf()).status == "timed_out"


def test_the_clock_of_the_parent_ends_a_reader(read: Read) -> None:
    started = time.monotonic()
    found = read(files.slow_pdf(), wall_seconds=0.8)
    assert (found.status, found.detail) == ("timed_out", "ended by the clock")
    assert time.monotonic() - started < limits.WALL_SECONDS


def test_ten_thousand_pages_are_read_as_far_as_the_limits_allow(read: Read) -> None:
    found = read(files.many_pages_pdf(10_000, NOTICE))
    assert found.status == "done"
    assert found.pages == 10_000
    assert 0 < found.pages_read < 10_000
    assert len(found.text) <= limits.MAX_CHARACTERS


def test_a_file_above_the_size_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(limits.MAX_BYTES + 1)
    found = sandbox.read(str(path), "pdf")
    assert found.status == "too_big"
    assert found.seconds == 0


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ("kill -SEGV $$", "broken"),
        ("kill -KILL $$", "too_big"),
        ("kill -XCPU $$", "timed_out"),
        ("exit 3", "broken"),
        ("exit 70", "too_big"),
        ("echo nonsense", "broken"),
        ('echo \'{"status": "owned"}\'', "broken"),
        ("echo '[]'", "broken"),
        ('sleep 60 & echo \'{"status": "empty"}\'', "empty"),
    ],
)
def test_however_the_reader_ends_the_parent_goes_on(
    read: Read, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, status: str
) -> None:
    stand_in(monkeypatch, tmp_path, script)
    assert read(b"x").status == status


def test_an_answer_is_not_taken_on_trust(read: Read, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answer = '{"status": "done", "text": "a\\\\u0000b\\\\ud800c", "pages": -5, "pages_read": "many", "detail": "\\\\u0000"}'
    stand_in(monkeypatch, tmp_path, f"cat <<'END'\n{answer}\nEND".replace("\\\\", "\\"))
    found = read(b"x")
    assert (found.status, found.text, found.pages, found.pages_read) == ("done", "a bc", 0, 0)
    assert "\0" not in found.detail


def test_the_reader_knows_no_secrets(read: Read, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "geheim")
    monkeypatch.setenv("DATABASE_URL", "postgres://geheim")
    stand_in(
        monkeypatch,
        tmp_path,
        'printf \'{"status": "done", "text": "%s"}\' "$(env | tr -d \'"\\\\\' | tr "\\n" " ")"',
    )
    found = read(b"x")
    assert "PATH=" in found.text
    assert "geheim" not in found.text
