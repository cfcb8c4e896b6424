"""The demo's filled checklists: every shipped checklist can be filled, met or with a bad answer."""

import pytest

from chuangwen.demo import checklists
from chuangwen.forms.models import Form, Submission
from tests.factories import places as ground
from tests.factories.city import City

pytestmark = pytest.mark.django_db


def test_every_shipped_checklist_for_places_can_be_filled_twice_without_a_second_copy(city: City) -> None:
    types = list(Form.objects.filter(place_type__isnull=False).values_list("place_type", flat=True))
    places = [ground.place(city["school"], type_code=code) for code in types]
    viewers = [city.viewer("stranger"), city.viewer("clerk")]
    filled = checklists.build(viewers, places)
    assert [copy.version.form.place_type_id for copy in filled] == types
    assert {copy.filled_by for copy in filled} == {city.persons["clerk"]}
    assert sum(copy.not_met for copy in filled) > 3
    assert all(copy.met + copy.not_met == copy.version.questions for copy in filled)
    assert checklists.build(viewers, places) == filled
    assert Submission.objects.count() == len(types)


def test_a_place_that_nobody_of_them_may_see_has_no_copy(city: City) -> None:
    theirs = ground.place(city["second"], type_code="market")
    no_checklist = ground.place(city["school"], type_code="grid")
    assert checklists.build([city.viewer("clerk")], [theirs, no_checklist]) == []
