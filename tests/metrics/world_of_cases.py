"""Random cases as plain facts, and the same facts in the database."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import uuid4

from django.utils import timezone

from chuangwen.cases import rules, workflow
from chuangwen.cases.models import Case, CaseStep, Finding, Revisit, RevisitDraw
from tests.factories.city import City

KINDS = ("finding", "report", "suggestion", "petition", "milestone")
CATEGORIES = ("small_adverts", "manhole", "proposal")
STATES = ("received", "working", "fixed", "suspended", "planned", "closed", "closed", "closed", "declined", "void")


@dataclass
class Matter:
    """A case: days of its moments, None where it had none. `relapsed`: another case names it."""

    kind: str
    category: str
    state: str
    received: date
    filed: date | None
    due: date | None
    closed: date | None
    in_time: bool | None
    reworked: int
    ours: bool
    relapsed: bool = False
    reopened: tuple[date, ...] = ()
    looked: tuple[tuple[date, bool], ...] = ()
    withdrawn: bool = False


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 59)))


def make_cases(city: City, chance: Random, first: date, days: int) -> list[Matter]:
    """Cases that the school keeps, that it leads for the city, and that are the hospital's alone."""
    made, rows = [], []
    for number in range(chance.randrange(40, 80)):
        matter = _matter(chance, first, days)
        rows.append(_saved(city, chance, matter, number))
        made.append(matter)
    for matter, row in zip(made, rows, strict=True):
        if matter.state == "closed" and chance.random() < 0.3:
            matter.relapsed = True
            other = chance.choice([each for each in rows if each.pk != row.pk])
            Case.everything.filter(pk=other.pk, relapse_of=None, withdrawn_at=None).update(relapse_of=row)
    # What a case names may have been taken by another: the database says which ones stuck.
    named = set(Case.objects.filter(relapse_of__isnull=False).values_list("relapse_of", flat=True))
    for matter, row in zip(made, rows, strict=True):
        matter.relapsed = row.pk in named
    return made


def _matter(chance: Random, first: date, days: int) -> Matter:
    received = first + timedelta(days=chance.randrange(days))
    kind, state = chance.choice(KINDS), chance.choice(STATES)
    if kind == "suggestion" and state == "closed":
        state = chance.choice(["adopted", "not_adopted"])
    filed = received + timedelta(days=chance.randrange(3)) if state not in {"received", "declined"} else None
    due = filed + timedelta(days=chance.randrange(20)) if filed else None
    ended = state in workflow.ENDED
    closed = received + timedelta(days=3 + chance.randrange(30)) if ended else None
    in_time = chance.random() < 0.7 if state in workflow.DONE else None
    matter = Matter(
        kind, chance.choice(CATEGORIES), state, received, filed, due, closed, in_time, chance.choice([0, 0, 1, 2]),
        ours=chance.random() < 0.8, withdrawn=chance.random() < 0.1,
    )  # fmt: skip
    if chance.random() < 0.3:
        matter.reopened = tuple(received + timedelta(days=chance.randrange(60)) for _ in range(chance.randint(1, 3)))
    if matter.state == "closed" and chance.random() < 0.5:
        looks = range(chance.randint(1, 2))
        matter.looked = tuple((received + timedelta(days=chance.randrange(60)), chance.random() < 0.6) for _ in looks)
    return matter


def _saved(city: City, chance: Random, matter: Matter, number: int) -> Case:
    keeper, lead = ("hospital", "d11") if not matter.ours else chance.choice([("school", None), ("city", "school")])
    lead = lead or "c98"
    row = Case.objects.create(
        number=rules.number(2026, 1, number), kind=matter.kind, category_id=matter.category, title=f"事项 {number}",
        unit=city[keeper], lead=city[lead], opened_by=city.persons["clerk"], state=matter.state,
        confidential=matter.kind == "petition", reworked=matter.reworked, on_time=matter.in_time,
        received_at=_at(matter.received, 0), filed_at=matter.filed and _at(matter.filed, 8),
        fix_due_at=matter.due and _at(matter.due, 17), closed_at=matter.closed and _at(matter.closed, 23),
        due_at=_at(matter.received, 23) if matter.state in workflow.OPEN else None,
        withdrawn_at=timezone.now() if matter.withdrawn else None,
    )  # fmt: skip
    verbs = ("reopen", "dispute")
    for day in matter.reopened:
        CaseStep.objects.create(
            case=row, at=_at(day, 12), verb=chance.choice(verbs), capacity="office", to_state="working"
        )
    for day, holds in matter.looked:
        draw = RevisitDraw.objects.create(
            uid=uuid4(), unit=city[keeper], closed_from=day, closed_to=day, share=10, seed=1, population=1,
            population_digest="", at=_at(day, 9),
        )  # fmt: skip
        finding = Finding.HOLDS if holds else Finding.RELAPSED
        Revisit.objects.create(draw=draw, case=row, finding=finding, looked_at=_at(day, 23))
    return row
