"""A photo whose making was cut off is tried again by who may change it; what cannot be opened is not."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.evidence import services
from chuangwen.evidence.models import Evidence, Refusal, State
from tests.evidence.samples import handed_in, jpeg
from tests.factories.city import City
from tests.factories.state import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def lost(city: City, monkeypatch: pytest.MonkeyPatch) -> Evidence:
    """Handed in by the recorder, while no job came through."""
    with monkeypatch.context() as broken:
        broken.setattr(services, "make_copies", lambda _uid: None)
        row = handed_in(city, part="recorder", unit="c98")
    assert services.give_up_lost() == 1
    row.refresh_from_db()
    return row


@pytest.mark.parametrize("part", ["recorder", "clerk"])
def test_its_maker_and_who_may_cover_its_parts_try_it_again(
    city: City, client_of: Callable[[str], Client], lost: Evidence, part: str
) -> None:
    client, page = client_of(part), reverse("evidence-piece", args=[lost.uid])
    again = reverse("retry-evidence", args=[lost.uid])
    assert again in client.get(page).content.decode()
    assert client.post(again).status_code == 302
    lost.refresh_from_db()
    assert (lost.state, lost.refusal, lost.copies.count()) == (State.READY, "", 2)
    assert again not in client.get(page).content.decode()


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "reader"])
def test_others_do_not(city: City, lost: Evidence, part: str) -> None:
    with nothing_changes(), pytest.raises(Missing):
        services.retry(city.viewer(part), lost)


def test_what_cannot_be_opened_is_not_tried_again(city: City, client_of: Callable[[str], Client]) -> None:
    broken = handed_in(city, jpeg(2, (400, 300))[:3000])
    assert broken.refusal == Refusal.BROKEN
    page = client_of("clerk").get(reverse("evidence-piece", args=[broken.uid])).content.decode()
    assert reverse("retry-evidence", args=[broken.uid]) not in page
    with nothing_changes(), pytest.raises(Refused) as no:
        services.retry(city.viewer("clerk"), broken)
    assert no.value.mend


def test_what_is_ready_under_way_or_withdrawn_is_left_alone(
    city: City, lost: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready, gone = handed_in(city, jpeg(2)), handed_in(city, jpeg(3))
    services.withdraw(city.viewer("clerk"), gone, reason="传错")
    monkeypatch.setattr(services, "make_copies", lambda _uid: None)
    services.retry(city.viewer("recorder"), lost)
    for row in (ready, gone, lost):
        with nothing_changes(), pytest.raises(Conflict) as no:
            services.retry(city.viewer("clerk"), row)
        assert no.value.mend
