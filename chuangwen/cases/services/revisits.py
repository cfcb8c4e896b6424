"""The re-visit: closed cases are drawn by lot and looked at again, by somebody who neither fixed nor closed them."""

import secrets
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.cases import queries, revisiting, rules, standing, workflow
from chuangwen.cases.models import Case, Finding, Revisit, RevisitDraw
from chuangwen.cases.services.given import LONGEST, Given
from chuangwen.cases.services.moving import held, move, record_step
from chuangwen.core import clock, events
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.evidence.models import Evidence
from chuangwen.people.access import Viewer, require
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm

SEEDS = 2**53


@transaction.atomic
def draw(
    actor: Viewer, *, unit: Unit, closed_from: date, closed_to: date, share: int, seed: int | None = None
) -> RevisitDraw:
    """Draw a share (percent) of the cases that the unit keeps and that were closed on these days, both included, and
    stand in no draw of the same days. Without a seed one is made; it is kept, so that the draw can be repeated.

    Raises Missing without the right, Refused for days or a share that will not do, or where there is nothing to draw.
    """
    require(actor, Perm.CASE_DISPATCH, unit)
    _check(closed_from, closed_to, share)
    # One draw of a unit at a time: two at once would draw the same cases twice.
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    found = revisiting.population(unit, closed_from, closed_to)
    if not found:
        raise Refused(_("这些日子结案的都抽过了，或者没有结案的"), where="closed_from", mend=_("换一段日子"))
    made = RevisitDraw.objects.create(
        unit=unit,
        closed_from=closed_from,
        closed_to=closed_to,
        share=share,
        seed=secrets.randbelow(SEEDS) if seed is None else seed,
        population=len(found),
        population_digest=revisiting.digest_of(found),
        at=clock.now(),
        by=actor.person,
    )
    chosen = rules.drawn(found, share, made.seed)
    keys = dict(Case.objects.filter(uid__in=chosen).values_list("uid", "pk"))
    Revisit.objects.bulk_create([Revisit(draw=made, case_id=keys[UUID(uid)]) for uid in chosen])
    events.record(
        "revisit.drawn",
        actor_uid=actor.uid,
        noun="revisit",
        subject_uid=made.uid,
        unit_uid=unit.uid,
        data={"population": len(found), "drawn": len(chosen), "share": share, "seed": str(made.seed)},
    )
    return made


def _check(closed_from: date, closed_to: date, share: int) -> None:
    if closed_to < closed_from or closed_to > clock.today():
        raise Refused(_("日期不对"), where="closed_to", mend=_("止日不早于起日，也不晚于今天"))
    if not 1 <= share <= 100:
        raise Refused(_("比例不对"), where="share", mend=_("写 1 到 100"))


@transaction.atomic
def look(actor: Viewer, *, uid: UUID, finding: str, reason: str = "", photos: Sequence[Evidence] = ()) -> Revisit:
    """Say what was found at a case that was drawn: it holds, or it is there again and the case is worked on again.

    Raises Missing for a re-visit that is not theirs, Refused for who fixed or closed it, for a case that is not closed
    now, or without a reason for a relapse; Conflict where somebody has said it already.
    """
    row = Revisit.objects.select_for_update(of=("self",)).filter(uid=uid).first()
    if row is None:
        raise Missing
    if finding not in Finding.values:
        raise Refused(_("没有选看到什么"), where="finding", mend=_("选“保持得住”或“又出现了”"))
    case = held(queries.case(actor, row.case.uid))
    if refused := standing.of(actor, case).refusal(workflow.transition("relapse")):
        raise refused
    if row.finding:
        raise Conflict(_("已经有人回头看过了"), mend=_("刷新页面看结果"))
    if len(reason) > LONGEST:
        raise Refused(_("写得太长"), where="reason", mend=_("写在 2000 字以内，长的附文件"))
    given = Given(reason=reason, photos=photos)
    if finding == Finding.RELAPSED:
        # The effect of the verb answers the draws in which the case waits, this one too.
        move(actor, uid=case.uid, verb="relapse", given=given)
        row.refresh_from_db()
        return row
    row.finding, row.looked_at, row.looked_by = finding, clock.now(), actor.person
    row.save(update_fields=["finding", "looked_at", "looked_by"])
    data = {"revisit": str(row.uid)}
    record_step(
        actor, case, "case.revisit", given, capacity=workflow.VERIFIER, before=case.state, data=data, now=row.looked_at
    )
    return row
