"""Answers know for how many days they are kept; a postponed event has no date until it gets its new one."""

import datetime

from django.db import migrations, models
from django.utils import timezone

POSTPONED_DAYS = 365


def copy_days(apps, schema_editor):
    """Take the days from the question; where it is gone, those that lie between the answer and its day."""
    answers = apps.get_model("training_events", "Answer").objects
    questions = apps.get_model("training_events", "Question").objects.exclude(keep_days=None)
    days = dict(questions.values_list("translation_key", "keep_days"))
    for row in answers.exclude(keep_until=None).iterator():
        apart = (row.keep_until - timezone.localtime(row.answered_at).date()).days
        row.keep_days = days.get(row.question_key) or max(1, apart)
        row.save(update_fields=["keep_days"])


def forget_dates(apps, schema_editor):
    """Keep what is there for events that are postponed: the purge counted from a day on which nothing took place."""
    events = apps.get_model("training_events", "EventPage").objects
    events.filter(status="postponed").update(starts_at=None, ends_at=None)
    pools = apps.get_model("training_events", "SeatPool").objects.filter(status="postponed")
    day = timezone.localdate() + datetime.timedelta(days=POSTPONED_DAYS)
    kept = {"registration__pool__in": pools.values("pk"), "keep_until__isnull": False}
    apps.get_model("training_events", "Answer").objects.filter(**kept).update(keep_until=day)
    apps.get_model("training_events", "Registration").objects.filter(pool__in=pools.values("pk")).update(
        keep_until=day
    )
    pools.update(starts_at=None, ends_at=None)


class Migration(migrations.Migration):

    dependencies = [("training_events", "0011_runs_of_jobs")]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="keep_days",
            field=models.PositiveSmallIntegerField(
                blank=True, editable=False, null=True, verbose_name="days answers are kept"
            ),
        ),
        migrations.RunPython(copy_days, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(forget_dates, migrations.RunPython.noop, elidable=True),
    ]
