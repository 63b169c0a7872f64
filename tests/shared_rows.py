"""Rows that are costly to build, built once for all tests of a module."""

import contextlib
import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from wagtail.models import Site

from tests.factories.core import make_office
from tests.sample_site import forget


@contextlib.contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def built_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[..., Any]]:
    """A function that builds rows for all tests of a module and returns a function, which gives each test its own objects.

    The rows stand in a transaction around the module's tests, whose own ones are savepoints in it: whatever a test changes, the
    next finds them as they were built. Not for tests with real transactions.
    """
    from django.utils import translation

    with contextlib.ExitStack() as until:

        def build(make: Callable[[], Any]) -> Callable[[], Any]:
            forget()
            with django_db_blocker.unblock(), translation.override("vi"):
                until.enter_context(_undone())
                rows = make()
            forget()
            return lambda: copy.deepcopy(rows)

        yield build
        with django_db_blocker.unblock():
            until.close()
        forget()


@pytest.fixture(scope="module")
def office_of_module(request: pytest.FixtureRequest, built_once: Callable[..., Any]) -> Callable[[], Site]:
    """The office for the tests of a module, as its OFFICE (arguments of ``make_office``) says."""
    wanted = getattr(request.module, "OFFICE", {})
    return built_once(lambda: make_office(**wanted))


@pytest.fixture
def site(db: None, office_of_module: Callable[[], Site]) -> Site:
    """An office."""
    return office_of_module()
