"""The example workbooks of the brigade, of the hospital and of the school come in, each sheet as what it is."""

from pathlib import Path

import pytest

from chuangwen.core.importing import ImportContext, importers
from chuangwen.core.models import Import, ImportState
from chuangwen.core.tabular import open_workbook
from chuangwen.core.tabular.columns import recognise
from chuangwen.duties.models import Attendance, Band, Duty, DutyKind, Handling, Outcome, Shift
from chuangwen.people.models import Charter, Membership, Person, Unit
from tests.duties.examples import BRIGADE, FOLDER, HOSPITAL, brigade, bring_in
from tests.factories.city import City
from tests.interop.sending import undo

NOUNS = {
    "单位名册": "unit", "人员名册": "staff", "工作机构": "group", "机构成员": "member", "岗点和队伍": "duty",
    "活动安排": "shift", "签到表": "sign_in", "勤务登记": "duty_log", "巡查登记": "round", "督导登记": "supervision",
    "成效登记": "outcome", "学生代码册": "pupil", "参加名单": "attendance", "实践心得": "essay",
}  # fmt: skip


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.xlsx")), ids=lambda path: path.stem)
def test_every_sheet_of_every_example_is_recognised_as_what_it_is(city: City, path: Path) -> None:
    context = ImportContext(city.viewer("office"), city["school"], Import())
    tables = [importer(context).table() for importer in importers()]
    with open_workbook(path, name="book.xlsx") as book:
        found = {sheet.name: recognise(book.rows(sheet.name), tables, sheet=sheet.name) for sheet in book.sheets}
        unnamed = {sheet.name: recognise(book.rows(sheet.name), tables, sheet="Sheet1") for sheet in book.sheets}
    for name, hit in found.items():
        if name == "说明":
            assert hit is None
            continue
        assert hit is not None
        assert (hit.table.key, hit.missing, hit.ignored) == (NOUNS[name], [], [])
        # The columns alone say it too, whatever the sheet is called.
        other = unnamed[name]
        assert other is not None
        assert other.table.key == NOUNS[name]


def test_a_brigade_brings_in_its_squadrons_posts_and_log(city: City) -> None:
    unit = brigade(city)
    for name in BRIGADE:
        bring_in(city, unit, name)
    squadrons = Unit.objects.filter(kind_id="squadron")
    assert {each.parent for each in squadrons} == {unit}
    assert all(each.path.startswith(unit.path) for each in squadrons)
    kinds = dict.fromkeys(DutyKind.values, 0) | {
        kind: Duty.objects.filter(kind=kind).count() for kind in DutyKind.values
    }
    assert (kinds["post"], kinds["mobile_team"], kinds["supervision"]) == (68, 7, 3)
    log = Shift.objects.filter(duty__kind="post")
    assert (log.count(), {*log.values_list("band", flat=True)}) == (2856, {*Band})
    assert {*log.values_list("unit__kind", flat=True)} == {"squadron"}
    assert Shift.objects.filter(target__isnull=False).values("target").distinct().count() == 61
    assert Outcome.objects.filter(handling=Handling.SELF_INITIATED, kind="road_incident").exists()
    assert Person.objects.filter(source__isnull=False).exclude(name="").count() == 0


def test_a_hospital_brings_in_its_group_rounds_cleaning_and_works(city: City) -> None:
    for name in HOSPITAL:
        bring_in(city, city["hospital"], name)
    group = Unit.objects.get(code="demo-hospital-group")
    assert (group.parent, group.kind_id) == (city["hospital"], "leading_group")
    assert str(Charter.objects.get(unit=group).founded_on) == "2026-06-28"
    assert Membership.objects.filter(group=group).count() == 12
    assert {str(day) for day in Membership.objects.values_list("since", flat=True)} == {"2026-06-28"}
    rounds = Attendance.objects.filter(shift__duty__kind="round")
    assert rounds.count() == 19 * 30
    assert {(each.times, each.presence) for each in rounds if not each.times} == {(0, "absent")}
    cleaned = Shift.objects.filter(duty__kind="interval")
    assert (cleaned.count(), {*cleaned.values_list("required", flat=True)}) == (180, {20})
    works = Shift.objects.filter(duty__kind="project")
    assert (works.count(), str(max(each.last_day for each in works))) == (3, "2026-09-17")


@pytest.mark.parametrize("names", [BRIGADE, HOSPITAL], ids=["brigade", "hospital"])
def test_all_workbooks_are_taken_back_from_the_last_and_come_in_again_as_they_were(
    city: City, names: tuple[str, ...]
) -> None:
    unit = brigade(city) if names == BRIGADE else city["hospital"]
    sent = [bring_in(city, unit, name) for name in names]
    before = standing()
    for each in reversed(sent):
        assert undo(city.client("office"), each).state == ImportState.UNDONE
    assert not Shift.objects.exists()
    assert not Outcome.objects.exists()
    for name in names:
        bring_in(city, unit, name)
    assert standing() == before


def standing() -> dict[str, object]:
    models = (Unit, Person, Membership, Duty, Shift, Attendance, Outcome)
    return {model.__name__: {*model.objects.values_list("uid", flat=True)} for model in models}
