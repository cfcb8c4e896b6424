"""What upper apps tell the kernel: nouns that become lines, panels on lower apps' pages."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID, uuid4

import pytest

from chuangwen.core import registry
from chuangwen.core.registry import Noun, Panel, Ref
from tests.factories.city import City
from tests.factories.duties import AttendanceFactory, OutcomeFactory, ShiftFactory
from tests.factories.people import PersonFactory


@pytest.fixture(autouse=True)
def _own_tables(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "db" not in request.fixturenames:
        monkeypatch.setattr(registry, "_nouns", {})
        monkeypatch.setattr(registry, "_panels", defaultdict(dict))


def bare(asked: list[int] | None = None) -> Noun:
    def resolve(_viewer: object, uids: Collection[UUID]) -> dict[UUID, Ref]:
        if asked is not None:
            asked.append(len(uids))
        return {uid: Ref(uid, f"行 {uid}", "/") for uid in uids}

    return Noun("row", "行", resolve, lambda uids: {uid: uid.hex for uid in uids})


def test_a_noun_is_found_under_its_key_and_declaring_it_again_replaces_it() -> None:
    first, second = bare(), bare()
    registry.add_noun(first)
    registry.add_noun(second)
    assert registry.noun("row") is second


def test_a_noun_that_no_app_declared_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="case"):
        registry.noun("case")


def test_many_rows_are_resolved_in_stretches_and_none_is_lost() -> None:
    asked: list[int] = []
    registry.add_noun(bare(asked))
    uids = [uuid4() for _each in range(registry.BATCH * 2 + 3)]
    assert list(registry.resolve("row", None, uids)) == uids
    assert asked == [registry.BATCH, registry.BATCH, 3]
    assert registry.digests("row", uids) == {uid: uid.hex for uid in uids}
    assert registry.resolve("row", None, []) == {}


def test_a_panel_with_nothing_to_say_is_not_on_the_page() -> None:
    registry.add_panel("unit", Panel("a.html", lambda _viewer, subject: {"about": subject}))
    registry.add_panel("unit", Panel("b.html", lambda _viewer, _subject: None))
    registry.add_panel("unit", Panel("a.html", lambda _viewer, subject: {"again": subject}))
    assert registry.panels("unit", "viewer", "学校") == [("a.html", {"again": "学校"})]
    assert registry.panels("person", "viewer", "学校") == []


@pytest.mark.parametrize("key", ["outcome", "shift", "attendance", "person", "unit"])
def test_every_noun_of_the_product_opens_for_its_own_and_says_nothing_to_others(city: City, key: str) -> None:
    """As `wiring` connected them; a digest is there whoever asks, and changes with the row."""
    pupil = PersonFactory.create(pupil=True, unit=city["c98"], code="c98-01")
    shift = ShiftFactory.create(duty__unit=city["school"])
    rows: dict[str, Any] = {
        "outcome": OutcomeFactory.create(unit=city["c98"]),
        "shift": shift,
        "attendance": AttendanceFactory.create(shift=shift, person=pupil),
        "person": pupil,
        "unit": city["c98"],
    }
    row = rows[key]
    client = city.client("clerk")
    ref = registry.resolve(key, city.viewer("clerk"), [row.uid])[row.uid]
    assert client.get(ref.url).status_code == 200
    assert ref.label
    assert registry.resolve(key, city.viewer("other_clerk"), [row.uid]) == {}
    assert registry.resolve(key, city.viewer("stranger"), [row.uid]) == {}
    before = registry.digests(key, [row.uid, uuid4()])
    assert list(before) == [row.uid]
    altered: dict[str, dict[str, object]] = {
        "outcome": {"amount": 99},
        "shift": {"day": "2026-01-02"},
        "attendance": {"presence": "absent"},
        "person": {"left_on": "2026-01-02"},
        "unit": {"closed_on": "2026-01-02"},
    }
    type(row)._default_manager.filter(pk=row.pk).update(**altered[key])
    assert registry.digests(key, [row.uid]) != before


def test_an_outcome_that_was_withdrawn_no_longer_stands(city: City) -> None:
    row = OutcomeFactory.create(unit=city["c98"], withdrawn=True)
    assert registry.digests("outcome", [row.uid]) == {}
