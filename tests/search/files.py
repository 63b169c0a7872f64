"""Files as people upload them, written byte by byte, the broken and the malicious ones included."""

import io
import zipfile
import zlib
from collections.abc import Sequence

_CMAP = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Plain def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
%d beginbfchar
%s
endbfchar
endcmap end end"""


def _assemble(objects: Sequence[bytes]) -> bytes:
    """Return a PDF of ``objects``, numbered from 1; the first is the catalogue."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()


def stream(data: bytes) -> bytes:
    packed = zlib.compress(data, 9)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)


def pdf(*pages: str, unmapped: bool = False) -> bytes:
    """Return a PDF whose pages say ``pages``, line by line, each letter with its code point as code (normalised in no way)."""
    codes = sorted({char for page in pages for char in page})
    rows = b"\n".join(b"<%04X> <%04X>" % (ord(char), ord(char)) for char in codes)
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /Plain /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
    cid = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Plain /DW 600 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    )
    kids = b" ".join(b"%d 0 R" % (6 + 2 * number) for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), kids),
        font,
        cid,
        stream(_CMAP % (len(codes), rows)),
    ]
    for number, page in enumerate(pages):
        lines = b" T* ".join(
            b"<%s> Tj" % b"".join(b"%04X" % ord(char) for char in line) for line in page.split("\n")
        )
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (7 + 2 * number),
            stream(b"BT /F1 12 Tf 14 TL 50 800 Td " + lines + b" ET"),
        ]
    return _assemble(objects)


def pdf_of_bytes(text: bytes) -> bytes:
    """Return a PDF of one page with a font of one byte per letter, as the fonts from before Unicode were set."""
    escaped = b"".join(b"\\%03o" % byte for byte in text)
    return _one_page(b"BT /F1 12 Tf 50 800 Td (" + escaped + b") Tj ET")


def _one_page(content: bytes) -> bytes:
    return _assemble(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            stream(content),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ]
    )


def slow_pdf() -> bytes:
    """Return a PDF of 10 kB with one page that takes several seconds: 85,000 pieces of text."""
    return _one_page(b"BT /F1 12 Tf 1 0 0 1 5 5 Tm (a) Tj ET " * 85_000)


def bomb_pdf() -> bytes:
    """Return a PDF of 300 kB whose page unpacks to 300 MB."""
    return _one_page(b" " * 300_000_000)


def endless_pdf() -> bytes:
    """Return a PDF whose tree of pages is its own branch."""
    return _assemble(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [2 0 R 2 0 R] /Parent 2 0 R >>",
        ]
    )


def many_pages_pdf(count: int, text: str) -> bytes:
    """Return a PDF of ``count`` pages that all show the same."""
    small = pdf(text)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 7 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
    head = small.split(b"endobj\n")[:7]
    objects = [part.split(b"obj\n", 1)[1].rstrip(b"\n") for part in head]
    kids = b" ".join(b"%d 0 R" % (8 + number) for number in range(count))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids)
    return _assemble([*objects, *([page] * count)])


def archive(**parts: bytes) -> bytes:
    """Return a zip archive; ``__`` in a name stands for ``/``, the last ``_`` for the dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            path, _, suffix = name.replace("__", "/").rpartition("_")
            packed.writestr(f"{path}.{suffix}", content)
    return out.getvalue()


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(*paragraphs: str) -> bytes:
    """Return a DOCX; a word may be spread over several runs there, as word processors do."""
    body = "".join(
        f"<w:p><w:r><w:t>{text[: len(text) // 2]}</w:t></w:r><w:r><w:t>{text[len(text) // 2 :]}</w:t></w:r></w:p>"
        for text in paragraphs
    )
    return archive(
        word__document_xml=f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'.encode(),
        word__footnotes_xml=f'<w:footnotes xmlns:w="{_W}"><w:p><w:r><w:t>Chú thích cuối</w:t></w:r></w:p></w:footnotes>'.encode(),
    )


def odt(*paragraphs: str) -> bytes:
    office, text = (
        "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    )
    body = "".join(
        f"<t:p>{one.replace(' ', '<t:s/>', 1)}<t:span> thêm</t:span> sau</t:p>" for one in paragraphs
    )
    return archive(
        content_xml=f'<o:document-content xmlns:o="{office}" xmlns:t="{text}"><o:body><o:text>{body}'
        f"</o:text></o:body></o:document-content>".encode()
    )
