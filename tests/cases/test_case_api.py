"""Cases over the API: the same table as the pages, and one shape for everything that goes wrong."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from chuangwen.cases.models import Case
from chuangwen.people import services as people
from tests.factories.cases import filed, fixed, opened, sent
from tests.factories.city import City

CASES = "/api/v1/cases"
Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def as_(city: City) -> Callable[[str], Ask]:
    """A program with the token of that person: (status, JSON) of a GET, or of a POST where a body is given."""

    def of(part: str) -> Ask:
        headers = {"Authorization": f"Bearer {people.issue_token(city.viewer(part), name='程序')}"}

        def ask(address: str = "", body: dict[str, object] | None = None, **query: Any) -> tuple[int, Any]:
            if body is None:
                answer = Client().get(CASES + address, query, headers=headers)
            else:
                answer = Client().post(
                    CASES + address, json.dumps(body), content_type="application/json", headers=headers
                )
            return answer.status_code, answer.json()

        return ask

    return of


def test_it_lists_what_one_sees(city: City, as_: Callable[[str], Ask]) -> None:
    case = sent(city)
    assert [row["number"] for row in as_("lead_clerk")()[1]["items"]] == [case.number]
    assert as_("street_clerk")()[1]["items"] == []
    assert as_("dispatcher")(state="closed")[1]["items"] == []


def test_one_case_says_what_one_may_do_with_it(city: City, as_: Callable[[str], Ask]) -> None:
    status, said = as_("lead_clerk")(f"/{sent(city).uid}")
    assert status == 200
    assert {"accept", "refuse", "transfer", "fix"} <= set(said["verbs"])
    assert "verify" not in said["verbs"]


def test_a_stranger_gets_404(city: City, as_: Callable[[str], Ask]) -> None:
    case = sent(city)
    assert as_("street_clerk")(f"/{case.uid}")[0] == 404
    assert as_("street_clerk")(f"/{case.uid}/moves", {"verb": "accept"})[0] == 404


def test_a_program_enters_a_case_once(city: City, as_: Callable[[str], Ask]) -> None:
    body = {
        "uid": str(uuid4()),
        "kind": "finding",
        "title": "井盖松动",
        "category": "manhole",
        "opened_for": "demo-primary",
    }
    clerk = as_("clerk")
    assert clerk("", body)[0] == 201
    status, said = clerk("", body)
    assert (status, said["state"], Case.objects.count()) == (201, "received", 1)
    assert as_("head")("", body)[0] == 409


@pytest.mark.parametrize(
    ("change", "where"),
    [({"category": "nonsense"}, "category"), ({"title": " "}, "title"), ({"kind": "conjured"}, "kind")],
)
def test_what_will_not_do_is_named(
    city: City, as_: Callable[[str], Ask], change: dict[str, object], where: str
) -> None:
    status, said = as_("clerk")("", {"title": "井盖松动", "opened_for": "demo-primary", **change})
    assert (status, said["error"]["where"]) == (422, where)
    assert not Case.objects.exists()


def test_a_verb_moves_it_on(city: City, as_: Callable[[str], Ask]) -> None:
    case = filed(city)
    status, said = as_("dispatcher")(f"/{case.uid}/moves", {"verb": "dispatch", "lead": "anlan-urban"})
    assert (status, said["state"], said["lead"]) == (200, "sent", "anlan-urban")


def test_nobody_verifies_their_own_fix_over_the_api_either(city: City, as_: Callable[[str], Ask]) -> None:
    assert as_("lead_other")(f"/{fixed(city).uid}/moves", {"verb": "verify"})[0] == 404


def test_an_old_revision_is_a_conflict(city: City, as_: Callable[[str], Ask]) -> None:
    case = filed(city)
    status, said = as_("dispatcher")(f"/{case.uid}/moves", {"verb": "dispatch", "lead": "anlan-urban", "seen": 0})
    assert (status, said["error"]["code"]) == (409, "conflict")


@pytest.mark.parametrize("verb", ["conjure", "accept; drop"])
def test_a_verb_that_is_none_is_refused(city: City, as_: Callable[[str], Ask], verb: str) -> None:
    assert as_("dispatcher")(f"/{opened(city).uid}/moves", {"verb": verb})[0] == 422


def test_a_fix_that_needs_a_photo_is_refused_without(city: City, as_: Callable[[str], Ask]) -> None:
    status, said = as_("lead_clerk")(f"/{sent(city).uid}/moves", {"verb": "fix", "reason": "好了"})
    assert (status, said["error"]["where"]) == (422, "photos")
