"""Every figure of the catalogue computed a second time: in plain Python, from plain facts, after its definition.

Nothing here knows the product's sources or shapes; a figure without an entry fails a test.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.metrics.world import Attended, Counted, Pupil, World

PERSUADED = ("persuaded_crossing", "persuaded_red_light", "persuaded_parking")
FOUR = ("facility_kept", *PERSUADED, "sticker_scrubbed", "litter_picked")
ESSAYS = ("essay", "essay_excellent")


@dataclass(frozen=True)
class Period:
    world: World
    start: date
    end: date

    def has(self, day: date) -> bool:
        return self.start <= day <= self.end

    def pupils(self) -> list[Pupil]:
        return [each for each in self.world.pupils if each.left_on is None or each.left_on >= self.start]

    def attended(self, *presences: str) -> list[Attended]:
        return [each for each in self.world.attended if self.has(each.day) and each.presence in presences]

    def counted(self, *kinds: str) -> list[Counted]:
        found = [each for each in self.world.counted if self.has(each.day) and not each.withdrawn]
        return [each for each in found if each.kind in kinds]

    def total(self, *kinds: str) -> int:
        return sum(each.amount for each in self.counted(*kinds))

    def by_class(self, *kinds: str) -> dict[str, int]:
        sums = dict.fromkeys(self.world.classes, 0)
        for each in self.counted(*kinds):
            sums[each.klass] += each.amount
        return sums

    def times(self) -> Counter[str]:
        return Counter(each.pupil for each in self.attended("present", "late"))

    def by_month(self) -> dict[tuple[int, int], int]:
        year, month, sums = self.start.year, self.start.month, {}
        while (year, month) <= (self.end.year, self.end.month):
            sums[year, month] = 0
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        for each in self.counted(*FOUR):
            sums[each.day.year, each.day.month] += each.amount
        return sums


UNSAID = "—"
# What a figure says: a number, (numerator, denominator), a list of classes, the months that would all be right, or
# a day: as printed, as it is, its ordinal.
Said = int | tuple[int, int] | list[str] | set[str] | tuple[str, str, int]


def _took_part(least: int, most: int = 10**9) -> Callable[[Period], Said]:
    def count(period: Period) -> Said:
        times = period.times()
        return sum(least <= times[pupil.code] <= most for pupil in period.pupils())

    return count


def _total(*kinds: str) -> Callable[[Period], Said]:
    return lambda period: period.total(*kinds)


def _presence(*presences: str) -> Callable[[Period], Said]:
    return lambda period: len(period.attended(*presences))


def _top(*kinds: str) -> Callable[[Period], Said]:
    """Not less than 1.2 times the mean of all classes, most first."""

    def names(period: Period) -> Said:
        sums = period.by_class(*kinds)
        least = Fraction(12, 10) * Fraction(sum(sums.values()), len(sums))
        return sorted((name for name in sums if sums[name] and sums[name] >= least), key=lambda name: -sums[name])

    return names


def _writers(period: Period) -> int:
    written = {each.pupil for each in period.counted(*ESSAYS)}
    return sum(pupil.code in written for pupil in period.pupils())


def _none(period: Period) -> list[str]:
    return [name for name, total in period.by_class("facility_kept").items() if not total]


def _months(extreme: Callable[[list[int]], int]) -> Callable[[Period], Said]:
    def names(period: Period) -> Said:
        sums = period.by_month()
        wanted = extreme(list(sums.values()))
        return {f"{month}月" for (_year, month), total in sums.items() if total == wanted}

    return names


FIGURES: dict[str, Callable[[Period], Said]] = {
    "unit.classes": lambda period: len(period.world.classes),
    "pupil.all": lambda period: len(period.pupils()),
    "shift.count": lambda period: sum(period.has(day) for day in period.world.shifts),
    "pupil.took_part": _took_part(1),
    "attendance.times": _presence("present", "late"),
    "pupil.twice": _took_part(2),
    "pupil.below_twice": _took_part(0, 1),
    "attendance.excused": _presence("excused"),
    "attendance.absent": _presence("absent"),
    "attendance.rate": lambda period: (
        len(period.attended("present", "late")), len(period.attended("present", "late", "excused", "absent"))
    ),
    "outcome.facility": _total("facility_kept"),
    "outcome.facility_top": _top("facility_kept"),
    "outcome.facility_none": _none,
    "outcome.facility_none_count": lambda period: len(_none(period)),
    "outcome.persuaded": _total(*PERSUADED),
    "outcome.persuaded_crossing": _total("persuaded_crossing"),
    "outcome.persuaded_red_light": _total("persuaded_red_light"),
    "outcome.persuaded_parking": _total("persuaded_parking"),
    "outcome.persuaded_top": _top(*PERSUADED),
    "outcome.sticker": _total("sticker_scrubbed"),
    "outcome.litter": _total("litter_picked"),
    "outcome.cleaning_top": _top("sticker_scrubbed", "litter_picked"),
    "essay.count": _total(*ESSAYS),
    "essay.excellent": _total("essay_excellent"),
    "essay.rate": lambda period: (_writers(period), len(period.pupils())),
    "essay.missing": lambda period: len(period.pupils()) - _writers(period),
    "outcome.low_month": _months(min),
    "outcome.low_month_sum": lambda period: min(period.by_month().values()),
    "outcome.high_month": _months(max),
    "outcome.high_month_sum": lambda period: max(period.by_month().values()),
}  # fmt: skip
