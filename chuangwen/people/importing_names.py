"""How units and persons are written in any workbook. Base of the importers of this app and of those above it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.importing import BadRow, ImportContext, Importer, Unclear
from chuangwen.core.tabular import BadCell, Cell, Column, a_choice, optional, shown
from chuangwen.core.tabular.normal import tight
from chuangwen.people.access import below
from chuangwen.people.models import Person, Unit

CLASS = "class"
PUPIL_CODE = r"(?=.{1,40}$)[a-z]+\d+-\d+"
UNIT_CODE = r"(?=.{1,60}$)[a-z0-9]+([_-][a-z0-9]+)*"
PERSON_CODE = r"(?=.{1,40}$)[a-z0-9]+([_-][a-z0-9]+)*"
# A cell that names a unit whose own row, in this workbook, is bad: that row is the one to mend.
SPOILT = Unit()


def tight_word(text: str) -> str:
    return tight(text).lower()


class UnitNames:
    """The units that a cell may name: by code always; by short or full name, a class with 班 or without it.

    A name that several units have is refused with the codes to use: it would count for the wrong one in silence.
    Units of the same workbook are known once their sheet was read: `told` is what its importer has said of them.
    """

    def __init__(
        self, units: Iterable[Unit], context: ImportContext, *, takes: Callable[[Unit], bool] | None = None
    ) -> None:
        self._units = list(units)
        self._told = context.told("units")
        self._spoilt = context.told("spoilt_units")
        self._takes = takes
        self._known: dict[str, list[Unit]] = {}
        self._learnt = -1

    @staticmethod
    def _names(unit: Unit) -> set[str]:
        names = {tight_word(text) for text in (unit.short_name, unit.name, unit.name_en)} - {""}
        if unit.kind_id == CLASS:
            bare = tight_word(unit.official_label).removesuffix("班")
            names |= {bare, f"{bare}班"}
        return names

    @property
    def units(self) -> list[Unit]:
        """Those that stand, and those of this workbook that are new."""
        there = {unit.uid for unit in self._units}
        told = (unit for unit in self._told.values() if unit.uid not in there)
        return self._units + [unit for unit in told if self._takes is None or self._takes(unit)]

    @property
    def known(self) -> dict[str, list[Unit]]:
        if self._learnt != len(self._told):
            self._learnt, units = len(self._told), self.units
            self._known = {}
            for unit in units:
                for name in self._names(unit):
                    self._known.setdefault(name, []).append(unit)
            self._known |= {unit.code.lower(): [unit] for unit in units}
        return self._known

    @property
    def has_classes(self) -> bool:
        return any(unit.kind_id == CLASS for unit in self._units)

    @property
    def offered(self) -> list[str]:
        """What a message or an empty template names: the classes, or, where there are none, every unit."""
        known = self.known
        units = [unit for unit in self.units if unit.kind_id == CLASS] or self.units
        return [
            unit.official_label if known[tight_word(unit.official_label)] == [unit] else unit.code for unit in units
        ]

    def parser(self) -> Callable[[Cell], Unit]:
        """A parser of one unit; raises BadCell as `a_choice` does, and ambiguous_unit. SPOILT where the unit's own
        row is bad.
        """
        choosing: dict[int, Callable[[Cell], list[Unit]]] = {}
        what = _("班级") if self.has_classes else pgettext_lazy("noun", "单位")

        def parse(cell: Cell) -> Unit:
            if len(self._told) not in choosing:
                choosing.clear()
                choosing[len(self._told)] = a_choice(self.known, str(what), offered=self.offered)
            try:
                found = choosing[len(self._told)](cell)
            except BadCell:
                if tight_word(str(cell)) in self._spoilt:
                    return SPOILT
                raise
            if len(found) > 1:
                raise BadCell("ambiguous_unit", {"value": shown(cell), "codes": "、".join(unit.code for unit in found)})
            return found[0]

        return parse


def clear(unit: Unit | None) -> Unit | None:
    """The unit that a cell named. Raises Unclear where that unit's own row has to be mended first."""
    if unit is SPOILT:
        raise Unclear
    return unit


@dataclass(frozen=True, slots=True)
class Named:
    """A person that a row may name by code: of which unit."""

    uid: str
    unit: str
    unit_label: str


class RowsOfUnits(Importer):
    """The units and persons below the unit that imports, asked for once."""

    person_messages = {
        "unknown_person": (_("没有代码为 {value} 的人员"), _("核对代码，或先导入人员名册")),
        "person_of_another_unit": (_("{value} 不是{unit}的人员"), _("核对单位和人员代码，两者要一致")),
        "ambiguous_person": (_("代码 {value} 在几个单位都有：{units}"), _("在单位一栏写明是哪一个单位的")),
    }

    @cached_property
    def units(self) -> UnitNames:
        return UnitNames(below(self.context.unit).filter(closed_on__isnull=True), self.context)

    @cached_property
    def unit_ids(self) -> dict[str, int]:
        """uid → unit, asked for when rows are built: units of the same workbook are saved by then."""
        return {uid.hex: key for uid, key in below(self.context.unit).values_list("uid", "pk")}

    def unit_column(
        self, label: str = "单位", *, synonyms: tuple[str, ...] = (), key: str = "unit", required: bool = False
    ) -> Column:
        """A unit below the importing one, or that one itself."""
        parse = self.units.parser()
        maybe = parse if required else optional(parse)
        return Column(key, label, maybe, synonyms=synonyms, required=required, choices=self.units.offered)

    @cached_property
    def _persons(self) -> dict[str, list[Named]]:
        """code → persons of that code, as they stood before this workbook; no pupils."""
        found: dict[str, list[Named]] = {}
        staff = Person.objects.filter(
            unit__path__startswith=self.context.unit.path, left_on__isnull=True, is_pupil=False
        ).select_related("unit")
        for person in staff:
            named = Named(person.uid.hex, person.unit.uid.hex, person.unit.official_label)
            found.setdefault(person.code.lower(), []).append(named)
        return found

    def require_person(self, code: str, unit: Unit | None, *, key: str = "person") -> Named:
        """The person of that code, in this workbook or before; of that unit where one is named. Raises BadRow, or
        Unclear.
        """
        told: dict[str, Named] = self.context.told("staff").get(code, {})
        everybody = {each.uid: each for each in [*self._persons.get(code, []), *told.values()]}
        found = [each for each in everybody.values() if unit is None or each.unit == unit.uid.hex]
        if len(found) == 1:
            return found[0]
        if found:
            raise BadRow(key, "ambiguous_person", value=code, units="、".join(each.unit_label for each in found))
        if code in self.context.told("spoilt_staff"):
            raise Unclear
        if everybody and unit is not None:
            raise BadRow(key, "person_of_another_unit", value=code, unit=unit.official_label)
        raise BadRow(key, "unknown_person", value=code)

    @cached_property
    def person_ids(self) -> dict[str, tuple[int, int]]:
        """uid → (person, unit), asked for when rows are built."""
        rows = Person.objects.filter(unit__path__startswith=self.context.unit.path)
        return {uid.hex: (key, unit) for uid, key, unit in rows.values_list("uid", "pk", "unit_id")}
