"""The group that a party states is kept beside the seats that it has, so that it may take either."""

from django.db import migrations, models


def copy_groups(apps, schema_editor):
    """Whoever has, or waits for, seats of a group has said that he belongs to it."""
    reserves = apps.get_model("training_events", "SeatReserve").objects.filter(place_key=None)
    registrations = apps.get_model("training_events", "Registration").objects
    for pk, key in reserves.values_list("pk", "key"):
        registrations.filter(reserve=pk).update(group_key=key)


class Migration(migrations.Migration):

    dependencies = [("training_events", "0007_attendance_and_certificates")]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="group_key",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.RunPython(copy_groups, migrations.RunPython.noop, elidable=True),
    ]
