"""The catalogue as data: versions in force, meanings that cannot change, and small confidential cells."""

from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from django.conf import settings

from chuangwen.core import clock
from chuangwen.core.errors import Missing, Refused
from chuangwen.metrics import queries, services
from chuangwen.metrics.models import Metric, Snapshot
from chuangwen.metrics.sources import Scope
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory
from tests.factories.state import nothing_changes

DAY = date(2026, 4, 2)


def tables() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((settings.REFERENCE_DIR / "metrics.yaml").read_text(encoding="utf-8"))
    return read


def row(read: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in read["metrics"] if each["key"] == key)
    return found


@pytest.fixture
def snapshot(city: City) -> Snapshot:
    scope = Scope(city["school"], DAY, DAY)
    return services.freeze(city.viewer("clerk"), Metric.objects.get(key="outcome.facility_top"), scope)


@pytest.mark.usefixtures("db")
def test_loading_it_again_changes_nothing() -> None:
    with nothing_changes():
        services.load_reference(tables())


@pytest.mark.usefixtures("db")
def test_every_name_belongs_to_one_figure_because_templates_write_names() -> None:
    names = [each["name"] for each in tables()["metrics"]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("field", "value"),
    [("params", {"kinds": ["facility_kept"], "factor": "1.5"}), ("source", "outcomes"), ("shape", "list_zero")],
)
@pytest.mark.usefixtures("snapshot")
def test_a_meaning_on_which_snapshots_stand_cannot_change(field: str, value: object) -> None:
    read = tables()
    row(read, "outcome.facility_top")[field] = value
    with pytest.raises(Refused, match="its meaning cannot change"), nothing_changes():
        services.load_reference(read)


@pytest.mark.usefixtures("snapshot")
def test_the_next_version_may_mean_something_else_and_documents_keep_theirs() -> None:
    read = tables()
    old = row(read, "outcome.facility_top")
    read["metrics"].append({**old, "version": 2, "params": {**old["params"], "factor": "1.5"}})
    services.load_reference(read)
    assert queries.catalogue().get(key="outcome.facility_top").urn == "outcome.facility_top@2"
    assert Snapshot.objects.get().metric.urn == "outcome.facility_top@1"
    assert queries.metric("outcome.facility_top@1").params["factor"] == "1.2"


@pytest.mark.usefixtures("db")
def test_a_meaning_on_which_nothing_stands_may_still_be_put_right() -> None:
    read = tables()
    row(read, "outcome.facility_top")["params"] = {"kinds": ["facility_kept"], "factor": "1.3"}
    services.load_reference(read)
    assert Metric.objects.get(key="outcome.facility_top").params["factor"] == "1.3"


@pytest.mark.usefixtures("db")
def test_a_version_is_in_force_from_its_day_on() -> None:
    read = tables()
    old = row(read, "outcome.litter")
    tomorrow = clock.today() + timedelta(days=1)
    read["metrics"].append({**old, "version": 2, "valid_from": tomorrow})
    services.load_reference(read)
    assert queries.catalogue().get(key="outcome.litter").version == 1
    Metric.objects.filter(version=2).update(valid_from=clock.today())
    assert queries.catalogue().get(key="outcome.litter").version == 2


@pytest.mark.usefixtures("db")
def test_an_unknown_source_is_refused() -> None:
    read = tables()
    row(read, "outcome.litter")["source"] = "wishes"
    with pytest.raises(Refused, match="unknown source wishes"), nothing_changes():
        services.load_reference(read)


@pytest.mark.parametrize(
    "urn", ["", "outcome.litter", "outcome.litter@", "outcome.litter@9", "x@1", "outcome.litter@²"]
)
@pytest.mark.usefixtures("db")
def test_a_figure_that_was_never_declared_is_missing(urn: str) -> None:
    with pytest.raises(Missing):
        queries.metric(urn)


@pytest.mark.parametrize(("amount", "shown"), [(0, "0"), (1, "少于5"), (4, "少于5"), (5, "5"), (6, "6")])
def test_a_small_number_of_a_confidential_kind_is_not_printed(city: City, amount: int, shown: str) -> None:
    metric = Metric.objects.get(key="outcome.sticker")
    metric.confidential = True
    if amount:
        OutcomeFactory.create(unit=city["c98"], kind_id="sticker_scrubbed", amount=amount, day=DAY)
    assert queries.value(metric, Scope(city["school"], DAY, DAY)).text == shown
