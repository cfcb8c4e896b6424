"""What waits for whom: each sees what their hand can do next, the most urgent first, and nothing else."""

from datetime import timedelta
from typing import Any

from django.urls import reverse

from chuangwen.cases import queries, services, standing, workflow
from chuangwen.cases.models import Case
from chuangwen.cases.services import Given, Opening, PartGiven
from chuangwen.cases.waiting import waiting
from chuangwen.core import clock
from chuangwen.core.errors import Missing
from chuangwen.people import services as people
from chuangwen.people.models import Notice, Person
from tests.factories import cases
from tests.factories.city import City


def move(city: City, by: str, case: Case, verb: str, **given: Any) -> Case:
    return services.move(city.viewer(by), uid=case.uid, verb=verb, given=Given(**given))


def words(city: City, part: str) -> list[str]:
    """What waits for them, in the order of the page, without the lateness."""
    found = waiting(city.viewer(part))
    assert found.count == len(found.items)
    return [str(item.word).removesuffix("，逾期") for item in found.items]


def test_the_desk_files_hands_over_decides_and_answers(city: City) -> None:
    cases.opened(city)
    cases.filed(city)
    case = cases.sent(city)
    until = clock.now() + timedelta(days=60)
    move(city, "lead_clerk", case, "ask_extension", until=until, reason="材料未到")
    assert sorted(words(city, "dispatcher")) == ["待派遣", "待立案", "有申请待答复"]
    assert words(city, "stranger") == words(city, "reader") == []


def test_a_long_plan_waits_for_who_signs(city: City) -> None:
    case = cases.sent(city)
    move(city, "lead_clerk", case, "ask_plan", until=clock.now() + timedelta(days=200), reason="要改管网")
    assert words(city, "leader") == ["长期整改待签批"]


def test_a_unit_accepts_and_its_handler_fixes(city: City) -> None:
    case = cases.sent(city)
    assert words(city, "lead_clerk") == words(city, "lead_other") == ["待签收"]
    # The desk of the city handles nothing for a bureau, though it holds the right over it.
    assert words(city, "dispatcher") == words(city, "squad_clerk") == []
    move(city, "lead_clerk", case, "accept")
    assert (words(city, "lead_clerk"), words(city, "lead_other")) == (["您经办，整改中"], [])
    Person.objects.filter(pk=city.persons["lead_clerk"].pk).update(left_on=clock.today())
    assert words(city, "lead_other") == ["整改中"]


def test_a_fix_waits_for_another_one_only(city: City) -> None:
    cases.fixed(city)
    assert words(city, "dispatcher") == words(city, "supervisor") == words(city, "clerk") == ["待核验"]
    assert words(city, "lead_clerk") == words(city, "lead_head") == words(city, "street_clerk") == []


def test_what_waits_to_be_verified_is_what_may_be_verified(city: City) -> None:
    """The condition says the same as `standing`, for everybody of the cast and every kind of verification."""
    case = cases.fixed(city)
    for kind in ("finding", "order", "task", "hazard"):
        Case.objects.filter(pk=case.pk).update(kind=kind)
        for part in city.persons:
            viewer = city.viewer(part)
            row = queries.all_cases(viewer).select_related("unit", "lead", "opened_for").filter(pk=case.pk).first()
            try:
                may = row is not None and standing.of(viewer, row).refusal(workflow.VERBS["verify"]) is None
            except Missing:
                may = False
            assert ("待核验" in words(city, part)) == may, (kind, part)


def test_assisting_units_see_their_part_until_it_is_done(city: City) -> None:
    parts = (PartGiven(city["street"], "劝导"), PartGiven(city["squad"], copy=True))
    case = cases.sent(city, given={"parts": parts})
    assert (words(city, "street_clerk"), words(city, "squad_clerk")) == (["待配合"], [])
    move(city, "street_clerk", case, "do_part", reason="已劝导")
    assert words(city, "street_clerk") == []


def test_a_leader_sees_what_is_late_and_who_was_asked_sees_the_comment(city: City) -> None:
    office = city.viewer("dispatcher")
    opening = Opening(kind="order", title="集中清除", leader=city.persons["leader"])
    case = services.open_and_send(office, opening, lead=city["bureau"], until=clock.now() + timedelta(hours=1)).case
    assert words(city, "leader") == []
    Person.objects.filter(pk=city.persons["leader"].pk).update(name="王市长")
    with clock.held_at(clock.now() + timedelta(hours=2)):
        assert words(city, "leader") == ["您包案，已逾期"]
    Notice.objects.all().delete()
    services.comment(city.viewer("lead_clerk"), uid=case.uid, text="@王市长请看")
    assert words(city, "leader") == ["有人请您看"]
    people.mark_all_read(city.viewer("leader"))
    assert words(city, "leader") == []


def test_the_latest_end_comes_last_and_late_is_said(city: City) -> None:
    soon, later = cases.sent(city), cases.sent(city)
    Case.objects.filter(pk=soon.pk).update(due_at=clock.now() - timedelta(hours=1))
    first, second = waiting(city.viewer("lead_clerk")).items
    assert (first.text, second.text) == (str(soon), str(later))
    assert (str(first.word), first.state) == ("待签收，逾期", "over")
    assert first.url == reverse("case", args=[soon.uid])


def test_a_confidential_one_waits_for_nobody_who_may_not_see_it(city: City) -> None:
    opening = Opening(kind="petition", title="反映补偿", opened_for=city["office"])
    services.open_and_send(city.viewer("dispatcher"), opening, lead=city["bureau"])
    assert (words(city, "lead_clerk"), words(city, "lead_head")) == ([], ["待签收"])


def test_what_waits_for_the_absent_waits_for_the_deputy_and_opens(city: City) -> None:
    """The absent one handles a confidential case, which nobody else of the bureau's clerks sees."""
    opening = Opening(kind="petition", title="反映补偿", opened_for=city["office"])
    case = services.open_and_send(city.viewer("dispatcher"), opening, lead=city["bureau"]).case
    move(city, "lead_head", case, "accept", handler=city.persons["lead_clerk"])
    page = reverse("case", args=[case.uid])
    assert city.client("lead_other").get(page).status_code == 404
    people.appoint_deputy(
        city.viewer("lead_clerk"), person=city.persons["lead_clerk"], deputy=city.persons["lead_other"],
        since=clock.today(), until=clock.today(),
    )  # fmt: skip
    assert words(city, "lead_other") == ["您经办，整改中"]
    assert city.client("lead_other").get(page).status_code == 200
    move(city, "lead_other", case, "fix", reason="已上门说明")


def test_the_deputy_of_a_leader_presses_for_them(city: City) -> None:
    opening = Opening(kind="order", title="集中清除", leader=city.persons["lead_head"], opened_for=city["office"])
    case = services.open_and_send(city.viewer("dispatcher"), opening, lead=city["street"]).case
    people.appoint_deputy(
        city.viewer("lead_head"), person=city.persons["lead_head"], deputy=city.persons["lead_clerk"],
        since=clock.today(), until=clock.today(),
    )  # fmt: skip
    move(city, "lead_clerk", case, "press")


def test_the_page_asks_little_however_much_waits(city: City, django_assert_max_num_queries: Any) -> None:
    viewer = city.viewer("dispatcher")
    assert viewer.grants
    for _each in range(6):
        cases.opened(city)
    with django_assert_max_num_queries(3):
        assert waiting(viewer).count == 6
    page = city.client("dispatcher").get(reverse("waiting"))
    assert "待立案" in page.content.decode()
