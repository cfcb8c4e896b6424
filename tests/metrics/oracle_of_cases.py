"""The figures of cases computed a second time, as `oracle` does those of schools."""

from collections.abc import Callable
from datetime import date

from tests.metrics.oracle import Period, Said
from tests.metrics.world_of_cases import Matter

DONE = ("closed", "adopted", "not_adopted")
NEVER_DUE = ("suspended", "planned", "declined", "merged", "void")
Count = Callable[[Period], Said]
Holds = Callable[[Period, Matter], bool]


def matters(period: Period, *kinds: str) -> list[Matter]:
    found = [each for each in period.world.cases if each.ours and not each.withdrawn]
    return [each for each in found if (each.kind in kinds if kinds else each.kind != "milestone")]


def inside(period: Period, day: date | None) -> bool:
    return day is not None and period.has(day)


def accepted(period: Period, each: Matter) -> bool:
    return inside(period, each.received)


def filed(period: Period, each: Matter) -> bool:
    return inside(period, each.filed)


def due(period: Period, each: Matter) -> bool:
    return inside(period, each.due) and each.state not in NEVER_DUE


def done(period: Period, each: Matter) -> bool:
    return each.state in DONE and each.closed is not None and each.closed <= period.end


def ended(period: Period, each: Matter) -> bool:
    return each.state in DONE and inside(period, each.closed)


def overdue(period: Period, each: Matter) -> bool:
    late = each.due is not None and each.due <= period.end
    return late and each.state not in NEVER_DUE and (each.closed is None or each.closed > period.end)


def _count(holds: Holds) -> Count:
    return lambda period: sum(holds(period, each) for each in matters(period))


def _share(top: Holds, bottom: Holds, *kinds: str) -> Count:
    def rate(period: Period) -> Said:
        below = [each for each in matters(period, *kinds) if bottom(period, each)]
        return sum(top(period, each) for each in below), len(below)

    return rate


def _looked(period: Period) -> Said:
    looks = [[holds for day, holds in each.looked if period.has(day)] for each in matters(period)]
    seen = [each for each in looks if each]
    return sum(all(each) for each in seen), len(seen)


FIGURES: dict[str, Count] = {
    "case.accepted": _count(accepted),
    "case.filed": _count(filed),
    "case.due": _count(due),
    "case.closed": _count(lambda period, each: due(period, each) and done(period, each)),
    "case.on_time": _count(lambda period, each: due(period, each) and done(period, each) and bool(each.in_time)),
    "case.closing_rate": _share(done, due),
    "case.on_time_rate": _share(lambda period, each: done(period, each) and bool(each.in_time), due),
    "case.rework_rate": _share(lambda _period, each: each.reworked > 0, ended),
    "case.reopened": lambda period: sum(period.has(day) for each in matters(period) for day in each.reopened),
    "case.overdue": _count(overdue),
    "case.adopted_rate": _share(lambda _period, each: each.state == "adopted", ended, "suggestion"),
    "case.relapse_rate": _share(lambda _period, each: each.relapsed, ended),
    "case.revisit_rate": _looked,
    "case.small_adverts": _count(lambda period, each: accepted(period, each) and each.category == "small_adverts"),
    "case.petition_rate": _share(done, accepted, "petition"),
}
