"""Pupils by code from a school's workbook. Declared here, connected by `wiring`.

Here too is how a unit is written in any workbook: `UnitNames`.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.importing import BadRow, Importer, Plain
from chuangwen.core.tabular import BadCell, Cell, Column, Table, a_choice, a_code, a_date, a_text, optional, shown
from chuangwen.core.tabular.normal import tight
from chuangwen.people import services
from chuangwen.people.access import below
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import Perm

CLASS = "class"
PUPIL_CODE = r"[a-z]+\d+-\d+"


def tight_word(text: str) -> str:
    return tight(text).lower()


class UnitNames:
    """The units that a cell may name: by code always; by short or full name, a class with 班 or without it.

    A name that several units have is refused with the codes to use: it would count for the wrong one in silence.
    """

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = list(units)
        self._known: dict[str, list[Unit]] = {}
        for unit in self._units:
            for name in self._names(unit):
                self._known.setdefault(name, []).append(unit)
        self._known |= {unit.code.lower(): [unit] for unit in self._units}

    @staticmethod
    def _names(unit: Unit) -> set[str]:
        names = {tight_word(text) for text in (unit.short_name, unit.name, unit.name_en)} - {""}
        if unit.kind_id == CLASS:
            bare = tight_word(unit.official_label).removesuffix("班")
            names |= {bare, f"{bare}班"}
        return names

    @cached_property
    def offered(self) -> list[str]:
        """What a message or an empty template names: the classes, or, where there are none, every unit."""
        units = [unit for unit in self._units if unit.kind_id == CLASS] or self._units
        return [
            unit.official_label if self._known[tight_word(unit.official_label)] == [unit] else unit.code
            for unit in units
        ]

    def parser(self) -> Callable[[Cell], Unit]:
        """A parser of one unit; raises BadCell as `a_choice` does, and ambiguous_unit."""
        choose = a_choice(self._known, str(_("班级")), offered=self.offered)

        def parse(cell: Cell) -> Unit:
            found = choose(cell)
            if len(found) > 1:
                raise BadCell("ambiguous_unit", {"value": shown(cell), "codes": "、".join(unit.code for unit in found)})
            return found[0]

        return parse


class PupilImporter(Importer):
    """A pupil is a class and a code, never a name: a column of names is ignored."""

    noun = "pupil"
    model = Person
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
        return UnitNames(below(self.context.unit).filter(kind_id=CLASS, closed_on__isnull=True))

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
        unit: Unit = values["unit"]
        code: str = values["pupil"]
        if code.split("-")[0] != unit.official_label.lower():
            raise BadRow("pupil", "code_of_another_class", value=code, unit=unit.official_label)
        self.context.told("pupils").setdefault(code, set()).add(unit.pk)
        joined = values.get("joined")
        return self.uid(unit.uid, code), [unit.pk, code, joined.isoformat() if joined else None]

    def spoilt(self, values: dict[str, Any]) -> None:
        self.context.told("spoilt_pupils")[values.get("pupil")] = True

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Person:
        unit, code, joined = plain
        joined_on = date.fromisoformat(joined) if joined else None
        return Person(uid=uid, unit_id=unit, code=code, joined_on=joined_on, is_pupil=True, **source)

    changeable = {"joined": "joined_on"}

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        return {"joined_on": plain[2]}

    def allowed(self) -> bool:
        return bool(self.context.actor.can(Perm.PERSON_MANAGE, self.context.unit))

    def save(self, rows: list[Person]) -> int:
        return services.register_pupils(self.context.actor, school=self.context.unit, pupils=rows)
