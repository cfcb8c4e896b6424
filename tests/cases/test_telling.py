"""Who is told of what happens to a case: never the actor, never who may not see it, each once a step."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.cases import notices, services, telling, workflow
from chuangwen.cases.models import Case, CaseStep
from chuangwen.cases.services import Given, Opening, PartGiven
from chuangwen.core import clock
from chuangwen.core.notices import told as said_to
from chuangwen.people import services as people
from chuangwen.people.access import Viewer
from chuangwen.people.models import Grant, Notice, Person
from tests.factories import cases
from tests.factories.city import City
from tests.factories.people import AccountFactory, GrantFactory, PersonFactory


def move(city: City, by: str, case: Case, verb: str, **given: Any) -> Case:
    Notice.objects.all().delete()
    return services.move(city.viewer(by), uid=case.uid, verb=verb, given=Given(**given))


def told() -> set[tuple[str, str]]:
    return {(row.person.code, row.kind.removeprefix("case.")) for row in Notice.objects.select_related("person")}


def sentence(city: City, part: str) -> str:
    [row] = Notice.objects.filter(person=city.persons[part])
    [line] = said_to(city.viewer(part), [row]).values()
    return line.text


def test_a_unit_that_gets_a_case_is_told_with_its_end(city: City) -> None:
    case = cases.filed(city)
    case = move(city, "dispatcher", case, "dispatch", lead=city["bureau"])
    assert told() == {("lead-clerk", "dispatch"), ("lead-other", "dispatch"), ("lead-head", "dispatch")}
    assert sentence(city, "lead_clerk").startswith("派给本单位，")
    assert case.number in sentence(city, "lead_clerk")


def test_assisting_and_copied_units_and_the_leader_are_told_each_in_their_words(city: City) -> None:
    parts = (PartGiven(city["street"], "劝导"), PartGiven(city["squad"], copy=True))
    move(city, "dispatcher", cases.filed(city), "dispatch", lead=city["bureau"], parts=parts,
         leader=city.persons["leader"])  # fmt: skip
    assert told() >= {("street-clerk", "assist"), ("squad-clerk", "copy"), ("leader", "leader")}
    assert sentence(city, "leader").startswith("请您包案")


def test_what_comes_back_is_told_to_the_desk(city: City) -> None:
    for verb, given in (("refuse", {}), ("transfer", {"lead": city["street"]})):
        case = cases.sent(city)
        move(city, "lead_clerk", case, verb, reason="不归我处", **given)
        assert ("dispatcher", verb) in told()
    assert ("street-clerk", "dispatch") in told()


def test_a_request_goes_to_who_decides_and_the_answer_to_the_unit(city: City) -> None:
    case = cases.sent(city)
    until = clock.now() + (case.due_at - clock.now()) * 2  # type: ignore[operator]
    move(city, "lead_clerk", case, "ask_extension", until=until, reason="材料未到")
    assert ("dispatcher", "ask_extension") in told()
    assert ("leader", "ask_extension") not in told()
    move(city, "dispatcher", case, "deny", reason="抓紧")
    assert ("lead-clerk", "deny") in told()
    move(city, "lead_clerk", case, "ask_plan", until=until, reason="要改管网")
    assert ("leader", "ask_plan") in told()


def test_a_fix_is_told_to_who_may_look_and_what_comes_of_it_to_who_entered_and_who_did_it(city: City) -> None:
    case = move(city, "lead_clerk", cases.sent(city), "accept")
    actor = city.viewer("lead_clerk")
    move(city, "lead_clerk", case, "fix", reason="清走", photos=[cases.photo(actor, actor.person.unit)])
    assert {"clerk", "dispatcher"} <= {who for who, what in told() if what == "fix"}
    assert not {"lead-clerk", "lead-other"} & {who for who, _what in told()}
    move(city, "dispatcher", case, "send_back", reason="还有")
    assert told() == {("lead-clerk", "send_back")}
    assert Notice.objects.get().urgent
    move(city, "lead_clerk", case, "fix", reason="清走", photos=[cases.photo(actor, actor.person.unit, 2)])
    move(city, "dispatcher", case, "verify")
    assert told() == {("clerk", "verify"), ("lead-clerk", "verify")}


def test_who_is_pressed_is_told_at_once_and_so_is_the_head(city: City) -> None:
    case = move(city, "lead_clerk", cases.sent(city), "accept")
    move(city, "supervisor", case, "press")
    assert told() == {("lead-clerk", "press"), ("lead-head", "press")}
    assert set(Notice.objects.values_list("urgent", flat=True)) == {True}


@pytest.mark.practice("A7")
def test_who_supervises_visits_and_finds_what_is_overdue(city: City) -> None:
    case = move(city, "lead_clerk", cases.sent(city), "accept")
    move(city, "supervisor", case, "visit", reason="现场看了，只清了一半")
    assert told() == {("lead-clerk", "visit")}
    Case.objects.filter(pk=case.pk).update(due_at=clock.now() - timedelta(days=1))
    late = city.client("supervisor").get("/cases/?view=over").content.decode()
    assert case.number in late


def test_nobody_is_told_of_what_they_did_themself(city: City) -> None:
    case = cases.sent(city)
    move(city, "lead_head", case, "assign", handler=city.persons["lead_head"])
    assert told() == set()
    move(city, "lead_head", case, "assign", handler=city.persons["lead_clerk"])
    assert told() == {("lead-clerk", "assign")}


def test_a_deputy_who_acts_is_not_told_of_their_own_act(city: City) -> None:
    case = move(city, "lead_clerk", cases.sent(city), "accept")
    people.appoint_deputy(
        city.viewer("lead_clerk"), person=city.persons["lead_clerk"], deputy=city.persons["lead_other"],
        since=clock.today(), until=clock.today(),
    )  # fmt: skip
    move(city, "lead_other", case, "assign", handler=city.persons["lead_clerk"])
    assert told() == {("lead-clerk", "assign")}


def test_who_is_asked_in_a_comment_is_told(city: City) -> None:
    case = cases.sent(city)
    Person.objects.filter(pk=city.persons["lead_head"].pk).update(name="王晓明")
    Notice.objects.all().delete()
    services.comment(city.viewer("lead_clerk"), uid=case.uid, text="@王晓明请看一下")
    assert told() == {("lead-head", "comment")}
    assert sentence(city, "lead_head").startswith("有人在留言里请您看")


def test_a_confidential_case_is_told_to_those_alone_who_may_see_it(city: City) -> None:
    opening = Opening(kind="petition", title="反映补偿", opened_for=city["office"])
    services.open_and_send(city.viewer("dispatcher"), opening, lead=city["bureau"])
    # The clerks of the bureau handle cases and do not see such ones; its head does.
    assert told() == {("lead-head", "dispatch")}


def test_the_door_and_who_left_are_not_told(city: City) -> None:
    case = cases.fixed(city)
    Person.objects.filter(pk=city.persons["clerk"].pk).update(code="door")
    move(city, "dispatcher", case, "verify")
    assert told() == set()


def test_every_kind_has_its_sentence_and_every_row_its_verb() -> None:
    assert set(telling.KINDS) == set(notices.SENTENCES)
    beside = {"open", "comment", "remind", "overdue", "escalate"}
    assert {row.verb for row in telling.ROWS} <= {*workflow.VERBS} | beside


@pytest.mark.parametrize("verb", ["remind", "overdue", "escalate"])
def test_the_sentence_of_the_clock_says_the_phase(city: City, verb: str) -> None:
    case = cases.sent(city)
    Notice.objects.all().delete()
    people.tell(
        city.persons["lead_clerk"], f"case.{verb}", noun="case", subject_uid=case.uid,
        data={"phase": "fix", "due": clock.now().isoformat()},
    )  # fmt: skip
    assert sentence(city, "lead_clerk").startswith("整改")


def test_telling_costs_few_queries_however_many_are_told(city: City) -> None:
    case = cases.sent(city)
    step = CaseStep.objects.filter(case=case).latest("id")
    counts, actor = [], city.viewer("dispatcher")
    for _round in range(2):
        Notice.objects.all().delete()
        with CaptureQueriesContext(connection) as caught:
            telling.tell_of(actor, case, step)
        counts.append(len(caught))
        for number in range(5):
            _another_clerk(city, f"more-{number}")
    assert counts[0] == counts[1] <= 6
    assert Notice.objects.filter(kind="case.dispatch").count() == 8


def _another_clerk(city: City, code: str) -> Viewer:
    if not Person.objects.filter(code=code).exists():
        person = PersonFactory.create(unit=city["bureau"], code=code)
        AccountFactory.create(person=person)
        GrantFactory.create(person=person, role_id="unit_clerk", unit=city["bureau"])
    return Viewer(Person.objects.get(code=code))


def test_where_nobody_is_at_a_unit_the_next_one_above_is_told(city: City) -> None:
    Grant.objects.filter(person=city.persons["squad_clerk"]).delete()
    move(city, "dispatcher", cases.filed(city), "dispatch", lead=city["squad"])
    assert {who for who, _what in told()} == {"lead-clerk", "lead-other", "lead-head"}
