"""Who brought a case: for few, every look on record, and deleted when they ask."""

import pytest

from chuangwen.cases import queries, services
from chuangwen.cases.models import Reporter
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.models import Event
from tests.cases.door_parts import reported, visitor
from tests.factories.city import City


def test_a_look_gives_name_and_telephone_and_leaves_an_event(city: City) -> None:
    case, _code = reported(city, name="李四", contact="13800000000")
    named = services.see_reporter(city.viewer("office"), uid=case.uid)
    assert (named.name, named.contact) == ("李四", "13800000000")
    event = Event.objects.get(verb="case.reporter_seen")
    assert (event.actor_uid, event.subject_uid) == (city.persons["office"].uid, case.uid)
    assert "李四" not in str(event.data)


def test_the_facts_say_that_there_is_a_name_and_never_which(city: City) -> None:
    case, _code = reported(city, name="李四")
    facts = queries.reporter(city.viewer("office"), case)
    assert facts is not None
    assert (facts.has_name, facts.has_contact, facts.is_anonymous) == (True, False, False)
    assert "李四" not in str(facts)
    assert not Event.objects.filter(verb="case.reporter_seen").exists()


@pytest.mark.parametrize("part", ["clerk", "lead_clerk", "reader", "stranger"])
def test_whoever_may_not_see_what_is_confidential_does_not(city: City, part: str) -> None:
    case, _code = reported(city, name="李四")
    with pytest.raises(Missing):
        services.see_reporter(city.viewer(part), uid=case.uid)
    with pytest.raises(Missing):
        services.forget_reporter(city.viewer(part), uid=case.uid, reason="删")
    assert queries.reporter(city.viewer(part), case) is None
    assert not Event.objects.filter(verb="case.reporter_seen").exists()


def test_they_are_forgotten_for_good_and_their_code_still_works(city: City) -> None:
    case, code = reported(city, name="李四", contact="13800000000")
    for _each in range(2):
        services.forget_reporter(city.viewer("office"), uid=case.uid, reason="本人要求")
    kept = Reporter.objects.get(case=case)
    assert (kept.name, kept.contact, kept.contact_index) == ("", "", "")
    assert Event.objects.filter(verb="case.reporter_forgotten").count() == 1
    assert Event.objects.get(verb="case.reporter_forgotten").detail.text == "本人要求"
    facts = queries.reporter(city.viewer("office"), case)
    assert facts is not None
    assert facts.forgotten
    assert visitor().get(f"/follow/{code}/").status_code == 200


def test_to_forget_needs_a_reason(city: City) -> None:
    case, _code = reported(city, name="李四")
    with pytest.raises(Refused):
        services.forget_reporter(city.viewer("office"), uid=case.uid, reason=" ")
    assert Reporter.objects.get(case=case).name


def test_a_case_without_anybody_from_outside_has_nobody_to_see(city: City) -> None:
    case, _code = reported(city)
    Reporter.objects.filter(case=case).delete()
    assert queries.reporter(city.viewer("office"), case) is None
    with pytest.raises(Missing):
        services.see_reporter(city.viewer("office"), uid=case.uid)


def test_the_page_of_the_case_offers_a_look_to_these_few_alone(city: City) -> None:
    case, _code = reported(city, name="李四")
    page = city.client("office").get(f"/cases/{case.uid}/").content.decode()
    assert "看姓名和电话" in page
    assert "李四" not in page
    answer = city.client("supervisor").get(f"/cases/{case.uid}/")
    assert answer.status_code == 200
    assert "看姓名和电话" not in answer.content.decode()


def test_the_page_of_a_look_shows_the_name_and_the_page_of_forgetting_leads_back(city: City) -> None:
    case, _code = reported(city, name="李四", contact="13800000000")
    client = city.client("office")
    page = client.post(f"/cases/{case.uid}/reporter/").content.decode()
    assert "李四" in page
    assert "13800000000" in page
    assert client.post(f"/cases/{case.uid}/reporter/forget/", {"reason": ""}).status_code == 422
    answer = client.post(f"/cases/{case.uid}/reporter/forget/", {"reason": "本人要求"}, follow=True)
    assert "姓名和电话已删" in answer.content.decode()


def test_the_page_of_the_case_shows_where_the_citizen_stood(city: City) -> None:
    case, _code = reported(city)
    assert "111.69" in city.client("office").get(f"/cases/{case.uid}/").content.decode()
