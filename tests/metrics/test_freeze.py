"""Freezing a figure, and saying later which of its rows are not what they were."""

from datetime import date, timedelta

import pytest

from chuangwen.core.errors import Missing
from chuangwen.duties import services as duties
from chuangwen.duties.models import Outcome
from chuangwen.metrics import queries, services
from chuangwen.metrics.models import Metric, RowSet, Snapshot
from chuangwen.metrics.rules import compressed
from chuangwen.metrics.sources import Scope
from tests.factories.city import City
from tests.factories.duties import AttendanceFactory, DutyFactory, OutcomeFactory, ShiftFactory
from tests.factories.people import PersonFactory

DAY = date(2026, 4, 2)


@pytest.fixture
def litter(city: City) -> list[Outcome]:
    rows: list[Outcome] = [OutcomeFactory.create(unit=city["c98"], amount=amount, day=DAY) for amount in (3, 4, 5)]
    return rows


def frozen(city: City, key: str = "outcome.litter", *, end: date = DAY, part: str = "clerk") -> Snapshot:
    return services.freeze(city.viewer(part), Metric.objects.get(key=key), Scope(city["school"], DAY, end))


def test_it_keeps_the_value_the_moment_and_every_row_with_what_it_contributed(
    city: City, litter: list[Outcome]
) -> None:
    snapshot = frozen(city)
    assert (snapshot.numerator, snapshot.denominator, snapshot.text) == (12, None, "12")
    assert (snapshot.rows.noun, snapshot.rows.count) == ("outcome", 3)
    kept = {uid: amount for uid, (amount, _digest) in queries.frozen_rows(snapshot).items()}
    assert kept == {row.uid: row.amount for row in litter}
    assert list(queries.verify_rows()) == []


def test_equal_row_sets_are_stored_once_whatever_the_period(city: City, litter: list[Outcome]) -> None:
    first, again, longer = frozen(city), frozen(city), frozen(city, end=DAY + timedelta(days=9))
    assert first.rows == again.rows == longer.rows
    assert RowSet.objects.count() == 1
    OutcomeFactory.create(unit=city["c98"], amount=1, day=DAY)
    assert frozen(city).rows != first.rows
    assert RowSet.objects.count() == 2


def test_no_rows_of_two_nouns_are_two_sets(city: City) -> None:
    outings, outcomes = frozen(city, "shift.count"), frozen(city)
    assert (outings.rows.count, outcomes.rows.count) == (0, 0)
    assert outings.rows != outcomes.rows


def test_while_nothing_changed_the_records_say_the_same(city: City, litter: list[Outcome]) -> None:
    snapshot = frozen(city)
    OutcomeFactory.create(unit=city["c98"], amount=1, day=DAY + timedelta(days=1))
    OutcomeFactory.create(unit=city["d11"], amount=1, day=DAY)
    Outcome.objects.filter(pk=litter[0].pk).update(note="改了备注")
    assert queries.compare(snapshot).same


def test_rows_added_gone_and_changed_are_named_with_both_contributions(city: City, litter: list[Outcome]) -> None:
    snapshot = frozen(city)
    added = OutcomeFactory.create(unit=city["c98"], amount=50, day=DAY)
    duties.withdraw_outcome(city.viewer("clerk"), uid=litter[0].uid, reason="x")
    duties.correct_outcome(city.viewer("clerk"), uid=litter[1].uid, amount=40, reason="x")
    comparison = queries.compare(snapshot)
    told = {change.uid: (change.kind, change.before, change.now) for change in comparison.changed}
    assert told == {
        added.uid: ("added", None, 50),
        litter[0].uid: ("gone", 3, None),
        litter[1].uid: ("changed", 4, 40),
    }
    assert (comparison.same, comparison.now.numerator) == (False, 95)


def test_a_row_that_contributes_the_same_but_is_another_class_now_is_named(city: City, litter: list[Outcome]) -> None:
    snapshot = frozen(city)
    Outcome.objects.filter(pk=litter[0].pk).update(unit=city["c99"])
    (change,) = queries.compare(snapshot).changed
    assert (change.uid, change.kind, change.before, change.now) == (litter[0].uid, "changed", 3, 3)


def test_a_month_that_moved_between_two_empty_ones_is_not_the_same(city: City) -> None:
    OutcomeFactory.create(unit=city["c98"], amount=2, day=date(2026, 3, 5))
    metric = Metric.objects.get(key="outcome.low_month")
    scope = Scope(city["school"], date(2026, 3, 1), date(2026, 5, 31))
    moved = OutcomeFactory.create(unit=city["c98"], amount=2, day=date(2026, 4, 5))
    snapshot = services.freeze(city.viewer("clerk"), metric, scope)
    Outcome.objects.filter(pk=moved.pk).update(day=date(2026, 5, 5))
    comparison = queries.compare(snapshot)
    assert (snapshot.text, comparison.now.text, comparison.changed) == ("5月", "4月", [])
    assert not comparison.same


def test_a_rate_keeps_its_denominator(city: City) -> None:
    for number in range(4):
        pupil = PersonFactory.create(pupil=True, unit=city["c98"], code=f"c98-{number}")
        if number:
            OutcomeFactory.create(unit=city["c98"], kind_id="essay", amount=1, person=pupil, day=DAY)
    snapshot = frozen(city, "essay.rate")
    assert (snapshot.numerator, snapshot.denominator, snapshot.text) == (3, 4, "75.0%")


def test_frozen_rows_that_were_altered_are_found(city: City, litter: list[Outcome]) -> None:
    snapshot = frozen(city)
    RowSet.objects.filter(pk=snapshot.rows.pk).update(data=compressed(b"[]"))
    assert list(queries.verify_rows()) == [(f"frozen rows {snapshot.rows.digest[:12]}", "their content was altered")]


def test_the_value_does_not_depend_on_who_freezes_it(city: City, litter: list[Outcome]) -> None:
    taken = [frozen(city, part=part) for part in ("clerk", "head", "office", "reader")]
    assert {(each.numerator, each.rows.digest) for each in taken} == {(12, taken[0].rows.digest)}


@pytest.mark.parametrize("part", ["other_clerk", "recorder", "stranger"])
def test_who_may_not_see_the_schools_figures_freezes_none(city: City, part: str) -> None:
    with pytest.raises(Missing):
        frozen(city, part=part)
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize(
    ("key", "value"), [("shift.count", 1), ("attendance.times", 2), ("attendance.rate", 2), ("outcome.litter", 7)]
)
def test_a_figure_about_one_shift_counts_that_shift_alone_and_says_so_when_it_changes(
    city: City, key: str, value: int
) -> None:
    told, other = ShiftFactory.create_batch(2, duty=DutyFactory.create(unit=city["school"]), day=DAY)
    for shift, code in ((told, "c98-1"), (told, "c98-2"), (other, "c98-3")):
        AttendanceFactory.create(shift=shift, person=PersonFactory.create(pupil=True, unit=city["c98"], code=code))
    for where, amount in ((told, 7), (other, 20), (None, 300)):
        OutcomeFactory.create(unit=city["c98"], amount=amount, day=DAY, shift=where)
    metric = Metric.objects.get(key=key)
    scope = Scope(city["school"], DAY, DAY, record=told.uid)
    snapshot = services.freeze(city.viewer("clerk"), metric, scope)
    assert (snapshot.numerator, snapshot.subject_uid) == (value, told.uid)
    assert queries.scope_of(snapshot) == scope
    assert queries.compare(snapshot).same
    OutcomeFactory.create(unit=city["c98"], amount=1, day=DAY, shift=other)
    AttendanceFactory.create(shift=other, person=PersonFactory.create(pupil=True, unit=city["c98"], code="c98-4"))
    assert queries.compare(snapshot).same
    AttendanceFactory.create(shift=told, person=PersonFactory.create(pupil=True, unit=city["c98"], code="c98-5"))
    OutcomeFactory.create(unit=city["c98"], amount=1, day=DAY, shift=told)
    assert queries.compare(snapshot).same == (key == "shift.count")
