from django.db import migrations, models


class Migration(migrations.Migration):
    """Texts of pages are kept as they are compared with a question. What is there is compared as before until it is indexed anew."""

    dependencies = [("search", "0011_changes_for_every_engine")]

    operations = [
        migrations.AddField(
            model_name="pagetext",
            name="bare",
            field=models.TextField(blank=True, default="", verbose_name="text without marks"),
        ),
    ]
