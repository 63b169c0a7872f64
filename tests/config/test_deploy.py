"""What the files of deploy/ promise together."""

import re
from pathlib import Path

import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def test_what_the_timer_does_is_done_in_containers_too() -> None:
    """Pages are published at their hour, and what is kept no longer is deleted, however the site is installed."""
    units = [DEPLOY / f"systemd/site-{name}.service" for name in ("publish", "purge")]
    jobs = [job for unit in units for job in re.findall(r"manage\.py (\w+)", unit.read_text())]
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    loop = re.search(r"for job in ([\w ]+); do", services["upkeep"]["command"][-1])
    assert loop is not None
    assert loop[1].split() == jobs
    assert {"publish_scheduled", "purge_search_log", "purge_registrations", "deliver_index"} <= set(jobs)


def test_nothing_that_fails_keeps_personal_data_beyond_its_day() -> None:
    """Systemd stops a unit at the first command that fails, unless a minus stands before it."""
    for unit in (DEPLOY / "systemd").glob("*.service"):
        commands = re.findall(r"^ExecStart=(.+)", unit.read_text(), re.M)
        for number, command in enumerate(commands):
            if "purge_registrations" in command:
                assert all(one.startswith("-") for one in commands[:number]), unit.name
                assert (DEPLOY / f"systemd/{unit.stem}.timer").exists()
                break
    runbook = (DEPLOY.parent / "docs/runbook.md").read_text()
    for timer in (DEPLOY / "systemd").glob("*.timer"):
        assert runbook.count(timer.name) >= 2, "named where it is started and where it is stopped"
