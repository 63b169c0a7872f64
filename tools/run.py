"""`make run`: prepare what is missing, then serve the site and work off its tasks until Ctrl-C.

Runs with the virtual environment's Python (tools/bootstrap.py sees to that). The first run builds the sample site; later
runs start within seconds and never touch content.
"""

import argparse
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[1]
PASSWORD_FILE = ROOT / "var" / "staff-password"
# Stands while the sample site is being built: a run that was broken off is then completed, a finished one left alone.
UNFINISHED = ROOT / "var" / "sample-site-unfinished"
STAFF = "quantri"
SECOND_HOST = "da-kia.localhost"


class Stopped(Exception):
    """Somebody asked the program to end."""


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the machine itself."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def has_ipv6(port: int) -> bool:
    """Whether [::1] can be bound: *.localhost resolves to it on many systems."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("::1", port))
    except OSError:
        return False
    return True


def refuse_taken(port: int) -> None:
    """Stop with one sentence when another program listens on the site's port or the one beside it."""
    for number in (port, port + 1):
        if number > 65535 or not is_free(number):
            sys.exit(
                f"Port {number} is taken by another program: stop that one, or choose another port with "
                f"`make run PORT={8080 if port != 8080 else 8090}`."
            )


def serve_on(port: int) -> list[str]:
    """The addresses to listen on: the site's port on both loopbacks, the port beside it for the second office."""
    hosts = ["127.0.0.1", *(["[::1]"] if has_ipv6(port) else [])]
    return [f"{host}:{number}" for number in (port, port + 1) for host in hosts]


def prepare(port: int) -> None:
    """Messages, tables, sample site, index, staff account: each only where it is missing."""
    import django
    import messages
    import sample

    messages.compile_all()
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from wagtail.models import Page

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database …", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    if UNFINISHED.exists() or not Page.objects.filter(depth__gt=2).exists():
        print("Building the sample site …", flush=True)
        UNFINISHED.touch()
        sample.build()
        UNFINISHED.unlink()
    follow_port(port)


def follow_port(port: int) -> None:
    """Let the sites of this machine's own host names answer on the chosen port, so that full addresses are right."""
    from django.db.models import Q
    from wagtail.models import Site

    own = Site.objects.filter(Q(hostname="localhost") | Q(hostname__endswith=".localhost")).exclude(port=port)
    for site in own:
        site.port = port
        site.save()


def staff_account() -> str:
    """Make sure that somebody can sign in; returns what to print about the password.

    A password is generated once, into a file that only this user can read and that git ignores. An account whose password
    was changed since is left alone.
    """
    from django.contrib.auth import get_user_model

    users = get_user_model()
    staff = users.objects.filter(username=STAFF).first()
    if staff is None:
        if not PASSWORD_FILE.exists():
            PASSWORD_FILE.touch(mode=0o600)
            PASSWORD_FILE.write_text(secrets.token_urlsafe(12) + "\n")
        staff = users(username=STAFF, email="", is_superuser=True, is_staff=True)
        staff.first_name = "Quản trị"
        staff.set_password(PASSWORD_FILE.read_text().strip())
        staff.save()
    if PASSWORD_FILE.exists():
        password = PASSWORD_FILE.read_text().strip()
        if staff.check_password(password):
            return password
    return "as you changed it"


def wait_until_up(server: subprocess.Popen[bytes], port: int) -> None:
    """Return when the server answers; stop with one sentence when it ends or stays silent for a minute."""
    for _ in range(240):
        if server.poll() is not None:
            sys.exit("The server ended while starting: the message above says why.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    sys.exit("The server did not answer within a minute.")


def end(children: list[subprocess.Popen[bytes]]) -> None:
    """Stop our own children, and only them: politely first, for good after ten seconds."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + 10
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def on_signal(number: int, frame: FrameType | None) -> None:
    """Ctrl-C, a closed terminal and a polite kill all end in the same way."""
    raise Stopped


def run(port: int, *, worker: bool = True) -> None:
    """Serve until asked to stop."""
    refuse_taken(port)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.dev"
    os.environ["PORT"] = str(port)
    os.environ.setdefault("SITE_PORTS", f"{port + 1}={SECOND_HOST}")
    prepare(port)
    password = staff_account()
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    binds = [part for address in serve_on(port) for part in ("--bind", address)]
    children: list[subprocess.Popen[bytes]] = []
    try:
        # In sessions of their own, so that Ctrl-C reaches only this program, which then stops them in order.
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *binds, "config.wsgi"], cwd=ROOT, start_new_session=True
        )
        children.append(server)
        if worker:
            jobs = (
                ["db_worker", "--queue-name", "*"],
                ["send_messages", "--every", "60"],
                ["upkeep", "--every", "300"],
            )
            for job in jobs:
                command = [sys.executable, "manage.py", *job, "--verbosity", "0"]
                children.append(subprocess.Popen(command, cwd=ROOT, start_new_session=True))
        wait_until_up(server, port)
        print(
            f"Ready: http://localhost:{port}/ · second office http://{SECOND_HOST}:{port}/ or "
            f"http://localhost:{port + 1}/ · staff http://localhost:{port}/{settings.ADMIN_PATH} "
            f"(user {STAFF}, password {password}) · Ctrl-C ends",
            flush=True,
        )
        while all(child.poll() is None for child in children):
            time.sleep(0.3)
        sys.exit("The server or the worker has ended: the message above says why.")
    finally:
        end(children)


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-worker", action="store_true", help="serve only")
    arguments = parser.parse_args()
    text = os.environ.get("PORT", "8000")
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65535):
        sys.exit("PORT must be a port number from 1 to 65534.")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)
    try:
        run(int(text), worker=not arguments.no_worker)
    except (Stopped, KeyboardInterrupt):
        print("\nStopped.")


if __name__ == "__main__":
    main()
