"""The API's outcomes with a real token: read, write once, and one shape for everything that goes wrong."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from chuangwen.core import clock
from chuangwen.core.models import Event, IdempotencyKey
from chuangwen.duties import api
from chuangwen.duties.models import Outcome
from chuangwen.people import services as people
from chuangwen.people.models import Account, ApiToken
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory
from tests.factories.people import PersonFactory
from tests.factories.state import nothing_changes, one_event

pytestmark = pytest.mark.django_db

OUTCOMES = "/api/v1/outcomes"
DAY = date(2026, 4, 2)
Ask = Callable[..., tuple[int, Any]]


def asking(secret: str) -> Ask:
    """GET with query parameters, or POST when a body is given; (status, JSON)."""
    client = Client()

    def ask(address: str = OUTCOMES, body: dict[str, object] | None = None, key: str = "", **query: Any) -> Any:
        headers = {"Authorization": f"Bearer {secret}"} | ({"Idempotency-Key": key} if key else {})
        if body is None:
            answer = client.get(address, query, headers=headers)
        else:
            answer = client.post(address, json.dumps(body), content_type="application/json", headers=headers)
        return answer.status_code, answer.json()

    return ask


@pytest.fixture
def token_of(city: City) -> Callable[[str], str]:
    return lambda part: people.issue_token(city.viewer(part), name="程序")


@pytest.fixture
def clerk(token_of: Callable[[str], str]) -> Ask:
    return asking(token_of("clerk"))


def body(**changes: object) -> dict[str, object]:
    return {"kind": "litter_picked", "amount": 3, "unit": "demo-primary-c98", "day": str(DAY)} | changes


def shape_of(answer: tuple[int, Any]) -> tuple[int, str, str]:
    """Status, code and field of an error; it has the one shape and says something."""
    status, said = answer
    assert said.keys() == {"error"}
    assert said["error"].keys() == {"code", "message", "where", "mend"}
    assert said["error"]["message"]
    return status, said["error"]["code"], said["error"]["where"]


class TestReading:
    def test_a_record_says_everything_that_its_page_says(self, city: City, clerk: Ask) -> None:
        pupil = PersonFactory.create(pupil=True, unit=city["c98"], code="c98-01")
        row = OutcomeFactory.create(unit=city["c98"], amount=5, day=DAY, person=pupil, note="路口")
        assert clerk(f"{OUTCOMES}/{row.uid}") == (
            200,
            {
                "uid": str(row.uid),
                "kind": "litter_picked",
                "amount": 5,
                "unit": "demo-primary-c98",
                "person": "c98-01",
                "shift": "",
                "day": "2026-04-02",
                "handling": "handled",
                "note": "路口",
                "withdrawn": False,
                "source": "",
            },
        )

    def test_a_record_that_was_taken_back_says_so(self, city: City, clerk: Ask) -> None:
        row = OutcomeFactory.create(unit=city["c98"], withdrawn=True)
        assert clerk(f"{OUTCOMES}/{row.uid}")[1]["withdrawn"] is True

    def test_the_list_is_of_ones_own_scope_newest_first_without_what_was_withdrawn(
        self, city: City, token_of: Callable[[str], str]
    ) -> None:
        for number in range(3):
            OutcomeFactory.create(unit=city["c98"], amount=number + 1, day=DAY + timedelta(days=number))
        OutcomeFactory.create(unit=city["c99"], amount=40, day=DAY, withdrawn=True)
        OutcomeFactory.create(unit=city["d11"], amount=50, day=DAY)
        amounts = {}
        for part in ("clerk", "recorder", "other_clerk", "office", "stranger"):
            _status, said = asking(token_of(part))()
            amounts[part] = [item["amount"] for item in said["items"]]
            assert said["total"] == len(amounts[part])
        assert amounts == {
            "clerk": [3, 2, 1], "recorder": [3, 2, 1], "other_clerk": [50], "office": [3, 2, 50, 1], "stranger": [],
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"unit": "demo-primary-c99"}, [2]),
            ({"unit": "demo-primary"}, [4, 3, 2, 1]),
            ({"kind": "persuaded"}, [3]),
            ({"kind": "persuaded_parking"}, [3]),
            ({"kind": "no-such"}, []),
            ({"start": "2026-04-04"}, [4, 3]),
            ({"end": "2026-04-03"}, [2, 1]),
            ({"start": "2026-04-03", "end": "2026-04-04", "kind": "litter_picked"}, [2]),
            ({"offset": 3}, [1]),
            ({"offset": 9}, []),
        ],
    )
    def test_filters_narrow_it(self, city: City, clerk: Ask, query: dict[str, object], found: list[int]) -> None:
        rows = (("c98", "litter_picked"), ("c99", "litter_picked"), ("c98", "persuaded_parking"), ("c98", "essay"))
        for number, (unit, kind) in enumerate(rows):
            OutcomeFactory.create(unit=city[unit], kind_id=kind, amount=number + 1, day=DAY + timedelta(days=number))
        status, said = clerk(**query)
        assert (status, [item["amount"] for item in said["items"]]) == (200, found)

    def test_following_next_offset_reads_every_record_once(
        self, city: City, clerk: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(api, "PAGE", 3)
        rows = OutcomeFactory.create_batch(8, unit=city["c98"], day=DAY)
        read: list[str] = []
        offset: int | None = 0
        while offset is not None:
            _status, said = clerk(offset=offset)
            assert said["total"] == 8
            read += [item["uid"] for item in said["items"]]
            offset = said["next_offset"]
        assert len(read) == 8
        assert set(read) == {str(row.uid) for row in rows}

    def test_a_full_page_costs_few_queries(self, city: City, clerk: Ask, django_assert_max_num_queries: Any) -> None:
        OutcomeFactory.create_batch(30, unit=city["c98"], day=DAY)
        with django_assert_max_num_queries(5):
            assert len(clerk()[1]["items"]) == 30


class TestWriting:
    def test_a_record_is_made_under_the_persons_name(self, city: City, clerk: Ask) -> None:
        with one_event("outcome.recorded") as written:
            status, said = clerk(body=body(note="API", handling="self_initiated"))
        row = Outcome.objects.get()
        assert (status, said["uid"], said["amount"]) == (201, str(row.uid), 3)
        assert (row.recorded_by, row.handling, row.note) == (city.persons["clerk"].uid, "self_initiated", "API")
        assert written.event.data == {"kind": "litter_picked", "amount": 3, "day": "2026-04-02"}

    def test_the_same_uid_by_the_same_person_gives_the_row_that_is_there(self, clerk: Ask) -> None:
        uid = str(uuid4())
        first = clerk(body=body(uid=uid))
        with nothing_changes():
            again = clerk(body=body(uid=uid, amount=99))
        assert again == first
        assert Outcome.objects.get().amount == 3

    def test_the_same_uid_by_another_person_is_a_conflict(self, clerk: Ask, token_of: Callable[[str], str]) -> None:
        uid = str(uuid4())
        clerk(body=body(uid=uid))
        head = asking(token_of("head"))
        with nothing_changes():
            assert shape_of(head(body=body(uid=uid))) == (409, "conflict", "uid")

    def test_a_request_sent_again_with_its_key_is_done_once(self, clerk: Ask) -> None:
        first = clerk(body=body(), key="phone-1")
        with nothing_changes():
            assert clerk(body=body(), key="phone-1") == first
        assert Outcome.objects.count() == 1
        assert clerk(body=body(), key="phone-2")[1]["uid"] != first[1]["uid"]

    def test_a_key_used_for_another_request_is_a_conflict(self, clerk: Ask) -> None:
        clerk(body=body(), key="phone-1")
        with nothing_changes():
            assert shape_of(clerk(body=body(amount=4), key="phone-1")) == (409, "conflict", "")

    def test_a_refused_request_may_be_mended_and_sent_with_the_same_key(self, clerk: Ask) -> None:
        tomorrow = clock.today() + timedelta(days=1)
        assert clerk(body=body(day=str(tomorrow)), key="phone-1")[0] == 422
        assert not IdempotencyKey.objects.exists()
        assert clerk(body=body(), key="phone-1")[0] == 201

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"amount": 0}, "amount"),
            ({"amount": -3}, "amount"),
            ({"amount": 100_001}, "amount"),
            ({"amount": "three"}, "amount"),
            ({"amount": 2.5}, "amount"),
            ({"day": "2026-02-30"}, "day"),
            ({"day": str(clock.today() + timedelta(days=1))}, "day"),
            ({"kind": "no-such"}, "kind"),
            ({"kind": "persuaded"}, "kind"),
            ({"handling": "forgotten"}, "handling"),
            ({"note": "长" * 201}, "note"),
            ({"uid": "not a uid"}, "uid"),
        ],
    )
    def test_bad_input_is_refused_at_its_field_and_writes_nothing(
        self, clerk: Ask, changes: dict[str, object], field: str
    ) -> None:
        with nothing_changes():
            status, code, where = shape_of(clerk(body=body(**changes)))
        assert (status, code) == (422, "refused")
        assert where.rsplit(".", maxsplit=1)[-1] == field

    def test_a_body_that_is_no_json_has_the_same_shape(self, token_of: Callable[[str], str]) -> None:
        answer = Client().post(
            OUTCOMES, "{", content_type="application/json", headers={"Authorization": f"Bearer {token_of('clerk')}"}
        )
        assert shape_of((answer.status_code, answer.json()))[0] == 400

    @pytest.mark.parametrize("changes", [{"note": "a\0b"}, {"unit": "\0"}, {"kind": "\0"}])
    def test_a_nul_that_no_text_can_hold_is_refused(self, clerk: Ask, changes: dict[str, object]) -> None:
        with nothing_changes():
            assert shape_of(clerk(body=body(**changes))) == (422, "refused", "")
        assert shape_of(clerk(unit="\0")) == (422, "refused", "")

    @pytest.mark.parametrize("unit", ["demo-second-primary-d11", "anlan", "no-such-unit", ""])
    def test_a_unit_that_is_not_ones_own_is_missing(self, clerk: Ask, unit: str) -> None:
        with nothing_changes():
            assert shape_of(clerk(body=body(unit=unit))) == (404, "missing", "")


class TestStrangers:
    @pytest.mark.parametrize("secret", ["", "cw_unknown", "cw_" + "x" * 5000])
    def test_without_a_valid_token_one_is_told_to_get_one(self, city: City, secret: str) -> None:
        with nothing_changes():
            assert shape_of(asking(secret)()) == (401, "sign_in", "")
            assert shape_of(asking(secret)(body=body())) == (401, "sign_in", "")

    def test_without_any_header_too(self, client: Client) -> None:
        answer = client.get(OUTCOMES)
        assert shape_of((answer.status_code, answer.json())) == (401, "sign_in", "")
        assert "令牌" in answer.json()["error"]["message"]

    def test_a_revoked_token_opens_nothing_any_more(self, city: City, clerk: Ask) -> None:
        assert clerk()[0] == 200
        people.revoke_token(city.viewer("clerk"), token_uid=ApiToken.objects.get().uid)
        assert shape_of(clerk()) == (401, "sign_in", "")

    def test_nor_does_the_token_of_a_closed_account(self, city: City, clerk: Ask) -> None:
        Account.objects.filter(person=city.persons["clerk"]).update(is_active=False)
        assert shape_of(clerk()) == (401, "sign_in", "")

    def test_another_schools_record_is_as_missing_as_none(self, city: City, clerk: Ask) -> None:
        row = OutcomeFactory.create(unit=city["d11"])
        theirs = clerk(f"{OUTCOMES}/{row.uid}")
        assert shape_of(theirs) == (404, "missing", "")
        assert theirs == clerk(f"{OUTCOMES}/{uuid4()}")
        assert clerk(unit="demo-second-primary") == clerk(unit="no-such-unit") == theirs

    def test_an_address_that_holds_no_uid_is_refused(self, clerk: Ask) -> None:
        assert shape_of(clerk(f"{OUTCOMES}/17")) == (422, "refused", "uid")


def test_a_verb_or_an_address_that_is_not_there_has_the_same_shape(client: Client) -> None:
    gone, wrong = client.get("/api/v1/nothing"), client.delete(OUTCOMES)
    assert shape_of((gone.status_code, gone.json())) == (404, "missing", "")
    assert shape_of((wrong.status_code, wrong.json())) == (405, "method", "")


def test_the_description_of_the_api_is_there_for_anybody_and_names_every_error(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    for operations in described["paths"].values():
        for operation in operations.values():
            assert {"401", "404", "409", "422"} <= operation["responses"].keys()


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Django's own test client does the same: a request must not close the connection that the test's rows are on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
schema.config.phases.coverage.unexpected_methods = set()


@pytest.mark.usefixtures("_one_connection")
@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_the_api_answers_as_it_describes(case: Any, city: City) -> None:
    """Schemathesis makes requests of the description, well-formed and not, and reads every answer against it."""
    secret = people.issue_token(city.viewer("clerk"), name="程序")
    headers = {"Authorization": f"Bearer {secret}"}
    checks = [not_a_server_error, status_code_conformance, response_schema_conformance]
    case.validate_response(case.call(headers=headers), checks=checks)
    # Hardly any made-up text is the code of a unit and a kind: once more with these, to get behind them.
    if isinstance(case.body, dict):
        known = {"unit": "demo-primary-c98", "kind": "litter_picked"}
        case.body |= {key: value for key, value in known.items() if isinstance(case.body.get(key), str)}
        case.validate_response(case.call(headers=headers), checks=checks)


def test_the_log_names_no_token(clerk: Ask) -> None:
    clerk(body=body())
    assert "cw_" not in repr(list(Event.objects.values()))
