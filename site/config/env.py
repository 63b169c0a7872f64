"""Every environment variable the program reads, declared once: name, parser, default, help.

The settings read the environment only through `load()`. A malformed value, a missing secret or a name that is nearly
one of ours stops the start with one sentence that names the variable. The README table is checked against `VARIABLES`.
"""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from config import parsers, search_backends

DOTENV = parsers.ROOT / ".env"
# Nobody else's variables begin like this, so an unknown one is a slip of ours.
OWN_PREFIXES = ("S3_", "SMS_")


class EnvironmentProblem(Exception):
    """One sentence for the person who starts the program; it names the variable."""


@dataclass(frozen=True)
class Variable:
    """One variable; `default=None` means that it must be set (dev and test supply their own)."""

    name: str
    parse: Callable[[str], Any]
    default: str | None
    help: str


VARIABLES = (
    Variable("SECRET_KEY", parsers.secret, None, "Long random text that signs sessions and links"),
    Variable("ALLOWED_HOSTS", parsers.names, None, "Host names the server answers to, separated by commas"),
    Variable(
        "DATABASE_URL",
        parsers.database,
        "sqlite:///var/db.sqlite3",
        "`sqlite:///path` or `postgres://user:password@host:5432/name`",
    ),
    Variable(
        "SEARCH_URL",
        search_backends.from_url,
        "database://",
        "`database://`, `elasticsearch+https://host:9200/prefix` or `opensearch+https://host:9200/prefix`",
    ),
    Variable(
        "CACHE_URL",
        parsers.cache,
        "locmem://",
        "`locmem://` (one process) or `redis://host:6379/0` (several processes)",
    ),
    Variable(
        "EMAIL_URL",
        parsers.email,
        "console://",
        "`console://`, `smtp://host:25`, `smtps://…` or `smtp+tls://user:password@host:587`",
    ),
    Variable("EMAIL_FROM", parsers.text, "webmaster@localhost", "Sender of the messages"),
    Variable(
        "SMS_URL",
        parsers.endpoint,
        "",
        "Address of the service that takes text messages (docs/messages.md); empty: none is sent, staff call",
    ),
    Variable("SMS_TOKEN", parsers.text, "", "Token of that service"),
    Variable("SMS_SENDER", parsers.text, "", "Sender that people see (brand name)"),
    Variable(
        "SMS_ACCENTS", parsers.boolean, "0", "`1` keeps accents: a part then holds 70 characters, not 160"
    ),
    Variable(
        "BASE_URL",
        parsers.web_address,
        "",
        "Address of the staff area in messages; empty: http://localhost:PORT",
    ),
    Variable(
        "CSRF_TRUSTED_ORIGINS", parsers.origins, "", "Further origins whose forms are accepted, with scheme"
    ),
    Variable("HTTPS_ONLY", parsers.boolean, "1", "`0` only on a closed network without TLS"),
    Variable(
        "TRUST_PROXY",
        parsers.boolean,
        "0",
        "`1` when a proxy in front always sets X-Forwarded-Proto and X-Forwarded-For",
    ),
    Variable("ADMIN_PATH", parsers.admin_path, "quan-tri/", "Path of the staff area"),
    Variable(
        "EXTRA_LANGUAGES",
        parsers.language_codes,
        "",
        "Further languages besides vi and en, for example `sti` (S’tiêng)",
    ),
    Variable("S3_BUCKET", parsers.text, "", "Bucket for uploaded files; empty: files in MEDIA_ROOT"),
    Variable("S3_ENDPOINT_URL", parsers.web_address, "", "Address of an S3-compatible server; empty: Amazon"),
    Variable("S3_ACCESS_KEY_ID", parsers.text, "", "Key of the bucket"),
    Variable("S3_SECRET_ACCESS_KEY", parsers.text, "", "Secret of the bucket"),
    Variable("S3_REGION", parsers.text, "", "Region of the bucket"),
    Variable(
        "S3_PUBLIC_URL",
        parsers.web_address,
        "",
        "Address under which readers fetch the bucket's files; empty: the bucket's own",
    ),
    Variable("MEDIA_ROOT", parsers.path, "media", "Folder of uploaded files"),
    Variable("STATIC_ROOT", parsers.path, "staticfiles", "Folder that collectstatic fills"),
    Variable("LOG_LEVEL", parsers.log_level, "INFO", "DEBUG, INFO, WARNING or ERROR"),
    Variable("WEB_PROCESSES", parsers.positive, "1", "Server processes; more than one needs a Redis cache"),
    Variable("PORT", parsers.port, "8000", "Port of the server"),
    Variable("DEBUG", parsers.boolean, "0", "`1` shows tracebacks; only dev reads it, production refuses it"),
    Variable(
        "SITE_PORTS",
        parsers.site_ports,
        "",
        "dev only: a port per further site, for example `8001=da-kia.localhost`",
    ),
)


def near(a: str, b: str, *, same: bool = False) -> bool:
    """Whether two names differ by at most two slips (insertion, deletion, replacement, neighbours swapped).

    Short names are never near: too many words of other programs are. `same` tells whether equal names count.
    """
    if a == b:
        return same and len(a) >= 8
    if min(len(a), len(b)) < 8 or abs(len(a) - len(b)) > 2:
        return False
    limit = 2 if len(b) >= 10 else 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, previous, row = row, before, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
    return row[-1] <= limit


def read_dotenv(file: Path) -> dict[str, str]:
    """NAME=value lines of `.env`; blank lines and lines that begin with # do not count."""
    values: dict[str, str] = {}
    if not file.is_file():
        return values
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, sign, value = line.partition("=")
        if not sign:
            raise EnvironmentProblem(f"Line {number} of {file.name} is not of the form NAME=value.")
        values[name.strip()] = value.strip().strip("\"'")
    return values


def refuse_unknown(names: Iterable[str], *, strict: bool) -> None:
    """Raise for a name that is not ours: in `.env` any such name, in the shared environment only a near miss."""
    known = [variable.name for variable in VARIABLES]
    for name in names:
        if name in known:
            continue
        close = next((other for other in known if near(name.upper(), other, same=True)), "")
        hint = f"; did you mean {close}?" if close else " (the README lists them all)."
        if close or strict or name.startswith(OWN_PREFIXES):
            raise EnvironmentProblem(f"{name} is not a variable of this program{hint}")


def load(
    environ: Mapping[str, str] | None = None,
    *,
    dotenv: Path | None = DOTENV,
    defaults: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Read, check and parse every variable.

    `environ` is the process environment unless given; `.env` supplies what it lacks; `defaults` are those of dev or
    test and win over the declared ones. Raises EnvironmentProblem with one sentence.
    """
    environ = os.environ if environ is None else environ
    own = read_dotenv(dotenv) if dotenv else {}
    refuse_unknown(own, strict=True)
    refuse_unknown(environ, strict=False)
    values: dict[str, Any] = {}
    for variable in VARIABLES:
        raw = environ.get(variable.name, own.get(variable.name))
        if raw is None:
            raw = (defaults or {}).get(variable.name, variable.default)
        if raw is None:
            raise EnvironmentProblem(
                f"{variable.name} is not set: {variable.help[0].lower()}{variable.help[1:]}."
            )
        try:
            values[variable.name] = variable.parse(raw)
        except ValueError as problem:
            raise EnvironmentProblem(f"{variable.name} {problem}.") from None
    return values


_defaults: dict[str, str] = {}
_dotenv: Path | None = DOTENV


def relax(*, dotenv: Path | None = DOTENV, **defaults: str) -> None:
    """Set the defaults with which dev and test relax production; called before production's settings are read."""
    global _dotenv
    _dotenv = dotenv
    _defaults.update(defaults)


def is_relaxed() -> bool:
    """Whether dev or test are being loaded, not production itself."""
    return bool(_defaults)


def load_or_exit() -> dict[str, Any]:
    """`load()` for the settings: a problem ends the program with its sentence alone, without a traceback."""
    try:
        return load(dotenv=_dotenv, defaults=_defaults)
    except EnvironmentProblem as problem:
        stop(str(problem))


def stop(sentence: str) -> NoReturn:
    """End the program with one sentence on standard error."""
    sys.exit(sentence)
