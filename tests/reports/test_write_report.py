"""Writing a draft: by who may, for a unit that the form is meant for, over a period that is one."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from chuangwen.core import clock, files
from chuangwen.core.errors import Missing, Refused
from chuangwen.metrics.models import Metric
from chuangwen.reports import docx, queries
from chuangwen.reports.models import Report, ReportState
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory
from tests.factories.state import nothing_changes, one_event
from tests.reports.cast import END, START, carry, page, paragraphs, write


@pytest.fixture
def litter(city: City) -> None:
    OutcomeFactory.create(unit=city["c98"], amount=734, day=date(2026, 4, 2))


@pytest.mark.usefixtures("litter")
@pytest.mark.parametrize("part", ["clerk", "head", "office"])
def test_a_draft_has_its_document_its_figures_and_one_event(city: City, part: str) -> None:
    with one_event("report.drafted") as written:
        report = write(city.viewer(part), city["school"])
    assert (report.state, report.created_by) == (ReportState.DRAFT, city.persons[part].uid)
    assert report.document is not None
    assert written.event.data == {
        "form": "primary-school",
        "start": "2026-03-01",
        "end": "2026-06-30",
        "sha256": report.document.sha256,
        "figures": queries.figures_digest(report),
    }
    litter = report.figures.get(name="捡拾垃圾次数")
    assert (litter.text, litter.snapshot.numerator, litter.snapshot.rows.count) == ("700余", 734, 1)
    assert any("捡拾垃圾700余次" in line for line in paragraphs(files.read(report.document)))


@pytest.mark.parametrize("part", ["other_clerk", "recorder", "reader", "stranger"])
def test_the_wrong_person_does_not_learn_that_the_school_is_there(city: City, part: str) -> None:
    with pytest.raises(Missing), nothing_changes():
        write(city.viewer(part), city["school"])


def test_a_period_upside_down_is_refused_at_its_end(city: City) -> None:
    with pytest.raises(Refused, match="截止日期早于起始日期") as refused, nothing_changes():
        write(city.viewer("clerk"), city["school"], END, START)
    assert refused.value.where == "end"


def test_a_form_for_schools_is_refused_for_a_hospital(city: City) -> None:
    with pytest.raises(Refused, match="不适用于") as refused, nothing_changes():
        write(city.viewer("office"), city["hospital"])
    assert refused.value.where == "form"


def test_a_single_day_is_a_period(city: City) -> None:
    assert write(city.viewer("clerk"), city["school"], START, START).state == ReportState.DRAFT


def test_codes_of_documents_and_figures_are_never_the_same(city: City) -> None:
    reports = [write(city.viewer("clerk"), city["school"]) for _each in range(3)]
    codes = [report.code for report in reports]
    codes += [figure.code for report in reports for figure in report.figures.all()]
    assert len(set(codes)) == len(codes) > 60
    assert {len(code) for code in codes} == {10}


def test_an_official_document_is_chinese_whatever_language_its_writer_reads(city: City) -> None:
    clerk = city.client("clerk")
    clerk.cookies["django_language"] = "en"
    clerk.post(reverse("new-report"), posted(city))
    document = Report.objects.get().document
    assert document is not None
    assert any("没有登记创建文明城市活动记录" in line for line in paragraphs(files.read(document)))


def posted(city: City, **changed: Any) -> dict[str, Any]:
    return {
        "unit": city["school"].pk, "form": "primary-school", "start": "2026-03-01", "end": "2026-06-30", **changed,
    }  # fmt: skip


@pytest.mark.usefixtures("litter")
def test_the_page_writes_and_leads_to_the_draft_which_reads_as_word_does(city: City) -> None:
    clerk = city.client("clerk")
    answer = clerk.post(reverse("new-report"), posted(city))
    report = Report.objects.get()
    assert answer["Location"] == reverse("report", args=[report.uid])
    text = page(clerk, answer["Location"])
    document = files.read(report.document)  # type: ignore[arg-type]
    for link in docx.links(document):
        assert link.text in text
    assert "一、主要做法与成效" in text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"end": "2026-02-01"}, "end"),
        ({"end": "2099-12-31"}, "end"),
        ({"start": "2026-02-30"}, "start"),
        ({"start": ""}, "start"),
        ({"form": "nothing"}, "form"),
        ({"unit": 0}, "unit"),
    ],
)
def test_bad_input_stands_at_its_field_and_writes_nothing(city: City, changed: dict[str, Any], field: str) -> None:
    clerk = city.client("clerk")
    with nothing_changes():
        answer = clerk.post(reverse("new-report"), posted(city, **changed))
    assert list(answer.context["form"].errors) == [field]


def test_the_page_offers_only_ones_own_schools(city: City) -> None:
    form = city.client("clerk").get(reverse("new-report")).context["form"]
    assert list(form.fields["unit"].queryset) == [city["school"]]
    assert [each.code for each in form.fields["form"].queryset] == ["primary-school"]
    clerk = city.client("other_clerk")
    with nothing_changes():
        answer = clerk.post(reverse("new-report"), posted(city))
    assert list(answer.context["form"].errors) == ["unit"]


@pytest.mark.parametrize("part", ["recorder", "reader", "stranger"])
def test_who_writes_nothing_finds_no_page(city: City, part: str) -> None:
    assert city.client(part).get(reverse("new-report")).status_code == 404


@pytest.mark.usefixtures("litter")
def test_a_period_that_is_not_over_is_written_up_to_today_and_says_so(city: City) -> None:
    end = clock.today() + timedelta(days=40)
    report = write(city.viewer("clerk"), city["school"], START, end)
    assert {figure.snapshot.end for figure in report.figures.select_related("snapshot")} == {clock.today()}
    text = "".join(paragraphs(files.read(report.document)))  # type: ignore[arg-type]
    assert f"截至{clock.official_day(clock.today())}" in text
    assert clock.official_day(end) in text


@pytest.mark.parametrize(
    ("start", "end", "where", "what"),
    [(1, 2, "start", "起始日期在今天之后"), (-9, 400, "end", "截止日期在一年以后")],
)
def test_a_period_that_has_not_begun_or_ends_far_off_is_refused(
    city: City, start: int, end: int, where: str, what: str
) -> None:
    days = [clock.today() + timedelta(days=each) for each in (start, end)]
    with pytest.raises(Refused, match=what) as refused, nothing_changes():
        write(city.viewer("clerk"), city["school"], *days)
    assert refused.value.where == where


def test_a_second_report_of_an_issued_period_asks_for_one_more_press(city: City) -> None:
    clerk = city.client("clerk")
    carry(city.viewer("head"), write(city.viewer("clerk"), city["school"]))
    with nothing_changes():
        answer = clerk.post(reverse("new-report"), posted(city))
    assert "这一段已有印发的一份，仍要另写" in answer.content.decode()
    assert clerk.post(reverse("new-report"), posted(city, again="on")).status_code == 302
    assert Report.objects.count() == 2


def test_the_text_states_the_rule_by_which_its_figures_were_counted(city: City) -> None:
    clerk = city.viewer("clerk")
    OutcomeFactory.create(unit=city["c98"], kind_id="facility_kept", amount=5, day=date(2026, 4, 2))
    report = write(clerk, city["school"])
    old = report.figures.get(name="公共设施维护突出班级").snapshot.metric
    values = {field: getattr(old, field) for field in ("key", "name", "name_en", "definition", "source", "shape")}
    Metric.objects.create(**values, version=2, params={**old.params, "factor": "3"}, valid_from=old.valid_from)
    issued = carry(city.viewer("head"), report)
    text = "".join(paragraphs(files.read(issued.document)))  # type: ignore[arg-type]
    assert "平均数1.2倍" in text
    assert "平均数3倍" not in text
    assert any("平均数3倍" in line for line in paragraphs(files.read(write(clerk, city["school"]).document)))  # type: ignore[arg-type]
