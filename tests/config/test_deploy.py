"""What the files of deploy/ promise together."""

import re
from pathlib import Path

import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def test_what_the_timer_does_is_done_in_containers_too() -> None:
    """Pages are published at their hour, and what is kept no longer is deleted, however the site is installed."""
    jobs = re.findall(r"manage\.py (\w+)", (DEPLOY / "systemd/site-publish.service").read_text())
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    loop = re.search(r"for job in ([\w ]+); do", services["upkeep"]["command"][-1])
    assert loop is not None
    assert loop[1].split() == jobs
    assert {"publish_scheduled", "purge_search_log", "purge_registrations"} <= set(jobs)
