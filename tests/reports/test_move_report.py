"""From draft to archive: what a report may become from where, for whom, as the transition table says."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.models import Event
from chuangwen.people.models import Role
from chuangwen.reports import services, verifying, workflow
from chuangwen.reports.models import Report, ReportState
from chuangwen.reports.services import moving
from tests.factories.city import CAST, City
from tests.factories.stage import Stage
from tests.factories.state import nothing_changes, one_event
from tests.reports.cast import START, page, write

STATES = [state for state, _label in ReportState.choices]
VERBS = [row.verb for row in workflow.TRANSITIONS]
WRONG = [(row.verb, state) for row in workflow.TRANSITIONS for state in STATES if state not in row.sources]
RIGHT = [(row.verb, state, row.target) for row in workflow.TRANSITIONS for state in row.sources]
# How far the way was gone, by the state it ends in.
WAY = {
    ReportState.DRAFT: (),
    ReportState.SUBMITTED: ("submit",),
    ReportState.CHECKED: ("submit", "check"),
    ReportState.SIGNED: ("submit", "check", "sign"),
    ReportState.ISSUED: ("submit", "check", "sign", "issue"),
    ReportState.ARCHIVED: ("submit", "check", "sign", "issue", "archive"),
    ReportState.DISCARDED: ("discard",),
}


@pytest.fixture(scope="module")
def the_draft(stage: Stage) -> None:
    stage(lambda city: write(city.viewer("clerk"), city["school"]))


@pytest.fixture(autouse=True)
def _draft(the_draft: None, city: City) -> None:
    """One draft stands before each test."""


def in_state(city: City, state: str) -> Report:
    """The draft that stands, carried to this state."""
    report = Report.objects.get()
    for verb in WAY[ReportState(state)]:
        services.move(city.viewer("clerk" if verb == "discard" else "head"), uid=report.uid, verb=verb)
    return Report.objects.get(pk=report.pk)


def use(city: City, part: str, report: Report, verb: str) -> Report:
    if verb == "refresh":
        return services.refresh(city.viewer(part), uid=report.uid)
    return services.move(city.viewer(part), uid=report.uid, verb=verb, reason="第二段改短")


def test_the_table_names_only_states_that_exist_and_every_state_is_reached() -> None:
    assert {state for row in workflow.TRANSITIONS for state in (*row.sources, row.target)} == set(STATES)
    assert len(set(VERBS)) == len(VERBS)


@pytest.mark.parametrize(("verb", "state", "target"), RIGHT)
def test_a_verb_of_the_table_moves_the_report_with_one_event(city: City, verb: str, state: str, target: str) -> None:
    report = in_state(city, state)
    with one_event(workflow.transition(verb).event) as written:
        moved = use(city, "head", report, verb)
    assert (moved.state, Report.objects.get(pk=report.pk).state) == (target, target)
    assert (written.event.subject_uid, written.event.unit_uid) == (report.uid, city["school"].uid)
    assert moved.revision == report.revision + 1


@pytest.mark.parametrize(("verb", "state"), WRONG)
def test_from_any_other_state_it_is_refused_and_nothing_changes(city: City, verb: str, state: str) -> None:
    report, head = in_state(city, state), city.client("head")
    with nothing_changes():
        with pytest.raises(Refused, match="的文书不能再这样做"):
            use(city, "head", report, verb)
        answer = head.post(reverse("move-report", args=[report.uid, verb]), {"reason": "x"})
    assert answer.status_code == 422


@pytest.mark.parametrize("part", [*CAST])
@pytest.mark.parametrize("verb", VERBS)
def test_the_table_says_who_may_and_the_page_offers_it_to_nobody_else(city: City, verb: str, part: str) -> None:
    row = workflow.transition(verb)
    report, client = in_state(city, row.sources[0]), city.client(part)
    role, over = CAST[part][1:]
    may = bool(role) and row.perm in Role.objects.get(code=role).permissions and over in {"school", "city"}
    may = may and not (row.by_another and part == "clerk")
    address = reverse("move-report", args=[report.uid, verb])
    seen = client.get(reverse("report", args=[report.uid]))
    assert (address in seen.content.decode()) is may
    if may:
        assert client.post(address, {"reason": "第二段改短"}).status_code == 302
        return
    with nothing_changes():
        with pytest.raises((Missing, Refused)):
            use(city, part, report, verb)
        assert client.post(address, {"reason": "x"}).status_code in {404, 422}


@pytest.mark.parametrize("state", [ReportState.ARCHIVED, ReportState.DISCARDED])
def test_a_report_at_its_end_offers_no_buttons(city: City, state: str) -> None:
    report = in_state(city, state)
    text = page(city.client("head"), reverse("report", args=[report.uid]))
    assert not [verb for verb in VERBS if reverse("move-report", args=[report.uid, verb]) in text]


def test_looking_moves_nothing_and_an_unknown_verb_is_not_there(city: City) -> None:
    report, clerk = in_state(city, ReportState.DRAFT), city.client("clerk")
    with nothing_changes():
        assert clerk.get(reverse("move-report", args=[report.uid, "submit"])).status_code == 405
        assert clerk.post(reverse("move-report", args=[report.uid, "burn"])).status_code == 404


class TestFourEyes:
    def test_who_wrote_the_text_does_not_check_it(self, city: City) -> None:
        report = in_state(city, ReportState.SUBMITTED)
        with pytest.raises(Refused, match="核稿的人不能是写稿的人"), nothing_changes():
            services.move(city.viewer("clerk"), uid=report.uid, verb="check")

    def test_nor_does_who_only_rewrote_it(self, city: City) -> None:
        report = in_state(city, ReportState.DRAFT)
        services.refresh(city.viewer("head"), uid=report.uid)
        services.move(city.viewer("clerk"), uid=report.uid, verb="submit")
        with pytest.raises(Refused, match="核稿的人不能是写稿的人"):
            services.move(city.viewer("head"), uid=report.uid, verb="check")

    def test_on_the_command_line_one_person_may_answer_for_all_of_it_and_the_log_says_so(self, city: City) -> None:
        report = write(city.viewer("head"), city["school"])
        services.carry_through(city.viewer("head"), uid=report.uid)
        checked = Event.objects.get(subject_uid=report.uid, verb="report.checked")
        assert checked.data["alone"] is True

    def test_a_clerk_cannot_carry_a_report_through(self, city: City) -> None:
        report = in_state(city, ReportState.DRAFT)
        with pytest.raises(Missing):
            services.carry_through(city.viewer("clerk"), uid=report.uid)


class TestReturned:
    def test_it_needs_a_word_why(self, city: City) -> None:
        report = in_state(city, ReportState.SUBMITTED)
        for reason in ("", "  "):
            with pytest.raises(Refused, match="没有写原因"), nothing_changes():
                services.move(city.viewer("head"), uid=report.uid, verb="return", reason=reason)

    def test_the_word_stands_among_the_comments_and_not_in_the_event(self, city: City) -> None:
        report = in_state(city, ReportState.SUBMITTED)
        services.move(city.viewer("head"), uid=report.uid, verb="return", reason="第二段改短")
        text = page(city.client("clerk"), reverse("report", args=[report.uid]), side="talk")
        assert "第二段改短" in text
        event = Event.objects.get(subject_uid=report.uid, verb="report.returned")
        assert "第二段改短" not in str(event.data)
        assert event.detail.text == "第二段改短"

    def test_a_word_that_is_too_long_is_refused(self, city: City) -> None:
        report = in_state(city, ReportState.SUBMITTED)
        with pytest.raises(Refused, match="太长"), nothing_changes():
            services.move(city.viewer("head"), uid=report.uid, verb="return", reason="长" * 501)


class TestSigned:
    def test_a_text_that_is_not_the_checked_one_is_not_signed(self, city: City) -> None:
        report = in_state(city, ReportState.CHECKED)
        city["school"].name = "另一个名字"
        city["school"].save(update_fields=["name"])
        with pytest.raises(Conflict, match="文字变了"), nothing_changes():
            services.move(city.viewer("head"), uid=report.uid, verb="sign")

    def test_a_document_that_was_swapped_after_the_signature_is_found_and_not_issued(self, city: City) -> None:
        report = in_state(city, ReportState.SIGNED)
        assert list(verifying.verify_reports()) == []
        other = write(city.viewer("clerk"), city["school"], START, START)
        Report.objects.filter(pk=report.pk).update(document=other.document)
        (fault,) = verifying.verify_reports()
        assert fault.what == "its document is not the one that was issued"
        with pytest.raises(Conflict, match="与签发的不一样"):
            services.move(city.viewer("clerk"), uid=report.uid, verb="issue")

    def test_the_text_carries_the_day_of_the_signature(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        report = in_state(city, ReportState.CHECKED)
        later = clock.now() + timedelta(days=3)
        monkeypatch.setattr(clock, "now", lambda: later)
        signed = services.move(city.viewer("head"), uid=report.uid, verb="sign")
        assert signed.signed_at == later
        assert signed.document != report.document

    def test_from_then_on_neither_text_nor_figures_change(self, city: City) -> None:
        signed = in_state(city, ReportState.SIGNED)
        issued = services.move(city.viewer("clerk"), uid=signed.uid, verb="issue")
        assert issued.document == signed.document

    def test_a_signature_can_be_taken_back_until_it_is_issued(self, city: City) -> None:
        signed = in_state(city, ReportState.SIGNED)
        back = services.move(city.viewer("head"), uid=signed.uid, verb="unsign", reason="数字待核")
        assert (back.state, back.signed_at, back.signed_by) == (ReportState.DRAFT, None, None)


@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.SUBMITTED, ReportState.CHECKED, ReportState.SIGNED])
def test_before_it_is_issued_readers_do_not_see_it_and_its_code_says_that_it_is_a_draft(city: City, state: str) -> None:
    report = in_state(city, state)
    assert city.client("reader").get(reverse("report", args=[report.uid])).status_code == 404
    assert "这是草稿，没有印发" in page(Client(), f"/f/{report.code}")


@pytest.mark.parametrize("state", [ReportState.ISSUED, ReportState.ARCHIVED])
def test_once_it_is_out_readers_see_it_and_its_code_says_that_it_is_genuine(city: City, state: str) -> None:
    report = in_state(city, state)
    assert city.client("reader").get(reverse("report", args=[report.uid])).status_code == 200
    assert "这份文书是真的" in page(Client(), f"/f/{report.code}")


def test_a_discarded_draft_leaves_the_list_and_its_code_says_so_to_anybody(city: City) -> None:
    report = in_state(city, ReportState.DISCARDED)
    listed = city.client("clerk").get(reverse("reports")).context["list"]
    assert listed.rows == []
    assert "这份草稿已弃用" in page(Client(), f"/f/{report.code}")


@pytest.mark.parametrize("verb", ["refresh", "submit", "discard"])
def test_a_page_of_an_older_draft_moves_nothing(city: City, verb: str) -> None:
    report, clerk = in_state(city, ReportState.DRAFT), city.client("clerk")
    stale = str(report.revision)
    assert page(clerk, reverse("report", args=[report.uid])).count(f'name="seen" value="{stale}"') == 3
    fresh = services.refresh(city.viewer("clerk"), uid=report.uid)
    address = reverse("move-report", args=[report.uid, verb])
    with nothing_changes():
        answer = clerk.post(address, {"seen": stale})
        assert clerk.post(address, {"seen": "yesterday"}).status_code == 422
    assert answer.status_code == 409
    assert "这份文书刚被改过，请看过新的文字再定" in answer.content.decode()
    assert clerk.post(address, {"seen": str(fresh.revision)}).status_code == 302


def test_of_two_who_move_it_at_once_the_later_is_told(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    report = in_state(city, ReportState.SUBMITTED)
    read = moving.for_verb

    def overtaken(*given: object) -> Report:
        found = read(*given)  # type: ignore[arg-type]
        Report.objects.filter(pk=found.pk).update(revision=found.revision + 1)
        return found

    monkeypatch.setattr(moving, "for_verb", overtaken)
    with pytest.raises(Conflict, match="刚被别人改过"):
        services.move(city.viewer("head"), uid=report.uid, verb="check")
    assert Report.objects.get(pk=report.pk).state == ReportState.SUBMITTED
