"""Outings, trainings, meetings, campaigns, works: the plan of a unit's events from its workbook."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.importing import BadRow, Plain
from chuangwen.core.tabular import (
    Column,
    Table,
    a_choice,
    a_code,
    a_date,
    a_text,
    a_time,
    an_integer,
    optional,
)
from chuangwen.duties import services
from chuangwen.duties.importing_units import (
    A_DAY,
    FIRST_YEAR,
    KIND_NAMES,
    SHIFT_NUMBER,
    SHIFT_SYNONYMS,
    WRITTEN_KINDS,
    UnitImporter,
    moment,
)
from chuangwen.duties.models import Duty, DutyKind, Shift

OUTINGS = "文明实践上街活动"
# What stands in a log of its own is no event of a plan.
LOGGED = {DutyKind.POST, DutyKind.MOBILE_TEAM, DutyKind.SUPERVISION, DutyKind.ROUND, DutyKind.INTERVAL}
EVENTS = {word: kind for word, kind in WRITTEN_KINDS.items() if kind not in LOGGED}


class ShiftImporter(UnitImporter):
    noun = "shift"
    model = Shift
    changeable = {
        "starts": "starts_at",
        "ends": "ends_at",
        "place": "place",
        "leader": "leader",
        "story": "story",
        "photos": "photos",
        "goal": "required",
    }
    order = 20
    label = _("活动安排")

    def table(self) -> Table:
        a_day = a_date(earliest=FIRST_YEAR, default_year=clock.today().year)
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("活动安排", "活动计划", "班次"),
            columns=(
                Column("number", "活动编号", a_code(SHIFT_NUMBER), synonyms=SHIFT_SYNONYMS, example="S41"),
                Column("day", "日期", a_day, synonyms=("活动日期",), example=A_DAY),
                Column("starts", "开始", a_time(), synonyms=("开始时间", "起"), example="15:00"),
                Column("ends", "结束", a_time(), synonyms=("结束时间", "止"), example="17:00"),
                Column(
                    "duty",
                    "活动",
                    optional(a_text(120)),
                    synonyms=("活动名称", "内容", "活动内容"),
                    required=False,
                    example=OUTINGS,
                ),
                Column("place", "地点", a_text(120), synonyms=("活动地点", "路段"), example="桥口街"),
                Column(
                    "leader",
                    "带队",
                    optional(a_text(60)),
                    synonyms=("带队人", "负责人"),
                    required=False,
                    example="值周教师",
                ),
                *_event_columns(),
                Column("last", "结束日期", optional(a_day), synonyms=("完成日期", "止日期"), required=False),
            ),
        )

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        first: date = values["day"]
        last: date = values.get("last") or first
        if last < first:
            raise BadRow("last", "ends_days_before")
        if last == first and values["ends"] <= values["starts"]:
            raise BadRow("ends", "ends_before_start")
        day = first.isoformat()
        self.context.told("shift_days").setdefault(values["number"], set()).add(day)
        uid = self._uid(values)
        self.context.told("shifts")[values["number"], day] = uid.hex
        kind: DutyKind = values.get("kind") or DutyKind.VOLUNTEERING
        name = values.get("duty") or (OUTINGS if kind == DutyKind.VOLUNTEERING else KIND_NAMES[kind])
        plain = [
            values["number"],
            moment(first, values["starts"]).isoformat(),
            moment(last, values["ends"]).isoformat(),
            kind.value,
            name,
            values["place"],
            values.get("leader") or "",
            values.get("story") or "",
            values.get("photos") or 0,
            values.get("goal"),
            day,
        ]
        return uid, plain

    def _uid(self, values: dict[str, Any]) -> UUID:
        """Of the shift of that number and day that this unit has, or of the same outing that a unit above or below
        it has brought in; else a new one.
        """
        path, number, day = self.context.unit.path, values["number"], values["day"]
        standing = self.shifts.get((number, day.isoformat()), ())
        at = (moment(day, values["starts"]), values["place"])
        same = [each.uid for each in standing if each.path != path and (each.starts_at, each.place) == at]
        own = [each.uid for each in standing if each.path == path]
        if own or len(same) == 1:
            return (own or same)[0]
        return self.uid(self.context.unit.uid, number, day.isoformat())

    def spoilt(self, values: dict[str, Any]) -> None:
        self.context.told("spoilt_shifts")[values.get("number")] = True

    def left_alone(self, uids: Collection[UUID]) -> set[UUID]:
        """Outings that a unit above has brought in: a school names them and hangs its rows on them, no more."""
        above = Shift.everything.filter(uid__in=uids).exclude(unit__path__startswith=self.context.unit.path)
        return set(above.values_list("uid", flat=True))

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        _number, starts, ends, _kind, _name, place, leader, story, photos, goal, _day = plain
        return {
            "starts_at": starts,
            "ends_at": ends,
            "place": place,
            "leader": leader,
            "story": story,
            "photos": photos,
            "required": goal,
        }

    @cached_property
    def _made(self) -> dict[tuple[str, str], Duty]:
        return {}

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Shift:
        number, starts, ends, kind, name, place, leader, story, photos, goal, day = plain
        if (kind, name) not in self._made:
            self._made[kind, name] = services.standing_duty(self.context.unit, kind=kind, name=name)
        return Shift(
            uid=uid,
            duty=self._made[kind, name],
            unit=self.context.unit,
            number=number.upper(),
            day=date.fromisoformat(day),
            starts_at=datetime.fromisoformat(starts),
            ends_at=datetime.fromisoformat(ends),
            place=place,
            leader=leader,
            story=story,
            photos=photos,
            required=goal,
            **source,
        )

    def save(self, rows: list[Shift]) -> int:
        return services.add_shifts(rows)


def _event_columns() -> tuple[Column, ...]:
    """What an event beyond a plain outing may say of itself."""
    return (
        Column(
            "kind",
            "类别",
            optional(a_choice(EVENTS, str(_("活动类别")))),
            synonyms=("活动类别",),
            required=False,
            choices=[*EVENTS],
        ),
        Column(
            "goal",
            "目标人数",
            optional(an_integer(minimum=1, maximum=100_000)),
            synonyms=("计划人数",),
            required=False,
        ),
        Column(
            "photos",
            "照片",
            optional(an_integer(minimum=0, maximum=10_000)),
            synonyms=("照片数", "照片张数", "留存照片"),
            required=False,
        ),
        Column("story", "经过", optional(a_text(2000)), synonyms=("活动经过", "简要经过", "活动情况"), required=False),
    )
