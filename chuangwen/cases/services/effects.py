"""What each verb changes in a case beside its state and its deadline: one small function each, found by verb."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.cases import deadlines, nearby, workflow
from chuangwen.cases.deadlines import Reckoner
from chuangwen.cases.models import OPEN, Case, CasePart, CaseStep, Finding, Part, Revisit
from chuangwen.cases.services.given import Given, missing
from chuangwen.core.errors import Missing, Refused
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm, is_below


@dataclass(frozen=True)
class Act:
    """A verb being used: on which case, by whom, with what, when, and where it leads."""

    case: Case
    row: workflow.Transition
    actor: Viewer | None
    given: Given
    now: datetime
    target: str
    reckoner: Reckoner

    @property
    def given_lead(self) -> Unit:
        """The unit that it goes to; a verb that needs one was given one."""
        if self.given.lead is None:
            raise missing()["lead"]
        return self.given.lead

    @property
    def lead(self) -> Unit:
        """Who has it now; a case in the hands of a unit has one, which the database holds."""
        if self.case.lead is None:
            raise Missing
        return self.case.lead


Changes = dict[str, Any]


def _file(act: Act) -> Changes:
    place = act.given.place or act.case.place
    case = act.case
    case.category, case.place = act.given.category, place
    changes: Changes = {"filed_at": act.now, "category": act.given.category, "place": place}
    if case.relapse_of_id is None:
        changes["relapse_of"] = nearby.relapse_of(case, act.reckoner.policy)
    return changes


def _dispatch(act: Act) -> Changes:
    lead_to(act.case, act.given_lead, act.now)
    for given in act.given.parts:
        part = Part.COPY if given.copy else Part.ASSIST
        values = {"part": part, "task": given.task, "blocking": given.blocking and not given.copy, "since": act.now}
        standing = CasePart.objects.filter(case=act.case, unit=given.unit, ended_at__isnull=True)
        if not standing.exclude(part=Part.LEAD).update(**values):
            CasePart.objects.create(case=act.case, unit=given.unit, **values)
    changes: Changes = {"lead": act.given.lead, "sent_at": act.now, "handler": None, **NOTHING_ASKED}
    if act.given.leader:
        changes["leader"] = act.given.leader
    if act.row.verb == "arbitrate":
        changes |= {"decided": True}
    return changes


def lead_to(case: Case, unit: Unit, now: datetime) -> None:
    """The lead goes over to a unit: the one before is let go, an assisting one moves up."""
    CasePart.objects.filter(case=case, part=Part.LEAD, ended_at__isnull=True).exclude(unit=unit).update(ended_at=now)
    if not CasePart.objects.filter(case=case, unit=unit, ended_at__isnull=True).update(part=Part.LEAD, done_at=None):
        CasePart.objects.create(case=case, unit=unit, part=Part.LEAD, since=now)


def _let_go(act: Act) -> Changes:
    """The lead gives it back, or the office takes it back."""
    CasePart.objects.filter(case=act.case, part=Part.LEAD, ended_at__isnull=True).update(ended_at=act.now)
    changes: Changes = {"lead": None, "handler": None, **NOTHING_ASKED}
    return changes | ({"bounces": act.case.bounces + 1} if act.row.verb in workflow.BOUNCES else {})


def _transfer(act: Act) -> Changes:
    """To a unit below the lead: its own house. To any other one: a bounce, and the third goes to the office."""
    if act.target == workflow.DISPUTED:
        return _let_go(act)
    inside = is_below(act.given_lead.path, act.lead.path)
    lead_to(act.case, act.given_lead, act.now)
    bounces = act.case.bounces + (not inside)
    return {"lead": act.given.lead, "sent_at": act.now, "handler": None, "bounces": bounces, **NOTHING_ASKED}


def _handler(act: Act) -> Changes:
    handler = act.given.handler or (act.actor.person if act.actor and act.row.verb == "accept" else None)
    if handler and not handler.unit.path.startswith(act.lead.path):
        raise Refused(
            _("%(person)s 不是%(unit)s的人") % {"person": handler, "unit": act.lead.label},
            where="handler",
            mend=_("选牵头单位的人"),
        )
    return {"handler": handler}


def _fix(act: Act) -> Changes:
    waiting = CasePart.objects.filter(
        case=act.case, part=Part.ASSIST, blocking=True, done_at__isnull=True, ended_at__isnull=True
    )
    names = "、".join(part.unit.label for part in waiting.select_related("unit"))
    if names:
        raise Refused(_("%(units)s的部分还没有办完") % {"units": names}, mend=_("催他们报完成，或请归口单位改分工"))
    _check_children(act.case)
    _check_proof(act)
    CasePart.objects.filter(case=act.case, part=Part.LEAD, ended_at__isnull=True).update(done_at=act.now)
    return {"fixed_at": act.now, "fixed_by": act.actor.person if act.actor else None, **NOTHING_ASKED}


def _check_children(case: Case) -> None:
    """What was opened under it is part of it."""
    left = Case.objects.filter(OPEN, parent=case).count()
    if left:
        raise Refused(
            ngettext("下面还有 %(count)s 件没有办结", "下面还有 %(count)s 件没有办结", left) % {"count": left},
            mend=_("看各家进度，催还没有办完的；全部办结再报完成"),
        )


def _check_proof(act: Act) -> None:
    """A fix brings what its kind asks for; a document is no photo."""
    proof = act.case.rules_of_kind.proof
    if proof == workflow.PHOTO and not any(photo.is_photo for photo in act.given.photos):
        raise Refused(_("没有整改后的照片"), where="photos", mend=_("到现场拍一张，传上来再报完成"))
    if proof != workflow.NO_PROOF and not act.given.reason.strip():
        raise Refused(_("没有写怎么办的"), where="reason", mend=_("写一句做了什么，核验的人好去看"))


def _send_back(act: Act) -> Changes:
    CasePart.objects.filter(case=act.case, part=Part.LEAD, ended_at__isnull=True).update(done_at=None)
    return {"reworked": act.case.reworked + 1, "fixed_at": None, "fixed_by": None, **_leadless(act)}


def _close(act: Act) -> Changes:
    """The deadline was met or missed by the fix, and is settled before this (see `deadlines.was_on_time`)."""
    by = act.actor.person if act.actor else None
    return {"closed_at": act.now, "closed_by": by, "on_time": deadlines.was_on_time(act.case), **NOTHING_ASKED}


def _reopen(act: Act) -> Changes:
    CasePart.objects.filter(case=act.case, part=Part.LEAD, ended_at__isnull=True).update(done_at=None)
    changes: Changes = {
        "reopened": act.case.reopened + 1, "closed_at": None, "closed_by": None, "on_time": None, "fixed_at": None,
        "fixed_by": None, "sent_at": act.now, "handler": standing_handler(act.case), **_leadless(act),
    }  # fmt: skip
    return changes


def _relapse(act: Act) -> Changes:
    """Whatever draw this case waits in, its answer is given."""
    by = act.actor.person if act.actor else None
    waiting = Revisit.objects.filter(case=act.case, finding="")
    waiting.update(finding=Finding.RELAPSED, looked_at=act.now, looked_by=by)
    return _reopen(act)


def standing_handler(case: Case) -> Any:
    """Whoever handled it, if they are still there."""
    return case.handler if case.handler and case.handler.left_on is None else None


def _leadless(act: Act) -> Changes:
    """Where the lead unit is gone, the case stands at the office again, without one."""
    if act.target != act.row.leadless:
        return {}
    CasePart.objects.filter(case=act.case, part=Part.LEAD, ended_at__isnull=True).update(ended_at=act.now)
    return {"lead": None, "handler": None}


def _restore(act: Act) -> Changes:
    """Back from declined, merged or void: it stands on its own again, before the office."""
    CasePart.objects.filter(case=act.case, part=Part.LEAD, ended_at__isnull=True).update(ended_at=act.now)
    return {
        "into": None, "closed_at": None, "closed_by": None, "lead": None, "handler": None,
        "reopened": act.case.reopened + 1, "filed_at": act.case.filed_at or act.now,
    }  # fmt: skip


def _merge(act: Act) -> Changes:
    return {"into": act.given.into, **_ended(act)}


def _ended(act: Act) -> Changes:
    CasePart.objects.filter(case=act.case, part=Part.LEAD, ended_at__isnull=True).update(ended_at=act.now)
    return {"closed_at": act.now, "closed_by": act.actor.person if act.actor else None, **NOTHING_ASKED}


def _ask(act: Act) -> Changes:
    return {"asked": act.row.verb.removeprefix("ask_"), "asked_until": act.given.until}


def _grant(act: Act) -> Changes:
    until = act.given.until or act.case.asked_until
    changes: Changes = dict(NOTHING_ASKED)
    if act.row.verb == "grant_extension":
        return changes | (deadlines.extend(act.case, until) if until else {})
    return changes | {"until": until}


def _press(act: Act) -> Changes:
    return {"pressed": act.case.pressed + 1}


def _supervise(act: Act) -> Changes:
    changes: Changes = {"supervised": True}
    return changes | (deadlines.extend(act.case, act.given.until) if act.given.until else {})


def _recategorise(act: Act) -> Changes:
    changes: Changes = {"category": act.given.category}
    if workflow.PHASE_OF[act.case.state] != workflow.FIX or act.case.sent_at is None:
        return changes
    return changes | deadlines.extend(act.case, act.reckoner.end(workflow.FIX, act.case.sent_at, act.given.category))


def _do_part(act: Act) -> Changes:
    """The assisting units for which the actor acts have done their part."""
    mine = [
        part.pk
        for part in CasePart.objects.filter(case=act.case, part=Part.ASSIST, ended_at__isnull=True).select_related(
            "unit"
        )
        if act.actor and act.actor.can(Perm.CASE_HANDLE, part.unit)
    ]
    CasePart.objects.filter(pk__in=mine, done_at__isnull=True).update(done_at=act.now)
    return {}


def _name_leader(act: Act) -> Changes:
    return {"leader": act.given.leader}


def _resume(act: Act) -> Changes:
    return {"until": None, **NOTHING_ASKED}


NOTHING_ASKED: Changes = {"asked": "", "asked_until": None}

EFFECTS: dict[str, Callable[[Act], Changes]] = {
    "file": _file,
    "decline": _ended,
    "merge": _merge,
    "dispatch": _dispatch,
    "arbitrate": _dispatch,
    "recall": _let_go,
    "void": _ended,
    "accept": _handler,
    "assign": _handler,
    "refuse": _let_go,
    "transfer": _transfer,
    "fix": _fix,
    "adopt": _close,
    "turn_down": _close,
    "ask_extension": _ask,
    "ask_suspension": _ask,
    "ask_plan": _ask,
    "grant_extension": _grant,
    "grant_suspension": _grant,
    "sign_plan": _grant,
    "deny": lambda _act: dict(NOTHING_ASKED),
    "resume": _resume,
    "verify": _close,
    "send_back": _send_back,
    "dispute": _reopen,
    "relapse": _relapse,
    "reopen": _reopen,
    "restore": _restore,
    "press": _press,
    "supervise": _supervise,
    "recategorise": _recategorise,
    "name_leader": _name_leader,
    "do_part": _do_part,
}


def changes_of(act: Act) -> Changes:
    effect = EFFECTS.get(act.row.verb)
    return effect(act) if effect else {}


def data_of(act: Act) -> dict[str, Any]:
    """What a step says of the act beside its words: uids, codes and moments."""
    given, case = act.given, act.case
    said: dict[str, Any] = {
        "lead": given.lead.uid if given.lead and "lead" in act.row.needs else None,
        "from": case.lead.uid if case.lead and act.row.verb in {*workflow.BOUNCES, "recall"} else None,
        "parts": [[part.unit.uid, Part.COPY if part.copy else Part.ASSIST] for part in given.parts] or None,
        "leader": given.leader.uid if given.leader else None,
        "handler": given.handler.uid if given.handler else None,
        "into": given.into.uid if given.into else None,
        "category": given.category.pk if given.category else None,
        "until": given.until.isoformat() if given.until else None,
        "photos": [photo.uid for photo in given.photos] or None,
    }
    return {key: _plain(value) for key, value in said.items() if value}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if isinstance(value, str) else str(value)


def latest_step(case: Case) -> CaseStep | None:
    return CaseStep.objects.filter(case=case).select_related("by").order_by("-id").first()
