"""Staff by code from a unit's workbook: who can be named on a round, at a training, in a group."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from chuangwen.core.importing import BadRow, Plain
from chuangwen.core.tabular import Column, Table, a_code, a_text, optional
from chuangwen.people import services
from chuangwen.people.importing_names import PERSON_CODE, Named, RowsOfUnits, clear
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import Perm, is_office_phone


class StaffImporter(RowsOfUnits):
    """A member of staff is a unit and a code; a name is kept where the unit writes one."""

    noun = "staff"
    model = Person
    changeable = {"name": "name", "title": "title", "office_phone": "office_phone", "email": "email"}
    order = 4
    label = _("人员名册")
    messages = {
        "not_an_office_phone": (_("“{value}”不是办公电话"), _("写成 0736-7220001 这样，不写私人手机；没有就空着")),
        "not_an_email": (_("“{value}”不是邮箱地址"), _("写成 name@anlan.gov.cn 这样；没有就空着")),
        "code_of_a_pupil": (_("代码 {value} 是{unit}的学生"), _("工作人员用另外的代码；学生用学生代码册")),
    }

    def table(self) -> Table:
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("人员名册", "职工名册", "民警名册"),
            columns=(
                self.unit_column(synonyms=("科室", "所在单位", "部门")),
                Column("person", "人员代码", a_code(PERSON_CODE), synonyms=("工号", "警号", "职工代码"), example="m01"),
                Column("name", "姓名", optional(a_text(60)), required=False),
                # The column must be there, so that no list of who came is taken for a register.
                Column("title", "职务", optional(a_text(60)), synonyms=("职务或岗位",), example="护理部主任"),
                Column(
                    "office_phone",
                    "办公电话",
                    optional(a_text(40)),
                    required=False,
                    synonyms=("联系电话", "单位电话", "座机"),
                    example="0736-7220001",
                ),
                Column(
                    "email",
                    "工作邮箱",
                    optional(a_text(120)),
                    required=False,
                    synonyms=("邮箱", "电子邮箱"),
                    example="m01@anlan.gov.cn",
                ),
            ),
        )

    @cached_property
    def _everybody(self) -> dict[tuple[str, str], Person]:
        """(unit, code) → person, those who left, pupils and withdrawn rows too: a code belongs to one of them."""
        rows = Person.everything.filter(unit__path__startswith=self.context.unit.path).select_related("unit")
        return {(row.unit.uid.hex, row.code.lower()): row for row in rows}

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        unit: Unit = clear(values.get("unit")) or self.context.unit
        code: str = values["person"]
        there = self._everybody.get((unit.uid.hex, code))
        if there and there.is_pupil:
            raise BadRow("person", "code_of_a_pupil", value=code, unit=unit.official_label)
        uid = there.uid if there else self.uid(unit.uid, code)
        named = Named(uid.hex, unit.uid.hex, unit.official_label)
        if there is None or there.left_on is None:
            self.context.told("staff").setdefault(code, {})[named.unit] = named
        contact = self._contact(values)
        return uid, [unit.uid.hex, code, values.get("name") or "", values.get("title") or "", *contact]

    @staticmethod
    def _contact(values: dict[str, Any]) -> tuple[str, str]:
        phone, email = values.get("office_phone") or "", values.get("email") or ""
        if phone and not is_office_phone(phone):
            raise BadRow("office_phone", "not_an_office_phone", value=phone)
        try:
            if email:
                validate_email(email)
        except ValidationError as problem:
            raise BadRow("email", "not_an_email", value=email) from problem
        return phone, email

    def spoilt(self, values: dict[str, Any]) -> None:
        self.context.told("spoilt_staff")[values.get("person")] = True

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        """A workbook without these columns, or with empty cells in them, leaves what was written on the page."""
        contact = {key: said for key, said in (("office_phone", plain[4]), ("email", plain[5])) if said}
        return {"name": plain[2], "title": plain[3], **contact}

    def allowed(self) -> bool:
        return bool(self.context.actor.can(Perm.PERSON_MANAGE, self.context.unit))

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Person:
        unit, code, name, title, office_phone, email = plain
        whole = {"code": code, "name": name, "title": title, "office_phone": office_phone, "email": email}
        return Person(uid=uid, unit_id=self.unit_ids[unit], **whole, **source)

    def save(self, rows: list[Person]) -> int:
        return services.register_staff(self.context.actor, unit=self.context.unit, staff=rows)
