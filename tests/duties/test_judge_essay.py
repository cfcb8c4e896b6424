"""Judging an essay: excellent or not, by who records for the class, once an event."""

import pytest
from django.urls import reverse

from chuangwen.core.errors import Refused
from chuangwen.duties import services
from chuangwen.duties.models import Outcome
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory
from tests.factories.state import nothing_changes, one_event


@pytest.fixture
def essay(city: City) -> Outcome:
    return OutcomeFactory.create(unit=city["c98"], kind_id="essay", amount=1)


def test_an_essay_becomes_excellent_and_no_longer(city: City, essay: Outcome) -> None:
    clerk = city.client("clerk")
    address = reverse("judge-essay", args=[essay.uid])
    for said, kind in (("yes", "essay_excellent"), ("no", "essay")):
        with one_event("essay.judged") as written:
            answer = clerk.post(address, {"excellent": said})
        assert answer["Location"] == reverse("outcome", args=[essay.uid])
        assert written.event.data == {"to": kind, "day": essay.day.isoformat()}
        assert Outcome.objects.get(pk=essay.pk).kind_id == kind


def test_the_same_judgement_again_changes_nothing(city: City, essay: Outcome) -> None:
    services.judge_essay(city.viewer("clerk"), uid=essay.uid, excellent=True)
    with nothing_changes():
        services.judge_essay(city.viewer("clerk"), uid=essay.uid, excellent=True)


def test_what_is_no_essay_cannot_be_judged(city: City) -> None:
    litter = OutcomeFactory.create(unit=city["c98"])
    with pytest.raises(Refused, match="这条记录不是心得"), nothing_changes():
        services.judge_essay(city.viewer("clerk"), uid=litter.uid, excellent=True)


def test_a_withdrawn_essay_cannot_be_judged(city: City) -> None:
    gone = OutcomeFactory.create(unit=city["c98"], kind_id="essay", amount=1, withdrawn=True)
    with pytest.raises(Refused, match="已撤回"), nothing_changes():
        services.judge_essay(city.viewer("clerk"), uid=gone.uid, excellent=True)


@pytest.mark.parametrize("part", ["other_clerk", "reader", "stranger"])
def test_the_wrong_person_judges_nothing(city: City, essay: Outcome, part: str) -> None:
    client = city.client(part)
    with nothing_changes():
        assert client.post(reverse("judge-essay", args=[essay.uid]), {"excellent": "yes"}).status_code == 404
