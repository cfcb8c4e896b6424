"""soak import: random workbooks with random faults come in whole or not at all, and the bad rows are named exactly.

`rounds` works on the database that it finds: the soak gives it one of its own, a test gives it the test's.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from random import Random

from chuangwen.bench import school
from chuangwen.bench.runner import Soaked, child
from chuangwen.core.models import Event, Import, ImportState
from chuangwen.core.tabular import SheetToWrite, write_workbook
from chuangwen.duties import services as duties
from chuangwen.duties.models import Outcome, Shift
from chuangwen.interop import services as interop
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit

WORKER = "chuangwen.bench.soak_worker"
SHIFT_HEADINGS = ["活动编号", "日期", "开始", "结束", "活动", "地点", "带队"]
OUTCOME_HEADINGS = ["活动编号", *school.HEADINGS]
FIRST_ROW = 4

Cells = list[object]


@dataclass
class Book:
    """A workbook before it is written; `bad` are the (sheet, row) that must be named."""

    shifts: list[Cells] = field(default_factory=list)
    outcomes: list[Cells] = field(default_factory=list)
    bad: set[tuple[str, int]] = field(default_factory=set)

    def write(self, path: Path) -> None:
        sheets = [
            SheetToWrite("活动安排", SHIFT_HEADINGS, self.shifts, title="登记表"),
            SheetToWrite("成效登记", OUTCOME_HEADINGS, self.outcomes, title="登记表"),
        ]
        write_workbook(path, sheets)

    @property
    def amount(self) -> int:
        return sum(cells[6] for cells in self.outcomes if isinstance(cells[6], int))


def _set(column: int, value: object) -> Callable[[Cells], None]:
    def spoil(cells: Cells) -> None:
        cells[column] = value

    return spoil


FAULTS: tuple[Callable[[Cells], None], ...] = (
    _set(1, "2026-02-30"),
    _set(1, "2199-01-01"),
    _set(1, ""),
    _set(2, "25:70"),
    _set(3, "c999"),
    _set(4, "喝茶"),
    _set(5, "不是细类"),
    _set(6, -3),
    _set(6, "约三"),
    _set(6, 1.5),
    _set(0, "Z999"),
)


class Killed(Exception):
    """What stands for a worker that is killed while it saves."""


def rounds(count: int, seed: int) -> list[str]:
    """Run that many rounds; returns what did not hold, with the seed of its round."""
    actor, unit = school.found()
    failures = []
    with tempfile.TemporaryDirectory(prefix="chuangwen-soak-") as folder:
        for number in range(count):
            path = Path(folder) / f"{number}.xlsx"
            wrong = _round(Random(f"{seed}:{number}"), f"{seed}n{number}", path, actor, unit)  # noqa: S311
            failures += [f"seed {seed}, round {number}: {each}" for each in wrong]
    return failures


def _round(chance: Random, name: str, path: Path, actor: Viewer, unit: Unit) -> list[str]:
    book = _book(chance, name)
    book.write(path)
    taken = interop.take_workbook(actor, unit=unit, name=path.name, chunks=[path.read_bytes()])
    before = _standing()
    if not book.bad and chance.random() < 0.3:
        wrong = _killed(chance, taken, before)
        if wrong:
            return wrong
    done = interop.bring_in(taken)
    return _refused(book, done, before) if book.bad else _whole(book, done, before)


def _book(chance: Random, name: str) -> Book:
    book = Book()
    day = date(2026, 3, 1) + timedelta(days=chance.randrange(100))
    for number in range(chance.randint(1, 4)):
        code = f"S{name.replace('n', '-')}-{number}"
        book.shifts.append([code, day, time(15), time(17), "上街", "桥口街", ""])
    for number in range(chance.randint(1, 60)):
        shift = chance.choice(book.shifts)
        written, type_, _kind = chance.choice(school.KINDS)
        at = time(15 + number // 60, number % 60)
        unit = chance.choice(school.CLASSES)
        book.outcomes.append([shift[0], shift[1], at, unit, written, type_, chance.randint(1, 9), name])
    _spoil(chance, book)
    return book


def _spoil(chance: Random, book: Book) -> None:
    most = min(4, len(book.outcomes))
    for index in chance.sample(range(len(book.outcomes)), chance.randint(0, most) if chance.random() < 0.7 else 0):
        chance.choice(FAULTS)(book.outcomes[index])
        book.bad.add(("成效登记", FIRST_ROW + index))
    if chance.random() < 0.2:
        sound = [row for index, row in enumerate(book.outcomes) if ("成效登记", FIRST_ROW + index) not in book.bad]
        if sound:
            book.outcomes.append(list(chance.choice(sound)))
            book.bad.add(("成效登记", FIRST_ROW + len(book.outcomes) - 1))


def _standing() -> tuple[int, int, int]:
    return Shift.objects.count(), Outcome.objects.count(), Event.objects.filter(verb="import.done").count()


@contextmanager
def _killing(step: int) -> Iterator[None]:
    """Saving fails at the given call, after earlier ones have written."""
    calls = 0
    kept = {name: getattr(duties, name) for name in ("add_shifts", "add_outcomes")}

    def failing(save: Callable[[list[object]], int]) -> Callable[[list[object]], int]:
        def run(rows: list[object]) -> int:
            nonlocal calls
            calls += 1
            saved = save(rows)
            if calls == step:
                raise Killed
            return saved

        return run

    try:
        for name, save in kept.items():
            setattr(duties, name, failing(save))
        yield
    finally:
        for name, save in kept.items():
            setattr(duties, name, save)


def _killed(chance: Random, taken: Import, before: tuple[int, int, int]) -> list[str]:
    try:
        with _killing(chance.choice([1, 2])):
            interop.bring_in(taken)
    except Killed:
        return [] if _standing() == before else ["half of a workbook stayed after its worker was killed"]
    return ["the worker was not killed: the soak itself is wrong"]


def _refused(book: Book, done: Import, before: tuple[int, int, int]) -> list[str]:
    wrong = []
    named = {(problem["sheet"], problem["row"]) for problem in done.problems}
    if done.state != ImportState.REFUSED:
        wrong.append(f"{len(book.bad)} bad rows, and the import is {done.state}")
    if named != book.bad:
        wrong.append(f"named {sorted(named)}, bad are {sorted(book.bad)}")
    if _standing() != before:
        wrong.append("a refused workbook left rows or an event")
    return wrong


def _whole(book: Book, done: Import, before: tuple[int, int, int]) -> list[str]:
    shifts, outcomes, events = before
    wrong = []
    if done.state != ImportState.DONE:
        wrong.append(f"a good workbook is {done.state}: {done.problems[:2]}")
    if _standing() != (shifts + len(book.shifts), outcomes + len(book.outcomes), events + 1):
        wrong.append(f"{_standing()} after {before} and {len(book.shifts)} + {len(book.outcomes)} rows")
    amounts = list(Outcome.objects.filter(source=done).values_list("source_row", "amount"))
    if sum(amount for _row, amount in amounts) != book.amount:
        wrong.append("the amounts are not those of the workbook")
    if {row for row, _amount in amounts} != set(range(FIRST_ROW, FIRST_ROW + len(book.outcomes))):
        wrong.append("a record does not know its row")
    again = interop.bring_in(done)
    if again.state != ImportState.DONE or _standing()[2] != events + 1:
        wrong.append("bringing it in again was not without effect")
    return wrong


def soak(count: int, seed: int) -> Soaked:
    """The rounds in a process and a database of their own."""
    with tempfile.TemporaryDirectory(prefix="chuangwen-soak-") as folder:
        said = child(WORKER, str(count), str(seed), data=Path(folder) / "data")
    failures: list[str] = said["failures"]
    figure = f"{count} workbooks, seed {seed}: {len(failures)} half-imported or misnamed"
    return Soaked("import", count, failures, figure)
