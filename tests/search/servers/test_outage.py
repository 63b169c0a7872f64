"""A real server that freezes, is killed and comes back in the middle of a load; publishing while it is down."""

from __future__ import annotations

import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from search import index_state, outbox, services
from search.breaker import FIRST_PAUSE
from search.engines.base import SearchQuery
from search.models import IndexChange, IndexState
from tests.factories.core import make_office
from tests.search.helpers import add
from tests.search.servers.conftest import WORKER, backends, will_remove
from tests.search.servers.proxy import Proxy

pytestmark = [pytest.mark.django_db(transaction=True)]

#: Seconds that a reader waits for the server, and that a page may take besides on a machine that is busy with other tests.
WAIT, BUSY = 0.8, 2.5
#: What the page says when the database stands in.
NOTE = "components/message.html"


@dataclass
class Load:
    """Readers who ask the search page one question after another."""

    threads: list[threading.Thread] = field(default_factory=list)
    answers: list[tuple[float, float, int, bool]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def begin(self, readers: int = 4) -> None:
        for _ in range(readers):
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

    def wait_for(self, *, degraded: bool, limit: float) -> float:
        """Return the moment from which new questions are answered by the database, or by the server again."""
        begun = time.monotonic()
        while time.monotonic() - begun < limit:
            last = self.since(begun)[-4:]
            if len(last) == 4 and all(answer[3] is degraded for answer in last):
                return last[0][0]
            time.sleep(0.1)
        raise AssertionError(f"never answered with degraded={degraded}: {self.answers[-4:]}")


@pytest.fixture
def site() -> Site:
    return make_office()


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


def test_readers_hardly_notice_and_nothing_is_lost(machine: Machine, site: Site) -> None:
    add(site, "Dịch vụ công trực tuyến", "Nộp hồ sơ tại nhà.")
    add(site, "Giá hạt điều", "Thu mua tại vườn.")
    settle(site)
    load = Load()
    load.begin()
    try:
        load.wait_for(degraded=False, limit=30)

        # the server freezes: whoever is asking waits once, whoever comes later does not
        frozen = time.monotonic()
        machine.freeze()
        load.wait_for(degraded=True, limit=30)
        time.sleep(FIRST_PAUSE * 2)
        answers = load.since(frozen)
        waited = [answer for answer in answers if answer[1] >= WAIT]
        assert max(answer[1] for answer in answers) < WAIT + BUSY
        assert len(answers) > 4 * len(waited), f"{len(waited)} of {len(answers)} readers waited"
        machine.thaw()
        load.wait_for(degraded=False, limit=60)

        # the server is killed; a page is published, another one goes
        killed = time.monotonic()
        machine.kill()
        load.wait_for(degraded=True, limit=30)
        saving = time.monotonic()
        late = add(site, "Dịch vụ công mới", "Bấm một lần là xong.")
        assert time.monotonic() - saving < 3 + BUSY
        assert IndexChange.objects.filter(object_id=str(late.pk)).exists()
        assert ask(site, "bam mot lan").degraded
        assert [result.card.title for result in ask(site, "bam mot lan").results] == ["Dịch vụ công mới"]
        time.sleep(1)
        assert max(answer[1] for answer in load.since(killed)) < WAIT + BUSY

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


def test_new_tries_are_few_and_grow_apart(settings: Any, site: Site, free_port: Callable[[], int]) -> None:
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
    for _ in range(9):
        state = IndexState.objects.get(backend="default")
        assert state.retry_at is not None
        IndexState.objects.update(retry_at="2020-01-01T00:00:00Z")
        before = time.time()
        outbox.deliver.call()
        state.refresh_from_db()
        waits.append(round(state.retry_at.timestamp() - before))
    assert waits[0] == 2 * outbox.FIRST_RETRY
    assert waits == sorted(waits)
    assert waits[-1] == outbox.LONGEST_RETRY
