"""Posts, logs, rounds, supervision and sign-ins from a unit's workbook: good rows and every refusal."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import shapely

from chuangwen.core import clock
from chuangwen.core.importing import ImportContext, importers
from chuangwen.core.models import Import, ImportState
from chuangwen.duties import services as duties
from chuangwen.duties.models import Attendance, Band, Duty, DutyKind, Handling, Outcome, Presence, Rank, Shift
from chuangwen.interop import services
from chuangwen.places.services import located
from tests.factories.city import City
from tests.factories.duties import DutyFactory, ShiftFactory
from tests.factories.people import PersonFactory
from tests.factories.places import MIDDLE
from tests.interop.sending import undo
from tests.interop.workbooks import OUTCOMES, SHIFTS, book, sheet

Sheet = tuple[str, list[str], Sequence[Sequence[object]]]
DUTIES = ["单位", "名称", "类别", "地点", "每日次数", "间隔分钟", "职级"]
LOG = ["日期", "岗位", "单位", "时段", "开始", "结束", "应到", "实到", "备注"]
ROUNDS = ["日期", "人员代码", "次数", "巡查"]
VISITS = ["日期", "督导组", "中队", "岗点", "开始", "结束"]
SIGNED = ["活动编号", "日期", "单位", "人员代码", "到场"]
DAY = "2026-04-02"
GOOD = [DAY, "文庙路口", "", "高峰", "7:30", "9:30", 2, 2, ""]


@pytest.fixture
def posts(city: City) -> None:
    """A post twice by one name, one once, a group, a toilet and two rounds."""
    for unit, kind, name in (
        ("school", "post", "文庙路口"), ("c98", "post", "桥口"), ("c99", "post", "桥口"),
        ("school", "supervision", "督导一组"), ("school", "interval", "一楼厕所"),
        ("school", "round", "领导巡查"), ("school", "round", "中层巡查"),
    ):  # fmt: skip
        DutyFactory.create(unit=city[unit], kind=kind, name=name)


def send(city: City, *sheets: Sheet) -> Import:
    return send_file(city, book(*(sheet(name, headings, rows) for name, headings, rows in sheets)))


def send_file(city: City, data: bytes) -> Import:
    taken = services.take_workbook(city.viewer("head"), unit=city["school"], name="登记.xlsx", chunks=[data])
    return services.bring_in(taken)


def done(city: City, *sheets: Sheet) -> None:
    sent = send(city, *sheets)
    assert sent.state == ImportState.DONE, sent.problems


def codes(sent: Import) -> list[str]:
    assert sent.state == ImportState.REFUSED
    return [problem["code"] for problem in sent.problems]


def test_posts_rounds_and_toilets_come_in_with_what_is_asked_of_them(city: City) -> None:
    rows: list[list[object]] = [
        ["c98", "校门口", "执勤岗点", "学府路", "", "", ""],
        ["", "领导巡查", "巡查", "", 2, "", "院领导"],
        ["", "一楼厕所", "定时保洁", "", "", 30, ""],
    ]
    data = book(sheet("岗点和队伍", DUTIES, rows))
    assert send_file(city, data).state == ImportState.DONE
    found = {duty.name: duty for duty in Duty.objects.all()}
    assert (found["校门口"].unit, found["校门口"].place) == (city["c98"], "学府路")
    assert (found["领导巡查"].times_per_day, found["领导巡查"].rank) == (2, Rank.LEADER)
    assert found["一楼厕所"].every_minutes == 30
    assert codes(send_file(city, data)) == ["same_file_before"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["", "领导巡查", "巡查", "", "", "", ""], "times_needed"),
        (["", "一楼厕所", "定时保洁", "", "", "", ""], "minutes_needed"),
        (["", "领导巡查", "巡查", "", -1, "", ""], "negative"),
        (["", "校门口", "岗亭", "", "", "", ""], "unknown_choice_of_many"),
        (["没有的班", "校门口", "执勤岗点", "", "", "", ""], "unknown_choice"),
        (["", "领导巡查", "巡查", "", 1, "", "校长"], "unknown_choice"),
    ],
)
def test_a_bad_duty_is_refused(city: City, row: list[object], code: str) -> None:
    assert codes(send(city, ("岗点和队伍", DUTIES, [row]))) == [code]


def test_an_outings_own_duty_is_not_made_twice(city: City) -> None:
    made = duties.standing_duty(city["school"], kind=DutyKind.VOLUNTEERING, name="上街")
    assert codes(send(city, ("岗点和队伍", DUTIES, [["", "上街", "志愿活动", "", "", "", ""]]))) == ["all_there_before"]
    Duty.objects.filter(pk=made.pk).update(withdrawn_at=clock.now())
    again = duties.standing_duty(city["school"], kind=DutyKind.VOLUNTEERING, name="上街")
    assert (again.pk, Duty.objects.get().pk) == (made.pk, made.pk)


@pytest.mark.usefixtures("posts")
def test_the_log_says_how_many_were_due_and_there_and_a_night_ends_in_the_morning(city: City) -> None:
    night = [DAY, "文庙路口", "", "夜间", "22:00", "6:00", 2, 1, "一人请假"]
    toilet = [DAY, "一楼厕所", "", "", "7:30", "17:30", 20, 22, ""]
    named = [DAY, "桥口", "c99", "", "8:00", "9:00", 1, 1, ""]
    done(city, ("勤务登记", LOG, [GOOD, night, toilet, named]))
    shifts = {(shift.duty.name, shift.band): shift for shift in Shift.objects.select_related("duty__unit")}
    late = shifts["文庙路口", Band.NIGHT]
    assert (late.required, late.met, late.story, str(late.last_day)) == (2, 1, "一人请假", "2026-04-03")
    assert (shifts["一楼厕所", ""].met, shifts["桥口", ""].unit) == (22, city["c99"])


def changed(**cells: object) -> list[object]:
    row: list[object] = [*GOOD]
    for label, value in cells.items():
        row[LOG.index(label)] = value
    return row


@pytest.mark.usefixtures("posts")
@pytest.mark.parametrize(
    ("row", "code"),
    [
        (changed(岗位="文庙路"), "unknown_duty_near"),
        (changed(岗位="望江亭外"), "unknown_duty"),
        (changed(岗位="督导一组"), "duty_of_another_kind"),
        (changed(岗位="桥口"), "ambiguous_duty"),
        (changed(单位="c98"), "duty_of_another_unit"),
        (changed(时段="早上"), "unknown_choice"),
        (changed(结束="7:00"), "ends_before_start"),
        (changed(结束="7:30", 时段="夜间"), "ends_before_start"),
        (changed(实到=3), "more_than_due"),
        (changed(应到=-1), "negative"),
        (changed(日期="2999-01-01"), "date_too_late"),
    ],
)
def test_a_bad_line_of_the_log_is_refused(city: City, row: list[object], code: str) -> None:
    assert codes(send(city, ("勤务登记", LOG, [row]))) == [code]


def test_a_post_of_the_same_workbook_is_known_and_a_bad_one_is_told_once(city: City) -> None:
    post: list[object] = ["", "文庙路口", "执勤岗点", "", "", "", ""]
    done(city, ("勤务登记", LOG, [GOOD]), ("岗点和队伍", DUTIES, [post]))
    assert Shift.objects.get().duty == Duty.objects.get()
    bad = ["", "后门", "巡查", "", "", "", ""]
    assert codes(send(city, ("勤务登记", LOG, [changed(岗位="后门")]), ("岗点和队伍", DUTIES, [bad]))) == [
        "times_needed"
    ]


@pytest.mark.usefixtures("posts")
def test_a_day_without_a_visit_is_absence_and_everybody_hangs_on_the_day_of_the_round(city: City) -> None:
    rows: list[list[object]] = [
        [DAY, "clerk", 2, "领导巡查"], [DAY, "HEAD", 0, "领导巡查"], [DAY, "clerk", 1, "中层巡查"],
    ]  # fmt: skip
    done(city, ("巡查登记", ROUNDS, rows))
    found = {(row.person.code, row.shift.duty.name): row for row in Attendance.objects.select_related("shift__duty")}
    assert (found["clerk", "领导巡查"].times, found["clerk", "领导巡查"].presence) == (2, Presence.PRESENT)
    assert (found["head", "领导巡查"].times, found["head", "领导巡查"].presence) == (0, Presence.ABSENT)
    assert Shift.objects.count() == 2
    assert found["head", "领导巡查"].shift.lasts_all_day


@pytest.mark.usefixtures("posts")
@pytest.mark.parametrize(
    ("row", "code"),
    [
        ([DAY, "nobody", 1, "领导巡查"], "unknown_person"),
        ([DAY, "clerk", -1, "领导巡查"], "negative"),
        ([DAY, "clerk", 1, ""], "round_needed"),
        ([DAY, "clerk", 1, "文庙路口"], "duty_of_another_kind"),
    ],
)
def test_a_bad_round_is_refused(city: City, row: list[object], code: str) -> None:
    assert codes(send(city, ("巡查登记", ROUNDS, [row]))) == [code]


def test_where_there_is_one_round_it_need_not_be_named(city: City) -> None:
    assert codes(send(city, ("巡查登记", ROUNDS[:3], [[DAY, "clerk", 1]]))) == ["no_round"]
    DutyFactory.create(unit=city["school"], kind="round", name="领导巡查")
    done(city, ("巡查登记", ROUNDS[:3], [[DAY, "clerk", 1]]))


@pytest.mark.usefixtures("posts")
def test_a_later_workbook_that_knows_of_a_visit_makes_presence_of_absence(city: City) -> None:
    done(city, ("巡查登记", ROUNDS, [[DAY, "clerk", 0, "领导巡查"]]))
    done(city, ("巡查登记", ROUNDS, [[DAY, "clerk", 2, "领导巡查"]]))
    row = Attendance.objects.get()
    assert (row.times, row.presence) == (2, Presence.PRESENT)


@pytest.mark.usefixtures("posts")
def test_the_day_of_a_round_goes_with_the_last_who_went_and_comes_back_with_the_first(city: City) -> None:
    first = send(city, ("巡查登记", ROUNDS, [[DAY, "clerk", 1, "领导巡查"]]))
    second = send(city, ("巡查登记", ROUNDS, [[DAY, "head", 1, "领导巡查"]]))
    undo(city.client("head"), first)
    assert Shift.objects.count() == 1
    undo(city.client("head"), second)
    assert (Shift.objects.count(), Attendance.objects.count()) == (0, 0)
    done(city, ("巡查登记", ROUNDS, [[DAY, "clerk", 1, "领导巡查"]]))
    assert (Shift.objects.get(), Shift.everything.count()) == (Attendance.objects.get().shift, 1)


@pytest.mark.usefixtures("posts")
def test_a_visit_stands_with_the_squadron_and_the_post_that_it_looked_at(city: City) -> None:
    rows: list[list[object]] = [[DAY, "督导一组", "c98", "桥口", "8:00", "8:40"], [DAY, "督导一组", "c99", "", "", ""]]
    done(city, ("督导登记", VISITS, rows))
    first, second = Shift.objects.order_by("source_row")
    assert (first.unit, str(first.target), first.hours) == (city["c98"], "桥口", "08:00—08:40")
    assert (second.unit, second.target, second.hours) == (city["c99"], None, "")


@pytest.mark.usefixtures("posts")
@pytest.mark.parametrize(
    ("row", "code"),
    [
        ([DAY, "督导二组", "c98", "", "", ""], "unknown_duty_near"),
        ([DAY, "督导一组", "c98", "文庙路口", "", ""], "duty_of_another_unit"),
        ([DAY, "督导一组", "c98", "", "8:00", ""], "other_time_needed"),
        ([DAY, "督导一组", "c98", "", "8:00", "7:00"], "ends_before_start"),
        ([DAY, "督导一组", "", "", "", ""], "blank"),
    ],
)
def test_a_bad_visit_is_refused(city: City, row: list[object], code: str) -> None:
    assert codes(send(city, ("督导登记", VISITS, [row]))) == [code]


def test_staff_sign_in_at_an_event_of_the_same_workbook(city: City) -> None:
    event: list[object] = ["X01", DAY, "15:00", "17:00", "会议室", "培训", "", 2, 3, "讲解之后分组。"]
    headings = [*SHIFTS, "类别", "结束日期", "目标人数", "照片", "经过"]
    rows: list[list[object]] = [["X01", DAY, "", "clerk", "到"], ["", "", "", "head", "请假"]]
    done(city, ("活动安排", headings, [event]), ("签到表", SIGNED, rows))
    shift = Shift.objects.get()
    assert (shift.duty.kind, shift.duty.name, shift.required) == (DutyKind.TRAINING, "培训", 2)
    assert (shift.photos, shift.story) == (3, "讲解之后分组。")
    assert {row.person.code: row.presence for row in Attendance.objects.all()} == {
        "clerk": "present",
        "head": "excused",
    }
    assert codes(send(city, ("签到表", SIGNED, rows))) == ["all_there_before"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["X09", DAY, "", "clerk", "到"], "unknown_shift"),
        (["X01", "2026-04-03", "", "clerk", "到"], "other_day_than_shift"),
        (["X01", DAY, "", "nobody", "到"], "unknown_person"),
        (["X01", DAY, "c98", "clerk", "到"], "person_of_another_unit"),
        (["X01", DAY, "", "clerk", "在"], "unknown_choice"),
    ],
)
def test_a_bad_sign_in_is_refused(city: City, row: list[object], code: str) -> None:
    ShiftFactory.create(duty=DutyFactory.create(unit=city["school"]), number="X01", day=date(2026, 4, 2))
    assert codes(send(city, ("签到表", SIGNED, [row]))) == [code]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"类别": "执勤岗点"}, "unknown_choice"),
        ({"结束日期": "2026-04-01"}, "ends_days_before"),
        ({"结束日期": "2026-04-02"}, "ends_before_start"),
        ({"目标人数": 0}, "below_minimum"),
        ({"照片": -1}, "negative"),
        ({"经过": "长" * 2001}, "too_long"),
    ],
)
def test_a_bad_event_is_refused(city: City, cells: dict[str, object], code: str) -> None:
    row: list[object] = ["X01", DAY, "17:00", "15:00", "会议室", *cells.values()]
    if code not in {"ends_days_before", "ends_before_start"}:
        row[2:4] = ["15:00", "17:00"]
    assert codes(send(city, ("活动安排", [*SHIFTS, *cells], [row]))) == [code]


def test_works_end_days_later_at_any_hour(city: City) -> None:
    row: list[object] = ["G01", DAY, "17:00", "15:00", "门诊大厅", "改造工程", "2026-04-09"]
    done(city, ("活动安排", [*SHIFTS, "类别", "结束日期"], [row]))
    assert str(Shift.objects.get().last_day) == "2026-04-09"


def test_how_a_problem_was_handled_is_no_part_of_which_problem_it_is(city: City) -> None:
    def row(handling: str) -> list[object]:
        return [DAY, "c98", "隐患排查", "", 1, "路灯不亮", handling]

    done(city, ("成效登记", [*OUTCOMES, "处置"], [row("发现")]))
    assert Outcome.objects.get().handling == Handling.SEEN
    assert Outcome.objects.count() == 1
    done(city, ("成效登记", [*OUTCOMES, "处置"], [[*row("")[:5], "另一处", ""]]))
    assert Outcome.objects.get(note="另一处").handling == Handling.HANDLED


def test_a_pupil_named_on_no_list_of_staff(city: City) -> None:
    PersonFactory.create(pupil=True, unit=city["c98"], code="c98-01")
    ShiftFactory.create(duty=DutyFactory.create(unit=city["school"]), number="X01", day=date(2026, 4, 2))
    assert codes(send(city, ("签到表", SIGNED, [["X01", DAY, "", "c98-01", "到"]]))) == ["unknown_person"]


def test_every_importer_says_what_each_changeable_field_would_become(city: City) -> None:
    """What a later workbook may change and what it says of it are the same fields."""
    context = ImportContext(city.viewer("head"), city["school"], Import())
    plain: dict[str, list[Any]] = {
        "unit": [""] * 6, "staff": [*[""] * 4, "0736-7100000", "a@example.cn"],
        "group": [""] * 7, "member": [""] * 5, "pupil": ["", "", None],
        "duty": [""] * 7, "shift": [""] * 11, "duty_log": [""] * 8, "supervision": [""] * 6, "attendance": [""] * 5,
        "sign_in": [""] * 4, "round": ["", "", "", 1], "outcome": [""] * 8, "essay": ["", "", "", 1],
        "place": [*[""] * 5, located(shapely.Point(MIDDLE)), None], "charge": [""] * 8,
        "case": [*[""] * 12, {"received": "2026-04-02T09:00:00+08:00"}],
    }  # fmt: skip
    for made in (importer(context) for importer in importers()):
        said = made.changing(plain[made.noun])
        assert {*made.changeable.values(), *made.follows} <= {*said}, made.noun
        assert {*made.changeable} <= {column.key for column in made.table().columns}


def test_a_number_of_an_outing_that_no_table_holds_is_refused(city: City) -> None:
    row: list[object] = ["S" + "1" * 20, DAY, "15:00", "17:00", "桥口街"]
    assert codes(send(city, ("活动安排", SHIFTS, [row]))) == ["not_a_code"]


def test_a_school_does_not_change_the_outing_of_the_unit_above_it(city: City) -> None:
    headings = [*SHIFTS, "带队"]
    row: list[object] = ["S01", DAY, "15:00", "17:00", "桥口街"]
    data = book(sheet("活动安排", headings, [[*row, "局里"]]))
    services.bring_in(
        services.take_workbook(city.viewer("office"), unit=city["education"], name="全市.xlsx", chunks=[data])
    )
    refused = send(city, ("活动安排", headings, [[*row, "学校"]]))
    assert codes(refused) == ["nothing_to_import"]
    assert Shift.objects.get().leader == "局里"


def test_a_workbook_of_a_round_and_its_rounds_can_be_taken_back(city: City) -> None:
    PersonFactory.create(unit=city["school"], code="m01")
    sheets = (
        ("岗点和队伍", DUTIES, [["", "领导巡查", "巡查", "", 2, "", ""]]),
        ("巡查登记", ROUNDS, [[DAY, "m01", 2, ""]]),
    )
    sent = send(city, *sheets)
    undo(city.client("head"), sent)
    assert sent.state == ImportState.UNDONE
    assert not any(model.objects.exists() for model in (Duty, Shift, Attendance))
    done(city, *sheets)
    assert Attendance.objects.get().shift.duty == Duty.objects.get()
