"""`make search-quality`: what the search is worth, by kind of question and engine, on judged questions.

REAL=file adds real documents with the judgments of real_queries.jsonl; NOISE=file adds documents that nobody asked for.
ENGINES names what is measured: sqlite, postgres (DATABASE_URL), opensearch, elasticsearch (a node of our
own, through the proxy of the tests, where no address is given: SEARCH_NODE_URL), or name=address.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.search.quality import judging, kinds  # noqa: E402

HERE = ROOT / "tests" / "search" / "quality"
NAMES = ("sqlite", "postgres", "opensearch", "elasticsearch")


def engines(text: str, until: ExitStack) -> dict[str, str]:
    """Return name → address for ``sqlite postgres=postgres://…``; what is started for them ends with ``until``."""
    found = {}
    for word in text.split():
        name, _, address = word.partition("=")
        if not address and name not in NAMES:
            sys.exit(f"{word} is no engine: name one of {', '.join(NAMES)}, or name=address.")
        found[name] = address or _address(name, until)
    return found


def _address(name: str, until: ExitStack) -> str:
    """Return where an engine is that was named without an address; a search node is started where none is."""
    if name == "sqlite":
        return "sqlite://"
    if name == "postgres":
        address = os.environ.get("DATABASE_URL", "")
        if not address.startswith("postgres"):
            sys.exit("postgres needs an address: DATABASE_URL=postgres://… or ENGINES=postgres=postgres://…")
        return address
    if not os.environ.get("SEARCH_NODE_URL"):
        sys.path.insert(0, str(ROOT / "deploy" / "search-node"))
        import search_node

        try:
            node = search_node.start()
        except search_node.Unavailable as problem:
            sys.exit(f"A search server {problem}.")
        until.callback(node.stop)
        os.environ["SEARCH_NODE_URL"] = node.url
    if name == "opensearch":
        return f"opensearch+{os.environ['SEARCH_NODE_URL']}"
    from tests.search.servers.proxy import Proxy

    proxy = Proxy(os.environ["SEARCH_NODE_URL"])
    until.callback(proxy.close)
    return f"elasticsearch+{proxy.url}"


def run(
    questions: list[judging.Judged], documents: list[str], address: str, output: Path, extra: list[str]
) -> Path:
    """Answer all questions on one engine; the scratch is kept for the next run."""
    output.mkdir(parents=True, exist_ok=True)
    asked, hits = output / "questions.jsonl", output / "run.tsv"
    lines = [json.dumps({"qid": row.qid, "query": row.query}, ensure_ascii=False) for row in questions]
    asked.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, str(ROOT / "manage.py"), "search_run", "--documents", *documents,
               "--queries", str(asked), "--engine", address, "--output", str(hits), "--keep", *extra]  # fmt: skip
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings.dev", **os.environ}
    if subprocess.run(command, check=False, env=environment).returncode:
        sys.exit(f"The run on {address} failed.")
    return hits


def table(results: dict[str, dict[str, judging.Score]]) -> str:
    """Return the scores as text: a line for each kind, three columns for each engine."""
    names = list(results)
    rows = ["kind".ljust(14) + "n".rjust(6) + "".join(f"  | {name:^22}" for name in names)]
    rows.append(" " * 20 + "".join(f"  | {'nDCG@10':>7} {'empty':>6} {'kept':>7}" for _ in names))
    for kind in (*kinds.KINDS, "macro"):
        scores = [results[name].get(kind) for name in names]
        count = next((score.count for score in scores if score), 0)
        if not count:
            continue
        cells = ""
        for score in scores:
            kept = f"{score.kept:7.1%}" if score and score.kept is not None else " " * 7
            cells += f"  | {score.ndcg:7.3f} {score.empty:6.1%} {kept}" if score else "  |" + " " * 23
        rows.append(f"{kind:<14}{count:>6}{cells}")
    rows.append(
        "nonsense: the first column is the share that found nothing, as it should; macro: mean of all other kinds"
    )
    rows.append("kept: nDCG@10 as a share of that of the same questions with all marks")
    return "\n".join(rows)


def main(arguments: list[str] | None = None) -> None:
    """Run every engine and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engines", default=os.environ.get("ENGINES") or "sqlite")
    parser.add_argument("--real", default=os.environ.get("REAL", ""), help="file of the real documents")
    parser.add_argument("--noise", default=os.environ.get("NOISE", ""), help="file of further documents")
    parser.add_argument("--reindex", action="store_true", help="index the kept scratch anew")
    parser.add_argument(
        "--worst", type=int, default=0, metavar="N", help="list the N questions with the lowest score"
    )
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="ask only every Nth question of each kind"
    )
    parser.add_argument("--only", default="", help="kinds to ask, separated by commas")
    parser.add_argument("--output", type=Path, help="folder for questions and runs")
    options = parser.parse_args(arguments)
    documents = [str(HERE / "documents.jsonl"), *([options.real] if options.real else [])]
    judged = set().union(*(judging.identifiers(Path(file)) for file in documents))
    base = judging.read(HERE / "queries.jsonl", judged)
    if options.real:
        base += judging.read(HERE / "real_queries.jsonl", judged)
    if options.noise:
        documents.append(options.noise)
    questions = judging.with_forms(base[:: options.every])
    if options.only:
        wanted = {*options.only.split(","), "accented"}
        questions = [row for row in questions if row.kind in wanted]
    results = {}
    with ExitStack() as until:
        output = options.output or Path(
            until.enter_context(tempfile.TemporaryDirectory(prefix="search-quality-"))
        )
        for name, address in engines(options.engines, until).items():
            file = run(questions, documents, address, output / name, ["--reindex"] if options.reindex else [])
            answers = judging.read_run(file)
            results[name] = judging.score(questions, answers)
            for line in worst(questions, answers, options.worst):
                print(f"{name}: {line}")
    print(table(results))


def worst(questions: list[judging.Judged], answers: dict[str, list[str]], number: int) -> list[str]:
    """Return the questions with the lowest scores, with what was found and what is judged best."""
    rows = []
    for row in questions:
        hits = answers.get(row.qid, [])
        value = float(not hits) if row.kind == "nonsense" else judging.ndcg(hits, row.grades)
        best = " ".join(key for key, _ in sorted(row.grades.items(), key=lambda item: -item[1])[:3])
        rows.append(
            (value, f"{value:.2f} {row.kind:<12} {row.query!r} found {' '.join(hits[:4])} wanted {best}")
        )
    return [text for _, text in sorted(rows)[:number]]


if __name__ == "__main__":
    main()
