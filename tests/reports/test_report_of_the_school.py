"""The school's report of March to June 2026, written from its workbooks by the command, every number open."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from chuangwen.core import files
from chuangwen.people.models import Person
from chuangwen.reports import docx
from chuangwen.reports.models import Report
from tests.reports.cast import client, command, page, paragraphs
from tests.reports.docx_samples import text_of as whole_text_of

pytestmark = pytest.mark.usefixtures("demo")

PERIOD = ("--form", "primary-school", "--unit", "demo-primary", "--from", "2026-03-01", "--to", "2026-06-30")
TOP = {
    "outcome.facility_top": ["c98", "c99", "c105", "c117"],
    "outcome.persuaded_top": ["c106", "c116", "c101", "c102"],
    "outcome.cleaning_top": ["c101", "c102", "c103", "c116", "c98", "c99", "c100", "c105", "c117"],
}


@pytest.fixture
def written(tmp_path: Path) -> tuple[bytes, dict[str, Any]]:
    """(the document, the figures that --json prints)."""
    out = tmp_path / "r.docx"
    code, said = command("write_report", *PERIOD, "--out", str(out), "--json")
    assert code == 0
    return out.read_bytes(), json.loads(said)["figures"]


def text_of(document: bytes) -> str:
    return "\n".join(paragraphs(document))


def pupils_in(text: str) -> set[str]:
    """The pupils that a page lists, each after its class."""
    return {f"{name}-{number}" for name, number in re.findall(r"\b(c\d+) \1-(\d\d)\b", text)}


def figure_page(figures: dict[str, Any], key: str, login: str = "clerk", **query: str) -> str:
    """The page to which the figure's own link leads."""
    return page(client(login), figures[key]["url"].removeprefix(settings.PUBLIC_URL), **query)


@pytest.mark.practice("D5")
def test_participation_and_outcomes_are_those_of_the_schools_records(written: tuple[bytes, dict[str, Any]]) -> None:
    document, figures = written
    values = {key: figures[key]["value"] for key in figures}
    assert (values["pupil.all"], values["pupil.took_part"], figures["pupil.took_part"]["text"]) == (712, 712, "700余")
    assert (values["outcome.facility"], values["outcome.persuaded"], values["outcome.sticker"]) == (108, 585, 678)
    assert (values["outcome.litter"], figures["outcome.litter"]["text"]) == (734, "700余")
    assert {key: values[key] for key in TOP} == TOP
    text = text_of(document)
    for sentence in (
        "涉及20个班、712名学生",
        "700余名学生参加",
        "维护公共设施108次，清理小广告678次，捡拾垃圾700余次",
        "劝导不文明行为585人次",
        "公共设施维护较多的班级是c98、c99、c105、c117（按班级累计数不低于全部班级平均数1.2倍列出，由多到少，下同）",
        "清理小广告和捡拾垃圾合并计算，次数较多的班级是c101、c102、c103、c116、c98、c99、c100、c105、c117",
        "劝导较多的班级是c106、c116、c101、c102",
    ):
        assert sentence in text


@pytest.mark.practice("D12")
def test_persuasion_of_three_types_sums_to_its_total(written: tuple[bytes, dict[str, Any]]) -> None:
    document, figures = written
    types = [figures[f"outcome.persuaded_{name}"]["value"] for name in ("crossing", "red_light", "parking")]
    assert types == [243, 165, 177]
    assert sum(types) == figures["outcome.persuaded"]["value"] == 585
    assert "乱穿马路243人次，闯红灯165人次，乱停靠车辆177人次" in text_of(document)
    rows = [figures[f"outcome.persuaded_{name}"]["rows"] for name in ("crossing", "red_light", "parking")]
    assert sum(rows) == figures["outcome.persuaded"]["rows"]


@pytest.mark.practice("D6")
def test_every_pupil_took_part_twice_and_in_a_shorter_period_those_below_are_listed(
    written: tuple[bytes, dict[str, Any]],
) -> None:
    document, figures = written
    assert (figures["pupil.twice"]["value"], figures["pupil.below_twice"]["value"]) == (712, 0)
    assert "在册的712名学生每名均参加2次以上" in text_of(document)
    may = Report.objects.get(start__month=5)
    below = may.figures.get(name="参加不足两次人数", retired_at=None)
    text = page(client("clerk"), f"/f/{below.code}")
    listed = pupils_in(text)
    assert below.snapshot.numerator > 500
    assert f"共 {below.snapshot.numerator} 条" in text
    assert len(listed) == 50
    assert Person.objects.filter(code__in=listed, is_pupil=True).count() == 50
    assert f"{below.text}名学生本期参加活动不足2次" in text_of(files.read(may.document))  # type: ignore[arg-type]


@pytest.mark.practice("D7")
def test_essays_have_their_number_their_rate_and_the_excellent_ones(written: tuple[bytes, dict[str, Any]]) -> None:
    document, figures = written
    assert (figures["essay.count"]["value"], figures["essay.excellent"]["value"]) == (705, 34)
    assert figures["essay.rate"]["value"] == {"numerator": 705, "denominator": 712}
    assert "上交活动心得705篇，提交率99.0%，其中34篇评为优秀心得" in text_of(document)
    assert "共 34 条" in figure_page(figures, "essay.excellent")
    missing = figure_page(figures, "essay.missing")
    assert len(pupils_in(missing)) == figures["essay.missing"]["value"] == 7


@pytest.mark.practice("E9")
def test_shortcomings_and_next_work_come_from_the_records_and_answer_each_other(
    written: tuple[bytes, dict[str, Any]],
) -> None:
    document, figures = written
    lines = [line for line in paragraphs(document) if line]
    first, second, end = (lines.index(head) for head in ("三、存在问题", "四、下一步打算", "特此报告。"))
    problems, measures = lines[first + 1 : second], lines[second + 1 : end]
    assert (
        [line[:3] for line in problems] == [line[:3] for line in measures] == ["（一）", "（二）", "（三）", "（四）"]
    )
    told = "\n".join(problems)
    assert "有9人次" in told
    assert figures["attendance.absent"]["value"] == 9
    assert "1个班本期没有公共设施维护记录，为c111" in told
    assert figures["outcome.facility_none"]["value"] == ["c111"]
    low, high = figures["outcome.low_month_sum"]["value"], figures["outcome.high_month_sum"]["value"]
    assert f"最少的6月只有{low}次" in told
    assert f"登记{high}次" in told
    assert low * 2 < high
    assert "7人没有上交心得" in told
    assert "参加活动不足2次" not in told


def test_every_figure_in_the_text_is_a_link_whose_code_opens_its_frozen_rows(
    written: tuple[bytes, dict[str, Any]],
) -> None:
    document, figures = written
    links = docx.links(document)
    by_url = {said["url"]: said for said in figures.values()}
    opened = [link for link in links if link.url in by_url]
    assert {link.url for link in opened} == set(by_url)
    for link in opened:
        said = by_url[link.url]
        assert link.text == said["text"] or link.text == str(said["value"])
    clerk = client("clerk")
    for url, said in by_url.items():
        text = page(clerk, url.removeprefix(settings.PUBLIC_URL))
        for part in (said["definition"], said["digest"], f"共 {said['rows']} 条", "与现在的记录一致"):
            assert part in text, (said["name"], part)


def test_every_number_of_the_text_is_a_link_or_a_number_that_the_template_itself_says(
    written: tuple[bytes, dict[str, Any]],
) -> None:
    document, _figures = written
    blocks = docx.blocks(document)
    body = blocks[: next(place for place, block in enumerate(blocks) if "附件" in (r.text for r in block.runs))]
    plain = "".join(run.text for block in body for run in block.runs if not run.href)
    without_dates = re.sub(r"(?:\d+年)?\d+月\d+日|文书编号：\w+|https?://\S+", "", plain)
    # At least twice; 1.2 times, which the metric's rule holds.
    assert set(re.findall(r"\d+(?:\.\d+)?", without_dates)) <= {"2", "1.2"}


def test_json_says_of_every_figure_its_value_definition_rows_digest_and_address(
    written: tuple[bytes, dict[str, Any]],
) -> None:
    _document, figures = written
    keys = {"name", "value", "text", "definition", "rows", "digest", "url"}
    assert {frozenset(said) for said in figures.values()} == {frozenset(keys)}
    assert all(re.fullmatch(r"[0-9a-f]{64}", said["digest"]) for said in figures.values())
    assert all(re.fullmatch(rf"{settings.PUBLIC_URL}/f/[a-z2-9]{{10}}", said["url"]) for said in figures.values())
    assert len({said["url"] for said in figures.values()}) == len(figures)


def test_the_last_page_lists_every_figure_with_its_definition_and_code(
    written: tuple[bytes, dict[str, Any]],
) -> None:
    document, figures = written
    text = whole_text_of(document)
    annex = text[text.index("本文数字一览") :]
    for said in figures.values():
        for part in (said["name"], said["definition"], said["url"][-10:]):
            assert part in annex


def test_a_period_without_records_says_so_and_prints_no_figure(tmp_path: Path) -> None:
    out = tmp_path / "r.docx"
    empty = [*PERIOD[:4], "--from", "2025-03-01", "--to", "2025-06-30"]
    assert command("write_report", *empty, "--out", str(out))[0] == 0
    text = text_of(out.read_bytes())
    assert "2025年3月1日至2025年6月30日，我校没有登记创建文明城市活动记录，本期无数字可报" in text
    assert "存在问题" not in text
    assert not [link for link in docx.links(out.read_bytes()) if "/f/" in link.url]


@pytest.mark.parametrize("other", [("--unit", "nowhere"), ("--form", "nothing")])
def test_an_unknown_unit_or_form_is_named(other: tuple[str, str]) -> None:
    with pytest.raises(Exception, match="no such unit, form or document"):
        command("write_report", *PERIOD, *other)
