"""A ticket of the hotline is entered once, and comes back as a new case when it was closed."""

from typing import Any

import pytest
from django.urls import reverse

from chuangwen.cases import services
from chuangwen.cases.models import Case, Reporter
from chuangwen.cases.services import Given, Ticket
from chuangwen.core.errors import Missing, Refused
from tests.factories.cases import category
from tests.factories.city import City

NUMBER = "12345-2026112400017"
FIELDS = {
    "number": NUMBER,
    "title": "路灯不亮",
    "text": "来电人称三盏不亮",
    "address": "文庙路",
    "contact": "13900001234",
}


def ticket(city: City, **more: Any) -> Ticket:
    values: dict[str, Any] = {"number": NUMBER, "unit": city["city"], "title": "路灯不亮"} | more
    return Ticket(**values)


def take(city: City, **more: Any) -> tuple[Case, bool]:
    opened, is_new = services.take_ticket(city.viewer("dispatcher"), ticket(city, **more))
    return opened.case, is_new


def test_a_ticket_is_a_case_with_the_hotlines_number(city: City) -> None:
    case, is_new = take(city)
    assert (case.kind, case.channel, case.external, case.state, is_new) == (
        "hotline", "hotline", NUMBER, "received", True,
    )  # fmt: skip


def test_the_same_number_shows_the_case_that_is_open(city: City) -> None:
    case, _new = take(city)
    assert take(city, number=f" {NUMBER} ", title="别的字") == (case, False)
    assert Case.objects.count() == 1


def test_a_number_that_was_closed_and_comes_again_is_a_new_case(city: City) -> None:
    case, _new = take(city)
    services.move(city.viewer("dispatcher"), uid=case.uid, verb="decline", given=Given(reason="重复"))
    again, is_new = take(city)
    assert (is_new, again.pk != case.pk) == (True, True)


def test_without_number_it_is_refused_and_without_desk_missing(city: City) -> None:
    with pytest.raises(Refused, match="没有写工单号"):
        take(city, number=" ")
    with pytest.raises(Missing):
        services.take_ticket(city.viewer("lead_clerk"), ticket(city))
    assert city.client("lead_clerk").get(reverse("new-ticket")).status_code == 404


def test_it_goes_straight_to_a_unit_with_the_hotlines_day(city: City) -> None:
    client = city.client("dispatcher")
    fields = {**FIELDS, "category": "street_lamp", "lead": city["bureau"].pk, "until": "2099-01-05"}
    answer = client.post(reverse("new-ticket"), fields)
    case = Case.objects.get()
    assert answer["Location"] == reverse("case", args=[case.uid])
    assert (case.state, case.lead, case.category, f"{case.due_at:%Y-%m-%d}") == (
        "sent", city["bureau"], category("street_lamp"), "2099-01-05",
    )  # fmt: skip
    kept = Reporter.objects.get()
    assert "13900001234" not in kept.contact


def test_a_day_without_a_unit_is_asked_about(city: City) -> None:
    shown = city.client("dispatcher").post(reverse("new-ticket"), {**FIELDS, "until": "2099-01-05"})
    assert "就要写派给谁" in shown.content.decode()
    assert Case.objects.count() == 0


def test_the_form_sent_twice_leads_to_the_same_case(city: City, django_assert_max_num_queries: Any) -> None:
    client = city.client("dispatcher")
    first, second = (client.post(reverse("new-ticket"), FIELDS) for _each in range(2))
    assert first["Location"] == second["Location"]
    with django_assert_max_num_queries(20):
        client.get(reverse("new-ticket"))
