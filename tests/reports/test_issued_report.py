"""An issued report never changes; its page says which figures the records no longer bear out."""

from copy import deepcopy
from datetime import date

import pytest
from django.urls import reverse

from chuangwen.core import clock, files
from chuangwen.duties import services as duties
from chuangwen.duties.models import Outcome
from chuangwen.metrics.models import Snapshot
from chuangwen.reports import docx, services, verifying, writing
from chuangwen.reports.models import Report, ReportFigure
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory
from tests.factories.stage import Stage
from tests.reports.cast import carry, command, page, paragraphs, write


@pytest.fixture(scope="module")
def the_outcome(stage: Stage) -> Outcome:
    return stage(lambda city: OutcomeFactory.create(unit=city["c98"], amount=734, day=date(2026, 4, 2)))


@pytest.fixture
def outcome(the_outcome: Outcome, db: None) -> Outcome:
    return deepcopy(the_outcome)


@pytest.fixture(scope="module")
def the_issued(stage: Stage, the_outcome: Outcome) -> Report:
    return stage(lambda city: carry(city.viewer("head"), write(city.viewer("clerk"), city["school"])))


@pytest.fixture
def issued(the_issued: Report, db: None) -> Report:
    return deepcopy(the_issued)


def state_of(report: Report) -> tuple[object, ...]:
    fresh = Report.objects.select_related("document").get(pk=report.pk)
    assert fresh.document is not None
    figures = tuple(fresh.figures.order_by("pk").values_list("code", "name", "text", "snapshot", "retired_at"))
    return fresh.state, fresh.document.sha256, files.read(fresh.document), figures


def test_it_carries_the_day_of_its_signature_and_who_signed_and_issued_it(city: City, issued: Report) -> None:
    assert (issued.signed_by, issued.issued_by) == (city.persons["head"].uid, city.persons["head"].uid)
    assert clock.official_day(clock.today()) in paragraphs(files.read(issued.document))  # type: ignore[arg-type]


def test_neither_its_text_nor_its_figures_change_when_records_do(city: City, issued: Report, outcome: Outcome) -> None:
    before = state_of(issued)
    duties.correct_outcome(city.viewer("clerk"), uid=outcome.uid, amount=12, reason="x")
    OutcomeFactory.create(unit=city["c99"], amount=5, day=date(2026, 4, 3))
    clerk = city.client("clerk")
    for address in ("report", "check-report"):
        page(clerk, reverse(address, args=[issued.uid]))
    assert state_of(issued) == before
    assert "700余" in page(clerk, reverse("report", args=[issued.uid]))


def test_while_nothing_changed_its_page_says_that_every_figure_stands(city: City, issued: Report) -> None:
    assert "每个数都与现在的记录一致" in page(city.client("clerk"), reverse("check-report", args=[issued.uid]))


def test_its_page_names_the_figures_that_moved_from_what_to_what(city: City, issued: Report, outcome: Outcome) -> None:
    duties.correct_outcome(city.viewer("clerk"), uid=outcome.uid, amount=12, reason="x")
    clerk = city.client("clerk")
    assert reverse("check-report", args=[issued.uid]) in page(clerk, reverse("report", args=[issued.uid]))
    text = page(clerk, reverse("check-report", args=[issued.uid]))
    assert "734 → 12" in text
    moved = issued.figures.get(name="捡拾垃圾次数")
    assert f"/f/{moved.code}" in text
    assert f"/f/{issued.figures.get(name='公共设施维护次数').code}" not in text


def test_its_document_downloads_as_it_was_issued(city: City, issued: Report) -> None:
    answer = city.client("clerk").get(reverse("report-document", args=[issued.uid]))
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert data == files.read(issued.document)  # type: ignore[arg-type]
    assert answer["Content-Type"] == writing.DOCX


@pytest.mark.parametrize("part", ["other_clerk", "recorder", "stranger"])
def test_it_is_not_there_for_the_wrong_person(city: City, issued: Report, part: str) -> None:
    client = city.client(part)
    for address in ("report", "report-document", "check-report"):
        assert client.get(reverse(address, args=[issued.uid])).status_code == 404


class TestRefreshedDraft:
    def test_the_codes_of_an_older_draft_still_open_and_say_that_they_are_old(
        self, city: City, outcome: Outcome
    ) -> None:
        draft = write(city.viewer("clerk"), city["school"])
        old = {figure.name: figure for figure in draft.figures.all()}
        old_document = files.read(draft.document)  # type: ignore[arg-type]
        duties.correct_outcome(city.viewer("clerk"), uid=outcome.uid, amount=12, reason="x")
        refreshed = services.refresh(city.viewer("clerk"), uid=draft.uid)
        new = refreshed.figures.get(name="捡拾垃圾次数", retired_at=None)
        assert (old["捡拾垃圾次数"].text, new.text) == ("700余", "12")
        assert any("捡拾垃圾12次" in line for line in paragraphs(files.read(refreshed.document)))  # type: ignore[arg-type]
        text = page(city.client("clerk"), f"/f/{old['捡拾垃圾次数'].code}")
        assert "这个数属于旧的一稿，后来重写过" in text
        assert "准数 734" in text
        assert "这个数属于旧的一稿" not in page(city.client("clerk"), f"/f/{new.code}")
        codes = {link.url.rsplit("/", 1)[-1] for link in docx.links(old_document)} - {""}
        assert set(ReportFigure.objects.filter(code__in=codes).values_list("report", flat=True)) == {draft.pk}

    def test_no_code_is_used_a_second_time(self, city: City, outcome: Outcome) -> None:
        draft = write(city.viewer("clerk"), city["school"])
        old = set(draft.figures.values_list("code", flat=True))
        services.refresh(city.viewer("clerk"), uid=draft.uid)
        new = set(draft.figures.filter(retired_at=None).values_list("code", flat=True))
        assert len(new) == len(old)
        assert not new & old


def test_its_page_says_who_issued_it(city: City, issued: Report) -> None:
    assert str(city.persons["head"]) in page(city.client("clerk"), reverse("report", args=[issued.uid]))


def test_rows_that_changed_without_moving_the_value_stand_in_one_line(
    city: City, issued: Report, outcome: Outcome
) -> None:
    duties.correct_outcome(city.viewer("clerk"), uid=outcome.uid, amount=700, reason="x")
    OutcomeFactory.create(unit=city["c98"], amount=34, day=date(2026, 4, 3))
    text = page(city.client("clerk"), reverse("check-report", args=[issued.uid]))
    assert "个数的记录有变、数未变" in text
    assert f"/f/{issued.figures.get(name='捡拾垃圾次数').code}" in text
    assert "734" not in text
    assert "按现在的记录重写" not in text


def test_a_draft_that_moved_can_be_rewritten_from_there(city: City, outcome: Outcome) -> None:
    draft = write(city.viewer("clerk"), city["school"])
    address = reverse("check-report", args=[draft.uid])
    assert "按现在的记录重写" not in page(city.client("clerk"), address)
    duties.correct_outcome(city.viewer("clerk"), uid=outcome.uid, amount=12, reason="x")
    assert "按现在的记录重写" in page(city.client("clerk"), address)


class TestVerify:
    def test_an_issued_report_that_nobody_touched_holds(self, issued: Report) -> None:
        assert list(verifying.verify_reports()) == []

    def test_altered_figures_are_found(self, issued: Report) -> None:
        figure = issued.figures.get(name="捡拾垃圾次数")
        ReportFigure.objects.filter(pk=figure.pk).update(text="900余")
        (fault,) = verifying.verify_reports()
        assert (fault.subject, fault.what) == (f"report {issued.code}", "its figures are not those that were issued")
        assert command("verify")[0] == 1

    @pytest.mark.parametrize("changed", [{"text": "900余"}, {"numerator": 900}])
    def test_an_altered_snapshot_is_found(self, issued: Report, changed: dict[str, object]) -> None:
        Snapshot.objects.filter(pk=issued.figures.get(name="捡拾垃圾次数").snapshot_id).update(**changed)
        assert len(list(verifying.verify_reports())) == 1

    def test_another_document_in_its_place_is_found(self, city: City, issued: Report) -> None:
        other = write(city.viewer("clerk"), city["school"], date(2026, 5, 1))
        Report.objects.filter(pk=issued.pk).update(document=other.document)
        (fault,) = verifying.verify_reports()
        assert fault.what == "its document is not the one that was issued"
