"""The sheets of one workbook know of each other, and one mistake is told once."""

from collections.abc import Callable
from datetime import date

from django.test import Client
from django.urls import reverse

from chuangwen.core.models import ImportState
from chuangwen.duties.models import Attendance, Outcome, Shift
from chuangwen.interop import services
from chuangwen.metrics import queries as metrics
from chuangwen.metrics.sources import Scope
from tests.factories.city import City
from tests.interop.test_bring_in import take
from tests.interop.workbooks import ATTENDANCES, OUTCOMES, PUPILS, SHIFTS, book, sheet

JOINED = [["c98", "c98-91", "2026-09-01"], ["c98", "c98-92", ""]]
ESSAYS = ["班级", "学生代码", "提交日期", "评选结果"]


def test_a_whole_term_comes_in_one_workbook(city: City) -> None:
    done = services.bring_in(
        take(
            city,
            book(
                sheet("实践心得", ESSAYS, [["c98", "c98-77", "2026-06-01", ""]]),
                sheet("参加名单", ATTENDANCES, [["S01", "2026-04-02", "c98", "c98-77", "到"]]),
                sheet("活动安排", SHIFTS, [["S01", "2026-04-02", "15:00", "17:00", "桥口街"]]),
                sheet("学生代码册", PUPILS, [["c98", "c98-77"]]),
            ),
        )
    )
    assert done.state == ImportState.DONE, done.problems
    assert Attendance.objects.get().person.code == "c98-77"
    assert Outcome.objects.get().person == Attendance.objects.get().person


def test_a_bad_outing_is_named_once_and_not_again_by_everyone_on_it(city: City) -> None:
    refused = services.bring_in(
        take(
            city,
            book(
                sheet("学生代码册", PUPILS, [["c98", f"c98-{number}"] for number in (71, 72, 73)]),
                sheet("活动安排", SHIFTS, [["S01", "2026-04-02", "17:00", "15:00", "桥口街"]]),
                sheet("参加名单", ATTENDANCES, [["S01", "2026-04-02", "c98", f"c98-{n}", "到"] for n in (71, 72, 73)]),
            ),
        )
    )
    assert refused.state == ImportState.REFUSED
    assert [problem["code"] for problem in refused.problems] == ["ends_before_start"]


def test_a_bad_pupil_is_named_once_and_not_again_on_the_list(city: City) -> None:
    refused = services.bring_in(
        take(
            city,
            book(
                sheet("学生代码册", PUPILS, [["c99", "c98-71"]]),
                sheet("实践心得", ESSAYS, [["c98", "c98-71", "2026-06-01", ""]]),
            ),
        )
    )
    assert [problem["code"] for problem in refused.problems] == ["code_of_another_class"]


def test_numbers_begin_anew_every_term(city: City) -> None:
    spring = [["S01", "2026-04-02", "15:00", "17:00", "桥口街"]]
    autumn = [["S01", "2026-09-10", "15:00", "17:00", "学府路口"]]
    for rows in (spring, autumn):
        assert services.bring_in(take(city, book(sheet("活动安排", SHIFTS, rows)))).state == ImportState.DONE
    outcome = ["S01", "2026-09-10", "c98", "捡拾垃圾", "", 4, ""]
    done = services.bring_in(take(city, book(sheet("成效登记", ["活动编号", *OUTCOMES], [outcome]))))
    assert done.state == ImportState.DONE, done.problems
    assert Outcome.objects.get().shift == Shift.objects.get(place="学府路口")
    wrong = ["S01", "2026-05-01", "c98", "捡拾垃圾", "", 4, ""]
    refused = services.bring_in(take(city, book(sheet("成效登记", ["活动编号", *OUTCOMES], [wrong]))))
    assert [(each["code"], each["params"]["day"]) for each in refused.problems] == [
        ("other_day_than_shift", "2026-04-02、2026-09-10")
    ]


def test_a_pupil_who_joins_later_does_not_count_before(city: City) -> None:
    done = services.bring_in(take(city, book(sheet("学生代码册", [*PUPILS, "入校日期"], JOINED))))
    assert done.state == ImportState.DONE, done.problems
    everybody = metrics.metric("pupil.all@1")
    school = city["school"]
    before = metrics.value(everybody, Scope(school, date(2026, 3, 1), date(2026, 6, 30))).numerator
    after = metrics.value(everybody, Scope(school, date(2026, 9, 1), date(2026, 9, 30))).numerator
    assert after == before + 1


def test_the_imported_page_leads_to_the_records_of_that_import_only(
    city: City, client_of: Callable[[str], Client]
) -> None:
    first = services.bring_in(take(city))
    row = ["2026-05-06", "c98", "捡拾垃圾", "", 4, "另一次"]
    second = services.bring_in(take(city, book(sheet("成效登记", OUTCOMES, [row]))))
    page = client_of("clerk").get(reverse("import", args=[second.uid])).content.decode()
    address = f"{reverse('outcomes')}?import={second.uid}"
    assert address in page
    assert client_of("clerk").get(address).context["list"].page.paginator.count == 1
    other = f"{reverse('outcomes')}?import={first.uid}"
    assert client_of("clerk").get(other).context["list"].page.paginator.count == 3
    assert client_of("clerk").get(f"{reverse('outcomes')}?import=nonsense").status_code == 200
