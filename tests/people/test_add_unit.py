"""A unit below another one."""

import pytest
from django.db import IntegrityError, transaction

from chuangwen.core.errors import Missing, Refused
from chuangwen.people import services
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from tests.factories.city import City
from tests.factories.people import UnitFactory
from tests.factories.state import nothing_changes, one_event


def test_the_head_of_a_school_adds_a_class_below_it(city: City) -> None:
    with one_event("unit.added") as written:
        unit = services.add_unit(
            city.viewer("head"), parent=city["school"], code="demo-primary-c100", name="c100 班", kind="class"
        )
    assert unit.path == f"{city['school'].path}{unit.pk:06d}/"
    assert unit.depth == city["school"].depth + 1
    assert (written.event.subject_uid, written.event.actor_uid) == (unit.uid, city.persons["head"].uid)
    assert city.viewer("head").can(Perm.UNIT_MANAGE, unit)
    assert not city.viewer("other_clerk").can(Perm.UNIT_VIEW, unit)


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "clerk", "recorder", "reader"])
def test_who_does_not_manage_the_parent_does_not_learn_that_it_is_there(city: City, part: str) -> None:
    with nothing_changes(), pytest.raises(Missing):
        services.add_unit(city.viewer(part), parent=city["school"], code="x", name="某班", kind="class")


def test_a_code_that_is_taken_anywhere_in_the_city_is_refused_with_a_sentence(city: City) -> None:
    with nothing_changes(), pytest.raises(Refused, match="代码 demo-hospital 已有单位在用") as refused:
        services.add_unit(city.viewer("office"), parent=city["city"], code="demo-hospital", name="院", kind="hospital")
    assert (refused.value.where, str(refused.value.mend)) == ("code", "换一个代码")


def test_the_database_itself_keeps_a_code_to_one_unit(city: City) -> None:
    with pytest.raises(IntegrityError, match=r"people_unit\.code|people_unit_code"), transaction.atomic():
        UnitFactory.create(code=city["school"].code)


def test_every_level_of_the_tree_is_data(city: City) -> None:
    unit = services.add_unit(
        city.viewer("office"),
        parent=city["district"],
        code="wenmiao-street",
        name="文庙街道",
        name_en="Wenmiao Street Office",
        kind="town",
        level_id="town",
        division_code="430702001",
        credit_code="11430702MB0X00001X",
    )
    stored = Unit.objects.select_related("level", "kind").get(pk=unit.pk)
    assert (str(stored.level), str(stored.kind), stored.division_code) == ("乡镇（街道）", "乡镇（街道）", "430702001")
