"""A request that a client sends twice is done once."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.test import RequestFactory
from ninja import Status

from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refused
from chuangwen.core.idempotency import KEEP_HOURS, forget_old_keys, once
from chuangwen.core.models import IdempotencyKey
from chuangwen.people.access import Viewer
from tests.factories.city import City

pytestmark = pytest.mark.django_db

done: list[str] = []


@once
def write(request: HttpRequest, word: str) -> Status[Any]:
    if word == "坏":
        raise Refused("写坏了")
    done.append(word)
    return Status(201, {"word": word, "number": len(done)})


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


def send(viewer: Viewer, word: str = "好", *, key: str | None = "k-1", path: str = "/api/v1/x") -> tuple[int, Any]:
    headers = {"Idempotency-Key": key} if key is not None else {}
    request = RequestFactory().post(path, json.dumps({"word": word}), content_type="application/json", headers=headers)
    request.auth = viewer  # type: ignore[attr-defined]
    answer = write(request, word)
    return answer.status_code, answer.value


def test_the_same_request_again_gets_the_first_answer_and_is_not_done_again(city: City) -> None:
    first = send(city.viewer("clerk"))
    assert first == (201, {"word": "好", "number": 1})
    assert send(city.viewer("clerk")) == first
    assert done == ["好"]


def test_without_a_key_every_request_is_done(city: City) -> None:
    for key in (None, ""):
        send(city.viewer("clerk"), key=key)
    assert done == ["好", "好"]
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize("changed", [{"word": "别的"}, {"path": "/api/v1/y"}])
def test_the_key_of_another_request_is_a_conflict(city: City, changed: dict[str, str]) -> None:
    send(city.viewer("clerk"))
    with pytest.raises(Conflict, match="用在过另一个请求上"):
        send(city.viewer("clerk"), **changed)
    assert done == ["好"]


def test_two_persons_may_have_the_same_key(city: City) -> None:
    send(city.viewer("clerk"))
    assert send(city.viewer("other_clerk"))[1]["number"] == 2


def test_a_request_that_failed_leaves_its_key_free(city: City) -> None:
    with pytest.raises(Refused, match="写坏了"):
        send(city.viewer("clerk"), "坏")
    assert not IdempotencyKey.objects.exists()
    assert send(city.viewer("clerk"), "好")[0] == 201


@pytest.mark.parametrize("key", ["k" * 81, "钥匙", "a\x01b"])
def test_a_key_that_cannot_be_kept_is_refused(city: City, key: str) -> None:
    with pytest.raises(Refused, match="80 个英文字符以内") as refused:
        send(city.viewer("clerk"), key=key)
    assert refused.value.where == "Idempotency-Key"
    assert done == []


def test_the_longest_key_is_kept_whole(city: City) -> None:
    send(city.viewer("clerk"), key="k" * 80)
    assert IdempotencyKey.objects.get().key == "k" * 80


def test_keys_are_forgotten_after_two_days_and_not_before(city: City) -> None:
    send(city.viewer("clerk"), key="old")
    send(city.viewer("clerk"), key="young")
    for key, hours in (("old", KEEP_HOURS + 1), ("young", KEEP_HOURS - 1)):
        IdempotencyKey.objects.filter(key=key).update(created_at=clock.now() - timedelta(hours=hours))
    assert forget_old_keys() == 1
    assert IdempotencyKey.objects.get().key == "young"


def test_the_database_itself_holds_one_answer_per_person_and_key(city: City) -> None:
    send(city.viewer("clerk"))
    row = IdempotencyKey.objects.get()
    row.pk = None
    with (
        pytest.raises(IntegrityError, match=r"idempotency_key_once|core_idempotencykey\.actor_uid"),
        transaction.atomic(),
    ):
        row.save(force_insert=True)
