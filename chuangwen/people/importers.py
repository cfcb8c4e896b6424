"""Pupils by code from a school's workbook. Declared here, connected by `wiring`."""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from chuangwen.core.importing import BadRow, Importer, Plain
from chuangwen.core.tabular import Column, Table, a_choice, a_code, a_text, optional
from chuangwen.people import services
from chuangwen.people.access import below
from chuangwen.people.models import Person, Unit


class PupilImporter(Importer):
    """A pupil is a class and a code, never a name: a column of names is ignored."""

    noun = "pupil"
    order = 10
    label = _("学生代码册")
    messages = {
        "code_of_another_class": (
            _("代码 {value} 不以班级 {unit} 开头"),
            _("代码写成“班级-序号”，如 {unit}-01"),
        ),
    }

    @cached_property
    def classes(self) -> dict[str, Unit]:
        units = below(self.context.unit).filter(kind_id="class", closed_on__isnull=True)
        return {unit.label: unit for unit in units} | {unit.name: unit for unit in units}

    def table(self) -> Table:
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("学生代码册", "学生名册", "花名册"),
            columns=(
                Column("unit", "班级", a_choice(self.classes, str(_("班级"))), fill_down=True),
                Column("pupil", "学生代码", a_code(r"[a-z]+\d+-\d+"), synonyms=("代码", "编号")),
                Column("grade", "年级", optional(a_text(20)), required=False, fill_down=True),
            ),
        )

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        unit: Unit = values["unit"]
        code: str = values["pupil"]
        if code.split("-")[0] != unit.label.lower():
            raise BadRow("pupil", "code_of_another_class", value=code, unit=unit.label)
        self.context.told("pupils")[code] = unit.pk
        return self.uid(code), [unit.pk, code]

    def spoilt(self, values: dict[str, Any]) -> None:
        self.context.told("spoilt_pupils")[values.get("pupil")] = True

    def existing(self, uids: Collection[UUID]) -> set[UUID]:
        return set(Person.objects.filter(uid__in=uids).values_list("uid", flat=True))

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Person:
        unit, code = plain
        return Person(uid=uid, unit_id=unit, code=code, is_pupil=True, **source)

    def save(self, rows: list[Person]) -> int:
        return services.register_pupils(self.context.actor, school=self.context.unit, pupils=rows)
