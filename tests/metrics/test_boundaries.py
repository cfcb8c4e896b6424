"""Days on which a figure of groups, posts and works turns: the first and the last day belong to a period."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from chuangwen.core import clock
from chuangwen.duties.models import DutyKind
from chuangwen.metrics import queries, services
from chuangwen.metrics.models import Metric, MetricDay
from chuangwen.metrics.sources import Scope
from chuangwen.people.models import Charter, Membership
from tests.factories.city import City
from tests.factories.duties import DutyFactory, ShiftFactory
from tests.factories.people import MembershipFactory

START, END = date(2026, 4, 1), date(2026, 4, 30)
DAY = timedelta(days=1)


def said(city: City, key: str, *, unit: str = "school") -> str:
    return queries.value(Metric.objects.get(key=key), Scope(city[unit], START, END)).text


@pytest.mark.parametrize(("founded", "text"), [(START - DAY, "3月31日"), (END, "4月30日"), (END + DAY, "—")])
def test_a_group_is_founded_on_its_day_and_not_before(city: City, founded: date, text: str) -> None:
    Charter.objects.filter(unit=city["group"]).update(founded_on=founded)
    assert said(city, "group.founded") == text


def test_the_group_of_a_unit_is_its_own_and_not_that_of_one_below(city: City) -> None:
    Charter.objects.filter(unit=city["group"]).update(founded_on=START)
    assert said(city, "group.founded", unit="education") == "—"


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [(END, None, "1"), (END + DAY, None, "0"), (START, END, "1"), (START, END - DAY, "0")],
)
def test_who_sits_in_the_group_on_the_last_day_counts(city: City, since: date, until: date | None, count: str) -> None:
    MembershipFactory.create(group=city["group"], person=city.persons["clerk"], since=since, until=until)
    assert said(city, "group.members") == count
    Membership.objects.update(withdrawn_at=clock.now())
    assert said(city, "group.members") == "0"


@pytest.mark.parametrize(("day", "count"), [(START - DAY, "0"), (START, "1"), (END, "1"), (END + DAY, "0")])
def test_a_post_was_looked_at_in_the_period_or_not(city: City, day: date, count: str) -> None:
    post = DutyFactory.create(unit=city["school"], kind=DutyKind.POST)
    group = DutyFactory.create(unit=city["school"], kind=DutyKind.SUPERVISION)
    ShiftFactory.create(duty=group, number="", target=post, day=day)
    assert (said(city, "supervision.posts"), said(city, "supervision.posts_missed")) == (count, str(1 - int(count)))


def test_works_of_one_day_take_one_day_and_an_end_by_night_is_the_local_day(city: City) -> None:
    assert (said(city, "works.days"), said(city, "works.last"), said(city, "works.first")) == ("0", "—", "—")
    ends = timezone.make_aware(datetime.combine(START, time(23, 59)))
    ShiftFactory.create(duty=DutyFactory.create(unit=city["school"], kind=DutyKind.PROJECT), day=START, ends_at=ends)
    assert (said(city, "works.days"), said(city, "works.last"), said(city, "works.first")) == ("1", "4月1日", "4月1日")


def test_a_day_that_moved_is_seen_on_the_document(city: City) -> None:
    meetings = DutyFactory.create(unit=city["school"], kind=DutyKind.MEETING)
    first = ShiftFactory.create(duty=meetings, number="H1", day=START + DAY)
    metric, scope = Metric.objects.get(key="meeting.first"), Scope(city["school"], START, END)
    snapshot = services.freeze(city.viewer("clerk"), metric, scope)
    assert (snapshot.text, queries.frozen_value(snapshot).exact) == ("4月2日", "2026-04-02")
    ShiftFactory.create(duty=meetings, number="H2", day=START)
    comparison = queries.compare(snapshot)
    assert (comparison.now.text, [change.kind for change in comparison.changed]) == ("4月1日", ["added"])
    assert first.uid in queries.frozen_rows(snapshot)


def test_a_new_version_of_a_figure_has_its_day_sums_at_once(city: City) -> None:
    """Else a dashboard shows nothing until the next record comes in."""
    ShiftFactory.create(duty=DutyFactory.create(unit=city["school"]), day=START)
    row = {
        "key": "shift.count", "version": 9, "name": "活动次数", "name_en": "x", "definition": "x",
        "definition_en": "x", "source": "shifts",
    }  # fmt: skip
    services.load_reference({"metrics": [row]})
    assert MetricDay.objects.get(metric__key="shift.count", metric__version=9).numerator == 1
