"""Databases for tests: a migrated empty one and one with the sample site, made once per run for all workers and copied for each.

`sample` points the module at a copy that its tests share (they read, or roll back); `sample_copy` gives one test a copy of its
own, for tests whose requests commit. Nobody works on what is copied: a page that is only read counts what was asked and looked
at, and the next module would find it. Behind a test with real transactions its database is copied anew. Works with files of
SQLite and with databases of PostgreSQL.

With `--reuse-db` the migrated empty database outlives the run and serves the next one whose migrations are the same.
"""

import contextlib
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase

_numbers = count(1)
#: Database → the one it was copied from, to which it goes back behind a test with real transactions.
_origins: dict[str, str] = {}
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
#: What is this run's and no other's: the process that the workers have in common.
_RUN = os.getpid() if _WORKER == "main" else os.getppid()


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _copy(source: str, target: str) -> None:
    """Copy a database; nobody may be connected to the source."""
    connections.close_all()
    if _is_sqlite():
        with (
            contextlib.closing(sqlite3.connect(source)) as old,
            contextlib.closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def _create(name: str) -> None:
    if not _is_sqlite():
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')


def _exists(name: str) -> bool:
    if _is_sqlite():
        return Path(name).exists()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _drop(name: str) -> None:
    connections.close_all()
    if _is_sqlite():
        for suffix in ("", "-wal", "-shm"):
            Path(name + suffix).unlink(missing_ok=True)
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def _pointed_at(name: str) -> Iterator[None]:
    """Let every connection made inside, in any thread, lead to the database ``name``."""
    before = connection.settings_dict["NAME"]
    _point(name)
    try:
        yield
    finally:
        _point(before)


def _point(name: str) -> None:
    connections.close_all()
    connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = name
    _forget_all()


def forget() -> None:
    """Forget what this process remembers of rows: others may stand under the same keys by now."""
    from search import vocabulary

    cache.clear()
    vocabulary.forget()


def _forget_all() -> None:
    """Forget what was remembered of another database."""
    from django.contrib.contenttypes.models import ContentType

    forget()
    ContentType.objects.clear_cache()


def _name(part: str, folder: Path) -> str:
    """Return the name of a database of this worker."""
    return str(folder / f"{part}.sqlite3") if _is_sqlite() else f"test_site_{_WORKER}_{part}"


@contextlib.contextmanager
def _locked(folder: Path, part: str) -> Iterator[None]:
    with (folder / f"{part}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _shared(folder: Path, part: str, build: Callable[[str], None]) -> Iterator[str]:
    """Name of a database of all workers: who needs it first builds it, who leaves it last drops it."""
    name = str(folder / f"{part}.sqlite3") if _is_sqlite() else f"test_site_{_RUN}_{part}"
    users = folder / f"{part}.users"

    def change(by: int) -> int:
        number = (int(users.read_text()) if users.exists() else 0) + by
        users.write_text(str(number))
        return number

    with _locked(folder, part):
        if change(0) == 0:
            _drop(name)
            build(name)
        change(1)
    try:
        yield name
    finally:
        with _locked(folder, part):
            if change(-1) == 0:
                _drop(name)


def _with_access(blocker: Any, manager: contextlib.AbstractContextManager[Any]) -> Iterator[Any]:
    """Yield what ``manager`` gives; only its own beginning and end may ask the database, what is done meanwhile may not."""
    with blocker.unblock():
        value = manager.__enter__()
    yield value
    with blocker.unblock():
        manager.__exit__(None, None, None)


def _migrate(name: str) -> None:
    _create(name)
    with _pointed_at(name):
        call_command("migrate", verbosity=0)


@contextlib.contextmanager
def _kept_for_the_next_run(anew: bool) -> Iterator[str]:
    """Name of a migrated database that stays; its name hangs on the migrations, so that it is never an old one."""
    from search.scratch import place

    key = place.template().stem
    name = str(place.home() / f"tests-{key}.sqlite3") if _is_sqlite() else f"test_site_{key}"
    place.home().mkdir(exist_ok=True)
    with _locked(place.home(), f"tests-{key}"):
        if anew or not _exists(name):
            _drop(name)
            part = f"{name}_part"
            _drop(part)
            _migrate(part)
            _copy(part, name)
            _drop(part)
    yield name


@contextlib.contextmanager
def _copied(source: str, target: str) -> Iterator[None]:
    """Work on a copy, which is dropped at the end."""
    _drop(target)
    _copy(source, target)
    _origins[target] = source
    with _pointed_at(target):
        yield
    _drop(target)


def _restore(*_arguments: object) -> None:
    """Bring the database in use back to what it was copied from, the rows of the migrations (tree root, permissions) included."""
    name = connection.settings_dict["NAME"]
    if not _is_sqlite():
        _drop(name)
    _copy(_origins[name], name)
    _forget_all()


@pytest.fixture(scope="session")
def common_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of all workers of this run."""
    own = tmp_path_factory.getbasetemp()
    return own if _WORKER == "main" else own.parent


@pytest.fixture(scope="session")
def empty_database(
    common_folder: Path,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_keepdb: bool,
    django_db_createdb: bool,
) -> Iterator[str]:
    """Name of a migrated database without any row but those of the migrations. To be copied, never to be used."""
    kept = _kept_for_the_next_run(django_db_createdb) if django_db_keepdb else None
    yield from _with_access(django_db_blocker, kept or _shared(common_folder, "empty", _migrate))


@pytest.fixture(scope="session")
def django_db_setup(
    empty_database: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Give this worker a copy of the migrated database, and let every test with real transactions go back to it.

    Django would migrate a database for each worker, which takes longer than a hundred tests. Behind a test with real
    transactions it would empty all tables, the migrations' own rows as well, and other tests may follow in the same process.
    Whoever asks for real transactions, by mark, by fixture (``live_server`` does) or by class, ends here.
    """
    own = _name("test", tmp_path_factory.mktemp("databases"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _restore)
        yield from _with_access(django_db_blocker, _copied(empty_database, own))


@dataclass(frozen=True)
class Sample:
    """The sample site as it was built.

    Attributes:
        database: its name; to be copied, never to be used.
        folder: this worker's, for copies.
    """

    database: str
    folder: Path


@pytest.fixture(scope="session")
def sample_database(
    empty_database: str,
    common_folder: Path,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Sample]:
    """The sample site, with its files in this worker's media folder."""
    media = common_folder / "sample-media"

    def build(name: str) -> None:
        shutil.rmtree(media, ignore_errors=True)
        _build(empty_database, name)
        shutil.copytree(settings.MEDIA_ROOT, media)

    for name in _with_access(django_db_blocker, _shared(common_folder, "sample", build)):
        shutil.copytree(media, settings.MEDIA_ROOT, dirs_exist_ok=True)
        yield Sample(name, tmp_path_factory.mktemp("sample"))


def _build(empty: str, target: str) -> None:
    import sample as tool

    _copy(empty, target)
    with _pointed_at(target):
        tool.build(verbosity=0)


@contextlib.contextmanager
def _own_copy(sample: Sample, blocker: Any) -> Iterator[None]:
    name = _name(f"copy_{next(_numbers)}", sample.folder)
    with blocker.unblock(), _copied(sample.database, name):
        yield


@pytest.fixture(scope="module")
def sample(sample_database: Sample, django_db_blocker: Any) -> Iterator[None]:
    """The module's tests read one copy of the sample site. What a test writes stays for them, unless it is marked django_db."""
    with _own_copy(sample_database, django_db_blocker):
        yield


@pytest.fixture
def sample_copy(sample_database: Sample, django_db_blocker: Any) -> Iterator[None]:
    """This test alone has a copy of the sample site and may commit what it likes."""
    with _own_copy(sample_database, django_db_blocker):
        yield
