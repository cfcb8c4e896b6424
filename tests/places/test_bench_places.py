"""The bench of the map, in small, and the indexes on which its figures stand."""

import pytest
from django.db import connection
from django.db.models import Count

from chuangwen.bench import places
from chuangwen.places.map_queries import CELLS
from chuangwen.places.models import Place
from chuangwen.places.nearby import points_in_box


@pytest.mark.slow
def test_bench_places_measures_every_figure_that_it_limits() -> None:
    measured = places.bench(few=60, many=2_300, turns=1)
    assert set(measured.ratios) == set(measured.limits) == set(places.LIMITS)
    assert all(value > 0 for value in measured.ratios.values())
    assert measured.details["found"]["viewport_city"] == [60, 2_300]
    assert measured.details["found"]["nearest_10"] == [10, 10]


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL reads so small a table whole")
@pytest.mark.parametrize("extended", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_the_database_counts_a_cell_from_an_index_alone(cell: str, *, extended: bool) -> None:
    rows = Place.objects.filter(extended=extended, **{f"{cell}__in": [1, 2]}).order_by()
    plan = rows.values_list(cell).annotate(count=Count("*")).explain()
    kind = "shapes" if extended else "points"
    assert f"place_{kind}_{cell.removeprefix('cell_')}" in plan


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="as above")
def test_points_in_view_are_found_by_their_index() -> None:
    rows = Place.objects.filter(points_in_box((111.0, 29.0, 112.0, 30.0)), extended=False).order_by()
    assert "place_by_point" in rows.values_list("pk").explain()
    assert connection.vendor == "sqlite"
