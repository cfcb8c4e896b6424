"""What the page that fills sends, and what it gets: an address, problems at their questions, or a conflict."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.forms.models import Form, Submission
from tests.factories.city import City
from tests.factories.forms import MET, FormFactory, checklist
from tests.factories.state import nothing_changes

pytestmark = pytest.mark.django_db
ClientOf = Callable[[str], Client]


@pytest.fixture
def form(city: City) -> Form:
    return FormFactory.create(unit=city["school"], source=checklist())


def body(form: Form, **more: object) -> dict[str, Any]:
    return {
        "version": str(form.versions.get().uid),
        "uid": str(uuid4()),
        "place": None,
        "started_at": clock.now().isoformat(),
        "told_at": clock.now().isoformat(),
        "answers": MET,
    } | more


def send(client: Client, form: Form, sent: object) -> Any:
    data = sent if isinstance(sent, str | bytes) else json.dumps(sent)
    return client.post(reverse("submit-form", args=[form.code]), data, content_type="application/json")


def test_a_good_copy_gets_its_address(client_of: ClientOf, form: Form) -> None:
    sent = body(form)
    answered = send(client_of("clerk"), form, sent)
    assert answered.status_code == 200
    assert answered.json() == {"url": reverse("submission", args=[sent["uid"]]), "uid": sent["uid"]}
    again = send(client_of("clerk"), form, sent)
    assert again.json() == answered.json()
    assert Submission.objects.count() == 1


def test_problems_come_back_at_their_questions_with_how_to_mend_them(client_of: ClientOf, form: Form) -> None:
    client = client_of("clerk")
    with nothing_changes():
        answered = send(client, form, body(form, answers=MET | {"clean": "not_met", "notices": 2_000_000}))
    assert answered.status_code == 422
    assert [(each["where"], each["message"]) for each in answered.json()["problems"]] == [
        ("clean__note", "这题还没有填"),
        ("notices", "不能大于 1000000"),
    ]
    assert all(each["mend"] for each in answered.json()["problems"])


def test_the_uid_of_another_person_is_a_conflict(client_of: ClientOf, form: Form) -> None:
    sent = body(form)
    send(client_of("clerk"), form, sent)
    client = client_of("head")
    with nothing_changes():
        answered = send(client, form, sent)
    assert answered.status_code == 409
    assert answered.json()["error"]["mend"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("", 422),
        ("not json", 422),
        ("[]", 422),
        ("null", 422),
        ('{"answers": NaN}', 422),
        ('{"answers": Infinity}', 422),
        ('{"a": 1' + "0" * 5000 + "}", 422),
        ("[" * 100_000 + "]" * 100_000, 422),
        ('{"version": {"a": []}}', 422),
        (b"\xff\xfe", 422),
        ("{}" + " " * 600_000, 422),
    ],
    ids=["empty", "text", "list", "null", "nan", "infinity", "huge number", "deep", "no uid", "bytes", "long"],
)
def test_what_no_page_of_ours_sends_is_refused_with_a_sentence(
    sent: str | bytes, status: int, client_of: ClientOf, form: Form
) -> None:
    client = client_of("clerk")
    with nothing_changes():
        answered = send(client, form, sent)
    assert answered.status_code == status
    assert answered.json()["error"]["message"]


@pytest.mark.parametrize(
    "change",
    [
        {"uid": None}, {"uid": "x"}, {"uid": 5}, {"answers": None}, {"answers": []}, {"answers": "clean=met"},
        {"answers": {f"x{number}": 1 for number in range(10_000)}},
        {"answers": {"clean": {"a": {"a": {"a": {}}}}}},
        {"answers": MET | {"notices": 1e308}},
        {"place": "x"},
    ],
)  # fmt: skip
def test_a_bad_field_is_refused_and_nothing_is_kept(change: dict[str, Any], client_of: ClientOf, form: Form) -> None:
    client = client_of("clerk")
    with nothing_changes():
        answered = send(client, form, body(form, **change))
    assert answered.status_code == 422
    assert answered.json()["error"]["message"]


@pytest.mark.parametrize(
    "change", [{"version": str(uuid4())}, {"place": str(uuid4())}, {"unit": "demo-second-primary"}]
)
def test_what_is_not_there_or_not_theirs_is_404(change: dict[str, Any], client_of: ClientOf, form: Form) -> None:
    client = client_of("clerk")
    with nothing_changes():
        assert send(client, form, body(form, **change)).status_code == 404


def test_a_version_of_another_form_is_404(client_of: ClientOf, form: Form, city: City) -> None:
    other = FormFactory.create(unit=city["school"])
    assert send(client_of("clerk"), form, body(other)).status_code == 404


@pytest.mark.parametrize("moment", ["", "yesterday", "9999-99-99", 5, None, "2026-01-01T00:00:00"])
def test_a_device_that_tells_nonsense_of_the_time_still_hands_in(
    moment: object, client_of: ClientOf, form: Form
) -> None:
    assert send(client_of("clerk"), form, body(form, started_at=moment, told_at=moment)).status_code == 200


def test_without_sign_in_nothing_is_taken(form: Form) -> None:
    assert send(Client(), form, body(form)).status_code in {302, 401}


def test_without_its_token_nothing_is_taken(client_of: ClientOf, form: Form) -> None:
    client = client_of("clerk")
    client.handler.enforce_csrf_checks = True
    assert send(client, form, body(form)).status_code == 403
