"""Shifts, attendances, outcomes and essays from a unit's workbooks. Declared here, connected by `wiring`."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.importing import BadRow, Importer, Plain, Unclear
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
from chuangwen.duties.models import (
    Attendance,
    Duty,
    DutyKind,
    Outcome,
    OutcomeKind,
    Presence,
    Shift,
)
from chuangwen.people.access import below
from chuangwen.people.models import Person, Unit

OUTINGS = "文明实践上街活动"
SHIFT_NUMBER = r"[a-z]+\d+(-\d+)*"
PUPIL_CODE = r"[a-z]+\d+-\d+"
FIRST_YEAR = date(2020, 1, 1)
# As clerks write it, whatever language the pages are in.
WRITTEN_PRESENCE = {
    "到": Presence.PRESENT,
    "到场": Presence.PRESENT,
    "迟到": Presence.LATE,
    "请假": Presence.EXCUSED,
    "缺席": Presence.ABSENT,
    "缺": Presence.ABSENT,
}


class UnitImporter(Importer):
    """What the importers of this module share: the units, pupils and shifts that a row may name."""

    @cached_property
    def classes(self) -> dict[str, Unit]:
        units = below(self.context.unit).filter(closed_on__isnull=True)
        named = {unit.label: unit for unit in units} | {unit.name: unit for unit in units}
        return {**named, **{unit.code: unit for unit in units}}

    @cached_property
    def pupil_ids(self) -> dict[str, int]:
        """code → person, asked for when rows are built: pupils of the same workbook are saved by then."""
        return dict(self._pupils().values_list("code", "pk"))

    @cached_property
    def pupil_units(self) -> dict[str, int]:
        """code → class, as it stood before this workbook."""
        return dict(self._pupils().values_list("code", "unit_id"))

    def _pupils(self) -> QuerySet[Person]:
        return Person.objects.filter(unit__path__startswith=self.context.unit.path, left_on__isnull=True)

    @cached_property
    def shift_ids(self) -> dict[tuple[str, str], int]:
        """(number, ISO day) → shift, asked for when rows are built: shifts of the same workbook are saved by then."""
        shifts = Shift.objects.filter(unit=self.context.unit).values_list("number", "day", "pk")
        return {(number.lower(), day.isoformat()): key for number, day, key in shifts}

    @cached_property
    def shift_days(self) -> dict[str, set[str]]:
        """number → ISO days, as they stood before this workbook: numbers begin anew every term."""
        days: dict[str, set[str]] = {}
        for number, day in Shift.objects.filter(unit=self.context.unit).values_list("number", "day"):
            days.setdefault(number.lower(), set()).add(day.isoformat())
        return days

    def a_class(self) -> Any:
        return a_choice(self.classes, str(_("班级")))

    def a_day(self) -> Any:
        today = clock.today()
        return a_date(earliest=FIRST_YEAR, latest=today, default_year=today.year)

    def require_pupil(self, code: str, unit: Unit) -> None:
        """A pupil of that code is in that class, in this workbook or before. Raises BadRow, or Unclear."""
        found = self.context.told("pupils").get(code) or self.pupil_units.get(code)
        if found is None and code in self.context.told("spoilt_pupils"):
            raise Unclear
        if found is None:
            raise BadRow("pupil", "unknown_pupil", value=code)
        if found != unit.pk:
            raise BadRow("pupil", "pupil_of_another_class", value=code, unit=unit.label)

    def require_shift(self, number: str, day: date) -> None:
        """The shift of that number is on that day, in this workbook or before. Raises BadRow, or Unclear."""
        told: set[str] = self.context.told("shift_days").get(number, set())
        known = told | self.shift_days.get(number, set())
        if day.isoformat() in known:
            return
        if number in self.context.told("spoilt_shifts"):
            raise Unclear
        if not known:
            raise BadRow("shift", "unknown_shift", value=number.upper())
        raise BadRow("day", "other_day_than_shift", value=number.upper(), day="、".join(sorted(known)[:3]))

    messages = {
        "unknown_pupil": (_("没有代码为 {value} 的学生"), _("核对代码，或先导入学生代码册")),
        "pupil_of_another_class": (_("{value} 不是 {unit} 的学生"), _("核对班级和学生代码，两者要一致")),
        "unknown_shift": (_("没有编号为 {value} 的活动"), _("核对活动编号，或先导入活动安排")),
        "other_day_than_shift": (_("日期与活动 {value} 的日期 {day} 不一致"), _("改成同一天，或换活动编号")),
        "ends_before_start": (_("结束时间不晚于开始时间"), _("核对两个时间，24 小时制，如 15:30")),
        "type_needed": (_("“{value}”没有写细类"), _("在细类一栏写：{types}")),
        "type_of_another_kind": (
            _("“{value}”不是“{kind}”的细类"),
            _("细类可写：{types}；没有细类的类别请留空"),
        ),
    }


class ShiftImporter(UnitImporter):
    noun = "shift"
    order = 20
    label = _("活动安排")

    def table(self) -> Table:
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("活动安排", "活动计划", "班次"),
            columns=(
                Column("number", "活动编号", a_code(SHIFT_NUMBER), synonyms=("编号", "场次")),
                Column(
                    "day",
                    "日期",
                    a_date(earliest=FIRST_YEAR, default_year=clock.today().year),
                    synonyms=("活动日期",),
                ),
                Column("starts", "开始", a_time(), synonyms=("开始时间", "起")),
                Column("ends", "结束", a_time(), synonyms=("结束时间", "止")),
                Column(
                    "duty",
                    "活动",
                    optional(a_text(120)),
                    synonyms=("活动名称", "内容", "活动内容"),
                    required=False,
                ),
                Column("place", "地点", a_text(120), synonyms=("活动地点", "路段")),
                Column("leader", "带队", optional(a_text(60)), synonyms=("带队人", "负责人"), required=False),
            ),
        )

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        if values["ends"] <= values["starts"]:
            raise BadRow("ends", "ends_before_start")
        days = self.context.told("shift_days").setdefault(values["number"], set())
        days.add(values["day"].isoformat())
        plain = [
            values["number"],
            values["day"].isoformat(),
            values["starts"].isoformat(),
            values["ends"].isoformat(),
            values.get("duty") or OUTINGS,
            values["place"],
            values.get("leader") or "",
        ]
        return self.uid(values["number"], plain[1]), plain

    def spoilt(self, values: dict[str, Any]) -> None:
        self.context.told("spoilt_shifts")[values.get("number")] = True

    def existing(self, uids: Collection[UUID]) -> set[UUID]:
        return set(Shift.objects.filter(uid__in=uids).values_list("uid", flat=True))

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
            starts_at=_moment(on, starts),
            ends_at=_moment(on, ends),
            place=place,
            leader=leader,
            **source,
        )

    def save(self, rows: list[Shift]) -> int:
        return services.add_shifts(rows)


def _moment(day: date, at: str) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(at)))


class AttendanceImporter(UnitImporter):
    noun = "attendance"
    order = 30
    label = _("参加名单")

    def table(self) -> Table:
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("参加名单", "签到表", "到场名单"),
            columns=(
                Column("shift", "活动编号", a_code(SHIFT_NUMBER), synonyms=("编号", "场次"), fill_down=True),
                Column("day", "日期", self.a_day(), synonyms=("活动日期",), fill_down=True),
                Column("unit", "班级", self.a_class(), fill_down=True),
                Column("pupil", "学生代码", a_code(PUPIL_CODE), synonyms=("学生", "代码")),
                Column(
                    "presence",
                    "到场",
                    a_choice(WRITTEN_PRESENCE, str(_("到场情况"))),
                    synonyms=("到场情况", "考勤"),
                ),
            ),
        )

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        day: date = values["day"]
        self.require_shift(values["shift"], day)
        unit: Unit = values["unit"]
        self.require_pupil(values["pupil"], unit)
        plain = [values["shift"], day.isoformat(), unit.pk, values["pupil"], values["presence"]]
        return self.uid(values["shift"], plain[1], values["pupil"]), plain

    def existing(self, uids: Collection[UUID]) -> set[UUID]:
        return set(Attendance.objects.filter(uid__in=uids).values_list("uid", flat=True))

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Attendance:
        shift, day, unit, pupil, presence = plain
        return Attendance(
            uid=uid,
            shift_id=self.shift_ids[str(shift), str(day)],
            person_id=self.pupil_ids[str(pupil)],
            unit_id=unit,
            day=date.fromisoformat(str(day)),
            presence=presence,
            **source,
        )

    def save(self, rows: list[Attendance]) -> int:
        return services.add_attendances(rows)


class OutcomeImporter(UnitImporter):
    noun = "outcome"
    order = 40
    label = _("成效登记")

    @cached_property
    def kinds(self) -> dict[str, OutcomeKind]:
        return {kind.name: kind for kind in OutcomeKind.objects.filter(parent__isnull=True)}

    @cached_property
    def types(self) -> dict[str, dict[str, OutcomeKind]]:
        """kind's code → its types by name; empty where a kind has none."""
        found: dict[str, dict[str, OutcomeKind]] = {kind.code: {} for kind in self.kinds.values()}
        for kind in OutcomeKind.objects.filter(parent__isnull=False):
            found[str(kind.parent_id)][kind.name] = kind
        return found

    def table(self) -> Table:
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
                ),
                Column("day", "日期", self.a_day(), synonyms=("活动日期", "时间")),
                Column("at", "时刻", optional(a_time()), synonyms=("几点", "具体时间"), required=False),
                Column("unit", "班级", self.a_class(), synonyms=("单位",)),
                Column("kind", "类别", a_choice(self.kinds, str(_("类别"))), synonyms=("项目", "内容")),
                Column("type", "细类", optional(a_text(40)), synonyms=("类型", "行为"), required=False),
                Column(
                    "amount",
                    "数量",
                    an_integer(minimum=1, maximum=100_000),
                    synonyms=("次数", "人次", "件数"),
                ),
                Column("note", "备注", optional(a_text(200)), synonyms=("说明",), required=False),
            ),
        )

    def _type(self, kind: OutcomeKind, written: str | None) -> OutcomeKind:
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
        if number:
            self.require_shift(number, day)
        unit: Unit = values["unit"]
        at = values["at"].isoformat("minutes") if values.get("at") else ""
        plain = [number, day.isoformat(), at, unit.pk, kind.code, values["amount"], values.get("note") or ""]
        return self.uid(*plain), plain

    def existing(self, uids: Collection[UUID]) -> set[UUID]:
        return set(Outcome.objects.filter(uid__in=uids).values_list("uid", flat=True))

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Outcome:
        number, day, at, unit, kind, amount, note = plain
        return Outcome(
            uid=uid,
            kind_id=kind,
            amount=amount,
            unit_id=unit,
            shift_id=self.shift_ids[str(number), str(day)] if number else None,
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
    order = 50
    label = _("实践心得")

    def table(self) -> Table:
        awards = {"优秀": True, "优": True, "未评": False, "合格": False}
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("实践心得", "心得", "心得体会"),
            columns=(
                Column("unit", "班级", self.a_class(), fill_down=True),
                Column("pupil", "学生代码", a_code(PUPIL_CODE), synonyms=("学生", "代码")),
                Column("day", "提交日期", self.a_day(), synonyms=("日期",)),
                Column(
                    "award",
                    "评选结果",
                    optional(a_choice(awards, str(_("评选结果")))),
                    synonyms=("评奖", "奖项"),
                ),
            ),
        )

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        unit: Unit = values["unit"]
        self.require_pupil(values["pupil"], unit)
        plain = [unit.pk, values["pupil"], values["day"].isoformat(), int(bool(values.get("award")))]
        return self.uid(values["pupil"], plain[2]), plain

    def existing(self, uids: Collection[UUID]) -> set[UUID]:
        return set(Outcome.objects.filter(uid__in=uids).values_list("uid", flat=True))

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Outcome:
        unit, pupil, day, excellent = plain
        return Outcome(
            uid=uid,
            kind_id="essay_excellent" if excellent else "essay",
            amount=1,
            unit_id=unit,
            person_id=self.pupil_ids[str(pupil)],
            day=date.fromisoformat(str(day)),
            recorded_by=self.context.actor.uid,
            **source,
        )

    def save(self, rows: list[Outcome]) -> int:
        return services.add_outcomes(rows)
