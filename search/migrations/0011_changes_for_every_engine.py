import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Changes are noted for every engine, the database included; rebuilds are claimed in the database.

    Rows that wait belong to a search server, whose alias has always been "default".
    """

    dependencies = [
        ("search", "0010_ask_the_seats_what_is_open"),
        ("wagtailcore", "0001_squashed_0016_change_page_url_path_to_text_field"),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name="name")),
                ("owner", models.CharField(max_length=60, verbose_name="owner")),
                ("heard_at", models.DateTimeField(verbose_name="last sign of life")),
            ],
            options={"verbose_name": "claim", "verbose_name_plural": "claims"},
        ),
        migrations.RemoveConstraint(model_name="indexchange", name="search_change_once"),
        migrations.AddField(
            model_name="indexchange",
            name="backend",
            field=models.CharField(default="default", max_length=100, verbose_name="search engine"),
        ),
        migrations.AddField(
            model_name="indexchange",
            name="follows",
            field=models.BooleanField(default=False, verbose_name="follows another change"),
        ),
        migrations.AddField(
            model_name="indexchange",
            name="is_told",
            field=models.BooleanField(default=False, verbose_name="told"),
        ),
        migrations.AddConstraint(
            model_name="indexchange",
            constraint=models.UniqueConstraint(
                fields=("backend", "model", "object_id"), name="search_change_once"
            ),
        ),
        migrations.AddField(
            model_name="indexstate",
            name="batch",
            field=models.PositiveIntegerField(default=500, verbose_name="changes in one go"),
        ),
        migrations.AddField(
            model_name="indexstate",
            name="busy_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="busy until"),
        ),
        migrations.AddField(
            model_name="indexstate",
            name="place",
            field=models.CharField(blank=True, default="", max_length=300, verbose_name="where it is"),
        ),
        migrations.AlterField(
            model_name="pagetext",
            name="page",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="search_text",
                serialize=False,
                to="wagtailcore.page",
            ),
        ),
        migrations.AlterField(
            model_name="suggestion",
            name="page",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="wagtailcore.page",
            ),
        ),
    ]
