"""A school of twenty classes in a database of its own, and outcomes for it: what imports are measured on.

Called by the benches and soaks of imports, in a child process or in a test's database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

from chuangwen import reference_data
from chuangwen.core.tabular import SheetToWrite, write_workbook
from chuangwen.people import services as people
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit

SCHOOL = "bench-school"
CLASSES = [f"c{number}" for number in range(1, 21)]
FIRST_DAY = date(2026, 3, 1)
HEADINGS = ["日期", "时刻", "班级", "类别", "细类", "数量", "备注"]
# As the workbook writes a kind, and the kind under which it is kept.
KINDS = (
    ("公共设施维护", "", "facility_kept"),
    ("文明劝导", "乱穿马路", "persuaded_crossing"),
    ("清理小广告", "", "sticker_scrubbed"),
    ("捡拾垃圾", "", "litter_picked"),
)


@dataclass(frozen=True)
class Line:
    """One outcome as a clerk writes it; `kind` is what it is kept as."""

    day: date
    at: time
    unit: str
    written: str
    type: str
    kind: str
    amount: int
    note: str

    def cells(self) -> list[object]:
        return [self.day, self.at, self.unit, self.written, self.type, self.amount, self.note]


def found() -> tuple[Viewer, Unit]:
    """The school and who acts for it; made the first time."""
    reference_data.load()
    operator = people.found_city(code="bench", name="测城", name_en="Bench", division_code="430700")
    school = Unit.objects.filter(code=SCHOOL).first()
    if school is None:
        school = people.add_unit(operator, parent=operator.person.unit, code=SCHOOL, name="测试小学", kind="school")
        for name in CLASSES:
            people.add_unit(
                operator, parent=school, code=f"{SCHOOL}-{name}", name=f"{name} 班", short_name=name, kind="class"
            )
    return operator, school


def lines(count: int) -> Iterator[Line]:
    """The same outcomes every time, no two alike."""
    for number in range(count):
        written, type_, kind = KINDS[number % len(KINDS)]
        yield Line(
            day=FIRST_DAY + timedelta(days=number % 120),
            at=time(8 + number // 60 % 10, number % 60),
            unit=CLASSES[number // 7 % len(CLASSES)],
            written=written,
            type=type_,
            kind=kind,
            amount=1 + number % 6,
            note=f"第 {number} 条",
        )


def write(path: Path, count: int) -> None:
    """A workbook of `count` outcomes, streamed."""
    rows = (line.cells() for line in lines(count))
    write_workbook(path, [SheetToWrite("成效登记", HEADINGS, rows, title="测试小学成效登记表")])
