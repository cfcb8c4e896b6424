"""Bringing a workbook in: all rows and one event together, once, whatever happens to the worker."""

from hashlib import sha256
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection

from chuangwen.core import events, files
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.models import Event, Import, ImportState
from chuangwen.duties import services as duties
from chuangwen.duties.models import Attendance, Outcome, Shift
from chuangwen.interop import services
from chuangwen.people.models import Person
from tests.factories.city import City, build
from tests.factories.state import nothing_changes, one_event
from tests.interop.workbooks import ATTENDANCES, GOOD, OUTCOMES, PUPILS, SHIFTS, book, changed, outcomes, sheet

ALL = [
    # Not in the order in which they depend on one another.
    sheet("成效登记", ["活动编号", *OUTCOMES], [["S01", "2026-04-02", "c98", "捡拾垃圾", "", 4, ""]]),
    sheet("参加名单", ATTENDANCES, [["s01", "2026-04-02", "c98", "C98-01", "到"]]),
    sheet("活动安排", SHIFTS, [["S01", "2026-04-02", "15:00", "17:00", "桥口街"]]),
    sheet("学生代码册", PUPILS, [["c98", "c98-02"]]),
    sheet("实践心得", ["班级", "学生代码", "提交日期", "评选结果"], [["c98", "c98-01", "2026-06-01", "优秀"]]),
]


def take(city: City, data: bytes = b"", name: str = "登记表.xlsx") -> Import:
    return services.take_workbook(city.viewer("clerk"), unit=city["school"], name=name, chunks=[data or outcomes()])


def test_every_record_knows_its_import_sheet_and_row(city: City) -> None:
    done = services.bring_in(take(city))
    rows = Outcome.objects.filter(source=done).order_by("source_row")
    assert [(row.source_sheet, row.source_row, row.amount, str(row.kind_id)) for row in rows] == [
        ("成效登记", 4, 3, "litter_picked"),
        ("成效登记", 5, 2, "facility_kept"),
        ("成效登记", 6, 5, "persuaded_red_light"),
    ]
    assert rows[0].source_label == "登记表.xlsx · 成效登记第4行"
    assert {row.recorded_by for row in rows} == {city.persons["clerk"].uid}


def test_one_event_says_which_file_and_how_many_rows_of_each_noun(city: City) -> None:
    register = services.bring_in(take(city, book(sheet("学生代码册", PUPILS, [["c98", "c98-01"]]))))
    assert register.state == ImportState.DONE
    sent = take(city, book(*ALL))
    with one_event("import.done") as written:
        done = services.bring_in(sent)
    assert done.state == ImportState.DONE, done.problems
    assert written.event.data == {
        "sha256": sent.file.sha256,
        "rows": {"pupil": 1, "shift": 1, "attendance": 1, "outcome": 1, "essay": 1},
    }
    assert (written.event.subject_uid, written.event.unit_uid) == (sent.uid, city["school"].uid)
    assert list(events.verify_chain()) == []


def test_an_attendance_may_name_a_shift_and_a_pupil_of_the_same_file_or_an_earlier_one(city: City) -> None:
    services.bring_in(take(city, book(sheet("学生代码册", PUPILS, [["c98", "c98-01"]]))))
    services.bring_in(take(city, book(*ALL)))
    (attendance,) = Attendance.objects.select_related("shift", "person")
    assert (attendance.shift.number, attendance.person.code) == ("S01", "c98-01")
    assert Outcome.objects.get(kind="litter_picked").shift == attendance.shift
    assert Outcome.objects.get(kind="essay_excellent").person == attendance.person


def test_one_bad_row_on_the_last_sheet_keeps_all_other_sheets_out(city: City) -> None:
    services.bring_in(take(city, book(sheet("学生代码册", PUPILS, [["c98", "c98-01"]]))))
    spoilt = [
        *ALL[:-1],
        sheet("实践心得", ["班级", "学生代码", "提交日期", "评选结果"], [["c98", "c98-01", "某天", ""]]),
    ]
    done = services.bring_in(take(city, book(*spoilt)))
    assert (done.state, done.problem_count) == (ImportState.REFUSED, 1)
    counts = (
        Shift.objects.count(),
        Attendance.objects.count(),
        Outcome.objects.count(),
        Person.objects.filter(code="c98-02").count(),
    )
    assert counts == (0, 0, 0, 0)


def test_bringing_in_a_done_import_again_changes_nothing(city: City) -> None:
    done = services.bring_in(take(city))
    as_it_was_before = Import.objects.get(pk=done.pk)
    as_it_was_before.state = ImportState.READY
    with nothing_changes():
        assert services.bring_in(done).state == ImportState.DONE
        assert services.bring_in(as_it_was_before).state == ImportState.DONE


def test_a_check_that_comes_late_does_not_touch_a_done_import(city: City) -> None:
    done = services.bring_in(take(city))
    with nothing_changes():
        assert services.check(done).state == ImportState.DONE


@pytest.mark.parametrize("step", ["before the first row", "after the rows"])
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_brings_all_in(
    city: City, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    save, sent = duties.add_outcomes, take(city)

    def killed(rows: list[Outcome]) -> int:
        if step == "after the rows":
            save(rows)
        raise KeyboardInterrupt

    monkeypatch.setattr(duties, "add_outcomes", killed)
    with pytest.raises(KeyboardInterrupt):
        services.bring_in(sent)
    assert (Outcome.objects.count(), Event.objects.count()) == (0, 0)
    monkeypatch.undo()
    assert services.bring_in(sent).state == ImportState.DONE
    assert (Outcome.objects.count(), Event.objects.filter(verb="import.done").count()) == (3, 1)


def test_an_import_whose_job_fails_says_so_and_can_be_run_again(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = take(city)

    def fails(_rows: list[Outcome]) -> int:
        raise OSError("the disk is full")

    monkeypatch.setattr(duties, "add_outcomes", fails)
    with pytest.raises(OSError, match="disk is full"):
        services.bring_in(sent)
    sent.refresh_from_db()
    assert (sent.state, Outcome.objects.count()) == (ImportState.FAILED, 0)
    monkeypatch.undo()
    assert services.bring_in(sent).state == ImportState.DONE


def test_the_same_rows_sent_by_two_people_come_in_once(city: City) -> None:
    file = outcomes()
    first, second = take(city, file), take(city, file)
    services.check(first)
    services.check(second)
    assert services.bring_in(first).state == ImportState.DONE
    again = services.bring_in(second)
    assert again.state == ImportState.REFUSED
    assert [(each["row"], each["code"]) for each in again.problems] == [(0, "same_file_before")]
    assert Outcome.objects.count() == 3


def test_rows_that_somebody_wrote_after_the_check_refuse_the_whole(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    file = outcomes()
    first, second = take(city, file), take(city, file)
    services.bring_in(first)
    monkeypatch.setattr("chuangwen.duties.importers.OutcomeImporter.existing", lambda _self, _uids: set())
    again = services.bring_in(second)
    assert [(each["sheet"], each["code"]) for each in again.problems] == [("", "changed_meanwhile")]
    assert (again.state, Outcome.objects.count()) == (ImportState.REFUSED, 3)


def test_the_same_words_on_two_days_are_two_facts_and_on_one_day_a_remark_tells_them_apart(city: City) -> None:
    rows = [GOOD[0], [*GOOD[0][:5], "另一次"], ["2026-04-03", *GOOD[0][1:]]]
    assert services.bring_in(take(city, outcomes(rows))).state == ImportState.DONE
    assert Outcome.objects.count() == 3


def test_a_worker_overtaken_by_another_after_reading_leaves_what_the_other_did(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = take(city)

    def overtaken(_self: object, _uids: object) -> set[UUID]:
        monkeypatch.undo()
        services.bring_in(Import.objects.select_related("file").get(pk=sent.pk))
        return set()

    monkeypatch.setattr("chuangwen.duties.importers.OutcomeImporter.existing", overtaken)
    assert services.bring_in(sent).state == ImportState.DONE
    assert (Outcome.objects.count(), Event.objects.filter(verb="import.done").count()) == (3, 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_import_bring_it_in_once() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the test database of SQLite lies in memory, where two threads lock each other out")
    city = build()
    sent = take(city)
    start, states = Barrier(2), []

    def work() -> None:
        start.wait()
        try:
            states.append(services.bring_in(Import.objects.select_related("file").get(pk=sent.pk)).state)
        finally:
            connection.close()

    workers = [Thread(target=work) for _each in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sent.refresh_from_db()
    assert (sent.state, sent.problems, states) == (ImportState.DONE, [], [ImportState.DONE] * 2)
    assert (Outcome.objects.count(), Event.objects.filter(verb="import.done").count()) == (3, 1)


class TestTakeWorkbook:
    def test_the_file_is_kept_byte_for_byte_under_its_sha_256(self, city: City) -> None:
        data = outcomes(changed(0, 0, "2026-02-30"))
        sent = take(city, data)
        assert sent.state == ImportState.WAITING
        assert files.read(sent.file) == data
        assert sent.file.sha256 == sha256(data).hexdigest()
        assert list(files.verify_files()) == []

    def test_an_empty_file_is_refused_and_leaves_no_import(self, city: City) -> None:
        with pytest.raises(Refused, match="文件是空的"):
            services.take_workbook(city.viewer("clerk"), unit=city["school"], name="空.xlsx", chunks=[])
        assert not Import.objects.exists()

    @pytest.mark.parametrize("part", ["other_clerk", "recorder", "reader", "stranger"])
    def test_who_may_not_import_for_the_school_does_not_learn_that_it_is_there(self, city: City, part: str) -> None:
        with pytest.raises(Missing), nothing_changes():
            services.take_workbook(city.viewer(part), unit=city["school"], name="表.xlsx", chunks=[outcomes()])
