"""Tables of cases, one way to import them."""

from chuangwen.cases.models.beside import Petition, Reporter, Revisit, RevisitDraw, Watch
from chuangwen.cases.models.case import OPEN, Case
from chuangwen.cases.models.choices import (
    Asked,
    CaseKind,
    CaseState,
    Channel,
    Finding,
    Group,
    Part,
    Phase,
    Shows,
    TimeUnit,
)
from chuangwen.cases.models.course import CaseDeadline, CasePart, CasePhoto, CaseStep
from chuangwen.cases.models.reference import CaseCategory, CasePolicy, ResponseTemplate, RoutingRule

__all__ = [
    "OPEN",
    "Asked",
    "Case",
    "CaseCategory",
    "CaseDeadline",
    "CaseKind",
    "CasePart",
    "CasePhoto",
    "CasePolicy",
    "CaseState",
    "CaseStep",
    "Channel",
    "Finding",
    "Group",
    "Part",
    "Petition",
    "Phase",
    "Reporter",
    "ResponseTemplate",
    "Revisit",
    "RevisitDraw",
    "RoutingRule",
    "Shows",
    "TimeUnit",
    "Watch",
]
