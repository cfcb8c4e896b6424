"""Pupils by code from a school's workbook."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.importing import BadRow, Plain
from chuangwen.core.tabular import Column, Table, a_code, a_date, a_text, optional
from chuangwen.people import services
from chuangwen.people.access import below
from chuangwen.people.importing_names import CLASS, PUPIL_CODE, RowsOfUnits, UnitNames, clear
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import Perm


class PupilImporter(RowsOfUnits):
    """A pupil is a class and a code, never a name: a column of names is ignored."""

    noun = "pupil"
    model = Person
    changeable = {"joined": "joined_on"}
    order = 10
    label = _("学生代码册")
    messages = {
        "code_of_another_class": (
            _("代码 {value} 不以班级 {unit} 开头"),
            _("代码写成“班级-序号”，如 {unit}-01"),
        ),
    }

    @cached_property
    def classes(self) -> UnitNames:
        standing = below(self.context.unit).filter(kind_id=CLASS, closed_on__isnull=True)
        return UnitNames(standing, self.context, takes=lambda unit: unit.kind_id == CLASS)

    def table(self) -> Table:
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("学生代码册", "学生名册", "花名册"),
            columns=(
                Column("unit", "班级", self.classes.parser(), fill_down=True, choices=self.classes.offered),
                Column("pupil", "学生代码", a_code(PUPIL_CODE), synonyms=("代码", "编号"), example="c98-01"),
                Column(
                    "joined",
                    "入校日期",
                    optional(a_date(default_year=clock.today().year)),
                    synonyms=("转入日期",),
                    required=False,
                    example="2026-09-01",
                ),
                Column("grade", "年级", optional(a_text(20)), required=False, fill_down=True, example="六年级"),
            ),
        )

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        clear(values["unit"])
        unit: Unit = values["unit"]
        code: str = values["pupil"]
        if code.split("-")[0] != unit.official_label.lower():
            raise BadRow("pupil", "code_of_another_class", value=code, unit=unit.official_label)
        self.context.told("pupils").setdefault(code, set()).add(unit.uid.hex)
        joined = values.get("joined")
        return self.uid(unit.uid, code), [unit.uid.hex, code, joined.isoformat() if joined else None]

    def spoilt(self, values: dict[str, Any]) -> None:
        self.context.told("spoilt_pupils")[values.get("pupil")] = True

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Person:
        unit, code, joined = plain
        joined_on = date.fromisoformat(joined) if joined else None
        return Person(uid=uid, unit_id=self.unit_ids[unit], code=code, joined_on=joined_on, is_pupil=True, **source)

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        return {"joined_on": plain[2]}

    def allowed(self) -> bool:
        return bool(self.context.actor.can(Perm.PERSON_MANAGE, self.context.unit))

    def save(self, rows: list[Person]) -> int:
        return services.register_pupils(self.context.actor, school=self.context.unit, pupils=rows)
