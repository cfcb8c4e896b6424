"""The outstanding classes: not less than the factor times the mean of all classes, exactly, most first."""

from datetime import date

import pytest

from chuangwen.metrics import queries
from chuangwen.metrics.models import Metric
from chuangwen.metrics.sources import Scope
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory
from tests.factories.people import UnitFactory

DAY = date(2026, 4, 2)


def named(city: City, amounts: list[int], factor: str = "1.2", kind: str = "facility_kept") -> str:
    """What the figure says when the classes of the school have these amounts."""
    metric = Metric.objects.get(key="outcome.facility_top")
    metric.params = {**metric.params, "factor": factor}
    classes = [city["c98"], city["c99"]]
    for number in range(len(amounts) - 2):
        name = f"k{number + 1}"
        classes.append(
            UnitFactory.create(klass=True, code=f"p-{name}", name=name, short_name=name, parent=city["school"])
        )
    for unit, amount in zip(classes, amounts, strict=False):
        if amount:
            OutcomeFactory.create(unit=unit, kind_id=kind, amount=amount, day=DAY)
    return queries.value(metric, Scope(city["school"], DAY, DAY)).text


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        # mean 10/3: a third has no end as a decimal, and 1.2 times it is exactly 4
        ([4, 3, 3], "c98"),
        # mean 5.4: the edge is 6.48, so that 6 is below and 7 above
        ([7, 6, 5, 5, 4], "c98"),
        ([6, 6, 5, 5, 5], "无"),
        # mean 5: the edge is 6 itself
        ([6, 4], "c98"),
        ([5, 5], "无"),
        # mean 7: the edge is 8.4
        ([9, 8, 4], "c98"),
        ([0, 0], "无"),
        ([1, 0], "c98"),
    ],
)
def test_the_edge_is_exact(city: City, amounts: list[int], expected: str) -> None:
    assert named(city, amounts) == expected


def test_the_most_come_first_and_ties_stand_in_the_order_of_the_tree(city: City) -> None:
    assert named(city, [8, 9, 9, 8, 0, 0, 0]) == "c99、k1、c98、k2"


def test_a_class_without_anything_is_part_of_the_mean_and_never_outstanding(city: City) -> None:
    assert named(city, [2, 3, 0, 0]) == "c99、c98"
    assert named(city, [], factor="0") == "c99、c98"


@pytest.mark.parametrize(("factor", "expected"), [("0.9", "c98、c99"), ("1", "c98"), ("1.5", "c98"), ("1.51", "无")])
def test_the_factor_is_data(city: City, factor: str, expected: str) -> None:
    amounts = [19, 18] if factor == "0.9" else [6, 2]
    assert named(city, amounts, factor=factor) == expected


def test_other_kinds_other_days_and_withdrawn_records_make_nobody_outstanding(city: City) -> None:
    OutcomeFactory.create(unit=city["c99"], kind_id="facility_kept", amount=90, day=date(2026, 4, 3))
    OutcomeFactory.create(unit=city["c99"], kind_id="facility_kept", amount=90, day=DAY, withdrawn=True)
    OutcomeFactory.create(unit=city["c99"], kind_id="litter_picked", amount=90, day=DAY)
    OutcomeFactory.create(unit=city["school"], kind_id="facility_kept", amount=90, day=DAY)
    assert named(city, [2, 1]) == "c98"


def test_a_closed_class_neither_counts_nor_is_named(city: City) -> None:
    city["c99"].closed_on = date(2026, 1, 1)
    city["c99"].save()
    assert named(city, [4, 90, 3, 3]) == "c98"
