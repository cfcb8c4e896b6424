"""Report forms from the reference files, and the Word templates of units."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock, events, files
from chuangwen.core.errors import Refused
from chuangwen.core.models import StoredFile
from chuangwen.metrics import queries as metrics
from chuangwen.people.access import Viewer, require
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.reports import docx, queries
from chuangwen.reports.models import ReportForm, ReportTemplate
from chuangwen.reports.writing import DOCX, sentence


@transaction.atomic
def load_reference(forms: list[tuple[Mapping[str, Any], bytes]]) -> dict[str, int]:
    """Bring the forms to what their manifests say; a changed standard template becomes a new version."""
    for manifest, template in forms:
        values = {key: value for key, value in manifest.items() if key != "code"}
        form, _created = ReportForm.objects.update_or_create(code=manifest["code"], defaults=values)
        file = files.keep([template], name=f"{form.code}.docx", media_type=DOCX, unit_uid=None, created_by=None)
        standing = ReportTemplate.objects.filter(form=form, unit__isnull=True).select_related("file").first()
        if standing is None or standing.file.sha256 != file.sha256:
            ReportTemplate.objects.create(form=form, file=file, created_at=clock.now())
        else:
            file.delete()
    return {"report_forms": len(forms)}


@transaction.atomic
def keep_template(actor: Viewer, *, form: ReportForm, unit: Unit, name: str, data: bytes) -> ReportTemplate:
    """A unit's own version of a form's template, checked before it is kept.

    Raises Refused with every problem named when it cannot be used.
    """
    require(actor, Perm.TEMPLATE_MANAGE, unit)
    problems = check_template(form, data)
    if problems:
        raise Refused("\n".join(problems), where="file", mend=_("在 Word 里改好，再传一次；现在用的模板没有动"))
    file = files.keep([data], name=name, media_type=DOCX, unit_uid=unit.uid, created_by=actor.uid)
    return _put_in_force(actor, form, unit, file)


@transaction.atomic
def restore_template(actor: Viewer, *, form: ReportForm, unit: Unit) -> ReportTemplate:
    """Put the standard template in force again for a unit that has its own."""
    require(actor, Perm.TEMPLATE_MANAGE, unit)
    return _put_in_force(actor, form, unit, queries.standard_template(form).file)


def _put_in_force(actor: Viewer, form: ReportForm, unit: Unit, file: StoredFile) -> ReportTemplate:
    template = ReportTemplate.objects.create(form=form, unit=unit, file=file, created_at=clock.now())
    events.record(
        "template.kept",
        actor_uid=actor.uid,
        noun="template",
        subject_uid=template.uid,
        unit_uid=unit.uid,
        data={"form": form.code, "sha256": file.sha256},
    )
    return template


def check_template(form: ReportForm, data: bytes) -> list[str]:
    """Every problem of a template as a sentence with its place; empty when it can be used."""
    known = {*metrics.catalogue().values_list("name", flat=True), *queries.PLAIN_VALUES, *form.rule_values}
    try:
        problems = docx.check(data, known)
    except docx.BadTemplate as bad:
        problems = bad.problems
    return [sentence(problem) for problem in problems]


def template_warnings(data: bytes) -> list[str]:
    """What a template that can be used lacks, as sentences: it is kept all the same."""
    names = docx.names_used(data)
    lacks = []
    if not metrics.by_names(names):
        lacks.append(_("模板里没有一个数字，写出的文书点不开任何记录。需要数字时，把名称写进两层花括号"))
    if "编号" not in names:
        lacks.append(_("模板里没有“编号”，印出的文书无法核对真伪。建议在文末加一行，写入编号和真伪网址"))
    if "数字表" not in names:
        lacks.append(_("模板里没有“数字表”，文书末尾不列数字的编码。建议照通用模板加上附件"))
    if "素材" not in names:
        lacks.append(_("模板里没有“素材”，选好的典型做法写不进文书。需要时照通用模板加上那一段"))
    return lacks
