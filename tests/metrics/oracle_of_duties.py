"""The figures of brigades and hospitals computed a second time, as `oracle` does those of schools."""

from collections.abc import Callable, Iterable
from datetime import date

from tests.metrics.oracle import UNSAID, Period, Said
from tests.metrics.world_of_duties import Arranged, Deeds, Held, Logged, Result, Sits, Went

MENDED = ("handled", "self_initiated")
Count = Callable[[Period], Said]


def deeds(period: Period) -> Deeds:
    return period.world.deeds


def arranged(period: Period, *kinds: str) -> list[Arranged]:
    return [each for each in deeds(period).arranged if each.kind in kinds and not each.withdrawn]


def logged(period: Period, kind: str, band: str = "") -> list[Logged]:
    found = [each for each in deeds(period).logged if period.has(each.day) and each.kind == kind]
    return [each for each in found if not band or each.band == band]


def held(period: Period, kind: str) -> list[Held]:
    return [each for each in deeds(period).held if period.has(each.first) and each.kind == kind]


def results(period: Period, *kinds: str) -> list[Result]:
    found = [each for each in deeds(period).results if period.has(each.day) and not each.withdrawn]
    return [each for each in found if each.kind in kinds]


def went(period: Period, rank: str) -> list[Went]:
    return [each for each in deeds(period).went if period.has(each.day) and each.duty.rank == rank]


def sits(period: Period) -> list[Sits]:
    """Who sits there on the last day."""
    found = [each for each in deeds(period).sits if each.since <= period.end]
    return [each for each in found if each.until is None or each.until >= period.end]


def _arranged(kind: str) -> Count:
    return lambda period: len(arranged(period, kind))


def _logged(kind: str, band: str = "") -> Count:
    return lambda period: len(logged(period, kind, band))


def _presence(kind: str, band: str = "") -> Count:
    def share(period: Period) -> Said:
        rows = logged(period, kind, band)
        return sum(min(each.met, each.required) for each in rows), sum(each.required for each in rows)

    return share


def _held(kind: str) -> Count:
    return lambda period: len(held(period, kind))


def _first(days: Callable[[Period], Iterable[date]]) -> Count:
    return lambda period: _said(min(days(period), default=None))


def _said(day: date | None) -> Said:
    """Both what is printed and the day itself."""
    return (f"{day.month}月{day.day}日", day.isoformat(), day.toordinal()) if day else (UNSAID, UNSAID, 0)


def _sum(*kinds: str, handling: tuple[str, ...] = ("seen", *MENDED)) -> Count:
    return lambda period: sum(each.amount for each in results(period, *kinds) if each.handling in handling)


def _handled(kind: str) -> Count:
    def share(period: Period) -> Said:
        rows = results(period, kind)
        return sum(each.amount for each in rows if each.handling in MENDED), sum(each.amount for each in rows)

    return share


def _signed(*presences: str) -> Callable[[Period], int]:
    def count(period: Period) -> int:
        rows = [each for each in deeds(period).signed if each.kind == "training" and period.has(each.day)]
        return sum(each.presence in presences for each in rows)

    return count


def _seen(period: Period) -> set[str]:
    visited = {each.post for each in deeds(period).visits if period.has(each.day)}
    return visited & {each.name for each in arranged(period, "post")}


def _enough(rank: str) -> Callable[[Period], list[bool]]:
    return lambda period: [each.times >= (each.duty.times or 0) for each in went(period, rank)]


def _most(kind: str, number: Callable[[Arranged], int | None], rank: str = "") -> Count:
    def most(period: Period) -> Said:
        return max([number(each) or 0 for each in arranged(period, kind) if each.rank == rank], default=0)

    return most


def _span(period: Period) -> Said:
    rows = held(period, "project")
    return (max(each.last for each in rows) - min(each.first for each in rows)).days + 1 if rows else 0


def _rounds(rank: str, name: str) -> dict[str, Count]:
    enough = _enough(rank)
    return {
        f"round.{name}_times": lambda period: sum(each.times for each in went(period, rank)),
        f"round.{name}_rate": lambda period: (sum(enough(period)), len(enough(period))),
        f"round.{name}_short": lambda period: len(enough(period)) - sum(enough(period)),
        f"round.{name}_due": _most("round", lambda each: each.times, rank),
    }


FIGURES: dict[str, Count] = {
    "post.count": _arranged("post"),
    "team.count": _arranged("mobile_team"),
    "unit.squadrons": lambda period: [*deeds(period).units.values()].count("squadron"),
    "post.bands": lambda period: len({each.band for each in logged(period, "post")} - {""}),
    "post.shifts": _logged("post"),
    **{f"post.shifts_{band}": _logged("post", band) for band in ("peak", "ordinary", "night")},
    "post.presence": _presence("post"),
    **{f"post.presence_{band}": _presence("post", band) for band in ("peak", "ordinary", "night")},
    "post.short": lambda period: sum(each.met < each.required for each in logged(period, "post")),
    "incident.count": _sum("road_incident"),
    "incident.rate": _handled("road_incident"),
    "incident.self_initiated": _sum("road_incident", handling=("self_initiated",)),
    "supervision.groups": _arranged("supervision"),
    "supervision.count": lambda period: sum(period.has(each.day) for each in deeds(period).visits),
    "supervision.squadrons": lambda period: len(
        {each.unit for each in deeds(period).visits if period.has(each.day)}
    ),
    "supervision.posts": lambda period: len(_seen(period)),
    "supervision.coverage": lambda period: (len(_seen(period)), len(arranged(period, "post"))),
    "supervision.posts_missed": lambda period: len(arranged(period, "post")) - len(_seen(period)),
    "supervision.problems": _sum("supervision_problem"),
    "supervision.problems_mended": _sum("supervision_problem", handling=MENDED),
    "hazard.count": _sum("hazard"),
    "hazard.removed": _sum("hazard", handling=MENDED),
    "hazard.open": _sum("hazard", handling=("seen",)),
    "violation.count": _sum("violation_crosswalk", "violation_lane", "violation_parking", "violation_red_light"),
    **{f"violation.{kind}": _sum(f"violation_{kind}") for kind in ("crosswalk", "lane", "parking", "red_light")},
    "campaign.count": _held("campaign"),
    "publicity.count": _held("publicity"),
    "publicity.leaflets": _sum("leaflet"),
    "publicity.audience": _sum("audience"),
    "publicity.posts": _sum("media_post"),
    "meeting.count": _held("meeting"),
    "meeting.first": _first(lambda period: [each.first for each in held(period, "meeting")]),
    "training.count": _held("training"),
    "training.first": _first(lambda period: [each.first for each in held(period, "training")]),
    "training.due": _signed("present", "late", "excused", "absent"),
    "training.present": _signed("present", "late"),
    "training.missed": _signed("excused", "absent"),
    "training.rate": lambda period: (
        _signed("present", "late")(period),
        _signed("present", "late", "excused", "absent")(period),
    ),
    "group.founded": _first(lambda period: [day for day in deeds(period).founded if day <= period.end]),
    "group.departments": lambda period: len({each.unit for each in sits(period) if each.unit_kind == "department"}),
    "group.members": lambda period: len({each.person for each in sits(period)}),
    **_rounds("leader", "leader"),
    **_rounds("manager", "manager"),
    "round.problems": _sum("round_problem"),
    "round.problems_handled": _sum("round_problem", handling=MENDED),
    "round.problems_open": _sum("round_problem", handling=("seen",)),
    "cleaning.toilets": _arranged("interval"),
    "cleaning.interval": _most("interval", lambda each: each.minutes),
    "cleaning.due": lambda period: sum(each.required for each in logged(period, "interval")),
    "cleaning.done": lambda period: sum(each.met for each in logged(period, "interval")),
    "cleaning.missed": lambda period: sum(max(each.required - each.met, 0) for each in logged(period, "interval")),
    "cleaning.rate": _presence("interval"),
    "works.count": lambda period: len({each.name for each in held(period, "project")}),
    "works.first": _first(lambda period: [each.first for each in held(period, "project")]),
    "works.last": lambda period: _said(max((each.last for each in held(period, "project")), default=None)),
    "works.days": _span,
    "hotline.contacts": _sum("hotline_contact"),
    "clinic.bookings": _sum("clinic_booking"),
    "honour.count": _sum("honour"),
    # Of a whole unit every presence counts, whatever it was at; of one event, that event's.
    "event.on_site": lambda period: (
        len(period.attended("present", "late"))
        + sum(each.presence in {"present", "late"} and period.has(each.day) for each in deeds(period).signed)
        + sum(each.times > 0 and period.has(each.day) for each in deeds(period).went)
    ),
}  # fmt: skip
