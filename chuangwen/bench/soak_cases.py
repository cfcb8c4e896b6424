"""soak cases: random verbs by random persons on random kinds of case; whatever was done, the loop must hold.

Nobody verifies their own fix, nothing closes without its proof, and every open case has exactly one running deadline,
that of its phase. Most verbs are such as the state has, by somebody likely to have them, so that the walks go
deep; the others are any by anybody.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from PIL import Image

from chuangwen import reference_data
from chuangwen.bench.runner import Soaked, child
from chuangwen.cases import services, workflow
from chuangwen.cases.models import Case, CaseCategory, CaseDeadline, CasePhoto, CaseStep, Shows
from chuangwen.cases.rules import is_related
from chuangwen.cases.services import Given, Opening, PartGiven
from chuangwen.core import clock
from chuangwen.core.errors import ProductError
from chuangwen.evidence import services as evidence
from chuangwen.evidence.models import Evidence
from chuangwen.people import services as people
from chuangwen.people.access import Viewer
from chuangwen.people.models import Grant, Person, Unit
from chuangwen.people.rules import Perm

WORKER = "chuangwen.bench.soak_cases_worker"
KINDS = tuple(code for code, kind in workflow.KINDS.items() if not kind.confidential)
# code: (kind of unit, code of the unit above)
UNITS = {
    "office": ("office", "city"), "bureau": ("bureau", "city"), "squad": ("squadron", "bureau"),
    "street": ("town", "city"), "school": ("school", "city"), "watchers": ("working_group", "city"),
}  # fmt: skip
# who: (unit, role, over which unit)
CAST = {
    "dispatcher": ("office", "city_office", "city"), "lead": ("bureau", "unit_clerk", "bureau"),
    "lead_other": ("bureau", "unit_clerk", "bureau"), "lead_head": ("bureau", "unit_head", "bureau"),
    "squad": ("squad", "unit_clerk", "squad"), "street": ("street", "unit_clerk", "street"),
    "supervisor": ("watchers", "supervisor", "city"), "leader": ("city", "leader", "city"),
    "reporter": ("school", "unit_clerk", "school"), "recorder": ("school", "recorder", "school"),
}  # fmt: skip
# Seldom tried where they fit: after them there is little left to do.
ENDING = ("decline", "merge", "void")
LEADS = ("bureau", "squad", "street", "school", "office")


@dataclass(frozen=True)
class Town:
    units: Mapping[str, Unit]
    persons: Mapping[str, Person]

    def viewer(self, who: str) -> Viewer:
        return Viewer(self.persons[who])


def found() -> Town:
    """Units one below and beside another, and whoever has to do with a case."""
    reference_data.load()
    operator = people.found_city(code="city", name="测城", name_en="Soak", division_code="430700")
    units = {"city": operator.person.unit}
    for code, (kind, above) in UNITS.items():
        units[code] = people.add_unit(operator, parent=units[above], code=code, name=f"单位{code}", kind=kind)
    persons = {}
    for who, (seat, role, over) in CAST.items():
        persons[who] = Person.objects.create(unit=units[seat], code=who, name=who)
        since = clock.today() - timedelta(days=30)
        Grant.objects.create(person=persons[who], role_id=role, unit=units[over], since=since)
    return Town(units, persons)


def rounds(town: Town, count: int, seed: int) -> tuple[list[str], dict[str, int]]:
    """So many walks: what did not hold, and how often each verb was done."""
    failures: list[str] = []
    done: dict[str, int] = {}
    for number in range(count):
        chance = Random(f"{seed}:{number}")  # noqa: S311
        wrong = walk(town, chance, done)
        failures += [f"seed {seed}, walk {number}: {wrong}"] if wrong else []
    return failures, done


def walk(town: Town, chance: Random, done: dict[str, int]) -> str:
    """One case from its opening; the first thing that does not hold, "" where all does."""
    actor = town.viewer("reporter")
    opening = Opening(kind=chance.choice(KINDS), title="盲道被占用", opened_for=actor.person.unit)
    case = services.open_case(actor, opening).case
    for _each in range(chance.randint(4, 40)):
        verb, viewer = _act(town, chance, case)
        try:
            services.move(viewer, uid=case.uid, verb=verb, given=_given(town, chance, viewer))
            done[verb] = done.get(verb, 0) + 1
        except ProductError:
            pass
        case = Case.everything.get(pk=case.pk)
        if wrong := broken(case):
            return f"after {verb} by {viewer.person.code}: {wrong}"
    return ""


def _act(town: Town, chance: Random, case: Case) -> tuple[str, Viewer]:
    fitting = [
        row for row in workflow.verbs_from(case.state, case.kind) if row.verb not in ENDING or not chance.randrange(8)
    ]
    if not fitting or chance.random() < 0.3:
        return chance.choice(sorted(workflow.VERBS)), town.viewer(chance.choice(list(CAST)))
    row = chance.choice(fitting)
    likely = [who for who in CAST if _may_be(who, row.by, case)]
    return row.verb, town.viewer(chance.choice(likely if likely and chance.random() < 0.7 else list(CAST)))


def _may_be(who: str, capacities: tuple[str, ...], case: Case) -> bool:
    """Whether they are likely to have one of the capacities; whoever has none is refused."""
    seat = CAST[who][0]
    leads = case.lead is not None and case.lead.code == seat and workflow.LEAD in capacities
    verifies = workflow.VERIFIER in capacities and seat in {"school", "street", "office"}
    desks = {
        workflow.OFFICE: "office",
        workflow.REPORTER: "school",
        workflow.SUPERVISOR: "watchers",
        workflow.SIGNER: "city",
    }
    return leads or verifies or any(desks.get(capacity) == seat for capacity in capacities)


def _given(town: Town, chance: Random, viewer: Viewer) -> Given:
    lead, other = chance.choices(LEADS, k=2)
    parts = [PartGiven(town.units[other], "配合", blocking=chance.random() < 0.3)] if other != lead else []
    photos = [_photo(viewer, chance)] if chance.random() < 0.6 and viewer.can(Perm.EVIDENCE_ADD) else []
    return Given(
        reason="说明", reply="答复", lead=town.units[lead], parts=parts if chance.random() < 0.4 else [],
        category=CaseCategory.objects.get(pk="bicycle_parking"), photos=photos,
        until=clock.now() + timedelta(days=3), leader=town.persons["leader"], handler=viewer.person,
    )  # fmt: skip


def _photo(viewer: Viewer, chance: Random) -> Evidence:
    buffer = BytesIO()
    Image.new("RGB", (16, 12), tuple(chance.randbytes(3))).save(buffer, "JPEG")
    # What differs in nothing is the same photo: the number behind the picture makes it another one.
    chunks = [buffer.getvalue() + chance.randbytes(16)]
    uid = UUID(int=chance.getrandbits(128))
    return evidence.hand_in(viewer, unit=viewer.person.unit, name="a.jpg", chunks=chunks, uid=uid)


def broken(case: Case) -> str:
    """What does not hold of a case; "" where all does."""
    running = [(row.due_at, row.phase) for row in CaseDeadline.objects.filter(case=case, met_at__isnull=True)]
    wanted = [(case.due_at, workflow.PHASE_OF[case.state])] if case.state in workflow.OPEN else []
    if running != wanted or (not wanted and case.due_at):
        return f"{case.state} with the running deadlines {running}"
    return _closed_wrongly(case) if case.state == workflow.CLOSED else ""


def _closed_wrongly(case: Case) -> str:
    last = _last(case, "verify")
    fix = _last(case, "fix", before=last)
    if not last or not fix or not last.by or not fix.by or not case.lead:
        return "closed without a fix and somebody who verified it"
    if last.by == fix.by:
        return "verified by whoever fixed it"
    if case.rules_of_kind.verify_by == workflow.OTHER_UNIT and _same_house(last.by.unit, fix.by.unit, case.lead):
        return "verified in the house that fixed it"
    proof = case.rules_of_kind.proof
    if proof == workflow.PHOTO and not CasePhoto.objects.filter(case=case, step=fix, shows=Shows.AFTER).exists():
        return "closed without a photo"
    return "" if proof == workflow.NO_PROOF or fix.text else "closed without a word"


def _same_house(verifier: Unit, fixer: Unit, lead: Unit) -> bool:
    if verifier == fixer or verifier.path.startswith(lead.path):
        return True
    return verifier.code != "office" and is_related(verifier.path, lead.path)


def _last(case: Case, verb: str, before: CaseStep | None = None) -> CaseStep | None:
    steps = CaseStep.objects.filter(case=case, verb=verb).select_related("by__unit").order_by("-id")
    return (steps.filter(pk__lt=before.pk) if before else steps).first()


def soak(count: int, seed: int) -> Soaked:
    """The walks in a process and a database of their own."""
    with tempfile.TemporaryDirectory(prefix="chuangwen-soak-") as folder:
        said: dict[str, Any] = child(WORKER, str(count), str(seed), data=Path(folder) / "data")
    failures: list[str] = said["failures"]
    steps, closed = sum(said["done"].values()), said["done"].get("verify", 0)
    figure = f"{count} walks, seed {seed}, {steps} verbs done, {closed} times closed: {len(failures)} astray"
    return Soaked("cases", count, failures, figure)
