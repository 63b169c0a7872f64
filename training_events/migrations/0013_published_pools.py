"""Seats know whether there is a page that takes registrations for them."""

from django.db import migrations, models


def note_withdrawn(apps, schema_editor):
    """Without a published page in any language nobody can register."""
    live = apps.get_model("training_events", "EventPage").objects.filter(live=True)
    pools = apps.get_model("training_events", "SeatPool").objects
    pools.exclude(event_key__in=live.values("translation_key")).update(is_published=False)


class Migration(migrations.Migration):

    dependencies = [("training_events", "0012_days_of_answers_and_postponed_events")]

    operations = [
        migrations.AddField(
            model_name="seatpool",
            name="is_published",
            field=models.BooleanField(default=True, editable=False, verbose_name="published"),
        ),
        migrations.RunPython(note_withdrawn, migrations.RunPython.noop, elidable=True),
    ]
