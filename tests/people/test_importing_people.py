"""Units, staff, groups and their members from a unit's workbook: good rows, every refusal, rows of one workbook."""

from collections.abc import Sequence

import pytest

from chuangwen.core import clock
from chuangwen.core.importing import ImportContext
from chuangwen.core.models import Import, ImportState
from chuangwen.interop import services
from chuangwen.people.importing_members import MemberImporter
from chuangwen.people.importing_staff import StaffImporter
from chuangwen.people.importing_units import GroupImporter, UnitImporter
from chuangwen.people.models import Membership, Person, Position, Unit
from chuangwen.people.services import end_membership
from tests.factories.city import City
from tests.factories.people import MembershipFactory, PersonFactory, UnitFactory
from tests.interop.sending import undo
from tests.interop.workbooks import book, sheet

Sheet = tuple[str, list[str], Sequence[Sequence[object]]]
UNITS = ["单位代码", "单位名称", "简称", "类别", "上级单位"]
STAFF = ["单位", "人员代码", "姓名", "职务"]
GROUPS = ["机构代码", "机构名称", "类别", "成立日期", "职责"]
MEMBERS = ["机构", "单位", "人员代码", "组内职务", "分工", "起始日期"]
CREW = ["crew", "创建专班", "工作专班", "2026-06-28", "整治"]


def send(city: City, *sheets: Sheet, part: str = "head") -> Import:
    data = book(*(sheet(name, headings, rows) for name, headings, rows in sheets))
    taken = services.take_workbook(city.viewer(part), unit=city["school"], name="名册.xlsx", chunks=[data])
    return services.bring_in(taken)


def done(city: City, *sheets: Sheet) -> None:
    sent = send(city, *sheets)
    assert sent.state == ImportState.DONE, sent.problems


def codes(sent: Import) -> list[str]:
    assert sent.state == ImportState.REFUSED
    return [problem["code"] for problem in sent.problems]


def test_a_tree_of_units_their_staff_and_their_group_come_in_one_workbook(city: City) -> None:
    members: list[list[object]] = [
        ["创建专班", "一组", "w1", "组长", "全面", ""],
        ["", "", "W2", "组员", "", "2026-07-01"],
    ]
    done(
        city,
        ("机构成员", MEMBERS, members),
        ("工作机构", GROUPS, [CREW]),
        ("人员名册", STAFF, [["一组", "w1", "", "组长"], ["", "W2", "张三", ""]]),
        ("单位名册", UNITS, [["school-office", "办公室", "", "科室", ""], ["school-o1", "一组", "", "科室", "办公室"]]),
    )  # fmt: skip
    office, first = Unit.objects.get(code="school-office"), Unit.objects.get(code="school-o1")
    assert (office.parent, first.parent) == (city["school"], office)
    assert first.path == f"{office.path}{first.pk:06d}/"
    assert Person.objects.get(code="w1").unit == first
    assert (Person.objects.get(code="w2").unit, Person.objects.get(code="w2").name) == (city["school"], "张三")
    crew = Unit.objects.get(code="crew")
    assert (crew.parent, crew.charter.remit) == (city["school"], "整治")
    rows = Membership.objects.filter(group=crew).order_by("since")
    assert [(row.person.code, row.position, str(row.since)) for row in rows] == [
        ("w1", Position.LEADER, "2026-06-28"),
        ("w2", Position.MEMBER, "2026-07-01"),
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["demo-hospital", "医院", "", "科室", ""], "unit_code_taken"),
        (["demo-primary-group", "组", "", "科室", ""], "unit_code_taken"),
        (["甲", "办公室", "", "科室", ""], "not_a_code"),
        (["x" * 61, "办公室", "", "科室", ""], "not_a_code"),
        (["office", "办公室", "", "领导小组", ""], "unknown_choice_of_many"),
        (["office", "办公室", "", "科室", "没有的处"], "unknown_choice"),
        (["office", "", "", "科室", ""], "blank"),
    ],
)
def test_a_bad_unit_is_refused(city: City, row: list[object], code: str) -> None:
    assert codes(send(city, ("单位名册", UNITS, [row]))) == [code]


def test_a_unit_that_is_there_is_not_made_twice_whoever_made_it(city: City) -> None:
    UnitFactory.create(code="demo-primary-office", name="办公室", kind_id="department", parent=city["school"])
    row: list[object] = ["demo-primary-office", "办公室", "", "科室", ""]
    assert codes(send(city, ("单位名册", UNITS, [row]))) == ["all_there_before"]


def test_a_bad_unit_is_told_once_and_not_again_by_everybody_in_it(city: City) -> None:
    sent = send(
        city,
        ("单位名册", UNITS, [["demo-hospital", "办公室", "", "科室", ""]]),
        ("人员名册", STAFF, [["办公室", "w1", "", ""], ["办公室", "w2", "", ""]]),
    )
    assert codes(sent) == ["unit_code_taken"]


def test_two_units_of_one_name_have_to_be_named_by_code(city: City) -> None:
    rows: list[list[object]] = [["o1", "办公室", "", "科室", ""], ["o2", "办公室", "", "科室", "c98"]]
    sent = send(city, ("单位名册", UNITS, rows), ("人员名册", STAFF, [["办公室", "w1", "", ""]]))
    assert codes(sent) == ["ambiguous_unit"]
    done(city, ("单位名册", UNITS, rows), ("人员名册", STAFF, [["o2", "w1", "", ""]]))


def test_the_code_of_a_pupil_is_no_code_of_staff(city: City) -> None:
    PersonFactory.create(pupil=True, unit=city["c98"], code="c98-01")
    assert codes(send(city, ("人员名册", STAFF, [["c98", "c98-01", "", ""]]))) == ["code_of_a_pupil"]


def test_a_list_of_who_came_is_no_register_of_staff(city: City) -> None:
    sent = send(city, ("Sheet1", ["日期", "单位", "人员代码"], [["2026-04-02", "", "w1"]]))
    assert sent.state == ImportState.REFUSED
    assert not Person.objects.filter(code="w1").exists()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["实验小学领导小组", "", "nobody", "成员", "", ""], "unknown_person"),
        (["实验小学领导小组", "c98", "head", "成员", "", ""], "person_of_another_unit"),
        (["实验小学领导小组", "", "double", "成员", "", ""], "ambiguous_person"),
        (["实验小学领导小组", "", "head", "组长", "", ""], "leader_taken"),
        (["c98", "", "head", "成员", "", ""], "unknown_choice"),
        (["实验小学领导小组", "", "head", "校长", "", ""], "unknown_choice"),
    ],
)
def test_a_bad_member_is_refused(city: City, row: list[object], code: str) -> None:
    MembershipFactory.create(leader=True, group=city["group"], person=city.persons["clerk"])
    for unit in ("school", "c98"):
        PersonFactory.create(unit=city[unit], code="double")
    assert codes(send(city, ("机构成员", MEMBERS, [row]))) == [code]


def test_who_sits_in_the_group_already_is_not_put_there_twice(city: City) -> None:
    MembershipFactory.create(group=city["group"], person=city.persons["clerk"])
    done(city, ("机构成员", MEMBERS, [["实验小学领导小组", "", "clerk", "成员", "写材料", "2026-01-01"]]))
    place = Membership.objects.get()
    assert (place.remit, str(place.since)) == ("写材料", "2026-01-01")


def test_a_group_founded_after_today_is_refused(city: City) -> None:
    late = clock.today().replace(year=clock.today().year + 1)
    assert codes(send(city, ("工作机构", GROUPS, [["crew", "专班", "工作专班", str(late), "整治"]]))) == [
        "date_too_late"
    ]


def test_who_may_bring_them_in(city: City) -> None:
    """The clerk of a school keeps its persons; units and groups are the head's."""
    may = {}
    for part in ("clerk", "head"):
        context = ImportContext(city.viewer(part), city["school"], Import())
        kinds = (UnitImporter, StaffImporter, GroupImporter, MemberImporter)
        may[part] = [importer(context).allowed() for importer in kinds]
    assert may == {"clerk": [False, True, False, False], "head": [True] * 4}


def test_a_group_that_was_taken_back_comes_in_again_with_its_charter_and_its_place(city: City) -> None:
    rows: list[list[object]] = [["创建专班", "", "head", "组长", "", ""]]
    sent = send(city, ("工作机构", GROUPS, [CREW]), ("机构成员", MEMBERS, rows))
    crew = Unit.objects.get(code="crew")
    undo(city.client("head"), sent)
    assert not Unit.objects.filter(code="crew").exists()
    again: list[object] = ["crew", "创建专班", "工作专班", "2026-06-29", "整治市容"]
    done(city, ("工作机构", GROUPS, [again]), ("机构成员", MEMBERS, rows))
    back = Unit.objects.get(code="crew")
    assert (back.uid, back.pk, back.path, back.parent) == (crew.uid, crew.pk, crew.path, city["school"])
    assert (str(back.charter.founded_on), back.charter.remit) == ("2026-06-29", "整治市容")
    assert Membership.objects.get().group == back


def test_units_and_their_staff_that_were_taken_back_come_in_again(city: City) -> None:
    units: list[list[object]] = [["o1", "办公室", "", "科室", ""], ["o2", "一组", "", "科室", "办公室"]]
    sheets = (("单位名册", UNITS, units), ("人员名册", STAFF, [["一组", "w1", "", ""]]))
    sent = send(city, *sheets)
    before = list(Unit.objects.filter(code__in=["o1", "o2"]).values_list("pk", "path", "parent"))
    undo(city.client("head"), sent)
    done(city, *sheets)
    assert list(Unit.objects.filter(code__in=["o1", "o2"]).values_list("pk", "path", "parent")) == before
    assert Person.objects.get(code="w1").unit.code == "o2"


def test_a_place_that_was_withdrawn_can_be_given_again_by_hand(city: City) -> None:
    member = MembershipFactory.create(group=city["group"], person=city.persons["clerk"])
    Membership.objects.filter(pk=member.pk).update(withdrawn_at=clock.now())
    MembershipFactory.create(group=city["group"], person=city.persons["clerk"])
    assert Membership.objects.count() == 1


def test_a_new_unit_stands_under_one_that_comes_back(city: City) -> None:
    office: list[object] = ["o1", "办公室", "", "科室", ""]
    undo(city.client("head"), send(city, ("单位名册", UNITS, [office])))
    done(city, ("单位名册", UNITS, [office, ["o2", "一组", "", "科室", "o1"]]))
    back, new = Unit.objects.get(code="o1"), Unit.objects.get(code="o2")
    assert (new.parent, new.path) == (back, f"{back.path}{new.pk:06d}/")


def test_one_person_twice_in_one_group_is_told_by_the_row(city: City) -> None:
    rows: list[list[object]] = [
        ["实验小学领导小组", "", "head", "成员", "", "2026-07-01"],
        ["实验小学领导小组", "", "head", "组长", "", "2026-07-02"],
    ]
    sent = send(city, ("机构成员", MEMBERS, rows))
    assert [(each["row"], each["code"], each["params"]) for each in sent.problems] == [(5, "same_as_row", {"row": "4"})]


@pytest.mark.parametrize("taken_back", [False, True])
def test_a_place_that_was_ended_in_the_page_is_left_alone(city: City, taken_back: bool) -> None:
    row: list[object] = ["实验小学领导小组", "", "clerk", "成员", "写材料", "2026-07-01"]
    sent = send(city, ("机构成员", MEMBERS, [row]))
    place = Membership.objects.get()
    end_membership(city.viewer("head"), membership_uid=place.uid)
    if taken_back:
        undo(city.client("head"), sent)
    refused = send(city, ("机构成员", MEMBERS, [[*row[:4], "管后勤", row[5]]]))
    assert codes(refused) == ["nothing_to_import"]
    left = Membership.everything.get()
    assert (left.uid, left.remit, left.until is None) == (place.uid, "写材料", False)
    assert (left.withdrawn_at is None) is not taken_back


def test_a_code_of_a_pupil_that_no_table_holds_is_refused(city: City) -> None:
    assert codes(send(city, ("学生代码册", ["班级", "学生代码"], [["c98", "c98-" + "1" * 40]]))) == ["not_a_code"]
