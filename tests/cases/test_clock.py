"""Time passes and nobody asks: reminders, what is overdue, what goes higher, the end of a wait, by the beat alone."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.management import call_command

from chuangwen.cases import rules, services
from chuangwen.cases.models import Case, CaseDeadline, CasePolicy, CaseStep
from chuangwen.cases.services import Given, Opening, clockwork, moving
from chuangwen.core import clock
from chuangwen.core.errors import Refused
from chuangwen.core.models import Event
from chuangwen.management.commands import beat as beats
from chuangwen.people import services as people
from chuangwen.people.models import Grant, Notice, Person
from tests.factories import cases
from tests.factories.city import City

ZONE = ZoneInfo("Asia/Shanghai")
# A Tuesday; the office is open from 8:30 to 12:00 and from 14:30 to 17:30.
MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=ZONE)
EVENING = datetime(2026, 11, 26, 17, 30, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _that_morning(city: City) -> Iterator[None]:
    Grant.objects.update(since=date(2026, 1, 1))
    with clock.held_at(MORNING):
        yield


@pytest.fixture(autouse=True)
def _nothing_to_forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests have no queue in the database whose results could be forgotten."""
    monkeypatch.setattr(beats, "forget_old_traces", lambda: None)
    monkeypatch.setattr(beats, "close_old_connections", lambda: None)


def beat(moment: datetime) -> None:
    with clock.held_at(moment):
        call_command("beat", once=True)


def order(city: City, until: datetime = EVENING, lead: str = "bureau", **more: Any) -> Case:
    """An order of the office to a unit, with a leader, due on Thursday evening."""
    office = city.viewer("dispatcher")
    opening = Opening(kind="order", title="小广告集中清除", leader=city.persons["leader"], **more)
    case = services.open_and_send(office, opening, lead=city[lead], until=until).case
    Notice.objects.all().delete()
    return case


def move(city: City, by: str, case: Case, verb: str, **given: Any) -> Case:
    return services.move(city.viewer(by), uid=case.uid, verb=verb, given=Given(**given))


def told() -> set[tuple[str, str]]:
    """Who was told of what: part of the cast, kind of notice."""
    return {(row.person.code, row.kind.removeprefix("case.")) for row in Notice.objects.select_related("person")}


def steps(case: Case) -> list[str]:
    return [step.verb for step in CaseStep.objects.filter(case=case, capacity="clock")]


@pytest.mark.practice("A2")
def test_an_order_past_its_deadline_goes_up_by_the_beat_alone(city: City) -> None:
    case = move(city, "lead_clerk", order(city), "accept")
    beat(MORNING + timedelta(hours=1))
    assert told() == set()
    # Four working hours before half past five in the afternoon: half an hour before noon, less what lies between.
    beat(datetime(2026, 11, 26, 10, 59, tzinfo=ZONE))
    assert told() == set()
    beat(datetime(2026, 11, 26, 11, 1, tzinfo=ZONE))
    assert told() == {("lead-clerk", "remind")}
    beat(EVENING + timedelta(minutes=1))
    assert told() == {("lead-clerk", "remind"), ("lead-clerk", "overdue"), ("lead-head", "overdue_head")}
    assert set(Notice.objects.exclude(kind="case.remind").values_list("urgent", flat=True)) == {True}
    # Eight working hours later: Friday has six and a half, so it is Monday, half past nine and thirty minutes.
    beat(datetime(2026, 11, 30, 9, 59, tzinfo=ZONE))
    assert steps(case) == ["remind", "overdue"]
    beat(datetime(2026, 11, 30, 10, 1, tzinfo=ZONE))
    assert steps(case) == ["remind", "overdue", "escalate"]
    assert {who for who, what in told() if what == "escalate"} >= {"dispatcher", "leader"}
    row = CaseDeadline.objects.get(case=case, met_at__isnull=True)
    assert row.reminded_at
    assert row.overdue_at
    assert row.escalated_at
    last = Event.objects.filter(verb="case.escalate").get()
    assert (last.subject_uid, last.actor_uid, last.data["phase"]) == (case.uid, None, "fix")
    # What the clock says does not make the page of anybody stale.
    assert Case.objects.get(pk=case.pk).revision == case.revision


def test_without_a_handler_the_unit_is_told_and_twice_tells_nothing_twice(city: City) -> None:
    case = order(city)
    late = EVENING + timedelta(minutes=5)
    beat(late)
    first = Notice.objects.count()
    assert {("lead-clerk", "overdue"), ("lead-other", "overdue"), ("lead-head", "overdue")} <= told()
    beat(late)
    beat(late + timedelta(minutes=1))
    assert (Notice.objects.count(), steps(case)) == (first, ["overdue"])


def test_a_head_who_handles_is_told_once(city: City) -> None:
    order(city)
    beat(EVENING + timedelta(minutes=5))
    assert Notice.objects.filter(person=city.persons["lead_head"]).count() == 1


def test_a_squad_without_a_head_is_answered_for_by_the_bureaus(city: City) -> None:
    move(city, "squad_clerk", order(city, lead="squad"), "accept")
    beat(EVENING + timedelta(minutes=5))
    assert told() == {("squad-clerk", "overdue"), ("lead-head", "overdue_head")}


def test_after_an_extension_everything_is_said_anew(city: City) -> None:
    case = move(city, "lead_clerk", order(city), "accept")
    beat(datetime(2026, 11, 26, 11, 30, tzinfo=ZONE))
    later = datetime(2026, 12, 1, 17, 30, tzinfo=ZONE)
    move(city, "lead_clerk", case, "ask_extension", until=later, reason="材料未到")
    move(city, "dispatcher", case, "grant_extension")
    Notice.objects.all().delete()
    beat(EVENING + timedelta(minutes=1))
    assert told() == set()
    beat(datetime(2026, 12, 1, 11, 30, tzinfo=ZONE))
    assert told() == {("lead-clerk", "remind")}
    assert steps(case) == ["remind", "remind"]


def test_what_the_office_leaves_undone_is_told_to_the_office(city: City) -> None:
    case = cases.opened(city)
    Notice.objects.all().delete()
    beat(MORNING + timedelta(minutes=30))
    # Two hours to file it: nobody is reminded at once, but when half of them are over.
    assert told() == set()
    beat(MORNING + timedelta(minutes=61))
    assert {what for _who, what in told()} == {"remind"}
    assert {"dispatcher", "office"} == {who for who, _what in told()}
    beat(MORNING + timedelta(hours=2, minutes=1))
    assert ("dispatcher", "overdue") in told()
    assert steps(case) == ["remind", "overdue"]


def test_a_fix_that_nobody_checks_is_told_to_who_may_check_it(city: City) -> None:
    case = cases.fixed(city)
    Notice.objects.all().delete()
    beat(MORNING + timedelta(days=2))
    assert steps(case)[0] == "overdue"
    late = {who for who, what in told() if what == "overdue"}
    assert "dispatcher" in late
    assert "clerk" in late
    assert not late & {"lead-clerk", "lead-other", "lead-head"}


def test_what_was_put_off_comes_back_on_its_day(city: City) -> None:
    case = move(city, "lead_clerk", order(city), "accept")
    until = datetime(2026, 12, 8, 17, 30, tzinfo=ZONE)
    move(city, "lead_clerk", case, "ask_suspension", until=until, reason="道路改造")
    move(city, "dispatcher", case, "grant_suspension")
    Notice.objects.all().delete()
    beat(until - timedelta(minutes=1))
    assert Case.objects.get(pk=case.pk).state == "suspended"
    assert told() == set()
    beat(until)
    case.refresh_from_db()
    assert (case.state, case.until) == ("working", None)
    assert case.due_at is not None
    assert case.due_at > until
    assert told() == {("lead-clerk", "resume")}


def test_what_is_done_withdrawn_or_over_is_let_be(city: City) -> None:
    done = cases.closed(city)
    gone = order(city)
    Case.objects.filter(pk=gone.pk).update(withdrawn_at=clock.now())
    Notice.objects.all().delete()
    beat(EVENING + timedelta(days=30))
    assert steps(done) == steps(gone) == []
    assert told() == set()


def test_many_are_told_round_by_round(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """No round takes them all, and a batch is smaller than a round: every one is told in the end, once."""
    monkeypatch.setattr(clockwork, "AT_ONCE", 3)
    monkeypatch.setattr(clockwork, "BATCH", 2)
    for _each in range(5):
        order(city)
    late = EVENING + timedelta(minutes=5)
    assert [services.watch_deadlines(late) for _round in range(3)] == [3, 2, 0]
    assert CaseStep.objects.filter(verb="overdue").values("case").distinct().count() == 5


def test_one_case_that_will_not_do_does_not_stop_the_others(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = order(city), order(city)
    hold = moving.held

    def refuses(case: Case) -> Case:
        if case.pk == bad.pk:
            raise Refused("不行")
        return hold(case)

    monkeypatch.setattr(clockwork, "held", refuses)
    assert services.watch_deadlines(EVENING + timedelta(minutes=5)) == 1
    assert (steps(bad), steps(good)) == ([], ["overdue"])


def test_the_hours_are_the_citys(city: City) -> None:
    CasePolicy.objects.filter(pk="standard").update(remind_hours=1, escalate_hours=1)
    case = move(city, "lead_clerk", order(city), "accept")
    beat(EVENING - timedelta(minutes=61))
    assert steps(case) == []
    beat(EVENING - timedelta(minutes=59))
    assert steps(case) == ["remind"]
    beat(datetime(2026, 11, 27, 9, 31, tzinfo=ZONE))
    assert steps(case) == ["remind", "overdue", "escalate"]


def test_half_of_a_short_phase_and_the_last_hours_of_a_long_one() -> None:
    hours = timedelta(hours=1)
    assert rules.remind_when_left(20 * hours, 4) == 4 * hours
    assert rules.remind_when_left(4 * hours, 4) == 2 * hours
    assert rules.remind_when_left(2 * hours, 4) == hours


def test_mails_wait_for_the_morning_and_are_one_a_person(city: City, settings: Any) -> None:
    settings.MAILS_GO_OUT = True
    for part in ("lead_clerk", "lead_head"):
        Person.objects.filter(pk=city.persons[part].pk).update(email=f"{part}@anlan.gov.cn")
    for _each in range(3):
        move(city, "lead_clerk", order(city, until=EVENING + timedelta(hours=5)), "accept")
    night = datetime(2026, 11, 26, 22, 31, tzinfo=ZONE)
    beat(night)
    assert len({what for _who, what in told()}) >= 2
    assert mail.outbox == []
    beat(datetime(2026, 11, 27, 7, 1, tzinfo=ZONE))
    assert sorted(each.to[0] for each in mail.outbox) == ["lead_clerk@anlan.gov.cn", "lead_head@anlan.gov.cn"]
    of_clerk = next(each for each in mail.outbox if each.to == ["lead_clerk@anlan.gov.cn"])
    assert of_clerk.subject.count("急") == 1
    assert of_clerk.body.count("整改已逾期") == 3
    beat(datetime(2026, 11, 27, 7, 2, tzinfo=ZONE))
    assert len(mail.outbox) == 2


def test_the_deputy_of_an_absent_handler_is_told_and_handles_it(city: City) -> None:
    case = move(city, "lead_clerk", order(city), "accept")
    away, other = city.persons["lead_clerk"], city.persons["lead_other"]
    people.appoint_deputy(
        city.viewer("lead_clerk"), person=away, deputy=other, since=clock.today(), until=date(2026, 11, 30)
    )
    Notice.objects.all().delete()
    beat(EVENING + timedelta(minutes=5))
    assert {("lead-clerk", "overdue"), ("lead-other", "overdue")} <= told()
    move(city, "lead_other", case, "progress", reason="正在清理")
