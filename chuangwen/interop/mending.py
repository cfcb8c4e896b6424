"""What a person writes over bad cells, in the page or in a workbook of the bad rows, becomes the mends of an import.

The file itself is never altered. A mend is a cell as Excel would give it, so that it is read as the others are.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from chuangwen.core.errors import Refused
from chuangwen.core.importing import ImportContext, importers
from chuangwen.core.models import Import
from chuangwen.core.tabular import (
    BadWorkbook,
    Cell,
    SheetToWrite,
    Workbook,
    cell_from_json,
    cell_to_json,
    open_workbook,
    write_workbook,
)
from chuangwen.core.tabular.writing import sheet_name
from chuangwen.core.tabular_messages import explain
from chuangwen.interop import queries
from chuangwen.people.access import Viewer

ROWS_IN_PAGE = 100

# sheet → row → column key → cell as JSON holds it, or None for a row that is left out
SheetMends = dict[str, dict[str, dict[str, Any] | None]]


def text_of(written: Any) -> str:
    """A cell as a person writes it into an input."""
    cell = cell_from_json(written)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return format(cell, ".15g")
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    return cell.strftime("%H:%M") if isinstance(cell, dt.time) else str(cell)


def page(viewer: Viewer, import_row: Import) -> list[dict[str, Any]]:
    """Sheet by sheet the bad rows with an input for each bad cell; up to ROWS_IN_PAGE in all."""
    places = {sheet["sheet"]: place for place, sheet in enumerate(import_row.sheets)}
    shown = sorted(import_row.bad_rows[:ROWS_IN_PAGE], key=lambda row: (places.get(row["sheet"], -1), row["row"]))
    nouns = {sheet["sheet"]: sheet["noun"] for sheet in import_row.sheets}
    choices = _choices(viewer, import_row)
    found: dict[str, dict[str, Any]] = {}
    for row in shown:
        name = row["sheet"]
        sheet = found.setdefault(name, {"sheet": name, "index": places[name], "rows": [], "lists": []})
        bad = _bad_keys(row, nouns[name])
        sheet["rows"].append(_row(row, bad, places[name], _labels(import_row, name), choices.get(nouns[name], {})))
    for name, sheet in found.items():
        used = {cell["key"] for row in sheet["rows"] for cell in row["bad"] if cell["list"]}
        sheet["lists"] = [(f"list-{sheet['index']}-{key}", choices[nouns[name]][key]) for key in sorted(used)]
    return [*found.values()]


def _choices(viewer: Viewer, import_row: Import) -> dict[str, dict[str, Sequence[str]]]:
    """noun → column key → the words that may be written there."""
    nouns = {sheet["noun"] for sheet in import_row.sheets}
    context = ImportContext(viewer, queries.unit_of(import_row), import_row)
    tables = [importer(context).table() for importer in importers() if importer.noun in nouns]
    return {table.key: {column.key: column.choices for column in table.columns if column.choices} for table in tables}


def _labels(import_row: Import, name: str) -> dict[str, str]:
    """column key → what the sheet calls it, with its letter, or the table's own name for a column that is not there."""
    summary = next(sheet for sheet in import_row.sheets if sheet["sheet"] == name)
    return {key: heading or label for key, label, heading in summary["columns"]}


def _bad_keys(row: dict[str, Any], noun: str) -> list[str]:
    """The columns that get an input: those with a problem, and what is mended together with one of them."""
    keys = dict.fromkeys(problem["key"] for problem in row["problems"] if problem["key"])
    together = next((importer.together for importer in importers() if importer.noun == noun), {})
    return [*dict.fromkeys([*keys, *(together[key] for key in keys if key in together)])]


def _row(
    row: dict[str, Any], keys: list[str], place: int, labels: Mapping[str, str], choices: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    by_key: dict[str, list[dict[str, Any]]] = {}
    for problem in queries.explained(row["problems"]):
        by_key.setdefault(problem["key"], []).append(problem)
    bad = [
        {
            "key": key,
            "name": f"cell-{place}-{row['row']}-{key}",
            "label": labels.get(key, key),
            "text": text_of(row["cells"].get(key)),
            "list": f"list-{place}-{key}" if choices.get(key) else "",
            "problems": by_key.get(key, []),
        }
        for key in keys
    ]
    others = [(label, text_of(row["cells"].get(key))) for key, label in labels.items() if key not in keys]
    return {
        "row": row["row"],
        "bad": bad,
        "about": by_key.get("", []),
        "others": [(label.rpartition(" (")[0] or label, text) for label, text in others if text],
        "out": f"out-{place}-{row['row']}",
    }


def sent_from_page(import_row: Import, sent: Mapping[str, str]) -> SheetMends:
    """Only what differs from what stands there: an input that nobody touched says nothing."""
    places = {sheet["sheet"]: place for place, sheet in enumerate(import_row.sheets)}
    nouns = {sheet["sheet"]: sheet["noun"] for sheet in import_row.sheets}
    mends: SheetMends = {}
    for row in import_row.bad_rows[:ROWS_IN_PAGE]:
        place, number = places[row["sheet"]], str(row["row"])
        if f"out-{place}-{number}" in sent:
            mends.setdefault(row["sheet"], {})[number] = None
            continue
        cells = {}
        for key in _bad_keys(row, nouns[row["sheet"]]):
            written = sent.get(f"cell-{place}-{number}-{key}")
            if written is not None and written.strip() != text_of(row["cells"].get(key)).strip():
                cells[key] = written.strip()
        if cells:
            mends.setdefault(row["sheet"], {})[number] = cells
    return mends


ROW_NUMBER = "原表行号"


def write_bad_rows(buffer: IO[bytes], import_row: Import) -> None:
    """One sheet for each sheet with bad rows: the row's number, all columns as written, what is wrong with it."""
    written = []
    for sheet in import_row.sheets:
        rows = [row for row in import_row.bad_rows if row["sheet"] == sheet["sheet"]]
        if rows:
            written.append(_to_write(import_row, sheet["sheet"], rows))
    write_workbook(buffer, written)


def _to_write(import_row: Import, name: str, rows: list[dict[str, Any]]) -> SheetToWrite:
    headings = _headings(import_row, name)
    keys = [*headings.values()]
    lines, marked = [], set()
    for place, row in enumerate(rows):
        problems = queries.explained(row["problems"])
        said = "；".join(f"{each['column']} {each['what']}，{each['mend']}".strip() for each in problems)
        lines.append([row["row"], *(_writable(row["cells"].get(key)) for key in keys), said])
        bad = {problem["key"] for problem in problems}
        marked |= {(place, at) for at, key in enumerate(keys, start=1) if key in bad}
    wrong = _("哪里不对")
    return SheetToWrite(name, [ROW_NUMBER, *headings, wrong], lines, widths={wrong: 60}, marked=marked)


def _headings(import_row: Import, name: str) -> dict[str, str]:
    """Heading in the workbook of bad rows → column key; the same when it is written and when it comes back."""
    found: dict[str, str] = {}
    for key, label in _labels(import_row, name).items():
        bare = label.rpartition(" (")[0] or label
        found[label if bare in found else bare] = key
    return found


def _writable(written: Any) -> object:
    """A cell that a workbook can hold, and that is the same when it comes back."""
    cell = cell_from_json(written)
    if isinstance(cell, bool | dt.timedelta):
        return text_of(written)
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return str(cell) if isinstance(cell, str) else cell


def read_bad_rows(path: Path, import_row: Import, *, name: str) -> SheetMends:
    """The workbook of bad rows as it comes back. Rows that are no longer there, and cells that are as they were, say
    nothing. Raises Refused for a file that is another one.
    """
    try:
        with open_workbook(path, name=name) as book:
            there = {sheet.name for sheet in book.sheets}
            known = {sheet["sheet"]: sheet_name(sheet["sheet"]) for sheet in import_row.sheets}
            ours = {ours: theirs for ours, theirs in known.items() if theirs in there}
            read = {ours: _read_back(book, theirs, import_row, ours) for ours, theirs in ours.items()}
    except BadWorkbook as bad:
        what, mend = explain(bad.code, bad.params)
        raise Refused(what, mend=mend, where="file") from bad
    if all(mends is None for mends in read.values()):
        raise Refused(
            _("“%(name)s”不是这里下载的错行表") % {"name": name},
            mend=_("先下载错行，在那张表里改好，保存，再传回来；不要改“原表行号”一列"),
            where="file",
        )
    return {sheet: mends for sheet, mends in read.items() if mends}


def _read_back(book: Workbook, theirs: str, import_row: Import, ours: str) -> dict[str, dict[str, Any] | None] | None:
    """None for a sheet without the column of row numbers."""
    rows = book.rows(theirs)
    written = next(rows, (0, []))[1]
    words = [str(cell).strip() if cell is not None else "" for cell in written]
    if ROW_NUMBER not in words:
        return None
    headings = _headings(import_row, ours)
    places = {headings[word]: place for place, word in enumerate(words) if word in headings}
    known = {row["row"]: row["cells"] for row in import_row.bad_rows if row["sheet"] == ours}
    mends: dict[str, dict[str, Any] | None] = {}
    for line, cells in rows:
        number = _cell(cells, words.index(ROW_NUMBER))
        was = known.get(int(number)) if isinstance(number, int | float) else None
        if was is None:
            _refuse_new_row(line, cells)
            continue
        changed = {
            key: cell_to_json(_cell(cells, place))
            for key, place in places.items()
            if _cell(cells, place) != _blank_as_none(_writable(was.get(key)))
        }
        if changed:
            mends[str(int(number))] = changed  # type: ignore[arg-type]
    return mends


def _refuse_new_row(line: int, cells: list[Cell]) -> None:
    """A row that was not among the bad ones would vanish without a word."""
    if any(_blank_as_none(cell) is not None for cell in cells):
        raise Refused(
            _("第 %(line)s 行不是这里下载的错行") % {"line": line},
            mend=_("新的行加在原来的表里再传；这里只改错行，不要改“原表行号”一列"),
            where="file",
        )


def _cell(cells: list[Cell], place: int) -> Cell:
    cell: Cell = _blank_as_none(cells[place] if place < len(cells) else None)
    return cell


def _blank_as_none(cell: Any) -> Any:
    return None if cell == "" else cell
