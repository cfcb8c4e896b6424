"""Refresh, issue, discard: what a report may become from where, for whom, as the transition table says."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.people.models import Role
from chuangwen.reports import services, workflow, writing
from chuangwen.reports.models import Report, ReportState
from tests.factories.city import CAST, City
from tests.factories.state import nothing_changes, one_event
from tests.reports.cast import page, write

VERBS: dict[str, Callable[..., Report]] = {
    "refresh": services.refresh,
    "issue": services.issue,
    "discard": services.discard,
}
EVENTS = {"refresh": "report.drafted", "issue": "report.issued", "discard": "report.discarded"}
STATES = [state for state, _label in ReportState.choices]
WRONG = [(row.verb, state) for row in workflow.TRANSITIONS for state in STATES if state not in row.sources]
RIGHT = [(row.verb, state, row.target) for row in workflow.TRANSITIONS for state in row.sources]


def in_state(city: City, state: str) -> Report:
    report = write(city.viewer("clerk"), city["school"])
    if state == ReportState.ISSUED:
        services.issue(city.viewer("clerk"), uid=report.uid)
    elif state == ReportState.DISCARDED:
        services.discard(city.viewer("clerk"), uid=report.uid)
    return Report.objects.get(pk=report.pk)


def test_the_table_names_every_verb_of_the_services_and_only_states_that_exist() -> None:
    assert {row.verb for row in workflow.TRANSITIONS} == set(VERBS)
    assert {state for row in workflow.TRANSITIONS for state in (*row.sources, row.target)} <= set(STATES)


@pytest.mark.parametrize(("verb", "state", "target"), RIGHT)
def test_a_verb_of_the_table_moves_the_report_with_one_event(city: City, verb: str, state: str, target: str) -> None:
    report = in_state(city, state)
    with one_event(EVENTS[verb]) as written:
        moved = VERBS[verb](city.viewer("clerk"), uid=report.uid)
    assert (moved.state, Report.objects.get(pk=report.pk).state) == (target, target)
    assert (written.event.subject_uid, written.event.unit_uid) == (report.uid, city["school"].uid)


@pytest.mark.parametrize(("verb", "state"), WRONG)
def test_from_any_other_state_it_is_refused_and_nothing_changes(city: City, verb: str, state: str) -> None:
    report, clerk = in_state(city, state), city.client("clerk")
    with nothing_changes():
        with pytest.raises(Refused, match="的文书不能再这样做"):
            VERBS[verb](city.viewer("clerk"), uid=report.uid)
        answer = clerk.post(reverse("move-report", args=[report.uid, verb]))
    assert answer.status_code == 422
    assert "需要新的数字时，另写一份" in answer.content.decode()


@pytest.mark.parametrize("part", [*CAST])
@pytest.mark.parametrize("verb", VERBS)
def test_the_table_says_who_may_and_the_page_offers_it_to_nobody_else(city: City, verb: str, part: str) -> None:
    report, client = in_state(city, ReportState.DRAFT), city.client(part)
    perm = workflow.transition(verb).perm
    role, over = CAST[part][1:]
    may = bool(role) and perm in Role.objects.get(code=role).permissions and over in {"school", "city"}
    address = reverse("move-report", args=[report.uid, verb])
    seen = client.get(reverse("report", args=[report.uid]))
    assert (address in seen.content.decode()) is may
    if may:
        assert client.post(address).status_code == 302
        return
    with nothing_changes():
        with pytest.raises(Missing):
            VERBS[verb](city.viewer(part), uid=report.uid)
        assert client.post(address).status_code == 404


@pytest.mark.parametrize("state", [ReportState.ISSUED, ReportState.DISCARDED])
def test_a_report_that_cannot_move_offers_no_buttons(city: City, state: str) -> None:
    report = in_state(city, state)
    text = page(city.client("clerk"), reverse("report", args=[report.uid]))
    assert not [verb for verb in VERBS if reverse("move-report", args=[report.uid, verb]) in text]


def test_looking_moves_nothing_and_an_unknown_verb_is_not_there(city: City) -> None:
    report, clerk = in_state(city, ReportState.DRAFT), city.client("clerk")
    with nothing_changes():
        assert clerk.get(reverse("move-report", args=[report.uid, "issue"])).status_code == 405
        assert clerk.post(reverse("move-report", args=[report.uid, "burn"])).status_code == 404


def test_issuing_a_draft_that_somebody_refreshed_in_between_is_a_conflict(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = in_state(city, ReportState.DRAFT)
    render = writing.document_of

    def overtaken(*given: object) -> object:
        Report.objects.filter(pk=report.pk).update(as_of=clock.now())
        return render(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(services, "document_of", overtaken)
    with pytest.raises(Conflict, match="刚被别人改过"):
        services.issue(city.viewer("clerk"), uid=report.uid)
    assert Report.objects.get(pk=report.pk).state == ReportState.DRAFT


def test_a_discarded_draft_leaves_the_list_and_its_code_says_so_to_anybody(city: City) -> None:
    report = in_state(city, ReportState.DISCARDED)
    listed = city.client("clerk").get(reverse("reports")).context["list"]
    assert listed.rows == []
    assert "这份草稿已弃用" in page(Client(), f"/f/{report.code}")


@pytest.mark.parametrize("verb", VERBS)
def test_a_page_of_an_older_draft_moves_nothing(city: City, verb: str) -> None:
    report, clerk = in_state(city, ReportState.DRAFT), city.client("clerk")
    stale = report.as_of.isoformat()
    assert page(clerk, reverse("report", args=[report.uid])).count(f'name="seen" value="{stale}"') == len(VERBS)
    fresh = services.refresh(city.viewer("clerk"), uid=report.uid)
    address = reverse("move-report", args=[report.uid, verb])
    with nothing_changes():
        answer = clerk.post(address, {"seen": stale})
        assert clerk.post(address, {"seen": "yesterday"}).status_code == 422
    assert answer.status_code == 409
    assert "这份草稿刚被重写过，请看过新的文字再签发" in answer.content.decode()
    assert clerk.post(address, {"seen": fresh.as_of.isoformat()}).status_code == 302


def test_discarding_a_draft_that_was_issued_in_between_is_a_conflict(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = in_state(city, ReportState.DRAFT)
    monkeypatch.setattr(services, "_for_verb", lambda *_given: report)
    Report.objects.filter(pk=report.pk).update(as_of=clock.now())
    with pytest.raises(Conflict), nothing_changes():
        services.discard(city.viewer("clerk"), uid=report.uid)
