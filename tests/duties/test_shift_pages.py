"""The list of shifts with who was there, and the page of one shift with what came of it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.duties.models import Shift
from tests.factories.city import City
from tests.factories.duties import AttendanceFactory, DutyFactory, OutcomeFactory, ShiftFactory
from tests.factories.people import PersonFactory

PRESENCES = ["present", "present", "late", "excused", "absent"]


@pytest.fixture
def shift(city: City) -> Shift:
    found = ShiftFactory.create(duty=DutyFactory.create(unit=city["school"], name="上街实践"), number="S01")
    for number, presence in enumerate(PRESENCES):
        pupil = PersonFactory.create(pupil=True, unit=city["c98"], code=f"c98-{number:02d}")
        AttendanceFactory.create(shift=found, person=pupil, presence=presence)
    for amount in (2, 5):
        OutcomeFactory.create(unit=city["c98"], shift=found, amount=amount)
    OutcomeFactory.create(unit=city["c98"], shift=found, kind_id="persuaded_parking", amount=4)
    OutcomeFactory.create(unit=city["c98"], shift=found, amount=1000, withdrawn=True)
    OutcomeFactory.create(unit=city["c98"], amount=500)
    return found


@pytest.mark.usefixtures("shift")
def test_the_list_counts_who_was_there_late_ones_too_and_who_was_listed(client_of: Callable[[str], Client]) -> None:
    (row,) = client_of("clerk").get(reverse("shifts")).context["list"].rows
    cells = {cell.col.key: str(cell.text) for cell in row}
    assert (cells["number"], cells["duty"], cells["present"], cells["expected"]) == ("S01", "上街实践", "3", "5")


@pytest.mark.usefixtures("shift")
@pytest.mark.parametrize("by", ["present", "expected"])
def test_the_list_is_sorted_by_how_many_came_and_a_shift_without_anybody_counts_none(
    client_of: Callable[[str], Client], city: City, by: str
) -> None:
    duty = DutyFactory.create(unit=city["school"])
    ShiftFactory.create(duty=duty, number="S02")
    AttendanceFactory.create(shift=ShiftFactory.create(duty=duty, number="S03"))
    for sort, order in ((by, ["S02", "S03", "S01"]), (f"-{by}", ["S01", "S03", "S02"])):
        rows = client_of("clerk").get(reverse("shifts"), {"sort": sort}).context["list"].rows
        cells = [{cell.col.key: str(cell.text) for cell in row} for row in rows]
        assert [each["number"] for each in cells] == order
        assert {each["number"]: each[by] for each in cells}["S02"] == "0"


def test_the_page_adds_up_what_came_of_it_and_lists_who_came(
    client_of: Callable[[str], Client], city: City, shift: Shift
) -> None:
    answer = client_of("clerk").get(reverse("shift", args=[shift.uid]))
    text = answer.content.decode()
    assert len(answer.context["list"].rows) == 5
    assert "捡拾垃圾 7 次" in text
    assert "文明劝导 4 人次" in text
    for part in ("S01", "文庙路口", "c98-04", "缺席", "请假"):
        assert part in text


@pytest.mark.parametrize("part", ["other_clerk", "recorder", "reader", "stranger"])
def test_the_shift_of_the_school_is_not_there_for_the_wrong_person(
    client_of: Callable[[str], Client], shift: Shift, part: str
) -> None:
    assert client_of(part).get(reverse("shift", args=[shift.uid])).status_code == 404
