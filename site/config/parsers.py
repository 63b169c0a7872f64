"""Turns the text of one environment variable into a value, or says in one clause what is wrong with it.

Each parser takes the raw text and raises ValueError with a clause that completes "NAME …" (for example "is not a number").
"""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from config.languages import languages

ROOT = Path(__file__).resolve().parents[2]


def text(raw: str) -> str:
    """Any text, without surrounding blanks."""
    return raw.strip()


def secret(raw: str) -> str:
    """Text long enough to be a signing key: Django asks for 50 characters of at least 5 kinds."""
    value = raw.strip()
    if len(value) < 50 or len(set(value)) < 5:
        raise ValueError("must be random text of at least 50 characters")
    return value


def path(raw: str) -> Path:
    """A folder; a relative one counts from the project's root."""
    if not raw.strip():
        raise ValueError("must name a folder")
    return ROOT / raw.strip()


def log_level(raw: str) -> str:
    """A level of Python's logging."""
    value = raw.strip().upper()
    if value not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
    return value


def boolean(raw: str) -> bool:
    """1/true/yes/on or 0/false/no/off."""
    value = raw.strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("must be 1 or 0")


def port(raw: str) -> int:
    """A TCP port, 1 to 65535."""
    if not raw.strip().isascii() or not raw.strip().isdigit() or not 0 < int(raw) < 65536:
        raise ValueError("must be a port number from 1 to 65535")
    return int(raw)


def positive(raw: str) -> int:
    """A whole number of at least one."""
    if not raw.strip().isascii() or not raw.strip().isdigit() or int(raw) < 1:
        raise ValueError("must be a whole number of at least 1")
    return int(raw)


def names(raw: str) -> list[str]:
    """A list separated by commas; blanks around the names do not count."""
    return [part.strip() for part in raw.split(",") if part.strip()]


def origins(raw: str) -> list[str]:
    """A list of origins such as https://example.gov.vn, separated by commas."""
    found = names(raw)
    for origin in found:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
            raise ValueError("must list origins such as https://example.gov.vn, separated by commas")
    return found


def web_address(raw: str) -> str:
    """An http or https address without a path, no slash at the end; empty means none."""
    value = raw.strip().rstrip("/")
    if not value:
        return ""
    parts = split(value, {"http", "https"}, "https://example.gov.vn")
    if not parts.hostname or parts.path:
        raise ValueError("must be an address such as https://example.gov.vn")
    return value


def endpoint(raw: str) -> str:
    """An https address with its path, http on this machine only (a token travels with each request); empty means none."""
    value = raw.strip()
    if not value:
        return ""
    parts = split(value, {"http", "https"}, "https://sms.example.vn/send")
    if not parts.hostname or parts.username or parts.fragment:
        raise ValueError("must be an address such as https://sms.example.vn/send")
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError("must be an https address: a token travels with each request")
    return value


def admin_path(raw: str) -> str:
    """A path of the staff area, relative, with one slash at the end."""
    value = raw.strip().strip("/")
    if not value or not all(part.replace("-", "").isalnum() and part.isascii() for part in value.split("/")):
        raise ValueError("must be a path of letters, digits and hyphens such as quan-tri/")
    return value + "/"


def site_ports(raw: str) -> dict[int, str]:
    """Pairs `8001=da-kia.localhost`, separated by commas: which site answers on which port of a developer's machine."""
    pairs: dict[int, str] = {}
    for part in names(raw):
        number, _, host = part.partition("=")
        if not host:
            raise ValueError("must list pairs such as 8001=da-kia.localhost, separated by commas")
        pairs[port(number)] = host.strip()
    return pairs


def split(raw: str, schemes: set[str], example: str) -> SplitResult:
    """Split a URL and refuse other schemes and impossible ports."""
    try:
        parts = urlsplit(raw.strip())
        _ = parts.port
    except ValueError:
        raise ValueError(f"is not a valid URL (an example: {example})") from None
    if parts.scheme not in schemes:
        raise ValueError(
            f"must start with {' or '.join(sorted(s + '://' for s in schemes))} (an example: {example})"
        )
    return parts


def database(raw: str) -> dict[str, Any]:
    """DATABASES entry of sqlite:///relative/path, sqlite:////absolute/path or postgres://user:password@host:5432/name."""
    example = "postgres://user:password@localhost:5432/name"
    parts = split(raw, {"sqlite", "postgres", "postgresql"}, example)
    if parts.scheme == "sqlite":
        path = unquote(parts.path)
        if parts.netloc or len(path) < 2:
            raise ValueError(
                "needs a file for SQLite: sqlite:///var/db.sqlite3, or four slashes for an absolute path"
            )
        if path == "/:memory:":
            return sqlite(":memory:")
        file = Path(path[1:]) if path.startswith("//") else ROOT / path[1:]
        return sqlite(str(file))
    name = unquote(parts.path.lstrip("/"))
    if not parts.hostname and "host" not in parse_qs(parts.query):
        raise ValueError(f"names no server (an example: {example})")
    if not name or "/" in name:
        raise ValueError(f"names no database (an example: {example})")
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def sqlite(name: str) -> dict[str, Any]:
    """The DATABASES entry of SQLite.

    Write transactions begin IMMEDIATE: two registrations cannot both read the last free seat, and a transaction that
    starts as a reader and turns writer would fail at once with "database is locked" whatever the timeout.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;"
            # pages of the file are read where the system keeps them, not copied one by one: that is half the time of a search
            "PRAGMA mmap_size=1073741824;",
        },
    }


def cache(raw: str) -> dict[str, Any]:
    """locmem:// or redis://host:6379/0 → Django's CACHES entry."""
    parts = split(raw, {"locmem", "redis", "rediss"}, "redis://localhost:6379/0")
    if parts.scheme == "locmem":
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "site"}
    if not parts.hostname:
        raise ValueError("names no server (an example: redis://localhost:6379/0)")
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": raw.strip(),
        "KEY_PREFIX": "site",
    }


def email(raw: str) -> dict[str, Any]:
    """Django's EMAIL_… settings from console:// or the address of a mail server.

    smtp:// sends in the clear, smtps:// encrypts from the start, smtp+tls:// by STARTTLS.
    """
    example = "smtp+tls://user:password@mail.example.gov.vn:587"
    parts = split(raw, {"console", "smtp", "smtps", "smtp+tls"}, example)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if not parts.hostname:
        raise ValueError(f"names no server (an example: {example})")
    usual = {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or usual,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 20,
    }


def language_codes(raw: str) -> list[tuple[str, str]]:
    """Codes such as `sti`, separated by commas → all languages of the site as (code, own name)."""
    return languages(names(raw))
