"""The table of the search index, with what each database finds fast: FTS5 kept by triggers, or a GIN index.

A later migration that makes Django build core_searchentry anew on SQLite has to call `make_index` again: triggers go
with the table that they were made on.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    # 3 is two letters or digits, 6 one Chinese character: with these begin the tokens that are looked for by beginning.
    "CREATE VIRTUAL TABLE core_search USING fts5(grams, initials, content='core_searchentry', content_rowid='id',"
    " tokenize='ascii', prefix='3 6')",
    "CREATE TRIGGER core_search_added AFTER INSERT ON core_searchentry BEGIN"
    " INSERT INTO core_search(rowid, grams, initials) VALUES (new.id, new.grams, new.initials); END",
    "CREATE TRIGGER core_search_removed AFTER DELETE ON core_searchentry BEGIN"
    " INSERT INTO core_search(core_search, rowid, grams, initials)"
    " VALUES ('delete', old.id, old.grams, old.initials); END",
    "CREATE TRIGGER core_search_changed AFTER UPDATE ON core_searchentry BEGIN"
    " INSERT INTO core_search(core_search, rowid, grams, initials)"
    " VALUES ('delete', old.id, old.grams, old.initials);"
    " INSERT INTO core_search(rowid, grams, initials) VALUES (new.id, new.grams, new.initials); END",
)
POSTGRESQL = (
    "ALTER TABLE core_searchentry ADD COLUMN vector tsvector"
    " GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, 'n' || noun || ' ' || grams || ' ' || initials)) STORED",
    "CREATE INDEX core_search_vector ON core_searchentry USING gin (vector) WITH (fastupdate = off)",
)


def make_index(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def drop_index(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What hangs on the table itself goes with it."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE core_search")


class Migration(migrations.Migration):
    dependencies = [("core", "0008_running_numbers")]

    operations = [
        migrations.CreateModel(
            name="SearchCursor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.BigIntegerField(default=0)),
            ],
            options={"verbose_name": "检索进度"},
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("noun", models.CharField(max_length=40)),
                ("subject_uid", models.UUIDField()),
                ("grams", models.TextField()),
                ("initials", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "检索条目",
                "constraints": [
                    models.UniqueConstraint(fields=["noun", "subject_uid"], name="one_search_entry_per_record")
                ],
            },
        ),
        migrations.RunPython(make_index, drop_index),
    ]
