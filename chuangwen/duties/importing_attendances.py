"""Who was there: pupils on their outings, staff at trainings and meetings."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from chuangwen.core.importing import Plain
from chuangwen.core.tabular import Column, Table, a_choice, a_code
from chuangwen.duties import services
from chuangwen.duties.importing_units import SHIFT_NUMBER, SHIFT_SYNONYMS, UnitImporter
from chuangwen.duties.models import Attendance, Presence
from chuangwen.people.importing_names import PERSON_CODE, PUPIL_CODE, RowsOfUnits, clear
from chuangwen.people.models import Unit

# As clerks write it, whatever language the pages are in.
WRITTEN_PRESENCE = {
    "到": Presence.PRESENT,
    "到场": Presence.PRESENT,
    "迟到": Presence.LATE,
    "请假": Presence.EXCUSED,
    "缺席": Presence.ABSENT,
    "缺": Presence.ABSENT,
}
PUPIL = Column("pupil", "学生代码", a_code(PUPIL_CODE), synonyms=("学生", "代码"), example="c98-01")
STAFF = Column("person", "人员代码", a_code(PERSON_CODE), synonyms=("工号", "警号", "职工代码"), example="m01")


def shift_column() -> Column:
    return Column("shift", "活动编号", a_code(SHIFT_NUMBER), synonyms=SHIFT_SYNONYMS, fill_down=True, example="S41")


def presence_column() -> Column:
    return Column(
        "presence",
        "到场",
        a_choice(WRITTEN_PRESENCE, str(_("到场情况"))),
        synonyms=("到场情况", "考勤"),
        choices=[*WRITTEN_PRESENCE],
        example="到",
    )


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
                shift_column(),
                self.day_column(synonyms=("活动日期",), fill_down=True),
                self.class_column(fill_down=True),
                PUPIL,
                presence_column(),
            ),
        )

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        clear(values["unit"])
        day: date = values["day"]
        unit: Unit = values["unit"]
        shift = self.require_shift(values["shift"], day, unit)
        self.require_pupil(values["pupil"], unit)
        plain = [shift, day.isoformat(), unit.uid.hex, values["pupil"], values["presence"]]
        return self.uid(unit.uid, shift, values["pupil"]), plain

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        return {"presence": plain[4]}

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Attendance:
        shift, day, unit, pupil, presence = plain
        return Attendance(
            uid=uid,
            shift_id=self.shift_ids[str(shift)],
            person_id=self.pupil_ids[unit, pupil],
            unit_id=self.unit_ids[unit],
            day=date.fromisoformat(str(day)),
            presence=presence,
            **source,
        )

    def save(self, rows: list[Attendance]) -> int:
        return services.add_attendances(rows)


class SignInImporter(UnitImporter):
    """Staff, where 参加名单 has pupils."""

    noun = "sign_in"
    model = Attendance
    changeable = {"presence": "presence"}
    order = 32
    label = _("签到表")
    messages = {**UnitImporter.messages, **RowsOfUnits.person_messages}

    def table(self) -> Table:
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("签到表", "签到", "会议签到"),
            columns=(
                shift_column(),
                self.day_column(synonyms=("活动日期",), fill_down=True),
                self.unit_column(synonyms=("科室", "所在单位", "部门")),
                STAFF,
                presence_column(),
            ),
        )

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        unit = clear(values.get("unit"))
        day: date = values["day"]
        shift = self.require_shift(values["shift"], day, unit or self.context.unit)
        person = self.require_person(values["person"], unit)
        uid = self._there.get((shift, person.uid)) or self.uid(UUID(hex=person.uid), shift)
        return uid, [shift, day.isoformat(), person.uid, values["presence"]]

    @cached_property
    def _there(self) -> dict[tuple[str, str], UUID]:
        """(shift, person) → the attendance that is there, whichever sheet it came from."""
        rows = Attendance.everything.filter(unit__path__startswith=self.context.unit.path, person__is_pupil=False)
        found = rows.values_list("shift__uid", "person__uid", "uid")
        return {(shift.hex, person.hex): uid for shift, person, uid in found}

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        return {"presence": plain[3]}

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Attendance:
        shift, day, person, presence = plain
        person_id, unit_id = self.person_ids[person]
        return Attendance(
            uid=uid,
            shift_id=self.shift_ids[shift],
            person_id=person_id,
            unit_id=unit_id,
            day=date.fromisoformat(day),
            presence=presence,
            **source,
        )

    def save(self, rows: list[Attendance]) -> int:
        return services.add_attendances(rows)
