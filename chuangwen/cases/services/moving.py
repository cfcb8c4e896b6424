"""Moving a case on, as the table in `workflow` says: one way for every verb, whoever uses it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.cases import deadlines, queries, standing, telling, workflow
from chuangwen.cases.deadlines import Reckoner
from chuangwen.cases.models import Case, CasePhoto, CaseStep, Part, Shows
from chuangwen.cases.services import effects
from chuangwen.cases.services.effects import Act
from chuangwen.cases.services.given import Given, check
from chuangwen.cases.workflow import Transition
from chuangwen.core import clock, events
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.evidence import services as evidence
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit

NOTHING = Given()
# What the photos of a verb show.
SHOWN = dict.fromkeys(("verify", "send_back", "visit", "dispute", "relapse", "revisit"), Shows.CHECK)


@transaction.atomic
def move(actor: Viewer, *, uid: UUID, verb: str, given: Given = NOTHING, seen: int | None = None) -> Case:
    """Use one verb of the table on a case. `seen` is the revision that the actor read.

    Raises Missing for a case or a verb that is not theirs, Refused where the state of things or what was given does
    not allow it, Conflict where the case was changed since it was read.
    """
    case = held(queries.case(actor, uid))
    row = known(verb)
    stand = standing.of(actor, case)
    refused = stand.refusal(row)
    # Whoever read an old page learns that first: what the page offered was right when it was read.
    _check_seen(case, row, seen)
    if refused:
        raise refused
    return apply(actor, case, row, given, capacity=_capacity(stand.capacities, row))


def move_by_code(door: Viewer, *, case: Case, verb: str, given: Given) -> Case:
    """As `move`, for who follows a case with its code: they act as its reporter, and as nothing else."""
    with transaction.atomic():
        standing_case = held(case)
        row = known(verb)
        if workflow.REPORTER not in row.by or not row.belongs_to(standing_case.rules_of_kind):
            raise Missing
        if standing_case.state not in row.sources:
            raise Refused(
                _("%(state)s的事项不能这样办") % {"state": standing_case.get_state_display()},
                mend=_("刷新页面，看现在到了哪一步"),
            )
        return apply(door, standing_case, row, given, capacity=workflow.REPORTER)


def move_by_clock(*, case: Case, verb: str) -> Case | None:
    """As `move`, for what happens by itself when its time has come; None where somebody was quicker."""
    with transaction.atomic():
        standing_case = held(case)
        row = known(verb)
        if workflow.CLOCK not in row.by or standing_case.state not in row.sources:
            return None
        return apply(None, standing_case, row, NOTHING, capacity=workflow.CLOCK)


def known(verb: str) -> Transition:
    try:
        return workflow.transition(verb)
    except KeyError as problem:
        raise Refused(_("没有“%(verb)s”这个办法") % {"verb": verb[:20]}, mend=_("用页面上的按钮")) from problem


def held(case: Case) -> Case:
    """The case as it is now, held until the transaction ends. Who may see it was asked before."""
    rows = Case.everything.select_for_update(of=("self",)).select_related(
        "unit", "lead", "category", "place", "handler__unit", "leader", "opened_for", "fixed_by"
    )
    found = rows.get(pk=case.pk)
    if found.withdrawn_at:
        raise Refused(_("这件事项随导入一起撤回了"), mend=_("如要办，请重新登记"))
    return found


def _check_seen(case: Case, row: Transition, seen: int | None) -> None:
    if seen is None or seen == case.revision or row.light:
        return
    last = effects.latest_step(case)
    who = str(last.by) if last and last.by else _("系统")
    raise Conflict(
        _("您看的时候，%(who)s 已经动过这件事项，现在是“%(state)s”") % {"who": who, "state": case.get_state_display()},
        mend=_("刷新页面，看过现在的情况再定"),
    )


def _capacity(held_ones: frozenset[str], row: Transition) -> str:
    return next(each for each in row.by if each in held_ones)


def apply(actor: Viewer | None, case: Case, row: Transition, given: Given, *, capacity: str) -> Case:
    """What every verb does, within a transaction and with the case held: deadline, columns, step, photos, event."""
    check(row, given, case)
    now = clock.now()
    reckoner = Reckoner()
    act = Act(case, row, actor, given, now, _target(case, row, given, reckoner), reckoner)
    data = effects.data_of(act)
    # For whom somebody acts is asked before the verb takes the case out of that unit's hands.
    before, unit = case.state, unit_of(actor, case, capacity)
    changes: dict[str, Any] = deadlines.pass_on(case, row, act.target, now, reckoner, _until(act))
    changes = {**changes, **effects.changes_of(act), "state": act.target, "revision": case.revision + 1}
    if not Case.objects.filter(pk=case.pk, revision=case.revision).update(**changes):
        raise Conflict(_("这件事项刚被别人动过"), mend=_("刷新页面，看过现在的情况再定"))
    for name, value in changes.items():
        setattr(case, name, value)
    record_step(actor, case, row.event, given, capacity=capacity, before=before, data=data, now=now, unit=unit)
    return case


def _target(case: Case, row: Transition, given: Given, reckoner: Reckoner) -> str:
    lead = case.lead
    stands = lead is not None and lead.withdrawn_at is None and not (lead.closed_on and lead.closed_on <= clock.today())
    where = workflow.Where(case.state, case.bounces, reckoner.policy.bounce_limit, stands)
    inside = row.verb == "transfer" and given.lead and lead and given.lead.path.startswith(lead.path)
    return row.target if inside else workflow.target(row, where)


def _until(act: Act) -> datetime | None:
    """The end that the verb sets for the phase that begins: what is given, or, of an answer, what was asked."""
    return act.given.until or (act.case.asked_until if act.row.asked and act.row.verb != "deny" else None)


def record_step(
    actor: Viewer | None,
    case: Case,
    event: str,
    given: Given,
    *,
    capacity: str,
    before: str,
    data: dict[str, Any],
    now: datetime,
    is_open: bool | None = None,
    unit: Unit | None = None,
) -> CaseStep:
    """What happened, with words and photos, its Event (ids alone) and notices. The verb of the step is the event's."""
    verb = event.removeprefix("case.")
    step = CaseStep.objects.create(
        case=case,
        at=now,
        verb=verb,
        capacity=capacity,
        by=actor.person if actor else None,
        unit=unit or unit_of(actor, case, capacity),
        from_state=before,
        to_state=case.state,
        text=given.said,
        data=data,
        open=bool(given.reply.strip()) if is_open is None else is_open,
    )
    if actor:
        _show(actor, case, verb, given, step)
    events.record(
        event,
        actor_uid=actor.uid if actor else None,
        noun="case",
        subject_uid=case.uid,
        unit_uid=case.unit.uid,
        data={"step": str(step.uid), "from": before, "to": case.state, "kind": case.kind, **data},
    )
    telling.tell_of(actor, case, step, ((part.unit, Part.COPY if part.copy else Part.ASSIST) for part in given.parts))
    return step


def _show(actor: Viewer, case: Case, verb: str, given: Given, step: CaseStep) -> None:
    """The photos that came with a step, declared as proof."""
    shows = SHOWN.get(verb, Shows.BEFORE if verb == "open" else Shows.AFTER)
    for photo in given.photos:
        evidence.use(actor, photo, noun="case", uid=case.uid)
        CasePhoto.objects.get_or_create(case=case, evidence=photo, defaults={"shows": shows, "step": step})


def unit_of(actor: Viewer | None, case: Case, capacity: str) -> Unit | None:
    """For whom somebody acts: the lead as the lead, the keeper as the office, else the unit where they sit."""
    if actor is None or capacity == workflow.REPORTER:
        return None if actor is None or actor.person.is_door else actor.person.unit
    return {workflow.LEAD: case.lead, workflow.OFFICE: case.unit}.get(capacity) or actor.person.unit
