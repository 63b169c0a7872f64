"""Time of the whole search page and of its suggestions over a scratch of many documents, by engine.

Server side: the page is asked for inside the process (Django's test client), with all middleware, templates and counts, without
a network. The clock stops when the answer is ready to be sent; what is done after it (the log of questions) is in the processor
time. `make bench DOCUMENTS=file` measures over those documents; without it over the documents of the quality tests.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
for folder in (ROOT, ROOT / "site", ROOT / "tools"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

QUALITY = ROOT / "tests" / "search" / "quality"
QUESTIONS, PREFIXES = 200, 150
#: So many times as many different questions are drawn as are measured; the others are asked before.
WARMING = 4
#: Seconds between building an index and asking it: what was written goes to the disk, servers put their index in order.
REST = 30
#: Limits of the 95th percentile, in milliseconds, at so many documents.
LARGE = 20_000
GOALS = {"sqlite": 150, "postgres": 150, "opensearch": 60, "elasticsearch": 60}


def questions(number: int = QUESTIONS) -> list[str]:
    """Return different questions as people type them: full, bare, Telex, with slips, whole sentences, nonsense."""
    from tests.search.quality import judging

    rows = judging.with_forms(
        judging.read(QUALITY / "real_queries.jsonl") + judging.read(QUALITY / "queries.jsonl")
    )
    texts = list(dict.fromkeys(row.query for row in rows))
    # 997 is prime: the steps lead through every kind
    return [texts[step * 997 % len(texts)] for step in range(min(number, len(texts)))]


def percentile(times: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` of the times lie, in the unit of the times."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def measure(client: Any, addresses: Iterable[tuple[str, dict[str, str]]]) -> tuple[list[float], list[float]]:
    """Return (milliseconds on the clock, milliseconds of this process) of each request.

    Raises:
        RuntimeError: when an answer is not a page.
    """
    clock: list[float] = []
    processor = []
    answer = client.handler.get_response

    def timed(request: Any) -> Any:
        response = answer(request)
        clock.append((time.perf_counter() - started) * 1000)
        return response

    with mock.patch.object(client.handler, "get_response", timed):
        for path, data in addresses:
            started, used = time.perf_counter(), time.process_time()
            response = client.get(path, data)
            processor.append((time.process_time() - used) * 1000)
            if response.status_code != 200:
                raise RuntimeError(f"{path} {data} answered {response.status_code}")
    return clock, processor


def line(name: str, clock: Sequence[float], processor: Sequence[float], note: str = "") -> str:
    """Return one line of the table."""
    cells = "".join(f"{value:>9.1f}" for value in (
        percentile(clock, 0.5), percentile(clock, 0.95), max(clock), percentile(processor, 0.5), percentile(processor, 0.95),
    ))  # fmt: skip
    return f"{name:<34}{len(clock):>6}{cells}  {note}".rstrip()


def verdict(engine: str, pages: int, late: float) -> str:
    """Return whether the goal of an engine is met; nothing where there are too few pages to say so.

    Args:
        engine: sqlite, postgres, opensearch or elasticsearch.
        pages: how many there are.
        late: 95th percentile of the search page, milliseconds.
    """
    goal = GOALS.get(engine, 0)
    if not goal or pages < LARGE:
        return ""
    busy = " on this busy machine" if is_busy() else ""
    return f"goal {goal}: {'met' if late <= goal else f'not met{busy}'}"


def inside(engine: str, number: int) -> None:
    """Measure with so many questions on the scratch that the environment names."""
    import django

    django.setup()
    from django.core.cache import cache
    from django.test import Client
    from django.urls import reverse
    from django.utils import translation
    from wagtail.models import Page, Site

    from search import services, warming

    site = Site.objects.get(is_default_site=True)
    client = Client(headers={"host": site.hostname})
    with translation.override("vi"):
        search, suggest = reverse("search:search"), reverse("search:suggest")
    asked = [(search, {"q": text}) for text in questions(number)]
    stood_in: list[str] = []
    ask = services.search

    def watched(query: Any) -> Any:
        found = ask(query)
        if found.degraded:
            stood_in.append(query.text)
        return found

    services.search = watched
    pages = Page.objects.count()
    print(f"\n{engine}: {pages} pages")
    print(f"{'':<34}{'n':>6}{'median':>9}{'95 %':>9}{'longest':>9}{'median':>9}{'95 %':>9}")
    print(f"{'milliseconds':<40}{'on the clock':>27}{'of the process':>18}")
    cache.clear()
    client.get(
        search, {"q": "bà con"}
    )  # code, templates and connections; not what is remembered of questions
    # a search server that was just started translates its program while it answers: other questions, of which none is measured
    measure(client, [(search, {"q": text}) for text in questions(WARMING * number)[number:]])
    # as every process of the server does when it has read ahead
    warming.settle()
    clock, processor = measure(client, asked)
    said = verdict(engine, pages, percentile(clock, 0.95))
    print(line("search page, asked first", clock, processor, said))
    print(line("search page, asked again", *measure(client, asked)))
    kinds = [(search, {"q": text, "loai": "huong-dan"}) for text in questions(min(60, number))]
    print(line("search page with a filter", *measure(client, kinds)))
    prefixes = list(
        dict.fromkeys(
            text[:length] for text in questions(min(PREFIXES, number)) for length in (1, 2, 3, 5, 8)
        )
    )
    for low, high in ((1, 2), (3, 5), (6, 8)):
        some = [(suggest, {"q": text}) for text in prefixes if low <= len(text.strip()) <= high][:PREFIXES]
        print(line(f"suggestions, {low} to {high} letters", *measure(client, some)))
    if stood_in:
        print(
            f"{len(stood_in)} questions were answered by the database in the server's stead, within its time limit."
        )


def outside(engine: str, address: str, documents: list[Path], number: int) -> None:
    """Make the scratch where it is missing, then measure in a process that knows nothing else."""
    import django

    django.setup()
    from search.scratch import documents as files
    from search.scratch import place

    scratch = place.place(address, files.fingerprint(documents))
    is_new = not scratch.marker.exists()
    with tempfile.TemporaryDirectory(prefix="search-bench-") as folder:
        asked = Path(folder) / "questions.jsonl"
        asked.write_text('{"qid": "1", "query": "khai sinh"}\n', encoding="utf-8")
        command = [sys.executable, str(ROOT / "manage.py"), "search_run", "--keep", "--engine", address, "--documents",
                   *map(str, documents), "--queries", str(asked), "--output", str(Path(folder) / "run.tsv")]  # fmt: skip
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
            sys.exit(f"The scratch on {address} could not be made.")
    if is_new:
        time.sleep(REST)
    environment = {**os.environ, **scratch.environment()}
    sys.stdout.flush()
    command = [sys.executable, __file__, "--inside", engine, "--questions", str(number)]
    done = subprocess.run(command, check=False, env=environment)
    if done.returncode:
        sys.exit(f"The measurement on {address} failed.")


def is_busy() -> bool:
    """Return whether other programs take the processors: then the clock measures them too."""
    return os.getloadavg()[0] > 0.7 * (os.cpu_count() or 1)


def warn_when_busy() -> None:
    """Say so."""
    if is_busy():
        print(
            f"The machine is busy (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors): times on the clock are an "
            "upper bound."
        )


def main(arguments: list[str] | None = None) -> None:
    """Measure every engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engines", default=os.environ.get("ENGINES") or "sqlite")
    parser.add_argument("--documents", nargs="+", type=Path, help="JSON lines, see manage.py search_run")
    parser.add_argument("--questions", type=int, default=QUESTIONS, help="number of different questions")
    parser.add_argument("--inside", default="", help="used by the program itself")
    options = parser.parse_args(arguments)
    if options.inside:
        inside(options.inside, options.questions)
        return
    import search_quality

    named = [Path(name) for name in os.environ.get("DOCUMENTS", "").split()]
    documents = options.documents or named or [QUALITY / "documents.jsonl"]
    warn_when_busy()
    with ExitStack() as until:
        for name, address in search_quality.engines(options.engines, until).items():
            outside(name, address, [file.resolve() for file in documents], options.questions)
    warn_when_busy()


if __name__ == "__main__":
    main()
