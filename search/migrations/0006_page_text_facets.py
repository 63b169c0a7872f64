from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0005_document_text")]

    operations = [
        migrations.AddField(
            model_name="pagetext",
            name="facets",
            field=models.TextField(blank=True, verbose_name="filters"),
        ),
    ]
