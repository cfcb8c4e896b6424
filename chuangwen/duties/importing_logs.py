"""What was done day by day at posts, by teams, in cleaning, on rounds and by supervision groups."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chuangwen.core.importing import BadRow, Plain
from chuangwen.core.models import Import
from chuangwen.core.tabular import Column, Table, a_choice, a_text, a_time, an_integer, optional
from chuangwen.duties import queries, services
from chuangwen.duties.importing_attendances import STAFF
from chuangwen.duties.importing_units import UnitImporter, moment
from chuangwen.duties.models import WHOLE_DAY, Attendance, Band, DutyKind, Presence, Shift
from chuangwen.people.importing_names import RowsOfUnits, clear
from chuangwen.people.models import Unit

MANNED = (DutyKind.POST, DutyKind.MOBILE_TEAM, DutyKind.INTERVAL)
# As clerks write it, whatever language the pages are in.
WRITTEN_BANDS = {"高峰": Band.PEAK, "平峰": Band.ORDINARY, "夜间": Band.NIGHT}


class DutyLogImporter(UnitImporter):
    """One row is one shift of a post, of a team, or one day of a toilet."""

    noun = "duty_log"
    model = Shift
    changeable = {"ends": "ends_at", "band": "band", "required": "required", "met": "met", "note": "story"}
    order = 22
    label = _("勤务登记")
    messages = {
        "more_than_due": (_("实到 {met} 人，多于应到 {required} 人"), _("核对两个数；多派了人的，应到也要改")),
        **UnitImporter.duty_messages,
    }

    def table(self) -> Table:
        heads = an_integer(minimum=0, maximum=10_000)
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("勤务登记", "岗点勤务", "保洁登记", "清扫登记"),
            columns=(
                self.day_column(),
                Column("duty", "岗位", a_text(120), synonyms=("岗点", "点位", "厕所"), example="学府路石桥街口"),
                self.unit_column(synonyms=("中队", "科室")),
                Column(
                    "band", "时段", optional(a_choice(WRITTEN_BANDS, str(_("时段")))), required=False,
                    choices=[*WRITTEN_BANDS],
                ),
                Column("starts", "开始", a_time(), synonyms=("开始时间",), example="07:30"),
                Column("ends", "结束", a_time(), synonyms=("结束时间",), example="09:30"),
                Column(
                    "required", "应到", heads, synonyms=("应到人数", "应做次数", "应清扫次数"), example="2",
                ),
                Column("met", "实到", heads, synonyms=("实到人数", "实做次数", "实清扫次数"), example="2"),
                Column("note", "备注", optional(a_text(200)), synonyms=("说明",), required=False),
            ),
        )  # fmt: skip

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        duty = self.require_duty(values["duty"], MANNED, key="duty", unit=clear(values.get("unit")))
        day: date = values["day"]
        starts: time = values["starts"]
        ends: time = values["ends"]
        band: Band | None = values.get("band")
        # Who stands at night goes home in the morning.
        last = day + timedelta(days=1) if ends < starts and band == Band.NIGHT else day
        if moment(last, ends) <= moment(day, starts):
            raise BadRow("ends", "ends_before_start")
        required, met = values["required"], values["met"]
        # A toilet may be cleaned more often than it has to be; nobody can be there twice.
        if met > required and duty.kind != DutyKind.INTERVAL:
            raise BadRow("met", "more_than_due", met=str(met), required=str(required))
        times = [moment(day, starts).isoformat(), moment(last, ends).isoformat()]
        plain = [duty.uid, day.isoformat(), *times, band.value if band else "", required, met, values.get("note") or ""]
        return self.uid(UUID(hex=duty.uid), day.isoformat(), starts.isoformat("minutes")), plain

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        _duty, _day, _starts, ends, band, required, met, note = plain
        return {"ends_at": ends, "band": band, "required": required, "met": met, "story": note}

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Shift:
        duty_uid, day, starts, ends, band, required, met, note = plain
        duty = self.duty_rows[duty_uid]
        return Shift(
            uid=uid,
            duty=duty,
            unit_id=duty.unit_id,
            day=date.fromisoformat(day),
            starts_at=datetime.fromisoformat(starts),
            ends_at=datetime.fromisoformat(ends),
            place=duty.place,
            band=band,
            required=required,
            met=met,
            story=note,
            **source,
        )

    def save(self, rows: list[Shift]) -> int:
        return services.add_shifts(rows)


class RoundImporter(UnitImporter):
    """One row is one person on one day: how often they went round."""

    noun = "round"
    model = Attendance
    changeable = {"times": "times"}
    follows = {"presence": "times"}
    order = 34
    label = _("巡查登记")
    messages = {
        "round_needed": (_("没有写是哪一项巡查"), _("有几项巡查的，在巡查一栏写名称：{names}")),
        "no_round": (_("还没有巡查这一项勤务"), _("先导入岗点和队伍，类别写“巡查”")),
        **UnitImporter.duty_messages,
        **RowsOfUnits.person_messages,
    }

    def table(self) -> Table:
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("巡查登记", "巡查记录", "巡查"),
            columns=(
                self.day_column(),
                STAFF,
                Column(
                    "times", "次数", an_integer(minimum=0, maximum=100), synonyms=("巡查次数",), example="1",
                ),
                Column("duty", "巡查", optional(a_text(120)), synonyms=("巡查名称", "巡查项目"), required=False),
                self.unit_column(synonyms=("科室", "所在单位", "部门")),
            ),
        )  # fmt: skip

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        person = self.require_person(values["person"], clear(values.get("unit")))
        duty = self._duty(values.get("duty"))
        day = values["day"].isoformat()
        return self.uid(UUID(hex=person.uid), duty, day), [duty, person.uid, day, values["times"]]

    def _duty(self, name: str | None) -> str:
        """The round that the row names; where it names none, the only one that there is."""
        if name:
            return self.require_duty(name, (DutyKind.ROUND,), key="duty").uid
        rounds = self.duties_of((DutyKind.ROUND,))
        if not rounds:
            raise BadRow("duty", "no_round")
        if len(rounds) > 1:
            raise BadRow("duty", "round_needed", names="、".join(each.name for each in rounds))
        return rounds[0].uid

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        return {"times": plain[3], "presence": _presence(plain[3])}

    @cached_property
    def _days(self) -> dict[tuple[str, str], Shift]:
        return {}

    @classmethod
    def along(cls, source: Import) -> QuerySet[Shift]:
        return queries.round_days_of(source)

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Attendance:
        duty, person, day, times = plain
        if (duty, day) not in self._days:
            self._days[duty, day] = services.round_of_the_day(self.duty_rows[duty], date.fromisoformat(day))
        person_id, unit_id = self.person_ids[person]
        return Attendance(
            uid=uid,
            shift=self._days[duty, day],
            person_id=person_id,
            unit_id=unit_id,
            day=date.fromisoformat(day),
            presence=_presence(times),
            times=times,
            **source,
        )

    def save(self, rows: list[Attendance]) -> int:
        return services.add_attendances(rows)


def _presence(times: int) -> str:
    return (Presence.PRESENT if times else Presence.ABSENT).value


class SupervisionImporter(UnitImporter):
    """One row is one visit of a supervision group to a squadron, or to one of its posts."""

    noun = "supervision"
    model = Shift
    changeable = {"ends": "ends_at"}
    order = 24
    label = _("督导登记")
    messages = {
        "other_time_needed": (_("开始和结束只写了一个"), _("两个都写，或都不写")),
        **UnitImporter.duty_messages,
    }

    def table(self) -> Table:
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("督导登记", "督导记录", "督导检查"),
            columns=(
                self.day_column(),
                Column("group", "督导组", a_text(120), synonyms=("检查组",), example="第一督导检查组"),
                self.unit_column("中队", synonyms=("被督导单位", "单位"), required=True),
                Column("post", "岗点", optional(a_text(120)), synonyms=("岗位", "点位"), required=False),
                Column("starts", "开始", optional(a_time()), synonyms=("开始时间",), required=False),
                Column("ends", "结束", optional(a_time()), synonyms=("结束时间",), required=False),
            ),
        )

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        clear(values["unit"])
        unit: Unit = values["unit"]
        group = self.require_duty(values["group"], (DutyKind.SUPERVISION,), key="group").uid
        named = values.get("post")
        post = self.require_duty(named, (DutyKind.POST,), key="post", unit=unit).uid if named else ""
        starts, ends = values.get("starts"), values.get("ends")
        if (starts is None) != (ends is None):
            raise BadRow("starts" if starts is None else "ends", "other_time_needed")
        if starts is not None and ends <= starts:
            raise BadRow("ends", "ends_before_start")
        day: date = values["day"]
        hours = [moment(day, at).isoformat() for at in (starts or WHOLE_DAY[0], ends or WHOLE_DAY[1])]
        uid = self.uid(unit.uid, group, day.isoformat(), starts.isoformat("minutes") if starts else "", post)
        return uid, [unit.uid.hex, group, post, day.isoformat(), *hours]

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        return {"ends_at": plain[5]}

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Shift:
        unit, group, post, day, starts, ends = plain
        target = self.duty_rows[post] if post else None
        return Shift(
            uid=uid,
            duty=self.duty_rows[group],
            unit_id=self.unit_ids[unit],
            day=date.fromisoformat(day),
            starts_at=datetime.fromisoformat(starts),
            ends_at=datetime.fromisoformat(ends),
            place=target.place if target else "",
            target=target,
            **source,
        )

    def save(self, rows: list[Shift]) -> int:
        return services.add_shifts(rows)
