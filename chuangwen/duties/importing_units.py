"""What the importers of this app share: the units, pupils, shifts and duties that a row may name."""

import difflib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.importing import BadRow, Unclear
from chuangwen.core.tabular import Cell, Column, a_date
from chuangwen.duties.models import Duty, DutyKind, Shift
from chuangwen.people.importing_names import RowsOfUnits, tight_word
from chuangwen.people.models import Person, Unit

FIRST_YEAR = date(2020, 1, 1)
SHIFT_NUMBER = r"(?=.{1,20}$)[a-z]+\d+(-\d+)*"
SHIFT_SYNONYMS = ("编号", "场次")
A_DAY = "2026-04-02"
ShiftKey = tuple[str, str]  # number in lower case, ISO day
# As clerks write it, whatever language the pages are in.
WRITTEN_KINDS = {
    "志愿活动": DutyKind.VOLUNTEERING,
    "征集评选": DutyKind.ENTRY,
    "执勤岗点": DutyKind.POST,
    "机动应急队": DutyKind.MOBILE_TEAM,
    "督导检查": DutyKind.SUPERVISION,
    "培训": DutyKind.TRAINING,
    "会议": DutyKind.MEETING,
    "宣传活动": DutyKind.PUBLICITY,
    "整治行动": DutyKind.CAMPAIGN,
    "巡查": DutyKind.ROUND,
    "定时保洁": DutyKind.INTERVAL,
    "改造工程": DutyKind.PROJECT,
    "便民服务": DutyKind.SERVICE,
}
KIND_NAMES = {kind: word for word, kind in WRITTEN_KINDS.items()}


def moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


@dataclass(frozen=True, slots=True)
class Standing:
    """A shift that is there, of this unit or of one above or below it."""

    uid: UUID
    path: str
    starts_at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class NamedDuty:
    """A duty that a row may name."""

    uid: str
    name: str
    kind: str
    unit: str
    unit_label: str


class UnitImporter(RowsOfUnits):
    """The units, pupils, shifts and duties of the unit that imports, asked for once."""

    def class_column(self, *, synonyms: tuple[str, ...] = (), fill_down: bool = False) -> Column:
        """Called 班级 where the unit has classes, else 单位; either heading is read."""
        label, other = ("班级", ()) if self.units.has_classes or not synonyms else (synonyms[0], ("班级",))
        parse, offered = self.units.parser(), self.units.offered
        return Column("unit", label, parse, synonyms=(*synonyms, *other), fill_down=fill_down, choices=offered)

    @cached_property
    def pupil_ids(self) -> dict[tuple[str, str], int]:
        """(class, code) → person, asked for when rows are built: pupils of the same workbook are saved by then."""
        return {(unit.hex, code): key for unit, code, key in self._pupils().values_list("unit__uid", "code", "pk")}

    @cached_property
    def pupil_units(self) -> dict[str, set[str]]:
        """code → classes, as they stood before this workbook: two schools may both have a c98-01."""
        units: dict[str, set[str]] = {}
        for code, unit in self._pupils().values_list("code", "unit__uid"):
            units.setdefault(code, set()).add(unit.hex)
        return units

    def _pupils(self) -> QuerySet[Person]:
        return Person.objects.filter(unit__path__startswith=self.context.unit.path, left_on__isnull=True)

    @cached_property
    def shift_ids(self) -> dict[str, int]:
        """uid → shift, asked for when rows are built: shifts of the same workbook are saved by then."""
        return {uid.hex: key for uid, key in self._shifts().values_list("uid", "pk")}

    @cached_property
    def shifts(self) -> dict[ShiftKey, list[Standing]]:
        """As they stood before this workbook; those of a log have no number to be called by."""
        found: dict[ShiftKey, list[Standing]] = {}
        numbered = self._shifts().exclude(number="").select_related("unit")
        for shift in numbered.only("number", "day", "uid", "unit__path", "starts_at", "place"):
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

    def day_column(self, *, fill_down: bool = False, synonyms: tuple[str, ...] = ()) -> Column:
        return Column("day", "日期", self.a_day(), synonyms=synonyms, fill_down=fill_down, example=A_DAY)

    def require_pupil(self, code: str, unit: Unit) -> None:
        """A pupil of that code is in that class, in this workbook or before. Raises BadRow, or Unclear."""
        told: set[str] = self.context.told("pupils").get(code, set())
        if unit.uid.hex in told or unit.uid.hex in self.pupil_units.get(code, set()):
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

    @cached_property
    def _duties(self) -> list[NamedDuty]:
        """As they stood before this workbook."""
        rows = Duty.objects.filter(unit__path__startswith=self.context.unit.path).select_related("unit")
        return [NamedDuty(row.uid.hex, row.name, row.kind, row.unit.uid.hex, row.unit.official_label) for row in rows]

    def duties_of(self, kinds: Collection[str]) -> list[NamedDuty]:
        """Those of these kinds, in this workbook or before."""
        told: dict[str, NamedDuty] = self.context.told("duties")
        everything = {each.uid: each for each in [*self._duties, *told.values()]}
        return [each for each in everything.values() if each.kind in kinds]

    @cached_property
    def _by_name(self) -> dict[str, list[NamedDuty]]:
        """Asked for when the first row is checked: all duties of this workbook are told by then."""
        found: dict[str, list[NamedDuty]] = {}
        for duty in self.duties_of([*DutyKind]):
            found.setdefault(tight_word(duty.name), []).append(duty)
        return found

    def require_duty(self, name: str, kinds: Collection[str], *, key: str, unit: Unit | None = None) -> NamedDuty:
        """The duty of that name and of one of these kinds, of that unit where one is named. Raises BadRow, or
        Unclear.
        """
        named = self._by_name.get(tight_word(name), [])
        fitting = [each for each in named if each.kind in kinds]
        found = [each for each in fitting if unit is None or each.unit == unit.uid.hex]
        if len(found) == 1:
            return found[0]
        if found:
            raise BadRow(key, "ambiguous_duty", value=name, units="、".join(each.unit_label for each in found))
        if tight_word(name) in self.context.told("spoilt_duties"):
            raise Unclear
        if fitting and unit is not None:
            raise BadRow(key, "duty_of_another_unit", value=name, unit=unit.official_label)
        words = "、".join(KIND_NAMES[DutyKind(kind)] for kind in kinds)
        if named:
            is_one = KIND_NAMES[DutyKind(named[0].kind)]
            raise BadRow(key, "duty_of_another_kind", value=name, kind=is_one, kinds=words)
        known = {tight_word(each.name): each.name for each in self.duties_of(kinds)}
        near = difflib.get_close_matches(tight_word(name), known, n=1, cutoff=0.7)
        if near:
            raise BadRow(key, "unknown_duty_near", value=name, kinds=words, nearest=known[near[0]])
        raise BadRow(key, "unknown_duty", value=name, kinds=words)

    @cached_property
    def duty_rows(self) -> dict[str, Duty]:
        """uid → duty, asked for when rows are built: duties of the same workbook are saved by then."""
        rows = Duty.objects.filter(unit__path__startswith=self.context.unit.path)
        return {row.uid.hex: row for row in rows}

    duty_messages = {
        "unknown_duty": (_("没有叫“{value}”的{kinds}"), _("核对名称，或先导入岗点和队伍")),
        "unknown_duty_near": (_("没有叫“{value}”的{kinds}"), _("是不是“{nearest}”？")),
        "duty_of_another_kind": (_("“{value}”是{kind}，不是{kinds}"), _("核对名称，或换到那一类的表里登记")),
        "duty_of_another_unit": (_("“{value}”不是{unit}的"), _("核对单位和名称，两者要一致")),
        "ambiguous_duty": (_("“{value}”在几个单位都有：{units}"), _("在单位一栏写明是哪一个单位的")),
        "ends_before_start": (_("结束时间不晚于开始时间"), _("核对两个时间，24 小时制，如 15:30")),
    }
    messages = {
        "unknown_pupil": (_("没有代码为 {value} 的学生"), _("核对代码，或先导入学生代码册")),
        "pupil_of_another_class": (_("{value} 不是 {unit} 的学生"), _("核对班级和学生代码，两者要一致")),
        "unknown_shift": (_("没有编号为 {value} 的活动"), _("核对活动编号，或先导入活动安排")),
        "other_day_than_shift": (_("日期与活动 {value} 的日期 {day} 不一致"), _("改成同一天，或换活动编号")),
        "ends_before_start": (_("结束时间不晚于开始时间"), _("核对两个时间，24 小时制，如 15:30")),
        "ends_days_before": (_("结束日期早于日期"), _("核对两个日期，只有一天的不用写结束日期")),
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
