"""Rows come in once, for the right unit, and only while the person who sent them may import."""

from datetime import timedelta

import pytest

from chuangwen.core import clock
from chuangwen.core.models import Event, Import, ImportState
from chuangwen.duties.models import Attendance, Outcome, Shift
from chuangwen.interop import queries, services
from chuangwen.people.models import Grant, Person
from tests.factories.city import City
from tests.factories.people import UnitFactory
from tests.interop.sending import confirm, page, send, told
from tests.interop.test_bring_in import ALL, take
from tests.interop.workbooks import GOOD, OUTCOMES, PUPILS, book, outcomes, sheet

REGISTER = sheet("学生代码册", PUPILS, [["c98", "c98-01"]])


def sent_from_above(city: City, data: bytes) -> Import:
    return services.take_workbook(city.viewer("office"), unit=city["education"], name="全市.xlsx", chunks=[data])


def kind(written: str, type_: str = "") -> bytes:
    return book(sheet("成效登记", OUTCOMES, [["2026-04-02", "c98", written, type_, 3, ""]]))


def test_a_workbook_that_grows_brings_its_new_rows_in(city: City) -> None:
    clerk = city.client("clerk")
    assert confirm(clerk, send(clerk, city["school"], outcomes(GOOD[:2]))).state == ImportState.DONE
    sent = send(clerk, city["school"], outcomes(GOOD))
    counts = queries.counts(sent)
    assert (sent.state, counts["skipped"], counts["new"]) == (ImportState.READY, 2, 1)
    assert "2 行以前导入过，没有变，已跳过" in told(page(clerk, sent))
    assert "导入这 1 行" in page(clerk, sent)
    done = confirm(clerk, sent)
    assert (done.state, done.sheets[0]["rows"], done.sheets[0]["skipped"]) == (ImportState.DONE, 3, 2)
    assert "已导入 1 行" in page(clerk, done)
    assert Outcome.objects.get(source=done).source_row == 6
    assert Outcome.objects.count() == 3


def test_a_workbook_without_a_new_row_is_refused_in_one_sentence(city: City) -> None:
    clerk, file = city.client("clerk"), outcomes()
    confirm(clerk, send(clerk, city["school"], file, name="四月.xlsx"))
    same = send(clerk, city["school"], file, name="又一次.xlsx")
    fewer = send(clerk, city["school"], outcomes(GOOD[:2]))
    assert [each["code"] for each in same.problems + fewer.problems] == ["same_file_before", "all_there_before"]
    assert "这个文件以前导入过：“四月.xlsx”" in page(clerk, same)
    text = page(clerk, fewer)
    assert "2 行以前都导入过，没有新增的行" in text
    assert "<table" not in text


def test_the_same_workbook_from_the_school_and_from_above_comes_in_once(city: City) -> None:
    services.bring_in(take(city, book(REGISTER)))
    assert services.bring_in(take(city, book(*ALL[:3], ALL[4]))).state == ImportState.DONE
    assert services.bring_in(sent_from_above(city, book(*ALL[:3], ALL[4]))).state == ImportState.REFUSED
    grown = sheet("成效登记", ["活动编号", *OUTCOMES], [["S01", "2026-04-02", "c99", "捡拾垃圾", "", 4, ""]])
    assert services.bring_in(sent_from_above(city, book(grown, *ALL[1:3]))).state == ImportState.DONE
    assert (Shift.objects.count(), Attendance.objects.count(), Outcome.objects.count()) == (1, 1, 3)
    assert {outcome.shift for outcome in Outcome.objects.exclude(kind="essay_excellent")} == {Shift.objects.get()}


def test_a_name_that_several_classes_have_is_refused_and_the_code_works(city: City) -> None:
    twin = UnitFactory.create(
        klass=True, code="demo-second-c98", name="c98 班", short_name="c98", parent=city["second"]
    )
    refused = services.bring_in(sent_from_above(city, outcomes(GOOD[:1])))
    (problem,) = refused.problems
    assert (problem["code"], problem["column"], problem["value"]) == ("ambiguous_unit", "班级 (B)", "c98")
    assert problem["params"]["codes"] == f"{city['c98'].code}、{twin.code}"
    told = [GOOD[0][0], twin.code, *GOOD[0][2:]]
    assert services.bring_in(sent_from_above(city, outcomes([told]))).state == ImportState.DONE
    assert Outcome.objects.get().unit == twin
    assert services.bring_in(take(city, outcomes(GOOD[:1]))).state == ImportState.DONE


def test_pupils_of_two_schools_with_one_code_are_two_pupils(city: City) -> None:
    twin = UnitFactory.create(
        klass=True, code="demo-second-c98", name="c98 班", short_name="c98", parent=city["second"]
    )
    rows = [[city["c98"].code, "c98-01"], [twin.code, "c98-01"]]
    essays = [[unit, pupil, "2026-06-01", ""] for unit, pupil in rows]
    headings = ["班级", "学生代码", "提交日期", "评选结果"]
    sent = sent_from_above(city, book(sheet("学生代码册", PUPILS, rows), sheet("实践心得", headings, essays)))
    done = services.bring_in(sent)
    assert done.state == ImportState.DONE, done.problems
    assert {(essay.unit, essay.person.unit) for essay in Outcome.objects.all() if essay.person} == {
        (city["c98"], city["c98"]),
        (twin, twin),
    }
    assert Person.objects.filter(code="c98-01").count() == 2


@pytest.mark.parametrize("save", [False, True])
def test_who_may_no_longer_import_when_the_job_runs_brings_nothing_in(city: City, save: bool) -> None:
    sent = take(city)
    yesterday = clock.today() - timedelta(days=1)
    Grant.objects.filter(person=city.persons["clerk"]).update(since=yesterday, until=yesterday)
    ended = services.bring_in(sent) if save else services.check(sent)
    assert (ended.state, [each["code"] for each in ended.problems]) == (ImportState.FAILED, ["no_right_now"])
    assert "没有为这个单位导入的权限" in page(city.client("head"), ended)
    assert not Outcome.objects.exists()


def test_the_event_says_who_confirmed(city: City) -> None:
    sent = send(city.client("clerk"), city["school"], outcomes())
    confirm(city.client("head"), sent)
    event = Event.objects.get(verb="import.done")
    assert (event.actor_uid, event.data["confirmed_by"]) == (sent.created_by, str(city.persons["head"].uid))


@pytest.mark.parametrize("written", ["c98班", "c98 班", "C98", "Ｃ９８", "demo-primary-c98"])
def test_a_class_is_known_however_it_is_written(city: City, written: str) -> None:
    done = services.bring_in(take(city, outcomes([[GOOD[0][0], written, *GOOD[0][2:]]])))
    assert done.state == ImportState.DONE, done.problems
    assert Outcome.objects.get().unit == city["c98"]


def test_a_type_written_as_the_kind_is_its_type(city: City) -> None:
    for written, type_, state in [
        ("闯红灯", "", ImportState.DONE),
        ("闯红灯", "闯红灯", ImportState.REFUSED),
        ("闯红灯", "乱停靠", ImportState.REFUSED),
    ]:
        done = services.bring_in(take(city, kind(written, type_)))
        assert done.state == state
    assert [each["code"] for each in done.problems] == ["type_of_another_kind"]
    assert str(Outcome.objects.get().kind_id) == "persuaded_red_light"


def test_problems_stand_in_the_order_of_the_workbook_with_the_cell_of_their_column(city: City) -> None:
    data = book(
        sheet("成效登记", OUTCOMES, [["2026-04-02", "c98", "文明劝导", "乱跑", 3, ""], ["某天", *GOOD[0][1:]]]),
        sheet("学生代码册", PUPILS, [["c98", "c99-01"]]),
    )
    refused = services.check(take(city, data))
    told = [(each["sheet"], each["row"], each["column"], each["value"]) for each in refused.problems]
    assert told == [
        ("成效登记", 4, "细类 (D)", "乱跑"),
        ("成效登记", 5, "日期 (A)", "某天"),
        ("学生代码册", 4, "学生代码 (B)", "c99-01"),
    ]
