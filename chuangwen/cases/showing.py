"""How a case is shown: its stages, its photos side by side, its course in words, what may be done now."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.cases import nearby, queries, standing, workflow
from chuangwen.cases.models import Case, CaseDeadline, CasePart, CasePhoto, CaseStep, Part, Shows
from chuangwen.cases.standing import Offer
from chuangwen.cases.wording import CAPACITIES, FIRST, MARKS, SAID, Said
from chuangwen.core.marks import Due, State, due
from chuangwen.evidence import queries as evidence
from chuangwen.people.access import Viewer, label_of_persons, label_of_units
from chuangwen.people.rules import Perm
from chuangwen.places.geometry import metres_between_points

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def state_of(case: Case) -> str:
    """The mark of a case: late is late, whatever its state."""
    return State.OVER if standing.is_overdue(case) else MARKS[case.state]


def due_of(case: Case) -> Due | None:
    """The deadline of the running phase as a list shows it."""
    if case.state == workflow.SUSPENDED and case.until:
        return due(None, held_to=timezone.localtime(case.until).date())
    return due(case.due_at)


def lasted(length: timedelta) -> str:
    """How long something took, as people say it: 38 分, 5 小时, 2.3 天."""
    if length < HOUR:
        minutes = max(1, int(length / MINUTE))
        return ngettext("%(count)s 分", "%(count)s 分", minutes) % {"count": minutes}
    if length < DAY:
        hours = int(length / HOUR)
        return ngettext("%(count)s 小时", "%(count)s 小时", hours) % {"count": hours}
    return _("%(count)s 天") % {"count": f"{length / DAY:.1f}".removesuffix(".0")}


@dataclass(frozen=True)
class Stage:
    """A phase as the page shows it: what it is, how long it took or has, and its end."""

    label: str
    is_now: bool
    took: str
    end: datetime
    met: bool
    due: Due | None


def stages(case: Case) -> list[Stage]:
    """The phases that were met or run, oldest first; those that were cut short stand in the course alone."""
    rows = [row for row in CaseDeadline.objects.filter(case=case).order_by("id") if not row.cancelled or not row.met_at]
    return [_stage(row) for row in rows[-6:]]


def _stage(row: CaseDeadline) -> Stage:
    took = lasted(row.met_at - row.since) if row.met_at else ""
    met = row.met_at is None or row.met_at <= row.due_at
    return Stage(row.get_phase_display(), row.met_at is None, took, row.due_at, met, due(row.due_at))


@dataclass(frozen=True)
class Picture:
    photo: CasePhoto
    thumbnail: str
    full: str
    url: str


@dataclass(frozen=True)
class Pair:
    """Before and after side by side, with the distance between where the two were taken, if both are known."""

    before: Picture | None
    after: Picture | None
    metres: int | None


def pictures(photos: list[CasePhoto]) -> list[Picture]:
    return [
        Picture(
            photo,
            evidence.thumbnail_url(photo.evidence),
            evidence.public_url(photo.evidence),
            reverse("evidence-piece", args=[photo.evidence.uid]),
        )
        for photo in photos
    ]


def pair(shown: list[Picture]) -> Pair | None:
    """The first picture of how it was and the last one of how it is."""
    before = next((each for each in shown if each.photo.shows == Shows.BEFORE and each.full), None)
    after = next((each for each in reversed(shown) if each.photo.shows == Shows.AFTER and each.full), None)
    if before is None and after is None:
        return None
    points = [each.photo.evidence.point for each in (before, after) if each and each.photo.evidence.point]
    metres = round(metres_between_points(*points)) if len(points) == 2 else None
    return Pair(before, after, metres)


@dataclass(frozen=True)
class Line:
    """A step of the course as a person reads it."""

    step: CaseStep
    said: str
    who: str
    capacity: str
    mark: str
    took: str
    photos: list[CasePhoto]


def course(case: Case, steps: list[CaseStep]) -> list[Line]:
    """What happened, newest first; each step with how long the case had stood before it."""
    names = _names(steps)
    lines = []
    for before, step in zip([None, *steps], steps, strict=False):
        took = lasted(step.at - before.at) if before and before.to_state != step.to_state else ""
        moved = step.from_state != step.to_state
        lines.append(
            Line(
                step,
                _said(step, names),
                _who(step),
                "" if step.verb == "open" else str(CAPACITIES.get(step.capacity, "")),
                MARKS[step.to_state] if moved else "",
                took,
                list(step.photos.all()),
            )
        )
    return list(reversed(lines))


def _names(steps: list[CaseStep]) -> dict[str, str]:
    """The names of all units and persons that the steps speak of, in two queries."""
    units: set[Any] = set()
    persons: set[Any] = set()
    for step in steps:
        units |= {step.data.get("lead"), step.data.get("from"), *(uid for uid, _part in step.data.get("parts", []))}
        persons |= {step.data.get("leader"), step.data.get("handler")}
    found = {str(uid): label for uid, label in label_of_units(uid for uid in units if uid).items()}
    return found | {str(uid): label for uid, label in label_of_persons(uid for uid in persons if uid).items()}


def _said(step: CaseStep, names: dict[str, str]) -> str:
    told = str(SAID[step.verb].told) if step.verb in SAID else step.verb
    if step.verb == "open" and step.data.get("number"):
        return told
    parts = [told]
    if lead := step.data.get("lead"):
        parts.append(_("牵头 %(unit)s") % {"unit": names.get(lead, "—")})
    for uid, part in step.data.get("parts", []):
        parts.append(f"{Part(part).label} {names.get(uid, '—')}")
    if leader := step.data.get("leader"):
        parts.append(_("包案领导 %(person)s") % {"person": names.get(leader, "—")})
    if handler := step.data.get("handler"):
        parts.append(_("经办人 %(person)s") % {"person": names.get(handler, "—")})
    if until := step.data.get("until"):
        parts.append(
            _("到 %(day)s") % {"day": timezone.localtime(datetime.fromisoformat(until)).strftime("%m-%d %H:%M")}
        )
    return "，".join(parts)


def _who(step: CaseStep) -> str:
    if step.by is None:
        return _("系统")
    unit = step.unit.label if step.unit else ""
    return f"{unit} {step.by}".strip()


@dataclass(frozen=True)
class Button:
    offer: Offer
    said: Said
    url: str
    # Nothing is asked for: one press does it.
    at_once: bool


@dataclass(frozen=True)
class Doing:
    """What the viewer can do: the first act, the others, and what they cannot just now with the reason."""

    first: Button | None
    others: list[Button] = field(default_factory=list)
    cannot: list[tuple[str, str]] = field(default_factory=list)


def doing(stand: standing.Standing) -> Doing:
    offers = standing.offers(stand)
    usable = [offer for offer in offers if not offer.why_not]
    first = next((offer for verb in FIRST for offer in usable if offer.row.verb == verb), None)
    return Doing(
        _button(stand.case, first) if first else None,
        [_button(stand.case, offer) for offer in usable if offer is not first],
        [(str(SAID[offer.row.verb].button), offer.why_not) for offer in offers if offer.why_not],
    )


def _button(case: Case, offer: Offer) -> Button:
    verb = offer.row.verb
    return Button(
        offer, SAID[verb], reverse("move-case", args=[case.uid, verb]), not (offer.row.needs or offer.row.takes)
    )


@dataclass(frozen=True)
class PartLine:
    part: CasePart
    mark: str
    word: str


def part_lines(case: Case, parts: list[CasePart]) -> list[PartLine]:
    """Each unit's part with where it stands; a copy has nothing to do."""
    return [PartLine(part, *_where(case, part)) for part in parts]


def _where(case: Case, part: CasePart) -> tuple[str, str]:
    if part.part == Part.COPY:
        return State.HOLD, _("知悉")
    if part.part == Part.LEAD:
        return MARKS[case.state], case.get_state_display()
    return (State.DONE, _("已完成")) if part.done_at else (State.DOING, _("办理中"))


def likely(viewer: Viewer, case: Case) -> list[nearby.Likely]:
    return nearby.duplicates(queries.shown(queries.all_cases(viewer)), case) if case.state in workflow.AT_OFFICE else []


def point(case: Case) -> dict[str, Any] | None:
    """Where it is, as GeoJSON; None where only words say it."""
    at = nearby.point_of(case)
    return {"type": "Point", "coordinates": list(at)} if at else None


def doors(viewer: Viewer) -> list[tuple[str, str]]:
    """The pages of cases beside list and board that this viewer may open: what they are called and where."""
    dispatches, supervises = viewer.can(Perm.CASE_DISPATCH), viewer.can(Perm.CASE_SUPERVISE)
    over_city = viewer.can_over_city(Perm.CASE_DISPATCH)
    found = [
        (dispatches, _("按点位开事项"), "cases-from-places"),
        (over_city, _("登记热线工单"), "new-ticket"),
        (viewer.can(Perm.CASE_CONFIDENTIAL), _("领导接访"), "reception"),
        (supervises or over_city, _("督导分片"), "supervision"),
        (supervises, _("该去的地方"), "my-rounds"),
    ]
    return [(label, reverse(name)) for may, label, name in found if may]
