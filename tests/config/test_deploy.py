"""What the files of deploy/ promise together."""

import re
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command
from wagtail.management.commands.publish_scheduled import Command as PublishScheduled

from home.management.commands.upkeep import JOBS
from training_events.models import JobRun
from training_events.services import health

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def test_what_the_timer_does_is_done_in_containers_too() -> None:
    """Pages are published at their hour, and what is kept no longer is deleted, however the site is installed."""
    units = [DEPLOY / f"systemd/site-{name}.service" for name in ("publish", "purge")]
    jobs = [job for unit in units for job in re.findall(r"manage\.py (\w+)", unit.read_text())]
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert "upkeep" in services["upkeep"]["command"]
    assert tuple(jobs) == JOBS
    assert {"publish_scheduled", "purge_search_log", "purge_registrations", "deliver_index"} <= set(jobs)
    assert '["upkeep", "--every", "300"]' in (DEPLOY.parent / "tools/run.py").read_text()


@pytest.mark.django_db
def test_a_job_that_fails_keeps_no_other_from_being_done(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(self: object, *_args: object, **_options: object) -> None:
        raise OSError("no")

    monkeypatch.setattr(PublishScheduled, "handle", fails)
    with pytest.raises(CommandError, match="publish_scheduled"):
        call_command("upkeep", verbosity=0)
    assert JobRun.objects.filter(name=health.PURGE).exists(), "the last of the jobs was done"
    assert "publish_scheduled failed" in caplog.text


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
