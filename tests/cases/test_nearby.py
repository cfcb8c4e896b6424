"""Which cases are likely the same thing, across doors; and what two titles have in common."""

import pytest

from chuangwen.cases import nearby, queries
from chuangwen.cases.models import Case
from chuangwen.cases.services import Opening, ReporterGiven, open_case
from tests.factories.cases import closed, opened
from tests.factories.city import City

AT = (111.69, 29.03)
NEAR = (111.6903, 29.0301)
FAR = (111.70, 29.04)


def likely(city: City, case: Case) -> list[nearby.Likely]:
    return nearby.duplicates(queries.all_cases(city.viewer("dispatcher")), case)


def test_near_and_of_one_title_are_likely_one(city: City) -> None:
    first = opened(city, point=AT)
    again = opened(city, by="head", point=NEAR, title="盲道又被共享单车占了")
    opened(city, point=FAR)
    opened(city, point=NEAR, title="路灯不亮")
    found = likely(city, again)
    assert [each.case for each in found] == [first]
    assert found[0].metres is not None
    assert found[0].metres < 50


def test_the_same_telephone_is_found_across_doors(city: City) -> None:
    office = city.viewer("dispatcher")

    def ticket(contact: str) -> Case:
        opening = Opening(
            kind="hotline",
            title=f"来电 {contact}",
            opened_for=city["office"],
            reporter=ReporterGiven("某先生", contact),
        )
        return open_case(office, opening).case

    first, again = ticket("138 0000 1234"), ticket("13800001234")
    ticket("13900001234")
    assert [(each.case, each.same_contact) for each in likely(city, again)] == [(first, True)]


def test_what_was_closed_lately_is_shown_too(city: City) -> None:
    first = closed(city, point=AT)
    assert [each.case for each in likely(city, opened(city, point=NEAR))] == [first]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("盲道被占用", "盲道被占用", 1.0), ("盲道被占用", "路灯不亮", 0.0), ("", "盲道", 0.0), ("a", "a", 0.0)],
)
def test_titles_are_as_alike_as_their_pairs_of_signs(one: str, other: str, alike: float) -> None:
    assert nearby.likeness(one, other) == alike
