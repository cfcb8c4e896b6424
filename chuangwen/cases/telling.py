"""Who is told of what happens to a case: one table, read by every verb and by the clock.

`services.moving.record_step` calls `tell_of` in its transaction. Never the actor; of a confidential case only who may
see it. The sentences are in `notices`, made for whoever reads them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chuangwen.cases import queries, rules, workflow
from chuangwen.cases.models import Case, CaseStep, Part
from chuangwen.people import services as people
from chuangwen.people.access import Viewer, holders, holders_of
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import Perm

# Persons who stand in the tables for a program; nobody reads what they are told.
NOBODY = ("door", "operator")


@dataclass(frozen=True)
class Told:
    """One step that is being told of. `units` are those that a verb gave a part: (unit, "assist" or "copy")."""

    case: Case
    step: CaseStep
    units: tuple[tuple[Unit, str], ...] = ()

    @property
    def phase(self) -> str:
        return str(self.step.data.get("phase", ""))


Audience = Callable[[Told], Iterable[Person]]


def _hands(told: Told) -> list[Person]:
    """The handler; without one, the nearest who handle cases for the lead."""
    case = told.case
    if case.handler and case.handler.left_on is None:
        return [case.handler]
    return holders(Perm.CASE_HANDLE, case.lead, nearest=True) if case.lead else []


def _lead(told: Told) -> list[Person]:
    return holders(Perm.CASE_HANDLE, told.case.lead, nearest=True) if told.case.lead else []


def _handler(told: Told) -> list[Person]:
    return [told.case.handler] if told.case.handler else []


def _hands_and_head(told: Told) -> list[Person]:
    return [*_hands(told), *_heads(told.case.lead)] if told.case.lead else _office(told)


def _heads(unit: Unit | None) -> list[Person]:
    """Who signs for the unit (ADR 0054): its head, else the head of the next one above it."""
    return holders(Perm.CASE_SIGN, unit, nearest=True) if unit else []


def _office(told: Told) -> list[Person]:
    return holders(Perm.CASE_DISPATCH, told.case.unit, nearest=True)


def _signers(told: Told) -> list[Person]:
    return _heads(told.case.unit)


def _verifiers(told: Told) -> list[Person]:
    """Who may look at the fix: those of the unit for which it was entered, and the keeper's desk."""
    case = told.case
    wanted = [(Perm.CASE_DISPATCH, case.unit)]
    if case.opened_for and case.lead and not rules.is_related(case.opened_for.path, case.lead.path):
        wanted.append((Perm.CASE_VERIFY, case.opened_for))
    found = [person for persons in holders_of(wanted, nearest=True) for person in persons]
    return [person for person in found if person.pk != case.fixed_by_id]


def _assisting(told: Told) -> list[Person]:
    return _of_parts(told, Part.ASSIST)


def _copied(told: Told) -> list[Person]:
    return _of_parts(told, Part.COPY)


def _of_parts(told: Told, part: str) -> list[Person]:
    wanted = [(Perm.CASE_HANDLE, unit) for unit, each in told.units if each == part]
    return [person for persons in holders_of(wanted, nearest=True) for person in persons] if wanted else []


def _leader(told: Told) -> list[Person]:
    return [told.case.leader] if told.case.leader else []


def _named_leader(told: Told) -> list[Person]:
    return _leader(told) if told.step.verb in ("name_leader", "open") or told.step.data.get("leader") else []


def _opener(told: Told) -> list[Person]:
    return [told.case.opened_by]


def _mentioned(told: Told) -> list[Person]:
    uids = told.step.data.get("mentions", [])
    return list(Person.objects.filter(uid__in=uids)) if uids else []


def _late(told: Told) -> list[Person]:
    """Whose turn it is in the running phase."""
    if told.phase == workflow.FIX:
        return _hands(told)
    return _verifiers(told) if told.phase == workflow.VERIFY else _office(told)


def _late_heads(told: Told) -> list[Person]:
    return _heads(told.case.lead if told.phase == workflow.FIX else told.case.unit)


def _office_and_leader(told: Told) -> list[Person]:
    return [*_office(told), *_leader(told)]


@dataclass(frozen=True)
class Row:
    """Of a verb, who is told; `kind` is what the notice is called where the verb alone does not say it."""

    verb: str
    to: Audience
    kind: str = ""
    urgent: bool = False

    @property
    def notice(self) -> str:
        return f"case.{self.kind or self.verb}"


# A person to whom two rows of a verb apply is told by the first one.
ROWS = (
    Row("open", _named_leader, "leader"),
    Row("dispatch", _named_leader, "leader"),
    Row("dispatch", _lead),
    Row("dispatch", _assisting, "assist"),
    Row("dispatch", _copied, "copy"),
    Row("arbitrate", _named_leader, "leader"),
    Row("arbitrate", _lead),
    Row("arbitrate", _assisting, "assist"),
    Row("arbitrate", _copied, "copy"),
    Row("name_leader", _named_leader, "leader"),
    Row("accept", _handler, "assign"),
    Row("assign", _handler),
    Row("refuse", _office),
    Row("transfer", _lead, "dispatch"),
    Row("transfer", _office),
    Row("ask_extension", _office),
    Row("ask_suspension", _office),
    Row("ask_plan", _signers),
    Row("grant_extension", _hands),
    Row("grant_suspension", _hands),
    Row("sign_plan", _hands),
    Row("deny", _hands),
    Row("resume", _hands),
    Row("recategorise", _hands),
    Row("do_part", _hands),
    Row("fix", _verifiers),
    Row("send_back", _hands, urgent=True),
    Row("dispute", _hands, urgent=True),
    Row("dispute", _office),
    Row("reopen", _hands, urgent=True),
    Row("verify", _opener),
    Row("verify", _handler),
    Row("adopt", _opener),
    Row("turn_down", _opener),
    Row("decline", _opener),
    Row("void", _opener),
    Row("void", _hands),
    Row("press", _hands_and_head, urgent=True),
    Row("supervise", _hands_and_head, urgent=True),
    Row("visit", _hands),
    Row("comment", _mentioned),
    Row("remind", _late),
    Row("overdue", _late, urgent=True),
    Row("overdue", _late_heads, "overdue_head", urgent=True),
    Row("escalate", _office_and_leader, urgent=True),
)
BY_VERB: Mapping[str, tuple[Row, ...]] = {
    verb: tuple(row for row in ROWS if row.verb == verb) for verb in {row.verb for row in ROWS}
}
KINDS = tuple(dict.fromkeys(row.notice for row in ROWS))


def tell_of(actor: Viewer | None, case: Case, step: CaseStep, units: Iterable[tuple[Unit, str]] = ()) -> None:
    """Tell whoever the table names of a step, once each. `actor` None is the clock."""
    told = Told(case, step, tuple(units))
    for row in BY_VERB.get(step.verb, ()):
        persons = _who_may(case, row.to(told), without=actor)
        if persons:
            people.tell(
                persons, row.notice, noun="case", subject_uid=case.uid, data=_data(told), urgent=row.urgent,
                once=f"case:{step.uid}", without=actor.person if actor else None,
            )  # fmt: skip


def _who_may(case: Case, persons: Iterable[Person], *, without: Viewer | None) -> list[Person]:
    found = {person.pk: person for person in persons if person.code not in NOBODY}
    if without:
        found.pop(without.person.pk, None)
    if not case.confidential:
        return [*found.values()]
    return [each for each in found.values() if queries.all_cases(Viewer(each)).filter(pk=case.pk).exists()]


def _data(told: Told) -> dict[str, Any]:
    """Moments and codes, for the sentence."""
    due = told.case.due_at
    return {"due": due.isoformat() if due else "", "phase": told.phase}
