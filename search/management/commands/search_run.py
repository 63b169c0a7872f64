"""Answer a file of questions over a file of documents, in a scratch database, so that anybody can judge the search."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from search.progress import Progress
from search.scratch import asking, indexing, pages, place, worker
from search.scratch.documents import BadFile, fingerprint, read_documents, read_questions
from search.scratch.place import BadEngine, Scratch


class Command(BaseCommand):
    """Builds pages from documents, indexes them, asks every question and writes the first 20 hits of each.

    The work is done by a second process whose environment names the scratch: the site's own data is out of its reach. What was
    built (folder, database, indexes) is removed at the end, unless it is kept for the next run.
    """

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--documents", nargs="+", type=Path, metavar="FILE",
                            help="JSON lines, also .gz: id, type, title, body, tags, date")  # fmt: skip
        parser.add_argument("--queries", type=Path, help="JSON lines: qid, query")
        parser.add_argument("--engine", default="sqlite://", help=place.ENGINES)
        parser.add_argument("--output", type=Path, help="qid, document, rank, score; tabs between")
        parser.add_argument(
            "--keep",
            action="store_true",
            help="use pages and index of the run before, and keep them for the next",
        )
        parser.add_argument("--remove", action="store_true", help="only remove what was kept on --engine")
        parser.add_argument(
            "--reindex", action="store_true", help="with --keep: keep the pages, index them anew"
        )
        parser.add_argument(
            "--scratch", type=Path, help="folder of the scratch; else one below the temporary folder"
        )
        parser.add_argument("--jobs", type=int, default=indexing.processes(), help="processes that index")
        parser.add_argument("--inside", action="store_true", help="used by the command itself")

    def handle(self, **options: Any) -> None:
        """Run, or start the process that does."""
        try:
            if options["remove"]:
                self._remove(options)
                return
            missing = [name for name in ("documents", "queries", "output") if not options[name]]
            if missing:
                raise CommandError(f"Missing: {', '.join(f'--{name}' for name in missing)}.")
            key = fingerprint(options["documents"])
            read_questions(options["queries"])
            scratch = place.place(options["engine"], key, options["scratch"])
            if options["inside"]:
                place.guard(scratch)
                self._run(scratch, key, options)
            else:
                self._start(scratch, key, options)
        except (BadFile, BadEngine, asking.Unanswered) as problem:
            raise CommandError(str(problem)) from None

    def _start(self, scratch: Scratch, key: str, options: dict[str, Any]) -> None:
        if not options["keep"] or scratch.state().get("documents") != key:
            place.clear(scratch, options["engine"])
        arguments = [
            sys.executable, str(settings.BASE_DIR / "manage.py"), "search_run", "--inside",
            "--documents", *(str(file.resolve()) for file in options["documents"]),
            "--queries", str(options["queries"].resolve()),
            "--output", str(options["output"].resolve()),
            "--engine", options["engine"], "--scratch", str(scratch.folder), "--jobs", str(options["jobs"]),
            *(["--reindex"] if options["reindex"] else []),
        ]  # fmt: skip
        environment = {
            **os.environ,
            **scratch.environment(),
            "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        }
        try:
            done = subprocess.run(arguments, env=environment, check=False)  # noqa: S603 - our own command
        finally:
            if not options["keep"]:
                self._clean_up(scratch, options["engine"])
        if done.returncode:
            raise CommandError("The run failed; the message above says why.", returncode=done.returncode)
        if options["keep"]:
            self.stdout.write(f"Kept for the next run: {scratch}. --remove removes it.")

    def _clean_up(self, scratch: Scratch, engine: str) -> None:
        try:
            place.remove(scratch, engine)
        except BadEngine as problem:
            # the answers stand in their file: this is no failure of the run
            self.stderr.write(str(problem))

    def _remove(self, options: dict[str, Any]) -> None:
        found = place.kept(options["engine"], options["scratch"])
        for scratch in found:
            place.remove(scratch, options["engine"])
            self.stdout.write(f"Removed: {scratch}.")
        if options["scratch"] is None:
            for file in place.home().glob("empty-*.sqlite3"):
                file.unlink()
        if not found:
            self.stdout.write("Nothing was kept on this engine.")

    def _run(self, scratch: Scratch, key: str, options: dict[str, Any]) -> None:
        state = scratch.state()
        place.make_tables(scratch)
        if state.get("documents") != key:
            state = {"documents": key, "pages": self._build(options["documents"])}
        if options["reindex"] or "indexed" not in state or not indexing.is_there():
            started = time.monotonic()
            indexing.index_pages(options["jobs"], sys.stderr)
            state["indexed"] = index_code()
            scratch.save_state(**state)
            self.stderr.write(f"Indexed in {time.monotonic() - started:.0f} s.")
        elif state["indexed"] != index_code():
            self.stderr.write(
                "The code that makes the index has changed since: --reindex brings it up to date."
            )
        documents = {int(page): name for page, name in state["pages"].items()}
        answers = asking.ask(read_questions(options["queries"]), documents, sys.stderr)
        asking.write(answers.rows, options["output"])
        self.stdout.write(f"{options['output']}: {answers.summary}.")

    def _build(self, files: list[Path]) -> dict[int, str]:
        worker.hurry()
        tree, found = pages.Tree(), {}
        documents = list(read_documents(files, list(tree.types)))
        if not documents:
            raise BadFile("The files hold no document.")
        with Progress("Building pages", len(documents), sys.stderr) as progress:
            for start in range(0, len(documents), pages.BATCH):
                batch = documents[start : start + pages.BATCH]
                found.update(tree.add(batch))
                progress.step(len(batch))
        tree.finish()
        return found


def index_code() -> str:
    """Return a hash of the modules that decide what stands in an index."""
    names = (
        "site/core/vietnamese.py",
        "search/analysis.py",
        "search/extraction.py",
        "search/models/page_text.py",
    )
    found = hashlib.sha256()
    for name in names:
        found.update((Path(settings.BASE_DIR) / name).read_bytes())
    return found.hexdigest()[:12]
