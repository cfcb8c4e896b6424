from django.db import migrations


def as_list(apps, schema_editor):
    """{label: heading} and {key: label} become [[key, label, heading]]: PostgreSQL keeps no order of keys."""
    Import = apps.get_model("core", "Import")
    for row in Import.objects.exclude(sheets=[]).iterator():
        for sheet in row.sheets:
            columns = sheet.get("columns", {})
            if isinstance(columns, dict):
                labels = sheet.pop("keys", None) or {label: label for label in columns}
                sheet["columns"] = [[key, label, columns.get(label, "")] for key, label in labels.items()]
        row.save(update_fields=["sheets"])


class Migration(migrations.Migration):
    dependencies = [("core", "0004_imports_can_be_dismissed")]

    operations = [migrations.RunPython(as_list, migrations.RunPython.noop)]
