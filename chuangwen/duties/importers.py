"""Shifts, attendances, outcomes and essays from a unit's workbooks. Declared here, connected by `wiring`."""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone
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
from chuangwen.duties.importing_units import FIRST_YEAR, UnitImporter
from chuangwen.duties.models import (
    Attendance,
    Duty,
    DutyKind,
    Outcome,
    OutcomeKind,
    Presence,
    Shift,
)
from chuangwen.people.importers import PUPIL_CODE
from chuangwen.people.models import Unit

OUTINGS = "文明实践上街活动"
SHIFT_NUMBER = r"[a-z]+\d+(-\d+)*"
ESSAYS = {"essay", "essay_excellent"}
# As clerks write it, whatever language the pages are in.
WRITTEN_PRESENCE = {
    "到": Presence.PRESENT,
    "到场": Presence.PRESENT,
    "迟到": Presence.LATE,
    "请假": Presence.EXCUSED,
    "缺席": Presence.ABSENT,
    "缺": Presence.ABSENT,
}

A_DAY = "2026-04-02"
PUPIL = Column("pupil", "学生代码", a_code(PUPIL_CODE), synonyms=("学生", "代码"), example="c98-01")


class ShiftImporter(UnitImporter):
    noun = "shift"
    model = Shift
    changeable = {"starts": "starts_at", "ends": "ends_at", "place": "place", "leader": "leader"}
    order = 20
    label = _("活动安排")

    def table(self) -> Table:
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("活动安排", "活动计划", "班次"),
            columns=(
                Column("number", "活动编号", a_code(SHIFT_NUMBER), synonyms=("编号", "场次"), example="S41"),
                Column(
                    "day",
                    "日期",
                    a_date(earliest=FIRST_YEAR, default_year=clock.today().year),
                    synonyms=("活动日期",),
                    example=A_DAY,
                ),
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
            ),
        )

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        if values["ends"] <= values["starts"]:
            raise BadRow("ends", "ends_before_start")
        day = values["day"].isoformat()
        self.context.told("shift_days").setdefault(values["number"], set()).add(day)
        uid = self._uid(values)
        self.context.told("shifts")[values["number"], day] = uid.hex
        plain = [
            values["number"],
            day,
            values["starts"].isoformat(),
            values["ends"].isoformat(),
            values.get("duty") or OUTINGS,
            values["place"],
            values.get("leader") or "",
        ]
        return uid, plain

    def _uid(self, values: dict[str, Any]) -> UUID:
        """Of the shift of that number and day that this unit has, or of the same outing that a unit above or below
        it has brought in; else a new one.
        """
        path, number, day = self.context.unit.path, values["number"], values["day"]
        standing = self.shifts.get((number, day.isoformat()), ())
        at = (_moment(day, values["starts"]), values["place"])
        same = [each.uid for each in standing if each.path != path and (each.starts_at, each.place) == at]
        own = [each.uid for each in standing if each.path == path]
        if own or len(same) == 1:
            return (own or same)[0]
        return self.uid(self.context.unit.uid, number, day.isoformat())

    def spoilt(self, values: dict[str, Any]) -> None:
        self.context.told("spoilt_shifts")[values.get("number")] = True

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        _number, day, starts, ends, _duty, place, leader = map(str, plain)
        on = date.fromisoformat(day)
        times = {"starts_at": starts, "ends_at": ends}
        moments = {name: _moment(on, time.fromisoformat(at)).isoformat() for name, at in times.items()}
        return {**moments, "place": place, "leader": leader}

    @cached_property
    def _duties(self) -> dict[str, Duty]:
        return {}

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Shift:
        number, day, starts, ends, duty_name, place, leader = map(str, plain)
        if duty_name not in self._duties:
            self._duties[duty_name] = services.standing_duty(
                self.context.unit, kind=DutyKind.VOLUNTEERING, name=duty_name
            )
        on = date.fromisoformat(day)
        return Shift(
            uid=uid,
            duty=self._duties[duty_name],
            unit=self.context.unit,
            number=number.upper(),
            day=on,
            starts_at=_moment(on, time.fromisoformat(starts)),
            ends_at=_moment(on, time.fromisoformat(ends)),
            place=place,
            leader=leader,
            **source,
        )

    def save(self, rows: list[Shift]) -> int:
        return services.add_shifts(rows)


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


class AttendanceImporter(UnitImporter):
    noun = "attendance"
    model = Attendance
    changeable = {"presence": "presence"}
    order = 30
    label = _("参加名单")

    def table(self) -> Table:
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("参加名单", "签到表", "到场名单"),
            columns=(
                Column(
                    "shift", "活动编号", a_code(SHIFT_NUMBER), synonyms=("编号", "场次"), fill_down=True, example="S41"
                ),
                Column("day", "日期", self.a_day(), synonyms=("活动日期",), fill_down=True, example=A_DAY),
                self.class_column(fill_down=True),
                PUPIL,
                Column(
                    "presence",
                    "到场",
                    a_choice(WRITTEN_PRESENCE, str(_("到场情况"))),
                    synonyms=("到场情况", "考勤"),
                    choices=[*WRITTEN_PRESENCE],
                    example="到",
                ),
            ),
        )

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        day: date = values["day"]
        unit: Unit = values["unit"]
        shift = self.require_shift(values["shift"], day, unit)
        self.require_pupil(values["pupil"], unit)
        plain = [shift, day.isoformat(), unit.pk, values["pupil"], values["presence"]]
        return self.uid(unit.uid, shift, values["pupil"]), plain

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        return {"presence": plain[4]}

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Attendance:
        shift, day, unit, pupil, presence = plain
        return Attendance(
            uid=uid,
            shift_id=self.shift_ids[str(shift)],
            person_id=self.pupil_ids[unit, pupil],
            unit_id=unit,
            day=date.fromisoformat(str(day)),
            presence=presence,
            **source,
        )

    def save(self, rows: list[Attendance]) -> int:
        return services.add_attendances(rows)


class OutcomeImporter(UnitImporter):
    noun = "outcome"
    model = Outcome
    order = 40
    label = _("成效登记")

    @cached_property
    def kinds(self) -> dict[str, OutcomeKind]:
        return {kind.name: kind for kind in OutcomeKind.objects.filter(parent__isnull=True)}

    @cached_property
    def writable(self) -> dict[str, OutcomeKind]:
        """What may stand in the column of kinds: a kind, or a type whose name no other kind has."""
        named = [(name, kind) for types in self.types.values() for name, kind in types.items()]
        names = [name for name, _kind in named]
        return {name: kind for name, kind in named if names.count(name) == 1} | self.kinds

    @cached_property
    def types(self) -> dict[str, dict[str, OutcomeKind]]:
        """kind's code → its types by name; empty where a kind has none."""
        found: dict[str, dict[str, OutcomeKind]] = {kind.code: {} for kind in self.kinds.values()}
        for kind in OutcomeKind.objects.filter(parent__isnull=False):
            found[str(kind.parent_id)][kind.name] = kind
        return found

    def table(self) -> Table:
        kinds = [name for name, kind in self.kinds.items() if kind.code not in ESSAYS]
        types = [name for name, kind in self.writable.items() if kind.parent_id]
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("成效登记", "成效", "活动成效"),
            columns=(
                Column(
                    "shift",
                    "活动编号",
                    optional(a_code(SHIFT_NUMBER)),
                    synonyms=("编号", "场次"),
                    required=False,
                    example="S41",
                ),
                Column("day", "日期", self.a_day(), synonyms=("活动日期", "时间"), example=A_DAY),
                Column(
                    "at", "时刻", optional(a_time()), synonyms=("几点", "具体时间"), required=False, example="15:20"
                ),
                self.class_column(synonyms=("单位",)),
                Column(
                    "kind",
                    "类别",
                    a_choice(self.writable, str(_("类别")), offered=[*kinds, *types]),
                    synonyms=("项目", "内容"),
                    choices=kinds,
                ),
                Column("type", "细类", optional(a_text(40)), synonyms=("类型", "行为"), required=False, choices=types),
                Column(
                    "amount",
                    "数量",
                    an_integer(minimum=1, maximum=100_000),
                    synonyms=("次数", "人次", "件数"),
                    example="3",
                ),
                Column("note", "备注", optional(a_text(200)), synonyms=("说明",), required=False, example="路边"),
            ),
        )

    def _type(self, kind: OutcomeKind, written: str | None) -> OutcomeKind:
        if kind.code in ESSAYS:
            raise BadRow("kind", "essay_without_pupil", value=kind.name)
        if kind.parent_id:
            if written and written.strip() != kind.name:
                raise BadRow("type", "type_of_another_kind", value=written, kind=kind.name, types=kind.name)
            return kind
        types = self.types[kind.code]
        if not written:
            if types:
                raise BadRow("type", "type_needed", value=kind.name, types="、".join(types))
            return kind
        found = types.get(written.strip())
        if found is None:
            raise BadRow("type", "type_of_another_kind", value=written, kind=kind.name, types="、".join(types) or "—")
        return found

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        kind = self._type(values["kind"], values.get("type"))
        number, day = values.get("shift"), values["day"]
        unit: Unit = values["unit"]
        shift = self.require_shift(number, day, unit) if number else None
        at = values["at"].isoformat("minutes") if values.get("at") else ""
        plain = [shift, day.isoformat(), at, unit.pk, kind.code, values["amount"], values.get("note") or ""]
        return self.uid(unit.uid, *plain), plain

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Outcome:
        shift, day, at, unit, kind, amount, note = plain
        return Outcome(
            uid=uid,
            kind_id=kind,
            amount=amount,
            unit_id=unit,
            shift_id=self.shift_ids[str(shift)] if shift else None,
            day=date.fromisoformat(str(day)),
            at=time.fromisoformat(str(at)) if at else None,
            note=note,
            recorded_by=self.context.actor.uid,
            **source,
        )

    def save(self, rows: list[Outcome]) -> int:
        return services.add_outcomes(rows)


class EssayImporter(UnitImporter):
    """One row is one essay; a mark in the award column makes it an excellent one as well."""

    noun = "essay"
    model = Outcome
    changeable = {"award": "kind_id"}
    order = 50
    label = _("实践心得")

    def table(self) -> Table:
        awards = {"优秀": True, "优": True, "未评": False, "合格": False}
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("实践心得", "心得", "心得体会"),
            columns=(
                self.class_column(fill_down=True),
                PUPIL,
                Column("day", "提交日期", self.a_day(), synonyms=("日期",), example=A_DAY),
                Column(
                    "award",
                    "评选结果",
                    optional(a_choice(awards, str(_("评选结果")))),
                    synonyms=("评奖", "奖项"),
                    choices=[*awards],
                    example="优秀",
                ),
            ),
        )

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        unit: Unit = values["unit"]
        self.require_pupil(values["pupil"], unit)
        plain = [unit.pk, values["pupil"], values["day"].isoformat(), int(bool(values.get("award")))]
        return self.uid(unit.uid, values["pupil"], plain[2]), plain

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        return {"kind_id": "essay_excellent" if plain[3] else "essay"}

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Outcome:
        unit, pupil, day, excellent = plain
        return Outcome(
            uid=uid,
            kind_id="essay_excellent" if excellent else "essay",
            amount=1,
            unit_id=unit,
            person_id=self.pupil_ids[unit, pupil],
            day=date.fromisoformat(str(day)),
            recorded_by=self.context.actor.uid,
            **source,
        )

    def save(self, rows: list[Outcome]) -> int:
        return services.add_outcomes(rows)
