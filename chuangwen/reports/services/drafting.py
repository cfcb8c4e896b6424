"""Writing a draft and working on it: figures frozen, text changed sentence by sentence, material chosen."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refused
from chuangwen.people.access import Viewer, require
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.reports import desk, docx, material, queries, rules
from chuangwen.reports.models import Report, ReportFigure, ReportForm, ReportMaterial
from chuangwen.reports.placing import stands_at
from chuangwen.reports.services.moving import for_verb, record
from chuangwen.reports.writing import (
    content,
    document_of,
    freeze_figures,
    new_code,
    room_for_material,
    steady,
)

FAR = timedelta(days=366)


def write_report(
    actor: Viewer, *, form: ReportForm, unit: Unit, start: date, end: date, supersedes: Report | None = None
) -> Report:
    """A draft: figures frozen as they are now, material chosen, the document rendered from both.

    A period that is not over is written up to today, and the text says so. Raises Refused for a period that is upside
    down, has not begun, or ends more than a year from now, and for a unit for which the form is not meant.
    """
    require(actor, Perm.REPORT_WRITE, unit)
    _refuse_period(start, end)
    if form.unit_kinds and unit.kind_id not in form.unit_kinds:
        raise Refused(_("“%(form)s”不适用于%(unit)s") % {"form": form, "unit": unit}, where="form")
    template = queries.template_in_force(form, unit)
    # Rendering stands inside the transaction: a template that fails here must leave nothing behind.
    with steady():
        report = Report.objects.create(
            code=new_code(),
            form=form,
            template=template,
            unit=unit,
            start=start,
            end=end,
            title=form.title,
            as_of=clock.now(),
            supersedes=supersedes,
            edits=supersedes.edits if supersedes else [],
            created_at=clock.now(),
            created_by=actor.uid,
        )
        _gather(actor, report)
        if supersedes:
            material.inherit(report, supersedes)
        _choose(actor, report)
        _render(actor, report)
        record(actor, report, "report.drafted", content(report))
    return report


def _refuse_period(start: date, end: date) -> None:
    today = clock.today()
    if end < start:
        raise Refused(_("截止日期早于起始日期"), where="end", mend=_("把截止日期改到起始日期之后"))
    if start > today:
        raise Refused(_("起始日期在今天之后"), where="start", mend=_("改到今天或更早，还没有开始的日子没有记录"))
    if end > today + FAR:
        raise Refused(_("截止日期在一年以后"), where="end", mend=_("核对年份，最远写到一年之内"))


def refresh(actor: Viewer, *, uid: UUID, seen: int | None = None) -> Report:
    """Freeze the figures anew from today's records and template; the old codes stay valid as an older draft's.

    What writers changed in the text stays, with the new figures; what finds no place any more is kept and shown.
    """
    report = for_verb(actor, uid, "refresh", seen)
    template = queries.template_in_force(report.form, report.unit)
    with steady():
        _touch(report, as_of=clock.now(), template=template)
        report = queries.report(actor, uid)
        ReportFigure.objects.filter(report=report, retired_at__isnull=True).update(retired_at=clock.now())
        _gather(actor, report)
        _choose(actor, report)
        _render(actor, report)
        record(actor, report, "report.drafted", content(report))
    return report


def reissue(actor: Viewer, *, uid: UUID) -> Report:
    """A new draft over the same period that will supersede this issued report. Both stay valid as of their days.

    It says what the issued one says, with the writers' words and their material, and the figures of now.

    Raises Refused for a report that is not out, and Conflict where another one supersedes it already.
    """
    old = queries.report(actor, uid)
    require(actor, Perm.REPORT_WRITE, old.unit)
    if not old.is_out:
        raise Refused(_("这份文书还没有印发"), mend=_("草稿直接改就行，不用另出一份"))
    if (next_one := desk.successor(old)) is not None:
        raise Conflict(
            _("%(code)s 号文书已在更新这一份") % {"code": next_one.code}, mend=_("打开那一份接着写，或者先弃用它")
        )
    try:
        return write_report(actor, form=old.form, unit=old.unit, start=old.start, end=old.end, supersedes=old)
    except IntegrityError as error:
        raise Conflict(_("同一时刻有人也在写"), mend=_("什么也没有写下，再按一次")) from error


def _gather(actor: Viewer, report: Report) -> None:
    """The candidates of the period with today's facts; what writers decided by hand stays."""
    old = {row.subject_uid: row for row in report.material.all()}
    found = material.candidates(report)
    ReportMaterial.objects.filter(report=report).exclude(subject_uid__in=found).delete()
    for rank, candidate in enumerate(found.values(), start=1):
        row = old.get(candidate.uid) or ReportMaterial(report=report, subject_uid=candidate.uid)
        row.title, row.heading, row.words = candidate.title, candidate.heading, candidate.words
        row.facts, row.score, row.rank = candidate.facts_json, candidate.score, rank
        row.save()
    freeze_figures(actor, report)


def _choose(actor: Viewer, report: Report) -> None:
    """The best piece of every arrangement, as long as the form's length allows; where a writer decided, as decided."""
    if not material.is_decided(report):
        best = material.tellable(report)
        lengths = material.lengths_of(report, best)
        count = rules.fitting(lengths, room=room_for_material(report), limit=report.form.material_limit)
        material.set_order(report, best[:count])
    freeze_figures(actor, report)


def arrange(actor: Viewer, *, uid: UUID, subject: UUID, act: str, seen: int | None = None) -> Report:
    """Tell a piece of material or leave it out (`keep`, `drop`), earlier or later (`up`, `down`).

    Raises Refused when the form has no room for one more piece.
    """
    report = for_edit(actor, uid, seen)
    order = material.told(report)
    changed = _rearranged(report, order, subject, act)
    if changed == order:
        return report
    with steady():
        _touch(report)
        report = queries.report(actor, uid)
        material.set_order(report, changed, by_hand=subject)
        freeze_figures(actor, report)
        _render(actor, report)
        if act == "keep":
            _refuse_too_long(report)
        record(actor, report, "report.arranged", {"act": act, "material": str(subject), **content(report)})
    return report


def _rearranged(report: Report, order: list[UUID], subject: UUID, act: str) -> list[UUID]:
    if act == "keep":
        if subject not in material.known(report):
            raise Refused(_("没有这条素材"), mend=_("刷新页面，从列出的素材里选"))
        if subject not in order and len(order) >= report.form.material_limit:
            raise Refused(
                _("这类文书最多写 %(limit)s 条素材") % {"limit": report.form.material_limit}, mend=_("先去掉一条再选")
            )
        return [*order, *([subject] if subject not in order else [])]
    if subject not in order:
        raise Refused(_("这条素材没有写进文书"), mend=_("刷新页面再试"))
    rest = [each for each in order if each != subject]
    if act == "drop":
        return rest
    place = order.index(subject) + (-1 if act == "up" else 1)
    rest.insert(max(place, 0), subject)
    return rest


def _refuse_too_long(report: Report) -> None:
    length, limit = desk.length_of(report), report.form.length
    if length > limit:
        raise Refused(
            _("写进去全文 %(length)s 字，超过这类文书的 %(limit)s 字") % {"length": length, "limit": limit},
            mend=_("先去掉一条，或者把文字改短"),
        )


def change_text(actor: Viewer, *, uid: UUID, anchor: str, text: str | None, was: str) -> Report:
    """Another wording of a paragraph; None takes it out. Figures stay marks: none can be typed.

    `was` is the wording that the writer saw. Raises Conflict when somebody changed that very paragraph since; a change
    elsewhere does not stand in the way.
    """
    return _edit(actor, uid, lambda report: _changed(actor, report, anchor, text, was))


def _changed(actor: Viewer, report: Report, anchor: str, text: str | None, was: str) -> list[dict[str, object]]:
    standing = desk.wording(report, anchor)
    if standing is None:
        raise Conflict(_("这一段已经不在了"), mend=_("刷新页面看现在的文字；您写的没有存，请先复制"))
    if rules.one_line(was) != standing:
        raise Conflict(
            _("这一段刚被别人改过，现在是：%(text)s") % {"text": standing}, mend=_("对照着再改；您写的没有存，请先复制")
        )
    before = next((edit for edit in report.edits if stands_at(edit, anchor)), None)
    if text is not None:
        _refuse_typed_figures(report, text, standing + (before["was"] if before else ""))
    others = [edit for edit in report.edits if edit is not before]
    if before and before["added"]:
        place = report.edits.index(before)
        kept = [{**before, "id": uuid4().hex, "text": rules.one_line(text), **_by(actor)}] if text is not None else []
        return [*report.edits[:place], *kept, *report.edits[place + 1 :]]
    original = before["was"] if before else standing
    if text is not None and rules.one_line(text) == original:
        return others
    return [*others, _change(actor, anchor, text, was=original)]


def _change(actor: Viewer, anchor: str, text: str | None, *, was: str, beside: str | None = None) -> dict[str, object]:
    """A writer's change as it is stored; `beside` is the wording behind which a paragraph was added."""
    added = beside is not None
    return {
        "id": uuid4().hex,
        "anchor": anchor,
        "text": None if text is None else rules.one_line(text),
        "added": added,
        "key": uuid4().hex[:12] if added else "",
        "was": was,
        "beside": beside or "",
        **_by(actor),
    }


def _original(report: Report, anchor: str, standing: str) -> str:
    """What the template says at an anchor whose wording may have been changed by hand."""
    return next((edit["was"] for edit in report.edits if stands_at(edit, anchor) and not edit["added"]), standing)


def add_paragraph(actor: Viewer, *, uid: UUID, after: str, text: str) -> Report:
    """A paragraph of the writer's own behind another one."""

    def added(report: Report) -> list[dict[str, object]]:
        beside = desk.wording(report, after)
        if beside is None:
            raise Conflict(_("这一段已经不在了"), mend=_("刷新页面看现在的文字；您写的没有存，请先复制"))
        _refuse_typed_figures(report, text, "")
        return [*report.edits, _change(actor, after, text, was="", beside=_original(report, after, beside))]

    return _edit(actor, uid, added)


def restore_text(actor: Viewer, *, uid: UUID, change: str) -> Report:
    """Take a writer's change back: the paragraph says again what the template says.

    `change` is the id of the change that the writer saw. Raises Conflict when it was changed or taken back since.
    """

    def restored(report: Report) -> list[dict[str, object]]:
        rest = [edit for edit in report.edits if edit["id"] != change]
        if len(rest) == len(report.edits):
            raise Conflict(_("这处改动刚被别人改过"), mend=_("刷新页面，看过再定"))
        return rest

    return _edit(actor, uid, restored)


def _edit(actor: Viewer, uid: UUID, change: Callable[[Report], list[dict[str, object]]]) -> Report:
    report = for_edit(actor, uid, None)
    edits = change(report)
    if edits == report.edits:
        return report
    with transaction.atomic():
        _touch(report, edits=edits)
        report = queries.report(actor, uid)
        _render(actor, report)
        record(actor, report, "report.edited", {"edits": len(edits), **content(report)})
    return report


def _by(actor: Viewer) -> dict[str, str]:
    return {"by": str(actor.uid), "at": clock.now().isoformat()}


def _refuse_typed_figures(report: Report, text: str, standing: str) -> None:
    """Refused for marks that no figure has, and for a figure whose mark was taken out and whose number was typed."""
    if not text.strip():
        raise Refused(_("这一段是空的"), where="text", mend=_("写上文字；不要这一段，就按“删去这一段”"))
    printed = {figure.name: figure.text for figure in queries.figures(report)}
    try:
        docx.parse_markup(text)
    except docx.MarkupError as bad:
        raise Refused(_("数字的标记没有写完整"), where="text", mend=_("从右边的数字里点一个，不要自己写标记")) from bad
    unknown = [name for name in rules.marks(text) if name not in printed]
    if unknown:
        raise Refused(
            _("文书里没有叫“%(name)s”的数字") % {"name": unknown[0]}, where="text", mend=_("从右边的数字里选一个")
        )
    for name in rules.retyped(text, standing, printed):
        raise Refused(
            _("“%(name)s”是 %(text)s，不能手写") % {"name": name, "text": printed[name]},
            where="text",
            mend=_("从右边的数字里点这一个，它会随记录更新，也点得开"),
        )


def for_edit(actor: Viewer, uid: UUID, seen: int | None) -> Report:
    """The draft, if the actor may work on it now."""
    return for_verb(actor, uid, "refresh", seen)


def _touch(report: Report, **changed: object) -> None:
    """Take the next revision of the draft that was read, and of no other."""
    standing = Report.objects.filter(pk=report.pk, state=report.state, revision=report.revision)
    if not standing.update(revision=report.revision + 1, **changed):
        raise Conflict(_("这份文书刚被别人改过"), mend=_("刷新页面，看过再定"))


def _render(actor: Viewer, report: Report) -> None:
    report.document, report.edits = document_of(actor, report)
    Report.objects.filter(pk=report.pk).update(document=report.document, edits=report.edits)
