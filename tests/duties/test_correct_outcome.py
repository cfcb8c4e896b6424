"""Correcting an amount: the old one stays in the event, the reason in its detail."""

import pytest
from django.urls import reverse

from chuangwen.core import events
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.duties import queries, services
from chuangwen.duties.models import Outcome
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory
from tests.factories.state import nothing_changes, one_event


@pytest.fixture
def outcome(city: City) -> Outcome:
    return OutcomeFactory.create(unit=city["c98"], amount=3)


def test_the_event_holds_the_old_and_the_new_amount_and_the_detail_the_reason(city: City, outcome: Outcome) -> None:
    with one_event("outcome.corrected") as written:
        services.correct_outcome(city.viewer("clerk"), uid=outcome.uid, amount=8, reason="漏数了五袋")
    outcome.refresh_from_db()
    assert outcome.amount == 8
    assert written.event.data == {"from": 3, "to": 8, "day": outcome.day.isoformat()}
    assert "漏数了五袋" not in str(written.event.data)
    assert written.event.detail.text == "漏数了五袋"
    assert written.event.detail_digest == events.salted(written.event.detail.salt, "漏数了五袋")


def test_the_same_amount_again_is_no_correction(city: City, outcome: Outcome) -> None:
    with nothing_changes():
        services.correct_outcome(city.viewer("clerk"), uid=outcome.uid, amount=3, reason="没变")


@pytest.mark.parametrize("part", ["other_clerk", "reader", "stranger"])
def test_the_wrong_person_does_not_learn_that_it_is_there(city: City, outcome: Outcome, part: str) -> None:
    with pytest.raises(Missing), nothing_changes():
        services.correct_outcome(city.viewer(part), uid=outcome.uid, amount=8, reason="x")


def test_a_withdrawn_one_cannot_be_corrected(city: City) -> None:
    gone = OutcomeFactory.create(unit=city["c98"], withdrawn=True)
    with pytest.raises(Refused, match="已撤回，不能再改"), nothing_changes():
        services.correct_outcome(city.viewer("clerk"), uid=gone.uid, amount=8, reason="x")


def test_of_two_corrections_at_once_the_later_is_told_to_look_again(
    city: City, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = queries.outcome

    def overtaken(*given: object) -> Outcome:
        found = read(*given)  # type: ignore[arg-type]
        Outcome.objects.filter(pk=found.pk).update(amount=99)
        return found

    monkeypatch.setattr(queries, "outcome", overtaken)
    with pytest.raises(Conflict, match="刚被别人改过"):
        services.correct_outcome(city.viewer("clerk"), uid=outcome.uid, amount=8, reason="x")


def test_the_page_corrects_and_shows_both_amounts_and_the_reason(city: City, outcome: Outcome) -> None:
    clerk = city.client("clerk")
    address = reverse("correct-outcome", args=[outcome.uid])
    answer = clerk.post(address, {"correct-amount": 8, "correct-reason": "漏数了五袋"}, follow=True)
    text = answer.content.decode()
    assert answer.redirect_chain == [(reverse("outcome", args=[outcome.uid]), 302)]
    assert "漏数了五袋" in text
    assert Outcome.objects.get(pk=outcome.pk).amount == 8


@pytest.mark.parametrize(
    ("amount", "reason", "field"), [("", "x", "amount"), (0, "x", "amount"), (-1, "x", "amount"), (8, "", "reason")]
)
def test_no_amount_or_no_reason_corrects_nothing(
    city: City, outcome: Outcome, amount: object, reason: str, field: str
) -> None:
    clerk = city.client("clerk")
    with nothing_changes():
        answer = clerk.post(
            reverse("correct-outcome", args=[outcome.uid]), {"correct-amount": amount, "correct-reason": reason}
        )
    assert list(answer.context["form"].errors) == [field]


@pytest.mark.parametrize("part", ["other_clerk", "reader"])
def test_the_page_is_not_there_for_the_wrong_person(city: City, outcome: Outcome, part: str) -> None:
    client = city.client(part)
    with nothing_changes():
        answer = client.post(
            reverse("correct-outcome", args=[outcome.uid]), {"correct-amount": 8, "correct-reason": "x"}
        )
    assert answer.status_code == 404


def test_a_correction_on_outdated_sight_is_a_conflict(city: City, outcome: Outcome) -> None:
    services.correct_outcome(city.viewer("head"), uid=outcome.uid, amount=5, reason="先改的")
    with nothing_changes(), pytest.raises(Conflict):
        services.correct_outcome(city.viewer("clerk"), uid=outcome.uid, amount=4, reason="后改的", seen=3)
