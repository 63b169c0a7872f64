"""Databases for tests. The sample site is built once per run, copied for whoever needs it, never mixed with other tests' rows.

`sample` points the module at a copy that its tests share (they read, or roll back); `sample_copy` gives one test a copy of its
own, for tests whose requests commit. Nobody works on what is copied: a page that is only read counts what was asked and looked
at, and the next module would find it. Behind a test with real transactions its database is copied anew. Works with files of
SQLite and with databases of PostgreSQL.
"""

import contextlib
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
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
_EMPTY, _CONFIGURED = pytest.StashKey[str](), pytest.StashKey[str]()
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


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


@dataclass(frozen=True)
class Databases:
    """Names of this worker's databases: a migrated empty one and the one with the sample."""

    empty: str
    sample: str
    folder: Path

    def new_name(self) -> str:
        """Return a name for one more copy."""
        return self.name(f"copy_{next(_numbers)}", self.folder)

    @staticmethod
    def name(part: str, folder: Path) -> str:
        """Return the name of a database of this worker."""
        return str(folder / f"{part}.sqlite3") if _is_sqlite() else f"test_site_{_WORKER}_{part}"


def _restore(*_arguments: object) -> None:
    """Bring the database in use back to what it was copied from, the rows of the migrations (tree root, permissions) included."""
    name = connection.settings_dict["NAME"]
    if not _is_sqlite():
        _drop(name)
    _copy(_origins[name], name)
    _forget_all()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest, django_db_modify_db_settings: None) -> None:
    """Remember the name that the settings give, to tell later whether pytest-django has put a test database in its place."""
    request.config.stash[_CONFIGURED] = connection.settings_dict["NAME"]


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[None]:
    """Keep a copy of the migrated database, and let every test with real transactions go back to it.

    Django would empty all tables behind such a test, the migrations' own rows as well, and other tests may follow in the same
    process. Whoever asks for real transactions, by mark, by fixture (``live_server`` does) or by class, ends here.
    """
    empty = Databases.name("empty", tmp_path_factory.mktemp("databases"))
    test_database = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        _drop(empty)
        if test_database == request.config.stash[_CONFIGURED]:
            # no other test of this run needs a database, so there is none yet
            _create(empty)
            with _pointed_at(empty):
                call_command("migrate", verbosity=0)
        else:
            _copy(test_database, empty)
            _origins[test_database] = empty
    request.config.stash[_EMPTY] = empty
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _restore)
        yield
    with django_db_blocker.unblock():
        _drop(empty)


@pytest.fixture(scope="session")
def sample_databases(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Databases]:
    """The sample in a database of this worker. The first worker builds it, the others copy what it built."""
    empty = request.config.stash[_EMPTY]
    own = tmp_path_factory.mktemp("sample")
    here = Databases(empty, Databases.name("sample", own), own)
    common = tmp_path_factory.getbasetemp()
    if _WORKER != "main":
        common = common.parent
    built = str(common / "built.sqlite3") if _is_sqlite() else f"test_site_built_{os.getppid()}"
    media, ready = common / "built-media", common / "built.ready"
    with django_db_blocker.unblock():
        with (common / "built.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ready.exists():
                _drop(built)
                shutil.rmtree(media, ignore_errors=True)
                _build(empty, built)
                shutil.copytree(settings.MEDIA_ROOT, media)
                ready.touch()
            _drop(here.sample)
            _copy(built, here.sample)
            shutil.copytree(media, settings.MEDIA_ROOT, dirs_exist_ok=True)
        yield here
        _drop(here.sample)
        with (common / "built.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            ready.unlink(missing_ok=True)
            _drop(built)


def _build(empty: str, target: str) -> None:
    import sample as tool

    _copy(empty, target)
    with _pointed_at(target):
        tool.build(verbosity=0)


@contextlib.contextmanager
def _own_copy(databases: Databases, blocker: Any) -> Iterator[None]:
    name = databases.new_name()
    with blocker.unblock():
        _drop(name)
        _copy(databases.sample, name)
        _origins[name] = databases.sample
        with _pointed_at(name):
            yield
        _drop(name)


@pytest.fixture(scope="module")
def sample(sample_databases: Databases, django_db_blocker: Any) -> Iterator[None]:
    """The module's tests read one copy of the sample site. What a test writes stays for them, unless it is marked django_db."""
    with _own_copy(sample_databases, django_db_blocker):
        yield


@pytest.fixture
def sample_copy(sample_databases: Databases, django_db_blocker: Any) -> Iterator[None]:
    """This test alone has a copy of the sample site and may commit what it likes."""
    with _own_copy(sample_databases, django_db_blocker):
        yield
