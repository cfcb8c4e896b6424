"""What cases say on other pages, and the way from there to a new one: places, units, filled checklists; 批示 (B2)."""

from typing import Any
from uuid import uuid4

from django.urls import reverse

from chuangwen.cases import services
from chuangwen.cases.models import Case
from chuangwen.cases.services import Opening
from tests.factories.cases import opened, sent
from tests.factories.city import City
from tests.factories.ground import CENTRE, put


def test_a_place_shows_what_is_open_there_and_leads_to_a_new_case(city: City) -> None:
    place = put(city["school"], "school", CENTRE, name="校门")
    case, elsewhere = opened(city, place=place), opened(city)
    text = city.client("clerk").get(reverse("place", args=[place.uid])).content.decode()
    assert case.number in text
    assert elsewhere.number not in text
    form = city.client("clerk").get(reverse("new-case") + "?kind=finding&place=校门").context["form"]
    assert form["place"].value() == "校门"
    assert "kind=finding" in text


def test_a_confidential_case_is_not_on_the_page_of_its_place(city: City) -> None:
    place = put(city["city"], "bank", CENTRE)
    case = opened(city, by="dispatcher", kind="petition", opened_for=city["city"], place=place)
    assert case.number not in city.client("supervisor").get(reverse("place", args=[place.uid])).content.decode()
    assert case.number in city.client("dispatcher").get(reverse("place", args=[place.uid])).content.decode()


def test_a_unit_shows_what_it_leads_with_numbers_that_open(city: City) -> None:
    sent(city, lead="squad")
    sent(city)
    answer = city.client("dispatcher").get(reverse("unit", args=["anlan-urban"]))
    panel = next(context for template, context in answer.context["panels"] if template == "cases/unit_panel.html")
    assert panel["numbers"] == {"open": 2, "late": 0, "fixed": 0}
    assert city.client("dispatcher").get(panel["urls"]["open"]).context["list"].total == "2"


def fields(city: City, client: Any, **more: Any) -> dict[str, Any]:
    shown = client.get(reverse("new-case")).context["form"]
    return {
        "uid": str(shown["uid"].value()), "kind": "finding", "title": "灭火器过期",
        "opened_for": city["school"].code, **more,
    }  # fmt: skip


def test_a_case_says_which_checklist_gave_rise_to_it(city: City) -> None:
    """B9: what was found on a round becomes a case, and each leads to the other."""
    other = sent(city)
    client = city.client("dispatcher")
    client.post(reverse("new-case"), fields(city, client, origin_noun="case", origin_uid=str(other.uid)))
    case = Case.objects.get(title="灭火器过期")
    assert (case.origin_noun, case.origin_uid) == ("case", other.uid)
    assert other.number in client.get(reverse("case", args=[case.uid])).content.decode()


def test_an_origin_that_one_may_not_see_or_that_is_nothing_is_refused(city: City) -> None:
    hidden = opened(city, by="dispatcher", kind="petition", opened_for=city["city"])
    client = city.client("clerk")
    for noun, uid in (("case", hidden.uid), ("case", uuid4()), ("nonsense", hidden.uid)):
        client.post(reverse("new-case"), fields(city, client, origin_noun=noun, origin_uid=str(uid)))
    assert Case.objects.filter(title="灭火器过期").count() == 0


def test_instructions_after_a_visit_have_their_own_tab(city: City) -> None:
    """B2: what a leader said on a visit is followed like everything else."""
    office = city.viewer("dispatcher")
    sent(city)
    opening = Opening(
        kind="instruction", title="公益广告一周内换完", opened_for=city["office"], leader=city.persons["leader"]
    )
    case = services.open_and_send(office, opening, lead=city["bureau"]).case
    listing = city.client("dispatcher").get(reverse("cases") + "?view=instructions").context["list"]
    assert [row.pick.split("~")[0] for row in listing.rows] == [str(case.uid)]
