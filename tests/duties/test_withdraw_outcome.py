"""Withdrawing an outcome: it stays with its reason and counts nowhere."""

import pytest
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.duties import queries, services
from chuangwen.duties.models import Outcome
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory
from tests.factories.state import nothing_changes, one_event


@pytest.fixture
def outcome(city: City) -> Outcome:
    return OutcomeFactory.create(unit=city["c98"], amount=3)


def test_it_leaves_the_lists_and_stays_on_its_page_with_the_reason(city: City, outcome: Outcome) -> None:
    clerk = city.client("clerk")
    address = reverse("withdraw-outcome", args=[outcome.uid])
    with one_event("outcome.withdrawn") as written:
        answer = clerk.post(address, {"withdraw-reason": "记到别班去了"}, follow=True)
    text = answer.content.decode()
    assert written.event.detail.text == "记到别班去了"
    assert written.event.data == {"day": outcome.day.isoformat()}
    assert "记到别班去了" in text
    assert reverse("correct-outcome", args=[outcome.uid]) not in text
    assert list(queries.outcomes(city.viewer("clerk"))) == []
    assert Outcome.everything.get().withdrawn_at is not None


def test_it_cannot_be_withdrawn_twice(city: City, outcome: Outcome) -> None:
    services.withdraw_outcome(city.viewer("clerk"), uid=outcome.uid, reason="x")
    with pytest.raises(Refused, match="已撤回"), nothing_changes():
        services.withdraw_outcome(city.viewer("clerk"), uid=outcome.uid, reason="y")


def test_of_two_who_withdraw_at_once_the_later_is_told_to_look_again(
    city: City, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = queries.outcome

    def overtaken(*given: object) -> Outcome:
        found = read(*given)  # type: ignore[arg-type]
        Outcome.objects.filter(pk=found.pk).update(withdrawn_at=clock.now())
        return found

    monkeypatch.setattr(queries, "outcome", overtaken)
    with pytest.raises(Conflict, match="刚被别人改过"):
        services.withdraw_outcome(city.viewer("clerk"), uid=outcome.uid, reason="后到")


@pytest.mark.parametrize("part", ["other_clerk", "reader", "stranger"])
def test_the_wrong_person_does_not_learn_that_it_is_there(city: City, outcome: Outcome, part: str) -> None:
    client = city.client(part)
    with nothing_changes():
        with pytest.raises(Missing):
            services.withdraw_outcome(city.viewer(part), uid=outcome.uid, reason="x")
        answer = client.post(reverse("withdraw-outcome", args=[outcome.uid]), {"withdraw-reason": "x"})
    assert answer.status_code == 404


def test_without_a_reason_nothing_is_withdrawn(city: City, outcome: Outcome) -> None:
    clerk = city.client("clerk")
    with nothing_changes():
        answer = clerk.post(reverse("withdraw-outcome", args=[outcome.uid]), {"withdraw-reason": ""})
    assert list(answer.context["form"].errors) == ["reason"]
