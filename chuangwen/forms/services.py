"""What one does with forms: publish, retire, fill, withdraw. Each verb checks the right first and records one Event."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.core import clock, events
from chuangwen.core.digests import digest
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.evidence.models import Evidence
from chuangwen.forms import photos, queries
from chuangwen.forms.messages import said
from chuangwen.forms.models import Answer, Form, FormVersion, Submission
from chuangwen.forms.rules.answering import Answered, answer, photo_uids
from chuangwen.forms.rules.checklists import BASIS, PURPOSE, Checklist, checklists
from chuangwen.forms.rules.model import Kind
from chuangwen.forms.rules.parsing import parse
from chuangwen.forms.rules.problems import BadForm, Problem
from chuangwen.forms.rules.projection import projection
from chuangwen.forms.rules.verdicts import summary
from chuangwen.people.access import Viewer, require
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.places.models import Place, PlaceType

# Who was filling a form when its next version came may still hand it in.
GRACE = timedelta(days=1)
# A device's clock may be so far from ours before it is said.
CLOCK_SLACK = timedelta(minutes=10)
LONGEST_FILLING = timedelta(days=31)


class RefusedAll(Refused):
    """Several things are wrong at once; `problems` has them all, each with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        what, mend = said(self.problems[0])
        super().__init__(what, mend=mend, where=self.problems[0].where)


@transaction.atomic
def publish(actor: Viewer, form: Form, source: Mapping[str, Any]) -> FormVersion:
    """Make this what the form asks from now on. The same source again makes no new version.

    Raises RefusedAll with every mistake. An earlier version is never changed: its copies stand on it.
    """
    _require_manage(actor, form)
    if form.retired_on:
        raise Refused(_("这张表已停用"), mend=_("新建一张表"))
    form = Form.objects.select_for_update().get(pk=form.pk)
    version, created = _publish(form, source, actor.uid)
    if created:
        Form.objects.filter(pk=form.pk).update(edited_at=clock.now())
        _record("form.published", actor, form, {"number": version.number, "questions": version.questions})
    return version


def _publish(form: Form, source: Mapping[str, Any], published_by: UUID | None) -> tuple[FormVersion, bool]:
    try:
        asked = parse(source)
    except BadForm as bad:
        raise RefusedAll(bad.problems) from bad
    now, written = clock.now(), digest(source)
    last = form.versions.order_by("-number").first()
    if last is not None and last.digest == written and last.retired_at is None:
        return last, False
    form.versions.filter(retired_at__isnull=True).update(retired_at=now)
    values = {"source": source, "digest": written, "published_at": now, "published_by": published_by}
    count = sum(1 for _each in asked.questions())
    return form.versions.create(number=last.number + 1 if last else 1, questions=count, **values), True


@transaction.atomic
def retire(actor: Viewer, form: Form, *, reason: str) -> Form:
    """Take a form out of use: nobody fills it any more, its copies stand."""
    _require_manage(actor, form)
    now = clock.now()
    if not Form.objects.filter(pk=form.pk, retired_on__isnull=True).update(retired_on=clock.today(), edited_at=now):
        raise Conflict(_("这张表已经停用了"), mend=_("刷新页面"))
    form.retired_on = clock.today()
    _record("form.retired", actor, form, {"number": getattr(form, "number", None)}, detail=reason)
    return form


def _require_manage(actor: Viewer, form: Form) -> None:
    """A form without a unit came with the product: whoever manages forms of a whole city may change it."""
    if form.unit is not None:
        require(actor, Perm.FORM_MANAGE, form.unit)
    elif not queries.may_manage(actor, form):
        raise Missing


@dataclass(frozen=True)
class Times:
    """What the device says: when filling began, and what it takes for now."""

    started_at: datetime | None = None
    told_at: datetime | None = None


@transaction.atomic
def submit(
    actor: Viewer,
    *,
    version: FormVersion,
    uid: UUID,
    unit: Unit,
    place: Place | None,
    answers: object,
    times: Times | None = None,
) -> Submission:
    """Keep one filled copy. The same actor and uid again gives the copy that is there; another actor gets Conflict.

    `version` and `place` are such as the actor may see. Raises RefusedAll with everything that is wrong with the
    answers; then nothing is kept.
    """
    require(actor, Perm.FORM_FILL, unit)
    version = queries.version(actor, version.uid)
    if standing := Submission.everything.filter(uid=uid).first():
        return _same_or_conflict(actor, standing)
    _judge_version(version)
    _judge_place(actor, version, place)
    found = answer(queries.asked(version), answers)
    used = _photos_of(actor, found)
    if found.problems:
        raise RefusedAll(found.problems)
    values = _times(times or Times()) | _said(version, place, found)
    values |= {"version": version, "unit": unit, "place": place, "filled_by": actor.person}
    # Two requests with one uid may arrive together: the second one finds the first one's row.
    row, created = Submission.everything.get_or_create(uid=uid, defaults=values)
    if not created:
        return _same_or_conflict(actor, row)
    _project([(row, found)])
    photos.declare(actor, used, submission=row.uid)
    data = {"form": version.form.code, "number": version.number, "day": row.day.isoformat(), "met": row.met}
    _record_copy("submission.filled", actor, row, data | {"not_met": row.not_met, "photos": len(used)})
    return row


def _said(version: FormVersion, place: Place | None, found: Answered) -> dict[str, Any]:
    """What the copy says, its counts, and the digests that hold it together."""
    counts = summary(found)
    return {
        "version_digest": version.digest,
        "answers": found.values,
        "digest": queries.digest_of(version.digest, place.uid if place else None, found.values),
        "met": counts.met,
        "not_met": counts.not_met,
        "not_applicable": counts.not_applicable,
    }


def _same_or_conflict(actor: Viewer, standing: Submission) -> Submission:
    if standing.filled_by_id != actor.person.pk:
        raise Conflict(_("这个 uid 已被别人用过"), where="uid", mend=_("刷新填写页再交"))
    return standing


def _judge_version(version: FormVersion) -> None:
    if version.form.retired_on:
        raise Refused(_("这张表已停用，不再收"), where="version", mend=_("问发这张表的单位改用哪一张"))
    if version.retired_at and version.retired_at + GRACE < clock.now():
        raise Refused(_("这一版表已经换了新的"), where="version", mend=_("打开新的一版重填；这台设备上的草稿还在"))


def _judge_place(actor: Viewer, version: FormVersion, place: Place | None) -> None:
    wanted = version.form.place_type
    if wanted is None:
        if place is not None:
            raise Refused(_("这张表不分点位"), where="place", mend=_("不选点位再交"))
        return
    if place is None:
        raise Refused(_("还没有选点位"), where="place", mend=_("选一个%(type)s") % {"type": wanted})
    place = queries.place(actor, place.uid)
    if place.type_id != wanted.pk:
        raise Refused(
            _("%(place)s不是%(type)s") % {"place": place, "type": wanted},
            where="place",
            mend=_("选同类的点位，或换一张表"),
        )
    if place.closed_on and place.closed_on <= clock.today():
        raise Refused(_("%(place)s已撤销") % {"place": place}, where="place", mend=_("选现有的点位"))


def _photos_of(actor: Viewer, found: Answered) -> list[Evidence]:
    """The photos of all answers; what may not be used becomes a problem of its field."""
    used = photo_uids(found)
    usable = photos.usable(actor, used) if used else {}
    for field in found.asked:
        value = found.values.get(field.name)
        if field.kind == Kind.PHOTO and isinstance(value, list):
            strange = sum(UUID(uid) not in usable for uid in value)
            if strange:
                found.problems.append(Problem("photo_not_usable", field.name, {"count": strange}))
    return [usable[uid] for uid in used if uid in usable]


def _times(said_times: Times) -> dict[str, Any]:
    """When it was filled is ours to say; a device's clock that is off shows, and its start counts only if it can be."""
    now, told, started = clock.now(), said_times.told_at, said_times.started_at
    off = told is not None and abs(now - told) > CLOCK_SLACK
    if started is None or off or not now - LONGEST_FILLING <= started <= now:
        started = now
    return {
        "day": timezone.localdate(now), "filled_at": now, "started_at": started, "told_at": told, "clock_off": off,
    }  # fmt: skip


@transaction.atomic
def withdraw(actor: Viewer, *, uid: UUID, reason: str) -> Submission:
    """Take a filled copy back: it stays with its reason and counts nowhere."""
    row = queries.submission(actor, uid)
    if not queries.may_withdraw(actor, row):
        raise Missing
    if row.withdrawn_at:
        raise Refused(_("这份填报已撤回"), mend=_("如撤错了，请重新填一份"))
    row.withdrawn_at = clock.now()
    # Its photos are free again: one that nothing uses can be withdrawn itself.
    photos.give_back(actor, submission=row.uid)
    if not Submission.objects.filter(pk=row.pk).update(withdrawn_at=row.withdrawn_at):
        raise Conflict(_("这份填报刚被别人撤回"), mend=_("刷新页面"))
    _record_copy("submission.withdrawn", actor, row, {"day": row.day.isoformat()}, detail=reason)
    return row


def rebuild_answers(rows: Iterable[Submission]) -> int:
    """Make the typed answers of these copies anew from what was handed in; returns how many rows."""
    pairs = [(row, answer(queries.asked(row.version), row.answers)) for row in rows]
    with transaction.atomic():
        Answer.objects.filter(submission__in=[row.pk for row, _found in pairs]).delete()
        return _project(pairs)


def _project(pairs: Iterable[tuple[Submission, Answered]]) -> int:
    typed = [
        Answer(
            submission=row, question=each.question, number=each.number, text=each.text, day=each.day, choice=each.choice
        )
        for row, found in pairs
        for each in projection(found)
    ]
    return len(Answer.objects.bulk_create(typed, batch_size=500))


@transaction.atomic
def load_reference(tables: Mapping[str, Any]) -> dict[str, int]:
    """Bring the sample checklists to what their files say, but for those that were edited here.

    What is asked changes by a new version only, and only where the file says something else.
    """
    types = {row.code: {"zh": row.name, "en": row.name_en} for row in PlaceType.objects.order_by("sort", "code")}
    count = 0
    for sort, each in enumerate(checklists(tables["head"], tables["items"], types)):
        count += 1
        _bring(each, sort)
    return {"checklists": count}


def _bring(each: Checklist, sort: int) -> None:
    values = {
        "name": each.name["zh"], "name_en": each.name["en"], "place_type_id": each.place_type, "sort": sort,
        "minutes": each.minutes, "purpose": PURPOSE["zh"], "purpose_en": PURPOSE["en"], "basis": BASIS["zh"],
        "basis_en": BASIS["en"],
    }  # fmt: skip
    form = Form.objects.filter(code=each.code).first()
    if form is not None and form.edited_at:
        return
    form, _created = Form.objects.update_or_create(code=each.code, defaults=values)
    _publish(form, each.source, None)


def _record(verb: str, actor: Viewer, form: Form, data: Mapping[str, object], *, detail: str = "") -> None:
    events.record(
        verb,
        actor_uid=actor.uid,
        noun="form",
        subject_uid=form.uid,
        unit_uid=form.unit.uid if form.unit else None,
        data={"code": form.code, **data},
        detail=detail,
    )


def _record_copy(verb: str, actor: Viewer, row: Submission, data: Mapping[str, object], *, detail: str = "") -> None:
    events.record(
        verb,
        actor_uid=actor.uid,
        noun="submission",
        subject_uid=row.uid,
        unit_uid=row.unit.uid,
        data=data,
        detail=detail,
    )
