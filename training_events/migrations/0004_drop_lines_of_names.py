from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("training_events", "0003_names_to_participants")]

    operations = [migrations.RemoveField(model_name="registration", name="other_names")]
