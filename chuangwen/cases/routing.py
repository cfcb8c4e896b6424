"""To whom a case goes by itself: the first rule that fits, and in words why it does and why those before it do not.

The desk and the page on which rules are tried ask here. Nothing is decided: a person sends the case. A unit that was
closed is never named.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time

import shapely
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.cases import nearby
from chuangwen.cases.models import Case, CaseCategory, CaseKind, Group, RoutingRule
from chuangwen.core import clock, reference
from chuangwen.people.models import Unit
from chuangwen.places import geometry
from chuangwen.places import queries as places
from chuangwen.places.models import Charge, Place

Point = tuple[float, float]


@dataclass(frozen=True)
class Trial:
    """What rules judge a case by. `point` is longitude and latitude in WGS-84, `at` the moment at which it came in."""

    kind: str
    at: datetime
    category: CaseCategory | None = None
    place: Place | None = None
    point: Point | None = None

    @property
    def where(self) -> Point | None:
        return self.point or ((self.place.lon, self.place.lat) if self.place else None)


@dataclass(frozen=True)
class Tried:
    """A rule that came before, and why it does not hold."""

    rule: RoutingRule
    why: str


@dataclass(frozen=True)
class Proposal:
    """Who should get it: `lead` is None where no rule says so. `why` is a sentence, `tried` the rules before."""

    lead: Unit | None
    why: str
    rule: RoutingRule | None = None
    assist: list[Unit] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)


def trial_of(case: Case, *, category: CaseCategory | None = None) -> Trial:
    """A case as rules see it; `category` is the one that the office is about to file it under."""
    return Trial(case.kind, case.received_at, category or case.category, case.place, nearby.point_of(case))


def propose(asked: Case | Trial) -> Proposal:
    """Try the rules that are offered, by `sort`. At most three queries, whatever their number."""
    trial = trial_of(asked) if isinstance(asked, Case) else asked
    tried: list[Tried] = []
    answering: Answering | None = None
    for rule in rules_in_order():
        why_not = unmet(rule, trial)
        if why_not:
            tried.append(Tried(rule, why_not))
            continue
        if rule.unit is None:
            answering = answering or Answering.of(trial.place)
        to = Answering([rule.unit]) if rule.unit else answering or Answering()
        if to.lead is None:
            tried.append(Tried(rule, to.why_nobody(trial.place)))
            continue
        return Proposal(to.lead, _why(rule, trial, to.lead), rule, to.assist, tried)
    return Proposal(None, _("没有一条规则管得着它，请看过再选单位"), tried=tried)


def rules_in_order() -> list[RoutingRule]:
    rows = reference.offered(RoutingRule.objects.all())
    return list(rows.select_related("category", "place_type", "area", "unit").order_by("sort", "code"))


def is_closed(unit: Unit) -> bool:
    return unit.withdrawn_at is not None or (unit.closed_on is not None and unit.closed_on <= clock.today())


@dataclass
class Answering:
    """The units to which a rule leads, those that would lead it first; closed ones are passed over."""

    leads: list[Unit] = field(default_factory=list)
    assists: list[Unit] = field(default_factory=list)

    @classmethod
    def of(cls, place: Place | None) -> "Answering":
        """Who answers for the place today."""
        if place is None:
            return cls()
        rows = places.in_charge_today(place)
        return cls(
            [row.unit for row in rows if row.charge == Charge.LEAD],
            [row.unit for row in rows if row.charge == Charge.ASSIST],
        )

    @property
    def lead(self) -> Unit | None:
        return next((unit for unit in self.leads if not is_closed(unit)), None)

    @property
    def assist(self) -> list[Unit]:
        """Every further unit once, in the order in which the register has them."""
        further = [unit for unit in (*self.leads, *self.assists) if unit != self.lead and not is_closed(unit)]
        return list(dict.fromkeys(further))

    @property
    def closed(self) -> str:
        """The names of those that would lead it but for being closed, where none else does."""
        return "" if self.lead else "、".join(unit.label for unit in self.leads)

    def why_nobody(self, place: Place | None) -> str:
        if self.closed:
            return _("%(unit)s已停用") % {"unit": self.closed}
        if place is None:
            return _("没有写在哪个点位")
        return _("点位“%(place)s”今天没有责任单位") % {"place": place}


# ---- whether a rule holds ----


def unmet(rule: RoutingRule, trial: Trial) -> str:
    """Why a rule does not hold of this, in words; empty where every condition of it does."""
    return next((said for said in _unmet(rule, trial) if said), "")


def _unmet(rule: RoutingRule, trial: Trial) -> Iterable[str]:
    if rule.kind and rule.kind != trial.kind:
        yield _("只管%(kind)s") % {"kind": CaseKind(rule.kind).label}
    if rule.category_id and (trial.category is None or trial.category.pk != rule.category_id):
        yield _("只管类别“%(category)s”") % {"category": rule.category}
    if rule.group and (trial.category is None or trial.category.group != rule.group):
        yield _("只管%(group)s一类") % {"group": Group(rule.group).label}
    if rule.place_type_id and (trial.place is None or trial.place.type_id != rule.place_type_id):
        yield _("只管“%(type)s”的点位") % {"type": rule.place_type}
    if rule.area:
        yield _outside(rule.area, trial.where)
    if rule.time_from and rule.time_to and not within_hours(at_time(trial.at), rule.time_from, rule.time_to):
        yield _("只管 %(start)s 到 %(end)s 来的") % {
            "start": f"{rule.time_from:%H:%M}",
            "end": f"{rule.time_to:%H:%M}",
        }


def at_time(moment: datetime) -> time:
    """The hour here, to the minute: a rule that begins at 18:00 holds of all of 18:00."""
    return timezone.localtime(moment).time().replace(second=0, microsecond=0)


def within_hours(at: time, start: time, end: time) -> bool:
    """From `start` on and before `end`; an end before the start is on the next day."""
    return start <= at < end if start < end else at >= start or at < end


def _outside(area: Place, where: Point | None) -> str:
    if where is None:
        return _("只管“%(area)s”里的，这件没有位置") % {"area": area}
    return "" if lies_in(area, where) else _("不在“%(area)s”里") % {"area": area}


def lies_in(area: Place, where: Point) -> bool:
    lon, lat = where
    if not (area.min_lon <= lon <= area.max_lon and area.min_lat <= lat <= area.max_lat):
        return False
    return bool(geometry.read(area.geometry).covers(shapely.Point(lon, lat)))


def _why(rule: RoutingRule, trial: Trial, lead: Unit) -> str:
    if rule.unit is None:
        return _("规则“%(rule)s”：点位“%(place)s”今天由%(unit)s负责") % {
            "rule": rule,
            "place": trial.place,
            "unit": lead.label,
        }
    said = "，".join(conditions(rule))
    if not said:
        return _("规则“%(rule)s”：什么都归%(unit)s") % {"rule": rule, "unit": lead.label}
    return _("规则“%(rule)s”：%(conditions)s，归%(unit)s") % {"rule": rule, "conditions": said, "unit": lead.label}


def conditions(rule: RoutingRule) -> list[str]:
    """What a rule asks for, a few words each."""
    said = [
        str(CaseKind(rule.kind).label) if rule.kind else "",
        str(rule.category) if rule.category else "",
        str(Group(rule.group).label) if rule.group else "",
        str(rule.place_type) if rule.place_type else "",
        _("在“%(area)s”里") % {"area": rule.area} if rule.area else "",
        f"{rule.time_from:%H:%M}—{rule.time_to:%H:%M}" if rule.time_from and rule.time_to else "",
    ]
    return [each for each in said if each]


# ---- whether a rule leaves anything to one behind it ----


def hides(first: RoutingRule, second: RoutingRule) -> bool:
    """Whether whatever meets `second` meets `first` too, so that `second` never has its turn. One without a unit hides
    nothing: where nobody answers for the place, the next rule is asked.
    """
    if first.unit is None or is_closed(first.unit):
        return False
    group = second.group or (second.category.group if second.category else "")
    return (
        first.kind in {"", second.kind}
        and first.category_id in {None, second.category_id}
        and first.group in {"", group}
        and first.place_type_id in {None, second.place_type_id}
        and first.area_id in {None, second.area_id}
        and _covers_hours(first, second)
    )


def _covers_hours(first: RoutingRule, second: RoutingRule) -> bool:
    if first.time_from is None or first.time_to is None:
        return True
    if second.time_from is None or second.time_to is None:
        return False
    start, end = minutes(first.time_from), minutes(first.time_to)
    length = (end - start) % DAY or DAY
    begins = (minutes(second.time_from) - start) % DAY
    return begins + ((minutes(second.time_to) - minutes(second.time_from)) % DAY or DAY) <= length


DAY = 24 * 60


def minutes(at: time) -> int:
    return at.hour * 60 + at.minute
