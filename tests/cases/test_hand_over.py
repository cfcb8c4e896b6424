"""A person moves: their cases go to another in one act and nothing is orphaned; a unit closes only when it has none."""

from typing import Any

import pytest
from django.urls import reverse

from chuangwen.cases import handing_over, services
from chuangwen.cases.models import Case, CaseStep
from chuangwen.cases.services import Given, Opening
from chuangwen.core import clock, work
from chuangwen.core.errors import Refused
from chuangwen.people import services as people
from chuangwen.people.models import Grant, Notice
from chuangwen.people.unit_queries import what_hinders_closing
from chuangwen.places.models import Place, Responsibility
from tests.factories import cases
from tests.factories.city import City
from tests.factories.places import place
from tests.factories.state import nothing_changes, one_event


def move(city: City, by: str, case: Case, verb: str, **given: Any) -> Case:
    return services.move(city.viewer(by), uid=case.uid, verb=verb, given=Given(**given))


def taken(city: City, **more: Any) -> Case:
    """A case that lead_clerk handles."""
    return move(city, "lead_clerk", cases.sent(city, **more), "accept")


def hand_over(city: City, to: str, *, person: str = "lead_clerk", by: str = "dispatcher") -> dict[str, int]:
    return people.hand_over(city.viewer(by), person=city.persons[person], to=city.persons[to], reason="调走")


def test_everything_open_goes_to_a_colleague_with_one_event_and_a_step_in_each(city: City) -> None:
    mine, other = [taken(city), taken(city)], move(city, "lead_other", cases.sent(city), "accept")
    with one_event("person.handed_over") as written:
        assert hand_over(city, "lead_other", by="lead_head") == {"case": 2}
    assert written.event.data["counts"] == {"case": 2}
    for case in mine:
        now = Case.objects.get(pk=case.pk)
        assert (now.handler, now.revision, now.state) == (city.persons["lead_other"], case.revision + 1, "working")
        step = CaseStep.objects.filter(case=case).latest("id")
        assert (step.verb, step.by, step.data) == (
            "hand_over", city.persons["lead_head"], {"handler": str(city.persons["lead_other"].uid)},
        )  # fmt: skip
    assert Case.objects.get(pk=other.pk).revision == other.revision
    page = city.client("lead_other").get(reverse("case", args=[mine[0].uid])).content.decode()
    assert "随人员交接" in page


def test_a_successor_outside_the_unit_leaves_the_case_to_the_unit(city: City) -> None:
    case = taken(city)
    assert hand_over(city, "street_clerk") == {"case": 1}
    assert (Case.objects.get(pk=case.pk).handler, CaseStep.objects.latest("id").data) == (None, {})
    assert [str(row.word) for row in work.works()[0].waiting(city.viewer("lead_other")).items] == ["整改中"]


def test_a_leader_is_followed_by_a_leader(city: City) -> None:
    opening = Opening(kind="order", title="集中清除", leader=city.persons["lead_head"])
    case = services.open_and_send(city.viewer("dispatcher"), opening, lead=city["street"]).case
    assert hand_over(city, "leader", person="lead_head") == {"case": 1}
    assert Case.objects.get(pk=case.pk).leader == city.persons["leader"]
    assert CaseStep.objects.latest("id").data == {"leader": str(city.persons["leader"].uid)}


def test_what_is_closed_stays_with_who_did_it(city: City) -> None:
    case = cases.closed(city)
    Case.objects.filter(pk=case.pk).update(handler=city.persons["lead_clerk"])
    with nothing_changes(), pytest.raises(Refused, match="没有要交接的"):
        hand_over(city, "lead_other")


def test_a_confidential_case_goes_to_nobody_who_could_not_see_it(city: City) -> None:
    opening = Opening(kind="petition", title="反映补偿", opened_for=city["office"], leader=city.persons["lead_head"])
    case = services.open_and_send(city.viewer("dispatcher"), opening, lead=city["bureau"]).case
    move(city, "lead_head", case, "accept", handler=city.persons["lead_clerk"])
    assert hand_over(city, "lead_other") == {"case": 1}
    assert Case.objects.get(pk=case.pk).handler is None
    with nothing_changes(), pytest.raises(Refused, match="看不到不公开的事项"):
        hand_over(city, "lead_other", person="lead_head")
    move(city, "lead_head", case, "assign", handler=city.persons["lead_clerk"])
    assert hand_over(city, "lead_head") == {"case": 1}
    assert Case.objects.get(pk=case.pk).handler == city.persons["lead_head"]


def test_nobody_leaves_while_a_case_hangs_on_them_and_the_page_names_it(city: City) -> None:
    case = taken(city)
    with pytest.raises(Refused):
        people.let_go(city.viewer("lead_head"), person=city.persons["lead_clerk"])
    page = city.client("lead_head").get(reverse("hand-over", args=[city.persons["lead_clerk"].uid])).content.decode()
    assert case.number in page
    hand_over(city, "lead_other")
    Grant.objects.filter(person=city.persons["lead_clerk"]).update(until=clock.today())
    people.let_go(city.viewer("lead_head"), person=city.persons["lead_clerk"])


def test_what_one_entered_hinders_nobody_from_leaving(city: City) -> None:
    cases.opened(city)
    found = {each.work.key: each for each in work.held(city.viewer("dispatcher"), city.persons["clerk"])}
    assert found["case_opened"].waiting.count == 1
    assert work.to_hand_over(city.viewer("dispatcher"), city.persons["clerk"]) == 0


def test_what_the_viewer_may_not_see_is_counted_and_not_named(city: City) -> None:
    opening = Opening(kind="petition", title="反映补偿", opened_for=city["office"])
    case = services.open_and_send(city.viewer("dispatcher"), opening, lead=city["bureau"]).case
    move(city, "lead_head", case, "accept", handler=city.persons["lead_clerk"])
    held = work.works()[0].held_by(city.viewer("lead_other"), city.persons["lead_clerk"])
    assert (held.count, list(held.items)) == (1, [])


def test_many_go_in_few_queries(city: City, django_assert_max_num_queries: Any) -> None:
    counts = []
    for _round in range(2):
        for _each in range(3):
            taken(city)
        with django_assert_max_num_queries(8) as caught:
            handing_over.hand_over(city.viewer("dispatcher"), city.persons["lead_clerk"], city.persons["lead_other"])
        counts.append(len(caught))
        Case.objects.filter(handler=city.persons["lead_other"]).update(handler=city.persons["lead_clerk"])
    assert counts[0] == counts[1]
    assert Notice.objects.exists()


def hindering(city: City, unit: str, by: str = "dispatcher") -> dict[str, tuple[int, list[tuple[str, str]]]]:
    return {str(each.label): (each.count, each.named) for each in what_hinders_closing(city.viewer(by), city[unit])}


def test_a_unit_with_open_cases_is_not_closed_and_they_are_named(city: City) -> None:
    case = cases.sent(city, given={"parts": (services.PartGiven(city["street"], "劝导"),)})
    link = [(str(case), reverse("case", args=[case.uid]))]
    assert hindering(city, "bureau")["牵头的在办事项"] == (1, link)
    assert hindering(city, "street")["要配合的在办事项"] == (1, link)
    assert hindering(city, "city")["归口的在办事项"] == (1, link)
    page = city.client("dispatcher").get(reverse("close-unit", args=[city["bureau"].code])).content.decode()
    assert case.number in page
    with pytest.raises(Refused, match="牵头的在办事项 1"):
        people.close_unit(city.viewer("dispatcher"), unit=city["bureau"])


def test_places_kept_and_answered_for_hinder_too_until_they_are_closed(city: City) -> None:
    row = place(city["street"])
    Responsibility.objects.create(place=row, unit=city["squad"], charge="lead", since=clock.today())
    assert hindering(city, "street")["登记的在用点位"] == (1, [(row.name, reverse("place", args=[row.uid]))])
    assert hindering(city, "squad")["没有结束的点位责任"][0] == 1
    Place.objects.filter(pk=row.pk).update(closed_on=clock.today())
    assert "登记的在用点位" not in hindering(city, "street")
    assert "没有结束的点位责任" not in hindering(city, "squad")
