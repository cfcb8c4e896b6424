"""Moving a report on from draft to archive, as the table in `workflow` says."""

from collections.abc import Mapping
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock, events, files
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.models import Event, StoredFile
from chuangwen.people.access import Viewer, holders
from chuangwen.people.models import Person
from chuangwen.people.rules import Perm
from chuangwen.people.services import tell
from chuangwen.reports import desk, docx, queries, workflow
from chuangwen.reports.models import Report, ReportComment, ReportState
from chuangwen.reports.workflow import Transition
from chuangwen.reports.writing import content, document_of

REASON = 500
WAY = ("submit", "check", "sign", "issue")


def move(
    actor: Viewer, *, uid: UUID, verb: str, seen: int | None = None, reason: str = "", alone: bool = False
) -> Report:
    """Use one verb of the table on a report; `refresh` is `drafting.refresh`.

    `seen` is the revision that the actor read. Raises Missing without the right, Refused from a wrong state, without
    the word why that the verb asks for, or where a writer would check their own text; Conflict when the draft was
    changed since it was read. `alone` is for `carry_through`.
    """
    report = for_verb(actor, uid, verb, seen)
    row = workflow.transition(verb)
    reason = reason.strip()
    _check_reason(row, reason)
    if row.by_another and not alone and actor.uid in desk.writers(report):
        raise Refused(_("核稿的人不能是写稿的人"), mend=_("请没有动过这份稿子的人来核"))
    changed = _changed_by(actor, report, verb)
    with transaction.atomic():
        standing = Report.objects.filter(pk=report.pk, state=report.state, revision=report.revision)
        if not standing.update(state=row.target, revision=report.revision + 1, **changed):
            raise Conflict(_("这份文书刚被别人改过"), mend=_("刷新页面，看过再定"))
        moved = Report.objects.select_related("form", "unit", "document", "template__file").get(pk=report.pk)
        if reason:
            ReportComment.objects.create(report=report, text=reason, by=actor.uid, at=clock.now())
        _record_move(actor, moved, row, reason, alone=alone)
    return moved


def _changed_by(actor: Viewer, report: Report, verb: str) -> dict[str, object]:
    """What a verb changes in the report beside its state."""
    if verb == "sign":
        return _signed(actor, report)
    if verb == "issue":
        _refuse_other_than_signed(report)
        return {"issued_at": clock.now(), "issued_by": actor.uid}
    return {"signed_at": None, "signed_by": None} if verb == "unsign" else {}


def _check_reason(row: Transition, reason: str) -> None:
    if row.reason and not reason:
        raise Refused(_("没有写原因"), where="reason", mend=_("写一句哪里要改，写稿的人才知道怎么改"))
    if len(reason) > REASON:
        raise Refused(_("原因太长"), where="reason", mend=_("写在 500 字以内"))


def _signed(actor: Viewer, report: Report) -> dict[str, object]:
    """Rendered a last time, with the day of the signature: from now on neither text nor figures change."""
    checked = _text_of(report.document)
    report.signed_at, report.signed_by = clock.now(), actor.uid
    document, edits = document_of(actor, report)
    if _text_of(document) != checked:
        raise Conflict(_("核稿以后，文书里的文字变了"), mend=_("退回草稿，按现在的记录重写，再核一遍"))
    return {"signed_at": report.signed_at, "signed_by": actor.uid, "document": document, "edits": edits}


def _text_of(document: StoredFile | None) -> list[tuple[str, str]]:
    """What the document says, but for the day under it: that is the day of the signature."""
    blocks = docx.blocks(files.read(document)) if document else []
    rows = ["".join(run.text for row in block.rows for cell in row for run in cell) for block in blocks]
    said = ["".join(run.text for run in block.runs) + row for block, row in zip(blocks, rows, strict=True)]
    return [(block.kind, text) for block, text in zip(blocks, said, strict=True) if block.kind != "date"]


def _refuse_other_than_signed(report: Report) -> None:
    """Raises Conflict where document or figures are not those of the signature."""
    signed = Event.objects.filter(verb="report.signed", subject_uid=report.uid).order_by("-id").first()
    if signed is None or any(signed.data.get(key) != value for key, value in content(report).items()):
        raise Conflict(_("文书与签发的不一样"), mend=_("请管理员用 verify 查明，再撤销签发重来"))


def _record_move(actor: Viewer, report: Report, row: Transition, reason: str, *, alone: bool) -> None:
    data: dict[str, object] = {**actor.acts_for(Perm(row.perm), report.unit)}
    if alone:
        data["alone"] = True
    if row.target in {ReportState.SIGNED, ReportState.ISSUED}:
        data |= content(report)
    record(actor, report, row.event, data, detail=reason)


def carry_through(actor: Viewer, *, uid: UUID) -> Report:
    """From draft to issued in the name of one person, who holds every right on the way and answers for it alone.

    For the command line; the events say that it was done alone.
    """
    for verb in WAY:
        report = move(actor, uid=uid, verb=verb, alone=True)
    return report


def for_verb(actor: Viewer, uid: UUID, verb: str, seen: int | None) -> Report:
    report = queries.report(actor, uid)
    row = workflow.transition(verb)
    if not actor.can(Perm(row.perm), report.unit):
        raise Missing
    if report.state not in row.sources:
        raise Refused(
            _("%(state)s的文书不能再这样做") % {"state": report.get_state_display()},
            mend=_("需要新的数字时，更新一份") if report.is_out else _("刷新页面看现在到了哪一步"),
        )
    if seen is not None and seen != report.revision:
        raise Conflict(_("这份文书刚被改过，请看过新的文字再定"), mend=_("刷新页面看现在的文字"))
    return report


def record(actor: Viewer, report: Report, verb: str, data: Mapping[str, object], *, detail: str = "") -> None:
    events.record(
        verb,
        actor_uid=actor.uid,
        noun="report",
        subject_uid=report.uid,
        unit_uid=report.unit.uid,
        data={
            "form": report.form.code,
            "start": report.start.isoformat(),
            "end": report.end.isoformat(),
            **data,
        },
        detail=detail,
    )


def tell_of_move(event: Event) -> None:
    """What was submitted is told to those nearest to the unit who may check it, what was returned to who began it."""
    report = Report.objects.select_related("unit").get(uid=str(event.subject_uid))
    if event.verb == "report.submitted":
        to = [each for each in holders(Perm.REPORT_CHECK, report.unit, nearest=True) if each.uid != event.actor_uid]
    else:
        to = list(Person.objects.filter(uid=report.created_by).exclude(uid=str(event.actor_uid)))
    tell(to, event.verb, noun="report", subject_uid=report.uid, once=f"{event.verb}:{event.uid}")


def leads_nowhere() -> bool:
    """Whether the addresses in documents can be opened only on this machine."""
    return urlsplit(settings.PUBLIC_URL).hostname in {"localhost", "127.0.0.1", "::1"}
