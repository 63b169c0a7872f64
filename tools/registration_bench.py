"""How fast people get their seats: many clients at once, through the real form, gunicorn and PostgreSQL.

Each client opens the form, waits as long as the time trap asks for, and sends it; only the sending is measured. Half of the seats
are enough for half of the forms, so that the waiting list works as well. Prints confirmed per second, p50 and p99, and the
load of the machine, without which the numbers mean nothing.

    DATABASE_URL=postgres://site@127.0.0.1:5432/bench python tools/registration_bench.py --clients 50 --forms 10
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

#: Forms in a flood ask for a proof of work, which would measure the client: the threshold is out of reach, nothing else changes.
_CONFIG = """
exec(open({config!r}).read())
bind, workers, threads, max_requests, backlog = ["127.0.0.1:{port}"], {workers}, {threads}, 0, 512

def post_worker_init(worker):
    from training_events import spam
    spam.EVENT_FORMS = spam.ALL_FORMS = spam.CLIENT_FORMS = 10**9
"""


def prepare(seats: int) -> int:
    """Migrate an empty database and return the primary key of an event with so many seats."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", interactive=False, verbosity=0)
    from tests.factories.core import make_office
    from tests.factories.training_events import make_event
    from training_events.models import EventPage

    EventPage.objects.all().delete()
    from wagtail.models import Page, Site

    Site.objects.all().delete()
    Page.objects.filter(depth__gt=1).delete()
    site = make_office(hostname="localhost")
    event = make_event(site, f"Đo tốc độ {timezone.now():%H%M%S}", seats=seats, max_party=5)
    return event.pk


class Client(threading.Thread):
    """One person after the other on one connection."""

    def __init__(self, number: int, port: int, path: str, forms: int, barrier: threading.Barrier) -> None:
        """Take what to send, and the moment at which all begin."""
        super().__init__(daemon=True)
        self._number, self._port, self._path, self._forms, self._barrier = number, port, path, forms, barrier
        self.seconds: list[float] = []
        self.problems: list[str] = []

    def run(self) -> None:
        """Open the forms, wait, send them."""
        connection = http.client.HTTPConnection("localhost", self._port, timeout=60)
        bodies = []
        cookie = ""
        for index in range(self._forms):
            connection.request("GET", self._path, headers={"Cookie": cookie} if cookie else {})
            response = connection.getresponse()
            page = response.read().decode()
            cookie = (response.getheader("Set-Cookie") or cookie).partition(";")[0]
            fields = dict(re.findall(r'name="(csrfmiddlewaretoken|key)" value="([^"]+)"', page))
            number = self._number * self._forms + index
            fields |= {
                "name": f"Người đo tốc độ {number}",
                "phone": f"09{number:08d}",
                "party_size": "1",
                "consent": "on",
            }
            bodies.append(urlencode(fields))
        # the server closes a connection that is idle for as long as the time trap asks for
        connection.close()
        time.sleep(3.5)
        self._barrier.wait()
        headers = {
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://localhost:{self._port}",
        }
        for body in bodies:
            start = time.perf_counter()
            connection.request("POST", self._path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            self.seconds.append(time.perf_counter() - start)
            if response.status != 302:
                found = re.search(r'class="[^"]*error[^"]*"[^>]*>([^<]+)', text)
                self.problems.append(f"{response.status} {found[1].strip() if found else ''}")


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(port: int, workers: int, threads: int, folder: Path) -> subprocess.Popen[bytes]:
    """Start the server and return its process once it answers."""
    config = folder / "bench.conf.py"
    config.write_text(
        _CONFIG.format(config=str(ROOT / "gunicorn.conf.py"), port=port, workers=workers, threads=threads)
    )
    # what gunicorn.conf.py works out from its own place
    text = config.read_text().replace(
        "exec(open(", f"__file__ = {str(ROOT / 'gunicorn.conf.py')!r}\nexec(open(", 1
    )
    config.write_text(text)
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", "-c", str(config), "config.wsgi"], cwd=ROOT)
    for _ in range(300):
        try:
            probe = http.client.HTTPConnection("localhost", port, timeout=10)
            probe.request("GET", "/healthz")
            if probe.getresponse().status < 500:
                return server
        except OSError:
            pass
        time.sleep(0.2)
    server.terminate()
    raise SystemExit("The server did not start.")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--forms", type=int, default=10, help="forms that each client sends")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--threads", type=int, default=8)
    options = parser.parse_args()
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        raise SystemExit("Set DATABASE_URL=postgres://… to an empty database: its content is replaced.")
    total = options.clients * options.forms
    seats = total // 2
    event = prepare(seats)
    port, before = free_port(), os.getloadavg()
    with tempfile.TemporaryDirectory() as folder:
        server = serve(port, options.workers, options.threads, Path(folder))
        try:
            barrier = threading.Barrier(options.clients + 1)
            clients = [
                Client(number, port, f"/dang-ky/{event}/", options.forms, barrier)
                for number in range(options.clients)
            ]
            for client in clients:
                client.start()
            barrier.wait(timeout=300)
            start = time.perf_counter()
            for client in clients:
                client.join(timeout=600)
            wall = time.perf_counter() - start
        finally:
            server.terminate()
            server.wait(timeout=30)
    report(clients, wall, total, seats, event, before)


def report(
    clients: list[Client], wall: float, total: int, seats: int, event: int, before: tuple[float, float, float]
) -> None:
    """Print the numbers, and fail where seats were oversold or answers are missing."""
    from training_events.models import EventPage, Registration

    pool = EventPage.objects.get(pk=event).seat_pool
    rows = Registration.objects.filter(pool=pool)
    confirmed, waiting = rows.confirmed().count(), rows.waiting().count()
    times = sorted(second for client in clients for second in client.seconds)
    problems = [problem for client in clients for problem in client.problems]
    print(f"{len(clients)} clients, {total} forms, {seats} seats: {confirmed} confirmed, {waiting} waiting")
    print(f"answered {len(times) / wall:.1f}/s, confirmed {confirmed / wall:.1f}/s, in {wall:.1f} s")
    print(
        f"p50 {statistics.median(times) * 1000:.0f} ms, p99 {times[int(len(times) * 0.99) - 1] * 1000:.0f} ms, "
        f"longest {times[-1] * 1000:.0f} ms"
    )
    print(f"{os.cpu_count()} processors; load before {before[0]:.1f}, after {os.getloadavg()[0]:.1f}")
    if problems:
        print(f"{len(problems)} refused, first: {problems[0]}")
    if problems or pool.taken != seats or confirmed != seats or confirmed + waiting != total:
        raise SystemExit("The numbers do not add up.")


if __name__ == "__main__":
    main()
