"""What somebody may do with a case now, and why not: pages, services and the API ask here, and nowhere else.

A verb that the person has no capacity for is not shown at all; one that they could use but for the state of things is
shown with the reason.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from chuangwen.cases import areas, rules, workflow
from chuangwen.cases.models import Case, CasePart, CaseStep, Part
from chuangwen.cases.workflow import Transition
from chuangwen.core import clock
from chuangwen.core.errors import Missing, Refused
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm

# Whoever did one of these has a share in the fix, and does not judge it.
FIXING = ("fix", "do_part", "progress")


@dataclass
class Standing:
    """A viewer before a case: their capacities, and what is needed to judge a verb; asked once for a page."""

    viewer: Viewer
    case: Case
    capacities: frozenset[str]
    parts: list[CasePart]
    fixers: dict[str, str]
    limit: int

    def refusal(self, row: Transition) -> Refused | None:
        """Why the verb may not be used now; None where it may. Raises Missing without any capacity for it."""
        if not self.capacities & set(row.by) or not row.belongs_to(self.case.rules_of_kind):
            raise Missing
        if self.case.state not in row.sources:
            return Refused(
                _("%(state)s的事项不能这样办") % {"state": self.case.get_state_display()},
                mend=_("刷新页面，看现在到了哪一步"),
            )
        return self._asked(row) or self._bounced(row) or self._another(row)

    def _asked(self, row: Transition) -> Refused | None:
        asked = self.case.asked
        if row.asked and (not asked or (row.asked not in {asked, "any"})):
            return Refused(_("承办单位没有提这个申请"), mend=_("刷新页面看现在的申请"))
        if row.verb == "deny" and asked == workflow.PLAN and workflow.SIGNER not in self.capacities:
            return Refused(_("长期整改的申请由签批的领导定"), mend=_("请有“签长期整改”权的领导来办"))
        if row.verb.startswith("ask_"):
            if asked:
                return Refused(_("已经有一个申请在等答复"), mend=_("等归口单位答复以后再提"))
            if self.case.due_at and self.case.due_at < clock.now():
                return Refused(_("已经过了期限，不能再申请"), mend=_("抓紧办，办完报完成；要说明情况就写进展"))
        return None

    def _bounced(self, row: Transition) -> Refused | None:
        if row.verb in workflow.BOUNCES and self.case.decided:
            return Refused(_("归口单位已经裁定由您单位办"), mend=_("办不完可以申请延期；对裁定有意见请联系归口单位"))
        return None

    def _another(self, row: Transition) -> Refused | None:
        if not row.by_another:
            return None
        if row.verb == "relapse" and self.case.closed_by_id == self.viewer.person.pk:
            return Refused(_("核验结案的人不能自己回头看"), mend=_("请别的人去看"))
        who = rules.Verifier(
            str(self.viewer.uid), self.viewer.person.unit.path, is_office=workflow.OFFICE in self.capacities
        )
        took_part = [part.unit.path for part in self.parts if part.part != Part.COPY] + list(self.fixers.values())
        other_unit = self.case.rules_of_kind.verify_by == workflow.OTHER_UNIT
        if rules.is_another(who, other_unit=other_unit, fixers=self.fixers, paths=took_part):
            return None
        units = "、".join(part.unit.label for part in self.parts if part.part != Part.COPY)
        if other_unit:
            return Refused(
                _("%(units)s的人不能核验自己办的") % {"units": units}, mend=_("由归口单位或别的单位的人核验")
            )
        return Refused(_("报完成的人不能自己核验"), mend=_("请别的人去看过再定"))


def of(viewer: Viewer, case: Case, *, parts: list[CasePart] | None = None, limit: int = rules.BOUNCE_LIMIT) -> Standing:
    """Where the viewer stands before the case; who sees it is for the query to say."""
    rows = parts if parts is not None else list(case.parts.filter(ended_at__isnull=True).select_related("unit"))
    return Standing(viewer, case, capacities(viewer, case, rows), rows, _fixers(case), limit)


def capacities(viewer: Viewer, case: Case, parts: list[CasePart]) -> frozenset[str]:
    assisted = [part.unit for part in parts if part.part == Part.ASSIST]
    keeps_eye = (
        case.leader_id in viewer.as_persons or viewer.can(Perm.CASE_SUPERVISE, case.unit) or watches(viewer, case)
    )
    verifies = viewer.can(Perm.CASE_VERIFY, case.unit) or (
        case.opened_for is not None and viewer.can(Perm.CASE_VERIFY, case.opened_for)
    )
    found = {
        workflow.OFFICE: viewer.can(Perm.CASE_DISPATCH, case.unit),
        workflow.LEAD: case.lead is not None and acts_for(viewer, case.lead, case),
        workflow.ASSIST: any(acts_for(viewer, unit, case) for unit in assisted),
        workflow.VERIFIER: verifies,
        workflow.SIGNER: viewer.can(Perm.CASE_SIGN, case.unit),
        workflow.SUPERVISOR: keeps_eye,
        workflow.REPORTER: case.opened_by_id == viewer.person.pk,
    }
    return frozenset(capacity for capacity, held in found.items() if held)


def acts_for(viewer: Viewer, unit: Unit, case: Case) -> bool:
    """Whether somebody handles cases for a unit. Who holds that over the keeper and so over everything below it, as
    the city's office does, acts for no unit but the one in which they sit, one above or one below it.
    """
    in_the_house = rules.is_related(viewer.person.unit.path, unit.path)
    return any(
        Perm.CASE_HANDLE in grant.role.permissions
        and unit.path.startswith(grant.unit.path)
        and (in_the_house or not case.unit.path.startswith(grant.unit.path))
        for grant in viewer.grants
    )


def watches(viewer: Viewer, case: Case) -> bool:
    """Whether a group for which the viewer supervises has this case in its units or its area today."""
    if not viewer.can(Perm.CASE_SUPERVISE):
        return False
    rows = areas.in_force().filter(viewer.scope(Perm.CASE_SUPERVISE, "group"))
    return any(areas.covers(row, case) for row in rows)


def _fixers(case: Case) -> dict[str, str]:
    """Everybody who reported it fixed since it was last handed over, or did a part of it: uid and unit's path."""
    acts = CaseStep.objects.filter(case=case, verb__in=FIXING)
    if case.sent_at:
        acts = acts.filter(at__gte=case.sent_at)
    return {str(uid): path for uid, path in acts.values_list("by__uid", "by__unit__path") if uid}


@dataclass(frozen=True)
class Offer:
    """A verb as a page shows it: usable, or with the sentence why it is not now."""

    row: Transition
    why_not: str = ""


def offers(standing: Standing) -> list[Offer]:
    """What the viewer may do now, and what they cannot just now though it would be theirs."""
    found = []
    for row in workflow.verbs_from(standing.case.state, standing.case.kind):
        try:
            refused = standing.refusal(row)
        except Missing:
            continue
        if row.asked and refused:
            continue
        found.append(Offer(row, str(refused.message) if refused else ""))
    return found


def is_overdue(case: Case) -> bool:
    return case.due_at is not None and case.due_at < clock.now()
