"""Where a run keeps its pages and its index: beside the site's own data, never in it."""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from wagtail.search.backends import get_search_backend

#: Changes when pages are built in another way, so that an old scratch is not taken for a new one.
VERSION = 1
SERVERS = tuple(
    f"{name}+{scheme}" for name in ("elasticsearch", "opensearch") for scheme in ("http", "https")
)
ENGINES = "sqlite://, postgres://user@host:port/database, opensearch+http://host:9200, elasticsearch+http://host:9200"


class BadEngine(Exception):
    """One sentence for the person who named the engine."""


@dataclass(frozen=True)
class Scratch:
    """A place for one set of documents on one engine.

    Attributes:
        folder: holds the state and, unless PostgreSQL does, the database.
        database_url, search_url: what the program is started with.
        engine: sqlite, postgres, elasticsearch or opensearch.
        key: hash of the documents.
    """

    folder: Path
    database_url: str
    search_url: str
    engine: str
    key: str

    @property
    def state_file(self) -> Path:
        """What stands in the scratch; missing while it is being built."""
        return self.folder / "state.json"

    @property
    def marker(self) -> Path:
        """Shows that the folder was made here, and for which documents."""
        return self.folder / "search-run"

    @property
    def index_prefix(self) -> str:
        """Beginning of the names of all indexes on a search server; empty where there is none."""
        path = urlsplit(self.search_url).path.strip("/")
        return f"{path}-" if path else ""

    def __str__(self) -> str:
        """Say where it is, without any password."""
        parts = [f"folder {self.folder}"]
        if self.engine == "postgres":
            parts.append(f"database {database_name(self)}")
        if self.index_prefix:
            parts.append(f"indexes {self.index_prefix}*")
        return ", ".join(parts)

    def state(self) -> dict[str, Any]:
        """Return the state, empty where nothing was finished."""
        try:
            found = json.loads(self.state_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if found.get("version") == VERSION else {}

    def save_state(self, **values: Any) -> None:
        """Keep what stands in the scratch now."""
        self.state_file.write_text(json.dumps({"version": VERSION, **values}), encoding="utf-8")

    def environment(self) -> dict[str, str]:
        """Return the variables that lead the program here and keep it from the site's cache, files and mail."""
        return {
            "DATABASE_URL": self.database_url,
            "SEARCH_URL": self.search_url,
            "CACHE_URL": "locmem://",
            "EMAIL_URL": "console://",
            "MEDIA_ROOT": str(self.folder / "media"),
        }


def place(engine: str, key: str, folder: Path | None = None) -> Scratch:
    """Return the scratch for documents with the hash ``key`` on ``engine``.

    Raises:
        BadEngine: for an address that names no engine.
    """
    parts = urlsplit(engine if "//" in engine else f"{engine}://")
    scheme = {"database+sqlite": "sqlite", "postgresql": "postgres", "database+postgres": "postgres"}.get(
        parts.scheme, parts.scheme
    )
    if scheme == "database":
        vendor = connections["default"].vendor
        if vendor == "postgresql":
            return place(_own_address(), key, folder)
        scheme = "sqlite"
    name = scheme.partition("+")[0]
    where = folder or home() / f"{key}-{name}"
    where = where.resolve()
    file = f"sqlite:///{where / 'db.sqlite3'}"
    if scheme == "sqlite":
        return Scratch(where, file, "database://", name, key)
    if scheme == "postgres" and parts.hostname:
        address = urlunsplit(("postgres", parts.netloc, f"/search_run_{key}", parts.query, ""))
        return Scratch(where, address, "database://", name, key)
    if scheme in SERVERS and parts.hostname:
        prefix = "-".join(part for part in (parts.path.strip("/"), "run", key) if part)
        return Scratch(where, file, f"{scheme}://{parts.netloc}/{prefix}", name, key)
    raise BadEngine(f"{engine!r} names no engine; known are {ENGINES}.")


def home() -> Path:
    """Return the folder below which scratches are made."""
    return Path(tempfile.gettempdir()) / "search-run"


def kept(engine: str, folder: Path | None = None) -> list[Scratch]:
    """Return the scratches on ``engine`` that earlier runs have left: the one in ``folder``, else all below the temporary folder.

    Raises:
        BadEngine: for an address that names no engine.
    """
    name = place(engine, "key").engine
    folders = sorted(home().glob(f"*-{name}")) if folder is None else [folder.resolve()]
    made = [found for found in folders if (found / "search-run").exists()]
    return [
        place(engine, (found / "search-run").read_text() or found.name.rpartition("-")[0], found)
        for found in made
    ]


def database_name(scratch: Scratch) -> str:
    """Return the name of the scratch's database: a file of SQLite or a database of PostgreSQL."""
    if scratch.engine == "postgres":
        return urlsplit(scratch.database_url).path.strip("/")
    return str(scratch.folder / "db.sqlite3")


def guard(scratch: Scratch) -> None:
    """Make sure that this process works on the scratch and on nothing else.

    Raises:
        BadEngine: where it does not. What is built in a scratch would replace the website's own pages.
    """
    database = str(connections["default"].settings_dict["NAME"])
    prefix = settings.WAGTAILSEARCH_BACKENDS["default"].get("INDEX_PREFIX", "")
    if database != database_name(scratch) or prefix != scratch.index_prefix or not scratch.marker.exists():
        raise BadEngine(
            f"--inside is used by the command itself. The database here is {database}, not that of a scratch: nothing was done."
        )


def _own_address() -> str:
    """Return the address of the site's own PostgreSQL server."""
    own = connections["default"].settings_dict
    user = own["USER"] + (f":{own['PASSWORD']}" if own["PASSWORD"] else "")
    return f"postgres://{user}@{own['HOST'] or 'localhost'}:{own['PORT'] or 5432}/{own['NAME']}"


def clear(scratch: Scratch, engine: str) -> None:
    """Throw away what an earlier run left and make room for a new one.

    Raises:
        BadEngine: when the server refuses a database of our own.
    """
    if scratch.folder.exists() and any(scratch.folder.iterdir()):
        if not scratch.marker.exists():
            raise BadEngine(f"{scratch.folder} was not made by search_run, so it is left alone.")
        shutil.rmtree(scratch.folder)
    scratch.folder.mkdir(parents=True, exist_ok=True)
    scratch.marker.write_text(scratch.key)
    if scratch.engine == "postgres":
        _postgres(
            engine,
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            "CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0",
            database=database_name(scratch),
        )


def remove(scratch: Scratch, engine: str) -> None:
    """Remove a scratch from wherever it is: folder, database, indexes.

    Raises:
        BadEngine: when a server refuses, or the folder was not made here.
    """
    if not scratch.marker.exists():
        raise BadEngine(f"{scratch.folder} was not made by search_run, so it is left alone.")
    if scratch.engine == "postgres":
        _postgres(engine, "DROP DATABASE IF EXISTS {} WITH (FORCE)", database=database_name(scratch))
    if scratch.index_prefix:
        _remove_indexes(scratch)
    shutil.rmtree(scratch.folder)


def _remove_indexes(scratch: Scratch) -> None:
    parts = urlsplit(scratch.search_url)
    address = f"{parts.scheme.partition('+')[2]}://{parts.netloc}"
    backend = get_search_backend(f"search.engines.{scratch.engine}", URLS=[address])
    try:
        for name in list(backend.es.indices.get(index=f"{scratch.index_prefix}*")):
            backend.es.indices.delete(index=name)
    except Exception as problem:
        if not backend.is_outage(problem):
            raise
        raise BadEngine(
            f"The search server does not answer: its indexes {scratch.index_prefix}* stay."
        ) from None


def template() -> Path:
    """Return where an empty SQLite database with the tables of this version is kept: making them takes half a minute."""
    found = hashlib.sha256()
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    for key in sorted(migrations):
        found.update(repr(key).encode())
        found.update(Path(inspect.getfile(type(migrations[key]))).read_bytes())
    return home() / f"empty-{found.hexdigest()[:12]}.sqlite3"


def make_tables(scratch: Scratch) -> None:
    """Bring the tables of the scratch up to date; a new file of SQLite begins as a copy of an empty one."""
    file = scratch.folder / "db.sqlite3"
    is_new = scratch.engine != "postgres" and not connections["default"].introspection.table_names()
    empty = template() if is_new else None
    if empty and empty.exists():
        connections.close_all()
        for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
            (file.parent / name).unlink(missing_ok=True)
        shutil.copyfile(empty, file)
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    if empty and not empty.exists():
        empty.parent.mkdir(parents=True, exist_ok=True)
        part = empty.with_suffix(f".{os.getpid()}")
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
        part.replace(empty)


def _postgres(engine: str, *statements: str, database: str) -> None:
    """Let the PostgreSQL server of ``engine`` work off statements about a database."""
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is used
    from psycopg import sql  # noqa: PLC0415

    address = engine if "+" not in engine and "@" in engine else _own_address()
    try:
        with psycopg.connect(
            address.replace("postgres://", "postgresql://", 1), autocommit=True
        ) as connection:
            for statement in statements:
                connection.execute(sql.SQL(statement).format(sql.Identifier(database)))
    except psycopg.Error as problem:
        raise BadEngine(f"PostgreSQL refuses a scratch database: {str(problem).strip()}") from None
