"""Cases come from a workbook in the state in which they stand, and the figures of a month are those it printed."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Count
from django.utils import timezone

from chuangwen.cases import services as cases
from chuangwen.cases import workflow
from chuangwen.cases.models import Case, CaseDeadline, CasePart, CaseStep
from chuangwen.cases.services import Given
from chuangwen.core import clock
from chuangwen.core.errors import Refused
from chuangwen.core.models import Event, Import, ImportState
from chuangwen.interop import services
from chuangwen.metrics import queries as metrics
from chuangwen.metrics.sources import Scope
from tests.cases import tianmen
from tests.factories.city import City
from tests.factories.places import place
from tests.interop.workbooks import book, sheet

HEADINGS = ["编号", "事项类型", "类别", "标题", "内容", "来源", "点位", "地址", "经度", "纬度", "坐标系", "牵头单位",
            "受理时间", "立案时间", "期限", "完成时间", "结案时间", "状态"]  # fmt: skip
Row = list[object]
NOW = timezone.make_aware(datetime.fromisoformat("2026-11-24 10:00"))


def row(number: int = 1, **more: Any) -> Row:
    values: dict[str, Any] = dict.fromkeys(HEADINGS, "")
    values |= {
        "编号": f"A-{number}", "事项类型": "巡查发现", "类别": "井盖缺损", "标题": f"井盖 {number}",
        "牵头单位": "市城管局",
        "受理时间": "2026-10-08 08:00", "立案时间": "2026-10-08 09:00", "期限": "2026-10-10 17:30",
        "完成时间": "2026-10-09 11:00", "结案时间": "2026-10-09 16:00", "状态": "已结案",
    }  # fmt: skip
    return [(values | more)[heading] for heading in HEADINGS]


def running(number: int = 2, state: str = "整改中", **more: Any) -> Row:
    return row(number, **({"完成时间": "", "结案时间": "", "状态": state} | more))


def send(city: City, rows: list[Row], *, part: str = "dispatcher") -> Import:
    data = book(sheet("案卷", HEADINGS, rows))
    return send_file(city, data, part=part)


def send_file(city: City, data: bytes, *, part: str = "dispatcher") -> Import:
    with clock.held_at(NOW):
        actor = city.viewer(part)
        return services.bring_in(services.take_workbook(actor, unit=city["city"], name="案卷.xlsx", chunks=[data]))


def undo(city: City, sent: Import) -> Import:
    actor = city.viewer("dispatcher")
    services.undo(actor, sent, reason="传错了")
    services.withdraw(sent, undone_by=actor.uid, reason="传错了")
    sent.refresh_from_db()
    return sent


def codes(sent: Import) -> list[tuple[int, str]]:
    assert sent.state == ImportState.REFUSED, sent.state
    assert not Case.objects.exists()
    return [(each["row"], each["code"]) for each in sent.problems]


def only(external: str) -> Case:
    return Case.objects.get(external=external)


def test_a_row_becomes_a_case_in_its_state_with_its_moments(city: City) -> None:
    sent = send(city, [row(), running()])
    assert sent.state == ImportState.DONE, sent.problems
    done, open_one = only("A-1"), only("A-2")
    assert (done.state, done.on_time, done.due_at, done.channel) == ("closed", True, None, "workbook")
    assert timezone.localtime(done.closed_at).strftime("%m-%d %H:%M") == "10-09 16:00"
    assert (open_one.state, open_one.lead, open_one.unit) == ("working", city["bureau"], city["city"])
    assert open_one.due_at == open_one.fix_due_at
    assert {done.number, open_one.number} == {"2610-0001", "2610-0002"}
    assert list(done.deadlines.values_list("phase", "met_at")) == [("fix", done.fixed_at)]
    assert [each.met_at for each in open_one.deadlines.all()] == [None]
    assert open_one.parts.get().unit == city["bureau"]


def test_one_step_and_no_event_a_row(city: City) -> None:
    send(city, [row(), running()])
    assert list(CaseStep.objects.values_list("verb", flat=True)) == ["import", "import"]
    assert not Event.objects.filter(noun="case").exists()
    assert Event.objects.get(verb="import.done").data["rows"] == {"case": 2}


@pytest.mark.parametrize(
    ("state", "expected", "phase"),
    [
        ("待立案", "received", "file"),
        ("已立案", "filed", "dispatch"),
        ("待签收", "sent", "fix"),
        ("处置中", "working", "fix"),
        ("待核查", "fixed", "verify"),
        ("缓办", "suspended", "wait"),
        ("长期整改", "planned", "fix"),
    ],
)
def test_every_open_state_has_its_running_deadline(city: City, state: str, expected: str, phase: str) -> None:
    more: dict[str, Any] = {"立案时间": ""} if expected == "received" else {}
    more |= {"完成时间": "2026-10-09 11:00"} if expected == "fixed" else {}
    sent = send(city, [running(state=state, **more)])
    assert sent.state == ImportState.DONE, sent.problems
    case = only("A-2")
    found = CaseDeadline.objects.get(case=case, met_at__isnull=True)
    assert (case.state, found.phase, found.due_at) == (expected, phase, case.due_at)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"结案时间": "2026-10-07 08:00", "完成时间": ""}, "moments_crossed"),
        ({"完成时间": "2026-10-09 17:00"}, "moments_crossed"),
        ({"立案时间": "2026-10-07"}, "moments_crossed"),
        ({"结案时间": ""}, "closed_without_moment"),
        ({"状态": "整改中"}, "moment_without_close"),
        ({"期限": ""}, "no_deadline"),
        ({"立案时间": ""}, "not_filed"),
        ({"类别": ""}, "no_category"),
        ({"期限": "2026-10-01"}, "due_before_received"),
        ({"结案时间": "2026-12-24 10:00"}, "moment_ahead"),
        ({"状态": "已采纳"}, "state_of_kind"),
        ({"事项类型": "建议"}, "state_of_kind"),
        ({"期限": "2026-10-09 10:00", "完成时间": "2026-10-09"}, "time_of_day_needed"),
        ({"点位": "没有的市场"}, "unknown_case_place"),
        ({"经度": 111.69}, "half_a_position"),
        ({"经度": 111.69, "纬度": 29.03}, "no_system"),
        ({"牵头单位": "没有的局"}, "unknown_choice"),
        ({"类别": "飞碟"}, "unknown_choice_of_many"),
        ({"来源": "飞鸽"}, "unknown_choice_of_many"),
        ({"受理时间": "上个月"}, "not_a_date"),
    ],
)
def test_a_row_that_contradicts_itself_is_named_and_nothing_comes_in(
    city: City, more: dict[str, Any], code: str
) -> None:
    assert codes(send(city, [row(1), row(2, **more)])) == [(5, code)]


def test_under_way_without_a_lead_is_refused(city: City) -> None:
    assert codes(send(city, [running(牵头单位="")])) == [(4, "no_lead")]


def test_a_day_without_a_time_is_in_time_on_the_day_itself(city: City) -> None:
    send(city, [row(1, 期限="2026.10.9", 完成时间="2026年10月9日", 结案时间="2026-10-10"),
                row(2, 期限="2026.10.8", 完成时间="2026年10月9日", 结案时间="2026-10-10")])  # fmt: skip
    assert (only("A-1").on_time, only("A-2").on_time) == (True, False)


def test_without_a_moment_of_the_fix_the_closing_says_whether_it_was_in_time(city: City) -> None:
    send(city, [row(1, 完成时间=""), row(2, 完成时间="", 结案时间="2026-10-11 08:00")])
    assert (only("A-1").on_time, only("A-2").on_time) == (True, False)


def test_a_place_is_found_by_its_name_and_gives_the_point(city: City) -> None:
    there = place(city["city"], name="石桥市场", code="M-7")
    send(city, [row(1, 点位="石桥市场"), row(2, 点位="m-7")])
    assert {(each.place_id, each.lon) for each in Case.objects.all()} == {(there.pk, there.lon)}


def test_confidential_kinds_are_for_who_may_see_them(city: City) -> None:
    grant = city.persons["dispatcher"].grants.get()
    role = grant.role
    rows = [row(1, 事项类型="信访事项")]
    role.permissions = [each for each in role.permissions if each != "case.confidential"]
    role.save()
    assert codes(send(city, rows)) == [(4, "confidential_kind")]
    role.permissions = [*role.permissions, "case.confidential"]
    role.save()
    assert send(city, rows).state == ImportState.DONE
    assert only("A-1").confidential


def test_who_does_not_dispatch_brings_in_no_cases(city: City) -> None:
    role = city.persons["dispatcher"].grants.get().role
    role.permissions = [each for each in role.permissions if each != "case.dispatch"]
    role.save()
    assert send(city, [row()]).state == ImportState.REFUSED


def test_the_same_rows_again_bring_nothing_and_a_later_state_changes_the_case(city: City) -> None:
    send(city, [row(), running()])
    send(city, [row(), running()])
    assert Case.objects.count() == 2
    sent = send(city, [row(), row(2)])
    assert sent.state == ImportState.DONE, sent.problems
    changed = only("A-2")
    assert (changed.state, changed.on_time, changed.due_at) == ("closed", True, None)
    assert not CaseDeadline.objects.filter(met_at__isnull=True).exists()
    undo(city, sent)
    back = only("A-2")
    assert (back.state, back.closed_at) == ("working", None)
    assert CaseDeadline.objects.get(case=back).due_at == back.due_at


def test_what_was_moved_on_here_no_workbook_changes(city: City) -> None:
    send(city, [running()])
    case = only("A-2")
    cases.move(city.viewer("dispatcher"), uid=case.uid, verb="press")
    send(city, [row(2)])
    assert only("A-2").state == "working"


def test_undo_withdraws_them_and_the_same_rows_bring_them_back(city: City) -> None:
    sent = send(city, [row(), running()])
    numbers = set(Case.objects.values_list("number", flat=True))
    assert undo(city, sent).state == ImportState.UNDONE, sent.problems
    assert not Case.objects.exists()
    send(city, [row(), running()])
    assert set(Case.objects.values_list("number", flat=True)) == numbers
    twice = CaseDeadline.objects.values("case").annotate(count=Count("pk")).filter(count__gt=1)
    assert not twice.exists()
    assert CasePart.objects.count() == 2


def test_cases_on_which_something_was_done_since_keep_the_import(city: City) -> None:
    sent = send(city, [row(), running()])
    cases.move(city.viewer("lead_clerk"), uid=only("A-2").uid, verb="progress", given=Given(reason="去看了"))
    with pytest.raises(Refused, match="没有撤回"):
        services.undo(city.viewer("dispatcher"), sent, reason="传错了")
    assert Case.objects.count() == 2


def test_an_imported_case_goes_on_like_any_other(city: City) -> None:
    send(city, [running(事项类型="任务", 类别="创建任务")])
    actor = city.viewer("lead_clerk")
    moved = cases.move(actor, uid=only("A-2").uid, verb="fix", given=Given(reason="换好了"))
    assert moved.state == workflow.FIXED


FIGURES = {
    "case.accepted": "1054",
    "case.filed": "996",
    "case.due": "972",
    "case.closed": "911",
    "case.on_time": "737",
    "case.closing_rate": "93.72%",
    "case.on_time_rate": "75.82%",
    "case.small_adverts": "474",
    "case.overdue": "61",
}


def test_the_month_of_tianmen_says_what_was_printed_and_opens_to_exactly_those_rows(city: City) -> None:
    sent = send_file(city, tianmen.workbook())
    assert sent.state == ImportState.DONE, sent.problems[:3]
    found = {metric.key: metric for metric in metrics.catalogue()}
    for unit in ("city", "bureau"):
        scope = Scope(city[unit], date(2026, 10, 1), date(2026, 10, 31))
        said = {key: metrics.value(found[key], scope).text for key in FIGURES}
        # What was declined has no lead, and so is the city's alone.
        less = {} if unit == "city" else {"case.accepted": "996"}
        assert said == FIGURES | less
    scope = Scope(city["city"], date(2026, 10, 1), date(2026, 10, 31))
    rows = metrics.rows(found["case.closing_rate"], scope)
    numbers = {f"TM-{number:04d}" for number in range(tianmen.DUE)}
    assert set(rows.values_list("external", flat=True)) == numbers
    assert set(rows.filter(numerator=1).values_list("external", flat=True)) == {
        f"TM-{number:04d}" for number in range(tianmen.CLOSED)
    }
    opened = metrics.current_rows(city.viewer("dispatcher"), found["case.on_time"], scope, many=50)
    assert (opened.total, opened.hidden, len(opened.refs)) == (tianmen.ON_TIME, 0, 50)


def test_what_a_viewer_may_not_see_stays_in_the_count_without_content(city: City) -> None:
    send(city, [row(1), row(2, 事项类型="信访事项")])
    found = {metric.key: metric for metric in metrics.catalogue()}["case.accepted"]
    scope = Scope(city["city"], date(2026, 10, 1), date(2026, 10, 31))
    seen = metrics.current_rows(city.viewer("supervisor"), found, scope, many=50)
    assert (seen.total, seen.hidden, len(seen.refs)) == (2, 1, 1)


def test_what_is_closed_after_the_period_does_not_change_it(city: City) -> None:
    send(city, [row(1, 结案时间="2026-11-02 08:00"), row(2)])
    found = {metric.key: metric for metric in metrics.catalogue()}["case.closing_rate"]
    said = [metrics.value(found, Scope(city["city"], date(2026, 10, 1), end)).text for end in
            (date(2026, 10, 31), date(2026, 11, 30))]  # fmt: skip
    assert said == ["50.00%", "100.00%"]


@pytest.mark.slow
def test_ten_thousand_rows_come_in(city: City) -> None:
    start = datetime.fromisoformat("2026-01-05 08:00")
    rows = []
    for number in range(10_000):
        received = start + timedelta(minutes=40 * number)
        moments = {name: f"{received + timedelta(hours=hours):%Y-%m-%d %H:%M}" for name, hours in
                   (("受理时间", 0), ("立案时间", 1), ("期限", 48), ("完成时间", 20), ("结案时间", 22))}  # fmt: skip
        rows.append(row(number, **moments))
    sent = send(city, rows)
    assert sent.state == ImportState.DONE, sent.problems[:3]
    assert Case.objects.values("number").distinct().count() == 10_000
