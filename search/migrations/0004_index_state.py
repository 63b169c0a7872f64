from django.db import migrations, models


def begin(apps, schema_editor):
    """An installation without pages has nothing to rebuild; one with pages was indexed by an older analysis."""
    from search.analysis import VERSION

    pages = apps.get_model("wagtailcore", "Page").objects.filter(depth__gt=2)
    if not pages.exists():
        # where the database is the only engine it is the one called default
        for backend in ("default", "database"):
            apps.get_model("search", "IndexState").objects.create(backend=backend, version=VERSION)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0003_staff_words_log_promoted"),
        ("wagtailcore", "0001_squashed_0016_change_page_url_path_to_text_field"),
    ]

    operations = [
        migrations.CreateModel(
            name="IndexState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("backend", models.CharField(max_length=100, unique=True, verbose_name="search engine")),
                ("version", models.PositiveIntegerField(default=0, verbose_name="version of the analysis")),
                ("built_at", models.DateTimeField(blank=True, null=True, verbose_name="built")),
                ("building", models.JSONField(blank=True, default=dict, verbose_name="indexes being built")),
                ("retry_at", models.DateTimeField(blank=True, null=True, verbose_name="next try")),
                ("tries", models.PositiveIntegerField(default=0, verbose_name="tries")),
            ],
            options={
                "verbose_name": "state of a search index",
                "verbose_name_plural": "states of search indexes",
            },
        ),
        migrations.CreateModel(
            name="IndexChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("model", models.CharField(max_length=100, verbose_name="model")),
                ("object_id", models.CharField(max_length=100, verbose_name="object")),
                ("number", models.BigIntegerField(db_index=True, verbose_name="number")),
            ],
            options={
                "verbose_name": "change to be indexed",
                "verbose_name_plural": "changes to be indexed",
                "constraints": [
                    models.UniqueConstraint(fields=("model", "object_id"), name="search_change_once")
                ],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
