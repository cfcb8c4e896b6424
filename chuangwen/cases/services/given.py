"""What a verb is given, and whether that will do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from chuangwen.cases.models import Case, CaseCategory
from chuangwen.cases.workflow import Transition
from chuangwen.core import clock
from chuangwen.core.errors import Refused
from chuangwen.evidence.models import Evidence
from chuangwen.people.access import require_open
from chuangwen.people.models import Person, Unit
from chuangwen.places.models import Place

LONGEST = 2000


@dataclass(frozen=True)
class PartGiven:
    """What an assisting unit is to do, or that a unit gets a copy; `blocking`: the fix waits for it."""

    unit: Unit
    task: str = ""
    copy: bool = False
    blocking: bool = False


@dataclass(frozen=True)
class Given:
    """Whatever a verb may take; which of it, the table says. `until` is a moment; `photos` stand already."""

    reason: str = ""
    reply: str = ""
    lead: Unit | None = None
    parts: Sequence[PartGiven] = ()
    category: CaseCategory | None = None
    place: Place | None = None
    until: datetime | None = None
    into: Case | None = None
    leader: Person | None = None
    handler: Person | None = None
    photos: Sequence[Evidence] = ()

    @property
    def said(self) -> str:
        """The words that go into the step."""
        return (self.reply or self.reason).strip()


def missing() -> dict[str, Refused]:
    """The sentence for each thing that a verb needs and was not given."""
    return {
        "reason": Refused(_("没有写原因或情况"), where="reason", mend=_("写一句，后面接手的人才明白")),
        "reply": Refused(_("没有写答复"), where="reply", mend=_("写给来件人看的一段话")),
        "lead": Refused(_("没有选牵头单位"), where="lead", mend=_("选一个在用的单位")),
        "category": Refused(_("没有选类别"), where="category", mend=_("选一个类别，期限按它算")),
        "until": Refused(_("没有写到哪一天"), where="until", mend=_("写一个今天以后的日子")),
        "into": Refused(_("没有选并到哪一件"), where="into", mend=_("写那一件的编号")),
        "leader": Refused(_("没有选包案领导"), where="leader", mend=_("选一位领导")),
        "handler": Refused(_("没有选经办人"), where="handler", mend=_("选本单位的人")),
    }


def check(row: Transition, given: Given, case: Case) -> None:
    """Raises Refused for what is missing or will not do. What the verb does not take is passed over in silence."""
    _check_needs(row, given)
    if len(given.reason) > LONGEST or len(given.reply) > LONGEST:
        raise Refused(_("写得太长"), where="reply" if given.reply else "reason", mend=_("写在 2000 字以内，长的附文件"))
    if given.until is not None and given.until <= clock.now():
        raise Refused(_("写的日子已经过了"), where="until", mend=_("写一个今天以后的日子"))
    if given.lead is not None:
        require_open(given.lead)
        if row.verb == "transfer" and given.lead == case.lead:
            raise Refused(_("这件事本来就在这个单位"), where="lead", mend=_("选别的单位"))
    for part in given.parts:
        require_open(part.unit)
    _check_parts(given)
    if given.into is not None:
        _check_into(given.into, case)


def _check_needs(row: Transition, given: Given) -> None:
    for name in row.needs:
        value = getattr(given, name)
        if not (value.strip() if isinstance(value, str) else value):
            raise missing()[name]


def _check_parts(given: Given) -> None:
    units = [part.unit.pk for part in given.parts] + ([given.lead.pk] if given.lead else [])
    if len(units) != len(set(units)):
        raise Refused(_("同一个单位写了两次"), where="parts", mend=_("牵头、配合、抄送，一个单位只写一处"))


def _check_into(into: Case, case: Case) -> None:
    if into.pk == case.pk:
        raise Refused(_("不能并到自己"), where="into", mend=_("写另一件的编号"))
    if not into.is_open:
        raise Refused(_("那一件已经办结"), where="into", mend=_("先重新办理那一件，或把这一件单独立案"))
    if into.confidential != case.confidential:
        raise Refused(_("不公开的和公开的不能并在一起"), where="into", mend=_("各办各的"))
