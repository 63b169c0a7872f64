"""A real server that freezes, is killed and comes back in the middle of a load; publishing while it is down."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Protocol

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from search import index_state, outbox, services, telling
from search.breaker import FIRST_PAUSE, Breaker, Outage
from search.engines.base import SearchQuery
from search.models import IndexChange, IndexState
from tests.factories.core import make_office
from tests.search.helpers import add
from tests.search.servers.conftest import ROOT, WORKER, backends, will_remove
from tests.search.servers.proxy import Proxy

pytestmark = [pytest.mark.django_db(transaction=True)]

#: Seconds that a reader waits for the server: longer than in real life, since the machine of the tests may be busy.
WAIT = 3.0
READERS = 4
#: What the page says when the database stands in.
NOTE = "components/message.html"


@dataclass
class Load:
    """Readers who ask the search page one question after another."""

    threads: list[threading.Thread] = field(default_factory=list)
    answers: list[tuple[float, float, int, bool]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        for _ in range(READERS):
            self.threads.append(threading.Thread(target=self._ask, daemon=True))
            self.threads[-1].start()

    def _ask(self) -> None:
        while not self.over.is_set():
            # many readers, none of whom asks too often
            client = Client(REMOTE_ADDR=".".join(str(random.randrange(1, 250)) for _ in range(4)))
            start = time.monotonic()
            response = client.get("/tim-kiem/", {"q": "dich vu cong"})
            degraded = any(template.name == NOTE for template in response.templates)
            self.answers.append((start, time.monotonic() - start, response.status_code, degraded))
        connections.close_all()

    def end(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(30)

    def since(self, moment: float) -> list[tuple[float, float, int, bool]]:
        return [answer for answer in list(self.answers) if answer[0] >= moment]

    def wait_for_answers(self, moment: float, number: int) -> None:
        """Return when so many questions that were asked since ``moment`` have been answered."""
        until(lambda: len(self.since(moment)) >= number)

    def wait_for(self, *, degraded: bool, limit: float) -> float:
        """Return the moment from which new questions are answered by the database, or by the server again."""
        begun = time.monotonic()
        while time.monotonic() - begun < limit:
            last = self.since(begun)[-4:]
            if len(last) == 4 and all(answer[3] is degraded for answer in last):
                return last[0][0]
            time.sleep(0.1)
        raise AssertionError(f"never answered with degraded={degraded}: {self.answers[-4:]}")


def until(happened: Callable[[], bool], limit: float = 180) -> None:
    """Return when something has happened, however busy the machine is."""
    begun = time.monotonic()
    while not happened():
        assert time.monotonic() - begun < limit
        time.sleep(0.05)


@pytest.fixture
def site() -> Site:
    return make_office()


@pytest.fixture
def in_vain(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The moments at which somebody had asked the server and waited for nothing."""
    found: list[float] = []
    failed = Breaker.failed

    def noted(self: Breaker, reason: object) -> None:
        found.append(time.monotonic())
        failed(self, reason)

    monkeypatch.setattr(Breaker, "failed", noted)
    return found


class Machine(Protocol):
    """A server that a test may stop."""

    def kill(self) -> None: ...
    def freeze(self) -> None: ...
    def thaw(self) -> None: ...
    def come_back(self) -> None: ...


@dataclass
class Node:
    """A real node of the test's own."""

    running: Any
    start: Callable[..., Any]

    def kill(self) -> None:
        self.running.kill()

    def freeze(self) -> None:
        os.kill(self.running.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.running.pid, signal.SIGCONT)

    def come_back(self) -> None:
        self.running = self.start(port=int(self.running.url.rsplit(":", 1)[1]), folder=self.running.folder)


def use(settings: Any, engine: str, url: str, node_url: str) -> None:
    """Let a server be the engine of the search, with indexes of this test's own. ``node_url``: behind a proxy at ``url``."""
    prefix = f"own-{os.getpid()}-{WORKER}"
    will_remove(node_url, prefix)
    settings.WAGTAILSEARCH_BACKENDS = backends(engine, url, prefix, READ_TIMEOUT=WAIT, TIMEOUT=5)
    index_state.rebuild_now()


@contextmanager
def behind_proxy(settings: Any, engine: str, node_url: str) -> Iterator[Machine]:
    """A client with a server that can be stopped and is back at once."""
    proxy = Proxy(node_url)
    use(settings, engine, proxy.url, node_url)
    yield proxy
    proxy.close()


@pytest.fixture(params=["real node", "elasticsearch"])
def machine(request: pytest.FixtureRequest, settings: Any) -> Iterator[Machine]:
    """A node that is killed with its data under way and started again from them; for the other client a proxy."""
    if request.param == "elasticsearch":
        with behind_proxy(settings, "elasticsearch", request.getfixturevalue("node_url")) as server:
            yield server
        return
    start = request.getfixturevalue("own_node")
    node = Node(start(), start)
    use(settings, "opensearch", node.running.url, node.running.url)
    yield node


@pytest.fixture(params=["opensearch", "elasticsearch"])
def server(request: pytest.FixtureRequest, node_url: str, settings: Any) -> Iterator[Machine]:
    """Each client with a server that can be killed."""
    with behind_proxy(settings, str(request.param), node_url) as running:
        yield running


def ask(site: Site, text: str = "dich vu cong") -> Any:
    return services.search(SearchQuery(text, site, "vi"))


def settle(site: Site) -> None:
    """Wait until the server answers within the time of a reader, however busy the machine is."""
    for _ in range(100):
        if not ask(site).degraded:
            return
        time.sleep(0.3)
    raise AssertionError("the server never answered in time")


def test_readers_hardly_notice_and_nothing_is_lost(
    machine: Machine, site: Site, in_vain: list[float]
) -> None:
    add(site, "Dịch vụ công trực tuyến", "Nộp hồ sơ tại nhà.")
    add(site, "Giá hạt điều", "Thu mua tại vườn.")
    settle(site)
    load = Load()
    load.begin()
    try:
        load.wait_for(degraded=False, limit=90)

        # the server freezes: whoever is asking waits once, whoever comes later does not, but for one after each pause
        frozen = time.monotonic()
        in_vain.clear()
        machine.freeze()
        until(lambda: len(in_vain) > READERS or time.monotonic() > frozen + 2 * FIRST_PAUSE + WAIT)
        load.wait_for_answers(frozen, 5 * READERS)
        pauses = (time.monotonic() - frozen) / FIRST_PAUSE
        assert 0 < len(in_vain) <= READERS + pauses, f"{len(in_vain)} of {len(load.since(frozen))} waited"
        machine.thaw()
        load.wait_for(degraded=False, limit=60)

        # the server is killed; a page is published, another one goes
        machine.kill()
        load.wait_for(degraded=True, limit=90)
        late = add(site, "Dịch vụ công mới", "Bấm một lần là xong.")
        assert IndexChange.objects.filter(object_id=str(late.pk)).exists()
        assert ask(site, "bam mot lan").degraded
        assert [result.card.title for result in ask(site, "bam mot lan").results] == ["Dịch vụ công mới"]

        # it comes back with the data that it had
        machine.come_back()
        load.wait_for(degraded=False, limit=90)
    finally:
        load.end()
    assert {answer[2] for answer in load.answers} == {200}

    # the first reader whom it answered has seen to the delivery of what it had missed
    settle(site)
    assert [result.card.title for result in ask(site, "bam mot lan").results] == ["Dịch vụ công mới"]
    assert not ask(site, "bam mot lan").degraded
    assert not IndexChange.objects.filter(model="wagtailcore.page").exists()


def test_the_staff_searches_are_answered_meanwhile(server: Machine, site: Site, admin_client: Client) -> None:
    add(site, "Dịch vụ thú y")
    settle(site)
    server.kill()
    for _ in range(3):
        response = admin_client.get(reverse("wagtailadmin_pages:search"), {"q": "dich vu"})
        assert response.status_code == 200
        assert "Dịch vụ thú y" in response.content.decode()


def test_a_server_that_is_down_keeps_nobody_from_working(
    settings: Any, site: Site, free_port: Callable[[], int]
) -> None:
    settings.WAGTAILSEARCH_BACKENDS = backends(
        "opensearch", f"http://127.0.0.1:{free_port()}", "x", TIMEOUT=5
    )
    page = add(site, "Dịch vụ công")
    page.title = "Dịch vụ bưu chính"
    page.save_revision().publish()
    key = page.pk
    assert [result.card.title for result in ask(site, "buu chinh").results] == ["Dịch vụ bưu chính"]
    page.delete()
    assert ask(site, "buu chinh").total == 0
    assert IndexChange.objects.filter(model="wagtailcore.page", object_id=str(key)).count() == 1
    state = IndexState.objects.get(backend="default")
    assert state.retry_at is not None
    assert outbox.deliver.call() == 0


def test_publishing_does_not_even_speak_to_the_server(settings: Any, site: Site) -> None:
    """A task of the worker does, whatever state the server is in: nobody waits for one that takes calls and never answers."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        deaf.setblocking(False)
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        settings.WAGTAILSEARCH_BACKENDS = backends("opensearch", url, "x")
        page = add(site, "Dịch vụ công")
        page.title = "Dịch vụ bưu chính"
        page.save_revision().publish()
        page.unpublish()
        assert IndexChange.objects.filter(object_id=str(page.pk)).exists()
        page.delete()
        with pytest.raises(BlockingIOError):
            deaf.accept()


def test_new_tries_are_few_and_grow_apart(
    settings: Any, site: Site, free_port: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django_tasks_db.models import DBTaskResult

    settings.WAGTAILSEARCH_BACKENDS = backends(
        "opensearch", f"http://127.0.0.1:{free_port()}", "x", TIMEOUT=5
    )
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    outbox.note([add(site, "Dịch vụ công")])
    DBTaskResult.objects.all().delete()
    for _ in range(20):
        outbox.deliver.call()
    [task] = DBTaskResult.objects.filter(task_path="search.outbox.deliver")
    assert task.run_after is not None
    waits = []
    now = timezone.now()
    monkeypatch.setattr(outbox, "timezone", SimpleNamespace(now=lambda: now))
    for _ in range(9):
        IndexState.objects.update(retry_at="2020-01-01T00:00:00Z")
        outbox.deliver.call()
        state = IndexState.objects.get(backend="default")
        assert state.retry_at is not None
        waits.append((state.retry_at - now).total_seconds())
    assert waits[0] == 2 * outbox.FIRST_RETRY
    assert waits == sorted(waits)
    assert waits[-1] == outbox.LONGEST_RETRY


def test_a_server_that_is_too_slow_for_many_is_told_of_fewer_and_readers_hear_when_it_is_back(
    server: Machine, site: Site, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    backend = outbox.server("default")
    real = telling.Server.tell
    asked: list[int] = []

    def slow(self: Any, model: str, keys: Any, **kwargs: Any) -> Any:
        asked.append(len(keys))
        if len(keys) > 2:
            raise backend.too_late[0].__new__(backend.too_late[0])
        return real(self, model, keys, **kwargs)

    monkeypatch.setattr(telling.Server, "tell", slow)
    monkeypatch.setattr(outbox, "LEAST", 1)
    IndexChange.objects.all().delete()
    IndexState.objects.filter(backend="default").update(batch=8)
    outbox.note([add(site, f"Dịch vụ {number}") for number in range(6)])
    IndexChange.objects.exclude(model=outbox.PAGE).delete()
    cache.set(backend.breaker._key, Outage(since=1.0, until=2.0, pause=2.0), 60)
    for _ in range(3):
        outbox.deliver_now()
    assert asked[:2] == [6, 4]
    assert max(asked[2:]) == 2
    assert not IndexChange.objects.exists()
    assert backend.breaker.outage is None
    assert IndexState.objects.get(backend="default").batch == 4, "more is tried again next time"


def test_what_a_killed_worker_was_delivering_is_delivered(node_url: str, settings: Any, site: Site) -> None:
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    with behind_proxy(settings, "opensearch", node_url) as proxy:
        settings.WAGTAILSEARCH_BACKENDS["default"]["TIMEOUT"] = 60
        add(site, "Dịch vụ công")
        DBTaskResult.objects.exclude(task_path="search.outbox.deliver").delete()
        proxy.freeze()
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER_PROGRAM, json.dumps(settings.WAGTAILSEARCH_BACKENDS)],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
                "DATABASE_URL": f"sqlite:///{connections['default'].settings_dict['NAME']}",
            },
        )
        try:
            # the database is told, and the worker waits for the server
            until(lambda: not IndexChange.objects.filter(backend="database").exists())
            assert DBTaskResult.objects.filter(status="RUNNING").exists()
        finally:
            worker.kill()
            worker.wait()
        proxy.thaw()
        assert IndexChange.objects.filter(backend="default").exists()
        # a minute later
        IndexChange.objects.update(number=1)
        IndexState.objects.update(busy_until=None)
        call_command("deliver_index", verbosity=0)
        assert not IndexChange.objects.filter(model=outbox.PAGE).exists()
        settle(site)
        assert [result.card.title for result in ask(site).results] == ["Dịch vụ công"]


#: ``manage.py db_worker`` with the search engines of a test.
WORKER_PROGRAM = """
import json, sys
sys.path.insert(0, "site")
import django
from django.conf import settings
from django.core.management import call_command
settings.WAGTAILSEARCH_BACKENDS = json.loads(sys.argv[1])
settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
django.setup()
call_command("db_worker", "--queue-name", "*", "--no-startup-delay", "--no-reload", verbosity=0)
"""
