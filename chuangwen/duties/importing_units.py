"""What the importers of this app share: the units, pupils and shifts that a row may name. Base of `importers`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.importing import BadRow, Importer, Unclear
from chuangwen.core.tabular import Cell, Column, a_date
from chuangwen.duties.models import Shift
from chuangwen.people.access import below
from chuangwen.people.importers import UnitNames
from chuangwen.people.models import Person, Unit

FIRST_YEAR = date(2020, 1, 1)
ShiftKey = tuple[str, str]  # number in lower case, ISO day


@dataclass(frozen=True, slots=True)
class Standing:
    """A shift that is there, of this unit or of one above or below it."""

    uid: UUID
    path: str
    starts_at: datetime
    place: str


class UnitImporter(Importer):
    """The units, pupils and shifts of the unit that imports, asked for once."""

    @cached_property
    def units(self) -> UnitNames:
        return UnitNames(below(self.context.unit).filter(closed_on__isnull=True))

    def class_column(self, *, synonyms: tuple[str, ...] = (), fill_down: bool = False) -> Column:
        parse, offered = self.units.parser(), self.units.offered
        return Column("unit", "班级", parse, synonyms=synonyms, fill_down=fill_down, choices=offered)

    @cached_property
    def pupil_ids(self) -> dict[tuple[int, str], int]:
        """(class, code) → person, asked for when rows are built: pupils of the same workbook are saved by then."""
        return {(unit, code): key for unit, code, key in self._pupils().values_list("unit_id", "code", "pk")}

    @cached_property
    def pupil_units(self) -> dict[str, set[int]]:
        """code → classes, as they stood before this workbook: two schools may both have a c98-01."""
        units: dict[str, set[int]] = {}
        for code, unit in self._pupils().values_list("code", "unit_id"):
            units.setdefault(code, set()).add(unit)
        return units

    def _pupils(self) -> QuerySet[Person]:
        return Person.objects.filter(unit__path__startswith=self.context.unit.path, left_on__isnull=True)

    @cached_property
    def shift_ids(self) -> dict[str, int]:
        """uid → shift, asked for when rows are built: shifts of the same workbook are saved by then."""
        return {uid.hex: key for uid, key in self._shifts().values_list("uid", "pk")}

    @cached_property
    def shifts(self) -> dict[ShiftKey, list[Standing]]:
        """As they stood before this workbook."""
        found: dict[ShiftKey, list[Standing]] = {}
        for shift in (
            self._shifts().select_related("unit").only("number", "day", "uid", "unit__path", "starts_at", "place")
        ):
            standing = Standing(shift.uid, shift.unit.path, shift.starts_at, shift.place)
            found.setdefault((shift.number.lower(), shift.day.isoformat()), []).append(standing)
        return found

    @cached_property
    def shift_days(self) -> dict[str, set[str]]:
        """number → ISO days, as they stood before this workbook: numbers begin anew every term."""
        days: dict[str, set[str]] = {}
        for number, day in self.shifts:
            days.setdefault(number, set()).add(day)
        return days

    def _shifts(self) -> QuerySet[Shift]:
        """Of the unit, of those below it and of those above it: each may have brought the same outing in."""
        path = self.context.unit.path
        above = [path[: end + 1] for end, sign in enumerate(path) if sign == "/"]
        return Shift.objects.filter(Q(unit__path__startswith=path) | Q(unit__path__in=above))

    def a_day(self) -> Callable[[Cell], date]:
        today = clock.today()
        return a_date(earliest=FIRST_YEAR, latest=today, default_year=today.year)

    def require_pupil(self, code: str, unit: Unit) -> None:
        """A pupil of that code is in that class, in this workbook or before. Raises BadRow, or Unclear."""
        told: set[int] = self.context.told("pupils").get(code, set())
        if unit.pk in told or unit.pk in self.pupil_units.get(code, set()):
            return
        if told or code in self.pupil_units:
            raise BadRow("pupil", "pupil_of_another_class", value=code, unit=unit.official_label)
        if code in self.context.told("spoilt_pupils"):
            raise Unclear
        raise BadRow("pupil", "unknown_pupil", value=code)

    def require_shift(self, number: str, day: date, unit: Unit) -> str:
        """The uid of the unit's shift of that number on that day, in this workbook or before. Raises BadRow, or
        Unclear.
        """
        at = (number, day.isoformat())
        told: str | None = self.context.told("shifts").get(at)
        found = told or self._standing(at, unit)
        if found:
            return found
        if number in self.context.told("spoilt_shifts"):
            raise Unclear
        told_days: set[str] = self.context.told("shift_days").get(number, set())
        others = (told_days | self.shift_days.get(number, set())) - {at[1]}
        if not others:
            raise BadRow("shift", "unknown_shift", value=number.upper())
        raise BadRow("day", "other_day_than_shift", value=number.upper(), day="、".join(sorted(others)[:3]))

    def _standing(self, at: ShiftKey, unit: Unit) -> str | None:
        """The importing unit's own shift comes first, then that of the nearest unit over the row's."""
        own = self.context.unit.path
        over = [each for each in self.shifts.get(at, ()) if each.path == own or unit.path.startswith(each.path)]
        return max(over, key=lambda each: (each.path == own, len(each.path))).uid.hex if over else None

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
        "essay_without_pupil": (
            _("成效登记里不能登记“{value}”"),
            _("心得请用实践心得表，一行一名学生"),
        ),
    }
