"""Before anything comes in the page says what is new, what changes and from what, what stays, and what was read."""

import pytest

from chuangwen.core.models import Event, Import, ImportChange, ImportState
from chuangwen.duties import services as duties
from chuangwen.duties.models import Attendance, Outcome, Shift
from chuangwen.interop import queries, services
from tests.factories.city import City
from tests.interop.sending import confirm, page, send, told
from tests.interop.test_bring_in import ALL, take
from tests.interop.workbooks import ATTENDANCES, PUPILS, SHIFTS, book, outcomes, sheet

REGISTER = sheet("学生代码册", PUPILS, [["c98", "c98-01"]])
ESSAYS = ["班级", "学生代码", "提交日期", "评选结果"]


def attended(presence: str) -> bytes:
    return book(sheet("参加名单", ATTENDANCES, [["S01", "2026-04-02", "c98", "c98-01", presence]]))


@pytest.fixture
def brought(city: City) -> Import:
    services.bring_in(take(city, book(REGISTER)))
    done = services.bring_in(take(city, book(*ALL)))
    assert done.state == ImportState.DONE, done.problems
    return done


def test_a_clerk_sees_the_first_rows_sums_and_days_as_they_were_read(city: City) -> None:
    clerk = city.client("clerk")
    sent = send(clerk, city["school"], outcomes())
    text = told(page(clerk, sent))
    for part in ("3 行，新增 3 行", "2026-04-02 至 2026-04-06", "最小 2，最大 5，合计 10", "前几行这样读：", "闯红灯"):
        assert part in text
    preview = sent.preview["成效登记"]
    assert preview["first"][0] == ["2026-04-02", "c98", "捡拾垃圾", "", "3", "路边"]


def test_a_changed_row_is_shown_before_and_after_and_applied(city: City, brought: Import) -> None:
    clerk = city.client("clerk")
    sent = send(clerk, city["school"], attended("请假"), name="改过的.xlsx")
    assert (sent.state, queries.counts(sent)["changed"], queries.counts(sent)["new"]) == (ImportState.READY, 1, 0)
    text = told(page(clerk, sent))
    for part in ("与以前不同的 1 行：", "到场 到 请假", "改这 1 行"):
        assert part in text
    assert Attendance.objects.get().presence == "present"
    done = confirm(clerk, sent)
    attendance = Attendance.objects.get()
    assert (attendance.presence, attendance.source) == ("excused", brought)
    change = ImportChange.objects.get(source=done)
    assert (change.before, change.after, change.subject_uid) == (
        {"presence": "present"}, {"presence": "excused"}, attendance.uid,
    )  # fmt: skip
    assert Event.objects.filter(verb="import.done").latest("pk").data["changed"] == {"attendance": 1}
    assert "已改 1 行" in page(clerk, done)


def test_moments_are_compared_as_moments_and_told_as_a_person_reads_them(city: City, brought: Import) -> None:
    same = book(sheet("活动安排", SHIFTS, [["S01", "2026.4.2", "下午3时", "17:00", "桥口街"]]))
    refused = services.check(take(city, same))
    assert [each["code"] for each in refused.problems] == ["all_there_before"]
    later = book(sheet("活动安排", SHIFTS, [["S01", "2026-04-02", "15:30", "17:00", "文庙路"]]))
    clerk = city.client("clerk")
    sent = send(clerk, city["school"], later)
    text = told(page(clerk, sent))
    assert "开始 2026-04-02 15:00 2026-04-02 15:30" in text
    assert "地点 桥口街 文庙路" in text
    confirm(clerk, sent)
    assert Shift.objects.get().place == "文庙路"


def test_a_column_that_the_sheet_does_not_have_changes_nothing(city: City, brought: Import) -> None:
    led = [*SHIFTS, "带队"]
    row = ["S02", "2026-04-03", "15:00", "17:00", "桥口街", "值周教师"]
    services.bring_in(take(city, book(sheet("活动安排", led, [row]))))
    refused = services.check(take(city, book(sheet("活动安排", SHIFTS, [row[:5]]))))
    assert [each["code"] for each in refused.problems] == ["all_there_before"]
    assert Shift.objects.get(number="S02").leader == "值周教师"


def test_a_record_that_a_person_judged_is_left_alone_and_listed(city: City, brought: Import) -> None:
    essay = Outcome.objects.get(kind="essay_excellent")
    duties.judge_essay(city.viewer("clerk"), uid=essay.uid, excellent=False)
    rows = [["c98", "c98-01", "2026-06-01", "优秀"], ["c98", "c98-02", "2026-06-01", ""]]
    clerk = city.client("clerk")
    sent = send(clerk, city["school"], book(sheet("实践心得", ESSAYS, rows)))
    text = told(page(clerk, sent))
    assert "1 行的记录在页面上改过，不动" in text
    assert "页面上改过，不动：第 4 行" in text
    confirm(clerk, sent)
    essay.refresh_from_db()
    assert str(essay.kind_id) == "essay"
    assert Outcome.objects.filter(kind="essay").count() == 2


def test_nothing_but_rows_that_people_changed_is_said_in_one_sentence(city: City, brought: Import) -> None:
    essay = Outcome.objects.get(kind="essay_excellent")
    duties.judge_essay(city.viewer("clerk"), uid=essay.uid, excellent=False)
    same = book(sheet("实践心得", ESSAYS, [["c98", "c98-01", "2026-06-01", "优秀"]]))
    refused = services.check(take(city, same))
    assert [each["code"] for each in refused.problems] == ["nothing_to_import"]
    assert "1 行都在了，其中 1 行在页面上改过或撤回过" in page(city.client("clerk"), refused)


def test_a_record_that_moved_between_check_and_saving_is_not_overwritten(
    city: City, brought: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chuangwen.interop import saving  # noqa: PLC0415 - patched here alone

    sent, save = take(city, attended("请假")), saving.save

    def overtaken(work: object) -> None:
        Attendance.objects.update(presence="late")
        save(work)  # type: ignore[arg-type]

    monkeypatch.setattr(saving, "save", overtaken)
    refused = services.bring_in(sent)
    assert (refused.state, [each["code"] for each in refused.problems]) == (
        ImportState.REFUSED, ["changed_meanwhile"],
    )  # fmt: skip
    assert Attendance.objects.get().presence == "late"


def test_of_many_changes_fifty_are_listed_and_all_are_counted(city: City) -> None:
    rows = [[f"S{number}", "2026-04-02", "15:00", "17:00", "桥口街"] for number in range(60)]
    services.bring_in(take(city, book(sheet("活动安排", SHIFTS, rows))))
    moved = [[*row[:4], "文庙路"] for row in rows]
    sent = services.check(take(city, book(sheet("活动安排", SHIFTS, moved))))
    assert (queries.counts(sent)["changed"], len(sent.preview["活动安排"]["changed_rows"])) == (60, 50)
    assert "与以前不同的 60 行：这里列前 50 行" in told(page(city.client("clerk"), sent))
    services.bring_in(sent)
    assert Shift.objects.filter(place="文庙路").count() == ImportChange.objects.count() == 60


def test_a_sheet_of_a_noun_that_one_may_not_bring_in_is_refused(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chuangwen.people.importers.PupilImporter.allowed", lambda _self: False)
    refused = services.check(take(city, book(REGISTER, sheet("成效登记", ["日期", "班级", "类别", "数量"], [
        ["2026-04-02", "c98", "捡拾垃圾", 3],
    ]))))  # fmt: skip
    assert [(each["sheet"], each["code"]) for each in refused.problems] == [("学生代码册", "noun_not_allowed")]
    assert "您没有导入学生代码册的权限" in page(city.client("clerk"), refused)
