from typing import Any

from django.db import migrations

# A row is then some sixty bytes, its vectors lie apart: a question that looks a common word up reads 300 pages of the table instead
# of 2,000. Rows that are there already are moved when they are next indexed.
SET = "ALTER TABLE wagtailsearch_indexentry SET (toast_tuple_target = 128)"
RESET = "ALTER TABLE wagtailsearch_indexentry RESET (toast_tuple_target)"


def on_postgres(sql: str) -> Any:
    def run(_apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    """PostgreSQL keeps the vectors of an index entry beside its row, which no search reads."""

    dependencies = [
        ("search", "0012_keep_texts_without_marks"),
        ("wagtailsearch", "0006_customise_indexentry"),
    ]

    operations = [migrations.RunPython(on_postgres(SET), on_postgres(RESET))]
