"""From the first look to the last: who may do what, what it needs, where it leads."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from chuangwen.cases import services
from chuangwen.cases.models import Case, CaseDeadline, CasePart, CaseStep, Shows
from chuangwen.cases.services import Given, Opening, PartGiven
from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.models import Event
from tests.factories import cases
from tests.factories.cases import closed, filed, fixed, opened, photo, sent
from tests.factories.city import City
from tests.factories.places import boundary, place


def move(city: City, by: str, case: Case, verb: str, seen: int | None = None, **given: Any) -> Case:
    return services.move(city.viewer(by), uid=case.uid, verb=verb, given=Given(**given), seen=seen)


def running(case: Case) -> CaseDeadline:
    return CaseDeadline.objects.get(case=case, met_at__isnull=True)


def test_a_finding_is_received_with_a_number_and_a_deadline_to_file_it(city: City) -> None:
    case = opened(city)
    assert (case.state, case.unit, case.number[:4]) == ("received", city["city"], f"{clock.today():%y%m}")
    assert running(case).phase == "file"
    assert Event.objects.filter(verb="case.open", subject_uid=case.uid).exists()


def test_the_whole_way_to_the_end(city: City) -> None:
    case = closed(city)
    assert (case.state, case.due_at, case.on_time, case.closed_by) == ("closed", None, True, city.persons["dispatcher"])
    assert [step.verb for step in CaseStep.objects.filter(case=case)] == ["open", "file", "dispatch", "fix", "verify"]
    assert not CaseDeadline.objects.filter(case=case, met_at__isnull=True).exists()
    assert case.photos.get().shows == Shows.AFTER


def test_a_fix_of_a_finding_needs_a_photo(city: City) -> None:
    case = sent(city)
    with pytest.raises(Refused, match="照片"):
        move(city, "lead_clerk", case, "fix", reason="做了")


def test_words_alone_do_not_fix_a_finding_and_a_photo_alone_neither(city: City) -> None:
    case = sent(city)
    with pytest.raises(Refused, match="怎么办的"):
        move(city, "lead_clerk", case, "fix", photos=[photo(city.viewer("lead_clerk"), city["bureau"])])


@pytest.mark.parametrize("who", ["lead_clerk", "lead_other", "lead_head", "squad_clerk"])
def test_the_unit_that_fixed_it_does_not_verify_it(city: City, who: str) -> None:
    case = fixed(city)
    with pytest.raises((Missing, Refused)):
        move(city, who, case, "verify")


@pytest.mark.practice("D9")
def test_the_reporting_unit_may_verify(city: City) -> None:
    assert move(city, "clerk", fixed(city), "verify").state == "closed"


def test_a_stranger_learns_nothing(city: City) -> None:
    case = fixed(city)
    for who in ("stranger", "other_clerk", "street_clerk"):
        with pytest.raises(Missing):
            move(city, who, case, "verify")


@pytest.mark.practice("B9", "F11")
def test_a_hazard_is_verified_by_another_person_of_the_house(city: City) -> None:
    case = fixed(city, kind="hazard", by="lead_clerk", opened_for=city["school"])
    with pytest.raises(Refused, match="报完成的人"):
        move(city, "dispatcher", _fixed_by(case, city.persons["dispatcher"].pk), "verify")


def _fixed_by(case: Case, person: int) -> Case:
    CaseStep.objects.filter(case=case, verb="fix").update(by=person)
    return case


def test_who_reads_an_old_page_is_told(city: City) -> None:
    case = filed(city)
    seen = case.revision
    move(city, "dispatcher", case, "dispatch", seen=seen, lead=city["bureau"])
    with pytest.raises(Conflict, match="dispatcher 的姓名 已经动过"):
        move(city, "dispatcher", case, "dispatch", seen=seen, lead=city["street"])


def test_a_verb_that_is_not_in_the_table(city: City) -> None:
    with pytest.raises(Refused, match="没有“conjure”"):
        move(city, "dispatcher", opened(city), "conjure")


def test_a_verb_from_a_state_that_has_none(city: City) -> None:
    with pytest.raises(Refused, match="待立案的事项"):
        move(city, "dispatcher", opened(city), "recall", reason="看看")


def test_sent_back_it_has_what_was_left_of_its_time(city: City) -> None:
    case = fixed(city)
    before = case.fix_due_at
    back = move(city, "dispatcher", case, "send_back", reason="还有两辆")
    assert (back.state, back.reworked) == ("working", 1)
    assert back.fix_due_at is not None
    assert before is not None
    assert abs(back.fix_due_at - before) < timedelta(minutes=1)


@pytest.mark.practice("C18")
def test_the_third_bounce_goes_to_the_office_to_decide(city: City) -> None:
    case = sent(city)
    case = move(city, "lead_clerk", case, "transfer", lead=city["street"], reason="在街道地界")
    assert (case.state, case.lead, case.bounces) == ("sent", city["street"], 1)
    case = move(city, "street_clerk", case, "refuse", reason="是城管的事")
    assert (case.state, case.lead, case.bounces) == ("filed", None, 2)
    case = move(city, "dispatcher", case, "dispatch", lead=city["bureau"])
    case = move(city, "lead_clerk", case, "refuse", reason="不是")
    assert (case.state, case.bounces) == ("disputed", 3)
    case = move(city, "dispatcher", case, "arbitrate", lead=city["bureau"], reason="共享单车归城管")
    assert (case.state, case.decided) == ("sent", True)
    with pytest.raises(Refused, match="裁定"):
        move(city, "lead_clerk", case, "refuse", reason="还是不是")


def test_within_the_house_it_is_no_bounce(city: City) -> None:
    case = move(city, "lead_clerk", sent(city), "transfer", lead=city["squad"], reason="一中队辖区")
    assert (case.lead, case.bounces) == (city["squad"], 0)


def test_an_extension_is_asked_and_granted(city: City) -> None:
    case = sent(city)
    until = clock.now() + timedelta(days=9)
    case = move(city, "lead_clerk", case, "ask_extension", until=until, reason="等停车框材料")
    with pytest.raises(Missing):
        move(city, "lead_clerk", case, "grant_extension")
    case = move(city, "dispatcher", case, "grant_extension")
    assert (case.due_at, case.fix_due_at, case.asked) == (until, until, "")
    assert running(case).extended == 1


def test_what_was_not_asked_is_not_granted(city: City) -> None:
    with pytest.raises(Refused, match="没有提这个申请"):
        move(city, "dispatcher", sent(city), "grant_extension")


def test_a_long_plan_is_signed_by_a_leader_and_by_nobody_else(city: City) -> None:
    until = clock.now() + timedelta(days=90)
    case = move(city, "lead_clerk", sent(city), "ask_plan", until=until, reason="要等道路改造")
    case = move(city, "leader", case, "sign_plan")
    assert (case.state, case.due_at, running(case).phase) == ("planned", until, "fix")


def test_put_off_it_has_a_day_on_which_it_comes_back(city: City) -> None:
    until = clock.now() + timedelta(days=20)
    case = move(city, "lead_clerk", sent(city), "ask_suspension", until=until, reason="汛期")
    case = move(city, "dispatcher", case, "grant_suspension")
    assert (case.state, running(case).phase, case.due_at) == ("suspended", "wait", until)
    back = services.move_by_clock(case=case, verb="resume")
    assert back is not None
    assert (back.state, running(back).phase) == ("working", "fix")


def test_past_the_deadline_nothing_is_asked_for_any_more(city: City) -> None:
    case = sent(city)
    Case.objects.filter(pk=case.pk).update(due_at=clock.now() - timedelta(hours=1))
    with pytest.raises(Refused, match="过了期限"):
        move(city, "lead_clerk", case, "ask_extension", until=clock.now() + timedelta(days=2), reason="晚了")


@pytest.mark.practice("A3")
def test_an_assisting_unit_has_its_own_part_and_may_hold_the_fix(city: City) -> None:
    parts = [PartGiven(city["street"], "增画停车框", blocking=True), PartGiven(city["education"], copy=True)]
    case = sent(city, given={"parts": parts})
    with pytest.raises(Refused, match="文庙街道"):
        move(city, "lead_clerk", case, "fix", reason="好了", photos=[photo(city.viewer("lead_clerk"), city["bureau"])])
    move(city, "street_clerk", case, "do_part", reason="画好了")
    done = move(
        city, "lead_clerk", case, "fix", reason="好了", photos=[photo(city.viewer("lead_clerk"), city["bureau"])]
    )
    assert done.state == "fixed"
    with pytest.raises((Missing, Refused)):
        move(city, "street_clerk", done, "verify")


def test_merged_it_can_stand_on_its_own_again(city: City) -> None:
    one, other = filed(city), opened(city)
    merged = move(city, "dispatcher", other, "merge", into=one)
    assert (merged.state, merged.into, merged.due_at) == ("merged", one, None)
    back = move(city, "dispatcher", merged, "restore", reason="不是一件事")
    assert (back.state, back.into, running(back).phase) == ("filed", None, "dispatch")


def test_nothing_is_merged_into_itself_or_into_what_has_ended(city: City) -> None:
    one = opened(city)
    with pytest.raises(Refused, match="不能并到自己"):
        move(city, "dispatcher", one, "merge", into=one)
    with pytest.raises(Refused, match="已经办结"):
        move(city, "dispatcher", one, "merge", into=closed(city))


def test_reopened_it_counts_and_its_unit_has_it_again(city: City) -> None:
    case = move(city, "clerk", closed(city), "dispute", reason="又停满了")
    assert (case.state, case.reopened, case.lead, case.on_time) == ("working", 1, city["bureau"], None)
    assert running(case).phase == "fix"


def test_reopened_without_its_unit_it_stands_at_the_office(city: City) -> None:
    case = closed(city)
    unit = city["bureau"]
    unit.closed_on = clock.today()
    unit.save()
    case = move(city, "dispatcher", case, "reopen", reason="又停满了")
    assert (case.state, case.lead, running(case).phase) == ("filed", None, "dispatch")


def test_a_suggestion_ends_with_an_answer_and_has_no_fix(city: City) -> None:
    case = filed(city, kind="suggestion", code="proposal")
    case = move(city, "dispatcher", case, "adopt", reply="采纳，下月试行")
    assert (case.state, case.on_time) == ("adopted", True)
    other = sent(city, kind="suggestion", code="proposal")
    with pytest.raises(Missing):
        move(city, "lead_clerk", other, "fix", reason="做了")


def test_a_petition_is_seen_by_few(city: City) -> None:
    case = opened(city, by="dispatcher", kind="petition", opened_for=city["city"])
    assert case.confidential
    for who in ("supervisor", "clerk", "street_clerk"):
        with pytest.raises(Missing):
            move(city, who, case, "visit", reason="看")
    case = move(city, "dispatcher", case, "file", category=cases.category("dispute_matter"))
    case = move(city, "dispatcher", case, "dispatch", lead=city["bureau"])
    with pytest.raises(Missing):
        move(city, "lead_clerk", case, "accept")
    assert move(city, "lead_head", case, "accept").state == "working"


def test_outside_the_city_there_are_no_cases(city: City) -> None:
    boundary(city["city"])
    with pytest.raises(Refused, match="本市之外"):
        opened(city, point=(116.4, 39.9))


def test_the_same_uid_is_the_same_case_and_not_another_persons(city: City) -> None:
    uid = uuid4()
    assert opened(city, uid=uid) == opened(city, uid=uid)
    with pytest.raises(Conflict):
        opened(city, by="head", uid=uid)


def test_what_came_back_near_and_soon_is_a_relapse(city: City) -> None:
    at = (111.69, 29.03)
    first = closed(city, point=at)
    again = filed(city, point=(111.69 + 0.0003, 29.03))
    far = filed(city, point=(111.70, 29.03))
    other = filed(city, point=at, code="manhole")
    assert (again.relapse_of, far.relapse_of, other.relapse_of) == (first, None, None)


def test_a_case_at_a_place_lies_where_the_place_lies(city: City) -> None:
    gate = place(city["school"], name="校门")
    assert opened(city, place=gate).lon == gate.lon


def test_a_comment_calls_whom_it_names(city: City) -> None:
    person = city.persons["lead_clerk"]
    person.name = "李工"
    person.save()
    case = sent(city)
    step = services.comment(city.viewer("dispatcher"), uid=case.uid, text="@李工请先看现场")
    assert step.data == {"mentions": [str(person.uid)]}


def test_the_words_stay_out_of_the_log(city: City) -> None:
    case = move(city, "lead_clerk", sent(city), "refuse", reason="这句话不进日志")
    said = Event.objects.filter(subject_uid=case.uid).values_list("data", flat=True)
    assert all("这句话" not in str(data) for data in said)


def test_a_closed_unit_gets_nothing_new(city: City) -> None:
    case = filed(city)
    unit = city["street"]
    unit.closed_on = clock.today()
    unit.save()
    with pytest.raises(Refused, match="已停用"):
        move(city, "dispatcher", case, "dispatch", lead=unit)


def test_entered_filed_and_handed_over_in_one_act(city: City) -> None:
    until = clock.now() + timedelta(days=3)
    opening = Opening(kind="order", title="三天内清完", opened_for=city["office"])
    done = services.open_and_send(city.viewer("dispatcher"), opening, lead=city["bureau"], until=until)
    assert (done.case.state, done.case.due_at) == ("sent", until)
    with pytest.raises(Missing):
        services.open_and_send(city.viewer("clerk"), Opening(kind="order", title="越权"), lead=city["bureau"])
    assert not Case.objects.filter(title="越权").exists()


def test_one_unit_has_one_part(city: City) -> None:
    case = filed(city)
    with pytest.raises(Refused, match="写了两次"):
        move(city, "dispatcher", case, "dispatch", lead=city["bureau"], parts=[PartGiven(city["bureau"])])
    assert not CasePart.objects.filter(case=case).exists()
