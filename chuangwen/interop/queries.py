"""What the import pages ask."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import jobs
from chuangwen.core.errors import Missing
from chuangwen.core.importing import ImportContext, Message, importers
from chuangwen.core.models import ColumnName, Event, Import, ImportState
from chuangwen.core.tabular import Table
from chuangwen.core.tabular_messages import UNREADABLE
from chuangwen.core.tabular_messages import explain as explain_tabular
from chuangwen.interop import undoing
from chuangwen.people.access import Viewer, label_of_persons, pick_unit, units_with
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm

ENGINE_MESSAGES: dict[str, Message] = {
    "no_table_found": (_("没有认出可以导入的表"), _("表头要有这些表之一的列名：{tables}。可下载模板对照")),
    "no_table_but_near": (
        _("没有认出可以导入的表。“{sheet}”最像{table}，还缺：{missing}"),
        _("在表头补上缺的列，或改成这些列名"),
    ),
    "no_rows": (_("表里没有数据行"), _("在表头下面填好数据再传")),
    "column_missing": (_("缺少“{label}”一列"), _("在表头加上“{label}”，或改成这个列名")),
    "same_as_row": (_("与第 {row} 行是同一条"), _("重复的删去一行；确是两件事的，在备注里写明区别")),
    "ambiguous_unit": (_("“{value}”不止一个单位叫这个名字"), _("改写代码，是哪一个写哪一个：{codes}")),
    "all_there_before": (_("{count} 行以前都导入过，没有新增的行"), _("在表里加上新的行再传")),
    "same_file_before": (
        _("这个文件以前导入过：“{file}”，{at} 上传"),
        _("没有新增的行，不用再传；有新的行，加在表里再传"),
    ),
    "no_right_now": (_("上传的人现在没有为这个单位导入的权限"), _("请有权限的人重新上传")),
    "changed_meanwhile": (_("检查之后有别人写入了相同的记录"), _("再检查一次，看哪些行已经在了")),
    "nothing_to_import": (
        _("{count} 行都在了，其中 {left} 行在页面上改过或撤回过，照页面上的不动"),
        _("没有新增的行，不用再传；要改的，在页面上改"),
    ),
    "noun_not_allowed": (_("您没有导入{table}的权限"), _("请有权限的人上传，或者把这张表从文件里去掉再传")),
    "undo_stopped": (_("没有撤回：按下之后，又有别的东西用上了这些行"), _("再按一次“撤回整个导入”，看是什么")),
    "undo_failed": (_("撤回时出了错，什么也没有变"), _("再撤回一次；还不行，请把这个页面告诉管理员")),
}


IMPORT_LABEL = pgettext_lazy("work", "导入的表")


def imports(viewer: Viewer) -> QuerySet[Import]:
    units = units_with(viewer, Perm.IMPORT_RUN).values("uid")
    return Import.objects.filter(unit_uid__in=units).select_related("file").defer("preview", "bad_rows")


def get_import(viewer: Viewer, uid: UUID) -> Import:
    found = imports(viewer).filter(uid=uid).first()
    if found is None:
        raise Missing
    return found


def unit_of(import_row: Import) -> Unit:
    return Unit.everything.get(uid=import_row.unit_uid)


def explained(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The problems with what is wrong and how to mend it, in the language of the page."""
    return [{**problem, **_sentences(problem["code"], problem["params"])} for problem in problems]


COUNTED = ("new", "changed", "skipped", "kept", "withdrawn", "left_out")


def counts(import_row: Import) -> dict[str, int]:
    """How many rows are new, change a record, are there as they stand, or are left alone and why."""
    counted = {what: sum(sheet.get(what, 0) for sheet in import_row.sheets) for what in COUNTED}
    # Imports of an earlier version say only how many rows were left out.
    counted["new"] += sum(sheet["rows"] - sheet["skipped"] for sheet in import_row.sheets if "new" not in sheet)
    return counted


def notes(import_row: Import) -> list[dict[str, str]]:
    """What was noticed about the file and is no reason to refuse it, each said once."""
    codes = dict.fromkeys(code for sheet in import_row.sheets for code in sheet.get("notes", []))
    return [_sentences(code, {}) for code in codes]


def _sentences(code: str, params: dict[str, str]) -> dict[str, str]:
    """What is wrong, how to mend it, and both as one reads them in a line."""
    declared: list[dict[str, Message]] = [ENGINE_MESSAGES, *(importer.messages for importer in importers())]
    found = next((messages[code] for messages in declared if code in messages), None)
    if found:
        what, mend = (str(each).format(**params) for each in found)
    else:
        what, mend = explain_tabular(code, params)
    end = "" if mend.endswith(("？", "?")) else "。"
    return {"what": what, "mend": mend, "said": f"{what}。{mend}{end}"}


def labels() -> dict[str, str]:
    """noun → what a clerk calls its table."""
    return {importer.noun: str(importer.label) for importer in importers()}


def table_of(viewer: Viewer, unit: Unit, noun: str) -> Table:
    """The columns of a noun's table for a unit; Missing for a noun that cannot be imported."""
    for importer in importers():
        if importer.noun == noun:
            return importer(ImportContext(viewer, unit, Import())).table()
    raise Missing


def tables(viewer: Viewer) -> list[tuple[str, str, str]]:
    """(noun, label, unit's code) of every table that can be imported, for the template links."""
    unit = pick_unit(viewer, Perm.IMPORT_RUN, None)
    return [(importer.noun, str(importer.label), unit.code) for importer in importers()]


# Where the records of a noun are listed.
LISTS = {
    "shift": "shifts",
    "duty": "duties",
    "duty_log": "logs",
    "supervision": "logs",
    "attendance": "attendances",
    "sign_in": "attendances",
    "round": "attendances",
    "outcome": "outcomes",
    "essay": "outcomes",
    "place": "places",
    "charge": "places",
}


def record_links(import_row: Import) -> list[tuple[str, str]]:
    """(label, address) of the lists of what came in with an import."""
    nouns = dict.fromkeys(sheet["noun"] for sheet in import_row.sheets if sheet["noun"] in LISTS)
    return [(labels()[noun], f"{reverse(LISTS[noun])}?import={import_row.uid}") for noun in nouns]


def shown(viewer: Viewer, import_row: Import) -> dict[str, Any]:
    """Everything that the page of an import says."""
    problems = explained(import_row.problems)
    in_rows = {(row["sheet"], row["row"]) for row in import_row.bad_rows}
    return {
        "import": import_row,
        "unit": unit_of(import_row),
        "labels": labels(),
        # About a sheet, not about a row that can be mended.
        "loose": [each for each in problems if each["sheet"] and (each["sheet"], each["row"]) not in in_rows],
        "counts": counts(import_row),
        "records": record_links(import_row),
        "whole": [problem for problem in problems if not problem["sheet"]],
        "problems": [problem for problem in problems if problem["sheet"]],
        "notes": notes(import_row),
        "progress": jobs.progress(str(import_row.uid)),
        "previews": previews(import_row),
        "undone": undone(import_row),
        "may_undo": may_undo(viewer, import_row),
        "may_map": may_map(import_row),
        "mended": mended(import_row),
        "bad_count": len(import_row.bad_rows),
    }


def previews(import_row: Import) -> list[dict[str, Any]]:
    """Sheet by sheet: what was recognised and counted, with what the check saw in it."""
    seen = [{**import_row.preview.get(sheet["sheet"], {}), **sheet} for sheet in import_row.sheets]
    return [{**sheet, "doubts": explained(sheet.get("doubts", []))} for sheet in seen]


def may_map(import_row: Import) -> bool:
    """Whether a person could point out tables and columns: the file can be read, and nothing came in yet."""
    unreadable = any(problem["code"] in UNREADABLE for problem in import_row.problems)
    return import_row.state in {ImportState.REFUSED, ImportState.READY} and not unreadable


def column_names(viewer: Viewer) -> list[dict[str, Any]]:
    """What the viewer's units call a column, by table."""
    units = {unit.uid: unit for unit in units_with(viewer, Perm.IMPORT_RUN)}
    names = list(ColumnName.objects.filter(unit_uid__in=units).order_by("noun", "column", "heading"))
    if not names:
        return []
    called = {
        (importer.noun, column.key): (str(importer.label), column.label)
        for importer in importers()
        for column in importer(ImportContext(viewer, viewer.person.unit, Import())).table().columns
    }
    return [
        {"key": name.pk, "unit": units[name.unit_uid], "heading": name.heading, "table": table, "column": column}
        for name in names
        for table, column in [called.get((name.noun, name.column), (name.noun, name.column))]
    ]


def column_name(viewer: Viewer, key: int) -> ColumnName:
    units = units_with(viewer, Perm.IMPORT_RUN).values("uid")
    found = ColumnName.objects.filter(unit_uid__in=units, pk=key).first()
    if found is None:
        raise Missing
    return found


def mended(import_row: Import) -> list[dict[str, Any]]:
    """What was mended by hand, sheet by sheet: which cells, what they were, which rows are left out."""
    sheets = [{"sheet": name, **seen} for name, seen in import_row.preview.items()]
    return [sheet for sheet in sheets if sheet.get("mended") or sheet.get("left_out")]


def may_undo(viewer: Viewer, import_row: Import) -> bool:
    if import_row.state != ImportState.DONE:
        return False
    try:
        undoing.require_nouns(viewer, import_row)
    except Missing:
        return False
    return viewer.can(Perm.IMPORT_RUN, unit_of(import_row))


def undone(import_row: Import) -> dict[str, Any] | None:
    """Who took the import back, when and why."""
    event = Event.objects.filter(verb="import.undone", subject_uid=import_row.uid).select_related("detail").first()
    if import_row.state != ImportState.UNDONE or event is None:
        return None
    detail = getattr(event, "detail", None)
    return {
        "by": label_of_persons([event.actor_uid]).get(event.actor_uid, ""),
        "at": event.at,
        "reason": detail.text if detail else "",
        "rows": [(labels().get(noun, noun), count) for noun, count in event.data["rows"].items()],
        "restored": sum(event.data.get("restored", {}).values()),
    }


def undo_page(viewer: Viewer, import_row: Import) -> dict[str, Any]:
    """What would go, with links to the lists, and what stands on it."""
    undoing.require_nouns(viewer, import_row)
    found = undoing.supports(viewer, import_row)
    links = dict(record_links(import_row))
    called = labels()
    going = undoing.counts(import_row)
    return {
        "import": import_row,
        "unit": unit_of(import_row),
        "going": [(called[noun], count, links.get(called[noun], "")) for noun, count in going.items()],
        "total": sum(going.values()),
        "changes": import_row.changes.count(),
        "refusing": [support for support in found if support.refuses],
        "warning": [support for support in found if not support.refuses],
        "open": import_row.state == ImportState.DONE,
    }
