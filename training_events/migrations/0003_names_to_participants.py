"""Lines of names become rows, and every event gets the key of its own seats."""

import unicodedata

from django.db import migrations

from core import vietnamese


def forwards(apps, schema_editor):
    EventPage = apps.get_model("training_events", "EventPage")
    for pk, key in EventPage.objects.filter(pool_key=None).values_list("pk", "translation_key"):
        EventPage.objects.filter(pk=pk).update(pool_key=key)
    Participant = apps.get_model("training_events", "Participant")
    Registration = apps.get_model("training_events", "Registration")
    for row in Registration.objects.filter(participants=None).iterator():
        others = [line.strip() for line in row.other_names.splitlines() if line.strip()]
        names = [row.contact_name, *others, *[""] * row.party_size][: row.party_size]
        Participant.objects.bulk_create(
            Participant(
                registration=row,
                position=position,
                name=unicodedata.normalize("NFC", name)[:100],
                name_key=vietnamese.fold(name)[:100],
            )
            for position, name in enumerate(names, start=1)
        )


def backwards(apps, schema_editor):
    Registration = apps.get_model("training_events", "Registration")
    for row in Registration.objects.prefetch_related("participants").iterator(chunk_size=500):
        names = [one.name for one in sorted(row.participants.all(), key=lambda one: one.position)[1:] if one.name]
        row.other_names = "\n".join(names)
        row.save(update_fields=["other_names"])


class Migration(migrations.Migration):

    dependencies = [("training_events", "0002_participants_questions_and_series")]

    operations = [migrations.RunPython(forwards, backwards)]
