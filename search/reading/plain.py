"""Plain text and CSV."""

from typing import Any

from search.reading import limits


def decoded(data: bytes) -> str:
    """Return the text of ``data``: UTF-8, UTF-16 with its mark, else Windows-1258, in which any byte means something."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.end >= len(data) and error.start >= len(data) - 4:
            return data.decode("utf-8-sig", "ignore")  # cut in the middle of a letter
    return data.decode("cp1258", "replace")


def read(path: str, extension: str, deadline: float) -> dict[str, Any]:
    """Return the text of the file; a file with NUL bytes is no text."""
    with open(path, "rb") as file:
        data = file.read(4 * limits.MAX_CHARACTERS)
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return {"status": "broken", "detail": "not a text file"}
    text = decoded(data)
    return {"status": "done" if text.strip() else "empty", "text": text}
