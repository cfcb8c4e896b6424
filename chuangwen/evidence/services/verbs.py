"""What happens to evidence after its receipt: used, captioned, covered, withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.evidence import queries, rules
from chuangwen.evidence.models import Evidence, EvidenceUse, Known, Redaction, State
from chuangwen.evidence.services.handing_in import check_place, check_time, record
from chuangwen.people.access import Viewer, require
from chuangwen.people.rules import Perm
from chuangwen.places.models import Place

ELEMENTS = ("said_when", "said_where", "said_who", "theme", "background", "cause")
MOST_AT_ONCE = 40


@transaction.atomic
def use(actor: Viewer, evidence: Evidence, *, noun: str, uid: UUID) -> EvidenceUse:
    """Say that a record uses this as its proof. Who says it may change the record; here, only that they see the photo.

    The same use again changes nothing.
    """
    row = _for_update(actor, evidence)
    if row.withdrawn_at:
        raise Refused(_("这份佐证已撤回"), where="evidence", mend=_("换一份，或重新上传"))
    if row.state == State.REFUSED:
        raise Refused(_("这张照片打不开，不能作佐证"), where="evidence", mend=_("重新传一张"))
    values = {"used_at": clock.now(), "used_by": actor.uid}
    found, created = EvidenceUse.objects.get_or_create(evidence=row, noun=noun, subject_uid=uid, defaults=values)
    if created:
        record("evidence.used", actor, row, {"noun": noun, "subject": str(uid)})
    return found


@transaction.atomic
def stop_using(actor: Viewer, evidence: Evidence, *, noun: str, uid: UUID) -> None:
    """The record has other proof now. Whatever was not declared is no error."""
    row = _for_update(actor, evidence)
    gone, _each = EvidenceUse.objects.filter(evidence=row, noun=noun, subject_uid=uid).delete()
    if gone:
        record("evidence.use_ended", actor, row, {"noun": noun, "subject": str(uid)})


@transaction.atomic
def release(actor: Viewer, *, noun: str, uid: UUID) -> None:
    """The record is taken back: it needs no proof any more, also none that the actor may not see.

    Who calls it has checked that the actor may take the record back.
    """
    used = EvidenceUse.objects.filter(noun=noun, subject_uid=uid)
    rows = Evidence.everything.select_for_update(of=("self",)).select_related("unit")
    for row in rows.filter(pk__in=used.values("evidence")).order_by("pk"):
        used.filter(evidence=row).delete()
        record("evidence.use_ended", actor, row, {"noun": noun, "subject": str(uid)})


@transaction.atomic
def describe(actor: Viewer, evidence: Evidence, *, place: Place | None, **said: Any) -> Evidence:
    """Place and caption, which a page asks for together: both, or, where one of them is refused, neither."""
    locate(actor, evidence, place=place)
    return caption(actor, evidence, **said)


@transaction.atomic
def caption(
    actor: Viewer,
    evidence: Evidence,
    *,
    elements: Mapping[str, str],
    taken_at: datetime | None = None,
    settled: bool = False,
) -> Evidence:
    """Write the six elements, and the real time where the camera's is wrong; old words stay in the event's detail.

    `settled` says that a person has looked at what was odd; a time that a person gives settles what is odd of the time.
    """
    row = _changeable(actor, evidence)
    changed = {name: elements[name].strip() for name in ELEMENTS if name in elements}
    changed = {name: text for name, text in changed.items() if text != getattr(row, name)}
    before = "\n".join(f"{name}: {getattr(row, name)}" for name in changed if getattr(row, name))
    new_time = taken_at if taken_at and taken_at != row.taken_at else None
    answered = [code for code in row.doubts if settled or (new_time and code in rules.OF_THE_CLOCK)]
    if not changed and not new_time and not answered:
        return row
    data: dict[str, object] = {"elements": sorted(changed), "settled": answered}
    for name, text in changed.items():
        setattr(row, name, text)
    if new_time:
        check_time(new_time)
        data |= {"from": row.taken_at.isoformat(), "to": new_time.isoformat()}
        row.taken_at, row.taken_known = new_time, Known.PERSON
    row.doubts = [code for code in row.doubts if code not in answered]
    row.save(update_fields=[*changed, "taken_at", "taken_known", "doubts"])
    record("evidence.captioned", actor, row, data, detail=before)
    return row


@transaction.atomic
def locate(actor: Viewer, evidence: Evidence, *, place: Place | None) -> Evidence:
    """Say at which place it was taken, or that it belongs to none. The same again changes nothing."""
    row = _changeable(actor, evidence)
    if row.place_id == (place.pk if place else None):
        return row
    check_place(place)
    before = row.place
    row.place = place
    row.save(update_fields=["place"])
    data: dict[str, object] = {"from": str(before.uid) if before else "", "to": str(place.uid) if place else ""}
    record("evidence.located", actor, row, data)
    return row


@transaction.atomic
def redact(actor: Viewer, evidence: Evidence, rectangles: Sequence[rules.Cover], reason: str) -> Evidence:
    """Remove rectangles of a photo from everything that others see, for good: there is no verb that takes it back.

    The copies so far are served to nobody from this moment on; a job makes new ones from the original.
    """
    require(actor, Perm.EVIDENCE_REDACT, evidence.unit)
    row = _for_update(actor, evidence)
    _check_redaction(row, rectangles, reason)
    row.edition += 1
    row.state = State.RECEIVED
    row.save(update_fields=["edition", "state"])
    now = clock.now()
    Redaction.objects.bulk_create(
        Redaction(
            evidence=row,
            edition=row.edition,
            left=each.left,
            top=each.top,
            right=each.right,
            bottom=each.bottom,
            reason=reason.strip(),
            made_by=actor.person,
            made_at=now,
        )
        for each in rectangles
    )
    data: dict[str, object] = {"edition": row.edition, "rectangles": len(rectangles)}
    record("evidence.redacted", actor, row, data, detail=reason.strip())
    row.refresh_from_db()
    return row


def _check_redaction(row: Evidence, rectangles: Sequence[rules.Cover], reason: str) -> None:
    if not row.is_photo or row.state == State.REFUSED:
        raise Refused(_("只有打得开的照片可以遮挡"), mend=_("文件请在别处处理好再传"))
    if row.withdrawn_at:
        raise Refused(_("这张照片已撤回，没有公开版"), mend=_("不必再遮"))
    if row.state == State.RECEIVED:
        raise Conflict(_("这张照片还在处理"), mend=_("等几秒，刷新页面再遮"))
    if not rectangles:
        raise Refused(_("还没有框出要遮的地方"), where="rectangles", mend=_("在照片上拖出一个框，或按说明用键盘画"))
    if len(rectangles) > MOST_AT_ONCE:
        raise Refused(_("一次最多遮 40 处"), where="rectangles", mend=_("先遮这些，再遮别的"))
    if not all(each.sound for each in rectangles):
        raise Refused(_("有一个框在照片外面"), where="rectangles", mend=_("左上右下都写 0 到 100 的百分数，左小于右"))
    if not reason.strip():
        raise Refused(_("还没有写原因"), where="reason", mend=_("写一句为什么遮，如“行人面部”"))


@transaction.atomic
def retry(actor: Viewer, evidence: Evidence) -> Evidence:
    """Make the copies of a photo again whose making was cut off, by a full disk or a restart; a job does it."""
    row = _changeable(actor, evidence)
    if not row.is_photo or row.state == State.READY:
        raise Conflict(_("这份佐证已经处理好"), mend=_("刷新页面看看"))
    if row.state == State.RECEIVED:
        raise Conflict(_("这张照片还在处理"), mend=_("等几秒，刷新页面看看"))
    if not row.is_lost:
        raise Refused(_("不是处理时中断的，再试也打不开"), mend=_("重新传一张"))
    row.state, row.refusal = State.RECEIVED, ""
    row.save(update_fields=["state", "refusal"])
    record("evidence.retried", actor, row, {"edition": row.edition})
    row.refresh_from_db()
    return row


@transaction.atomic
def withdraw(actor: Viewer, evidence: Evidence, *, reason: str) -> Evidence:
    """Take a photo or file back: it stays with its reason, and nobody but those who may see originals opens it."""
    row = _changeable(actor, evidence)
    count = row.uses.count()
    if count:
        raise Refused(_("有 %(count)s 条记录用它作佐证") % {"count": count}, mend=_("先在这些记录里换掉它，再来撤回"))
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    record("evidence.withdrawn", actor, row, {"kind": row.kind}, detail=reason.strip())
    return row


def _changeable(actor: Viewer, evidence: Evidence) -> Evidence:
    require(actor, Perm.EVIDENCE_ADD, evidence.unit)
    row = _for_update(actor, evidence)
    if row.withdrawn_at:
        raise Conflict(_("这份佐证刚被撤回"), mend=_("刷新页面看看"))
    if not queries.may_change(actor, row):
        raise Missing
    return row


def _for_update(actor: Viewer, evidence: Evidence) -> Evidence:
    """The row as it is now, held until the transaction ends. Missing where the actor may not see it."""
    seen = Evidence.everything.select_for_update(of=("self",)).select_related("unit", "file")
    row = seen.filter(actor.scope(Perm.EVIDENCE_VIEW), pk=evidence.pk).first()
    if row is None:
        raise Missing
    return row
