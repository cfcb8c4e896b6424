"""The empty workbook of a table: its headings with drop-downs, and a sheet that says what goes into each column."""

from django.utils.translation import gettext as _

from chuangwen.core.tabular import BadCell, Column, SheetToWrite, Table


def sheets(table: Table) -> list[SheetToWrite]:
    columns = table.columns
    empty = SheetToWrite(
        table.label,
        [column.label for column in columns],
        [],
        choices={column.label: column.choices for column in columns},
    )
    headings = [_("列名"), _("填不填"), _("例子"), _("可以填")]
    rows = [[column.label, _need(column), _example(column), "、".join(column.choices)] for column in columns]
    widths = dict(zip(headings, (16, 28, 24, 72), strict=True))
    return [empty, SheetToWrite(_("填写说明"), headings, rows, widths=widths)]


def _need(column: Column) -> str:
    if not column.required:
        return _("可不填，没有这一列也行")
    try:
        column.parse(None)
    except BadCell:
        return _("必填")
    return _("可不填，但要有这一列")


def _example(column: Column) -> str:
    return column.example or next(iter(column.choices), "")
