"""The page behind a printed code: genuine or not for anybody, the figure and its rows for those who may."""

from copy import deepcopy
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chuangwen.duties import services as duties
from chuangwen.duties.models import Outcome
from chuangwen.reports import services
from chuangwen.reports.models import Report, ReportFigure
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory
from tests.factories.stage import Stage
from tests.reports.cast import page, write


def gathered(city: City) -> list[Outcome]:
    day = date(2026, 4, 2)
    return [
        OutcomeFactory.create(unit=city[name], amount=amount, day=day) for name, amount in (("c98", 700), ("c99", 34))
    ]


@pytest.fixture(scope="module")
def the_outcomes(stage: Stage) -> list[Outcome]:
    return stage(gathered)


@pytest.fixture
def outcomes(the_outcomes: list[Outcome], db: None) -> list[Outcome]:
    return deepcopy(the_outcomes)


@pytest.fixture(scope="module")
def the_report(stage: Stage, the_outcomes: list[Outcome]) -> Report:
    return stage(lambda city: write(city.viewer("clerk"), city["school"]))


@pytest.fixture
def report(the_report: Report, db: None) -> Report:
    return deepcopy(the_report)


@pytest.fixture
def figure(report: Report) -> ReportFigure:
    return report.figures.get(name="捡拾垃圾次数")


def test_a_stranger_learns_title_unit_period_and_that_a_draft_is_no_document(
    report: Report, figure: ReportFigure
) -> None:
    for code in (report.code, figure.code):
        text = page(Client(), f"/f/{code}")
        for part in ("这是草稿，没有印发", report.title, "安澜市实验小学", "2026-03-01", "2026-06-30", report.code):
            assert part in text
        for hidden in ("734", "700余", "c98"):
            assert hidden not in text


def test_an_issued_document_is_genuine_with_its_day(city: City, report: Report, figure: ReportFigure) -> None:
    issued = services.carry_through(city.viewer("head"), uid=report.uid)
    assert issued.issued_at is not None
    text = page(Client(), f"/f/{figure.code}")
    assert "这份文书是真的" in text
    assert timezone.localtime(issued.issued_at).strftime("%Y-%m-%d") in text
    assert "登录后可以看数字和它所数的记录" in text


@pytest.mark.parametrize("part", ["other_clerk", "recorder", "stranger"])
def test_the_figures_of_an_issued_document_stay_closed_to_who_may_not_see_the_schools(
    city: City, figure: ReportFigure, part: str
) -> None:
    services.carry_through(city.viewer("head"), uid=figure.report.uid)
    text = page(city.client(part), f"/f/{figure.code}")
    assert "这份文书是真的" in text
    assert "734" not in text
    assert figure.text not in text


@pytest.mark.parametrize("part", ["other_clerk", "recorder", "reader", "stranger"])
def test_who_does_not_write_for_the_school_sees_of_a_draft_what_a_stranger_sees(
    city: City, figure: ReportFigure, part: str
) -> None:
    text = page(city.client(part), f"/f/{figure.code}")
    assert "这是草稿，没有印发" in text
    assert "734" not in text


def test_a_figure_says_its_definition_value_digest_code_and_every_frozen_row(
    city: City, figure: ReportFigure, outcomes: list[Outcome]
) -> None:
    text = page(city.client("clerk"), f"/f/{figure.code}")
    parts = (
        figure.snapshot.metric.meaning, "700余", "准数 734", figure.snapshot.rows.digest, figure.code,
        "outcome.litter@1", "共 2 条", "与现在的记录一致", "没有变",
    )  # fmt: skip
    for part in parts:
        assert part in text
    for outcome in outcomes:
        assert reverse("outcome", args=[outcome.uid]) in text


def test_rows_changed_gone_and_added_since_stand_first_and_are_marked(
    city: City, figure: ReportFigure, outcomes: list[Outcome]
) -> None:
    clerk = city.viewer("clerk")
    duties.correct_outcome(clerk, uid=outcomes[0].uid, amount=650, reason="x")
    duties.withdraw_outcome(clerk, uid=outcomes[1].uid, reason="x")
    OutcomeFactory.create(unit=city["c98"], amount=9, day=date(2026, 5, 5))
    text = page(city.client("clerk"), f"/f/{figure.code}")
    for part in ("现在的记录是 659", "改为 650", "不再计入", "新计入 9", "准数 734", "共 3 条"):
        assert part in text


def test_the_same_value_from_other_rows_is_not_called_the_same(
    city: City, figure: ReportFigure, outcomes: list[Outcome]
) -> None:
    clerk = city.viewer("clerk")
    duties.correct_outcome(clerk, uid=outcomes[0].uid, amount=699, reason="x")
    duties.correct_outcome(clerk, uid=outcomes[1].uid, amount=35, reason="x")
    text = page(city.client("clerk"), f"/f/{figure.code}")
    assert "数没有变，但有 2 条记录变了" in text
    assert "与现在的记录一致" not in text


def test_who_may_see_the_figure_but_not_the_rows_is_told_how_many_there_are(
    city: City, figure: ReportFigure, outcomes: list[Outcome]
) -> None:
    services.carry_through(city.viewer("head"), uid=figure.report.uid)
    text = page(city.client("reader"), f"/f/{figure.code}")
    assert "准数 734" in text
    assert "其中 2 条不归您看，仍计在数里" in text
    assert "不归您看的一条" in text
    assert "2026-04-02 c98" not in text
    assert not [outcome for outcome in outcomes if str(outcome.uid) in text]


def test_many_rows_come_in_pages_of_fifty(city: City) -> None:
    for number in range(120):
        OutcomeFactory.create(unit=city["c98"], kind_id="sticker_scrubbed", amount=number + 1, day=date(2026, 4, 2))
    report = write(city.viewer("clerk"), city["school"])
    code = report.figures.get(name="清理小广告次数").code
    clerk = city.client("clerk")
    seen = [page(clerk, f"/f/{code}", page=number).count("清理小广告 ") for number in (1, 2, 3)]
    assert seen == [50, 50, 20]
    for no_page in ("²", "0", "9" * 30, "9" * 5000):
        assert page(clerk, f"/f/{code}", page=no_page).count("清理小广告 ") == 50


def test_a_code_that_was_never_given_is_not_there(city: City, report: Report) -> None:
    for client in (Client(), city.client("clerk")):
        answer = client.get("/f/2222222222")
        assert answer.status_code == 404
        text = answer.content.decode()
        for part in ("查无此编码", "请核对抄写；若抄写无误，这份文书不是本系统印发的", 'value="2222222222"'):
            assert part in text


class TestFind:
    def test_a_code_typed_from_paper_leads_to_its_page(self, report: Report) -> None:
        answer = Client().get(reverse("find-document"), {"code": f" {report.code.upper()} "})
        assert answer["Location"] == reverse("open-code", args=[report.code])

    def test_a_code_that_was_never_given_is_said_to_be_none_of_ours(self, report: Report) -> None:
        text = page(Client(), reverse("find-document"), code="2222222222")
        assert "没有这个编码的文书" in text
        assert "就不是本市系统印发的" in text


@pytest.mark.parametrize("written", ["https://cw.example/f/{}", "https://cw.example/f/{}/", " {} "])
def test_a_whole_address_or_full_width_letters_find_the_document(report: Report, written: str) -> None:
    wide = report.code.translate({ord(letter): ord(letter) + 0xFEE0 for letter in report.code})
    for code in (report.code, report.code.upper(), wide):
        answer = Client().get(reverse("find-document"), {"code": written.format(code)})
        assert answer.status_code == 302, code
        assert report.code in answer["Location"]
