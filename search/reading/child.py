"""Reads one file and prints what it says, as JSON. Runs as a process of its own: files come from anywhere.

Usage: ``python -m search.reading.child FILE EXTENSION``. Knows nothing of the site: no settings, no database, no secrets.
Whatever a file does to it (endless loop, memory, a crash of the interpreter) ends this process and nothing else.
"""

import json
import sys
import time
from typing import Any

from search.reading import limits

#: Exit status when memory ran out; the answer could not be written then.
OUT_OF_MEMORY = 70


def confine() -> None:
    """Give memory, processor time and output of this process hard limits, where the system has such."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    for name, value in (
        ("RLIMIT_AS", limits.MAX_MEMORY),
        ("RLIMIT_CPU", limits.CPU_SECONDS),
        ("RLIMIT_FSIZE", limits.MAX_OUTPUT),
        ("RLIMIT_NOFILE", 64),
        ("RLIMIT_CORE", 0),
    ):
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        hard = resource.getrlimit(kind)[1]
        # at the soft limit of processor time the process is told so and ends, which the parent can tell from other ends
        most = value + 2 if name == "RLIMIT_CPU" else value
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (min(value, most), most))
        except (OSError, ValueError):
            continue  # macOS refuses RLIMIT_AS; the parent's clock remains


def read(path: str, extension: str) -> dict[str, Any]:
    """Return ``status``, ``detail``, ``text``, ``pages`` and ``pages_read`` of the file, whatever is wrong with it."""
    from search.reading import office, pdf, plain  # noqa: PLC0415 - after the limits, which the imports count towards

    readers = {"pdf": pdf.read, "txt": plain.read, "csv": plain.read}
    reader = readers.get(extension) or (office.read if extension in office.PARTS else None)
    if reader is None:
        return {"status": "unsupported"}
    try:
        found = reader(path, extension, time.monotonic() + limits.READING_SECONDS)
    except MemoryError:
        raise
    except Exception as error:  # a broken file raises anything, from KeyError to RecursionError
        return {"status": "broken", "detail": f"{type(error).__name__}: {error}"[:300]}
    found["text"] = found.get("text", "")[: limits.MAX_CHARACTERS]
    return found


def main() -> None:
    """Read the file that the command line names."""
    confine()
    try:
        found = json.dumps(read(sys.argv[1], sys.argv[2]))
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
    sys.stdout.write(found)


if __name__ == "__main__":
    main()
