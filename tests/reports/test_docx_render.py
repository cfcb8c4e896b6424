"""A template with figures becomes a document in which every figure opens to its rows."""

from __future__ import annotations

import io
import sys
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from types import FrameType

import pytest
from docx import Document

from chuangwen.reports.docx import BadTemplate, FigureMark, Link, blocks, links, render
from chuangwen.reports.docx.package import DOCUMENT, read_parts
from chuangwen.reports.docx.standard_template import build_template
from tests.reports.docx_samples import (
    BASE,
    SCHOOL,
    figure,
    figures,
    saved,
    split_template,
    template,
    text_of,
    values,
    with_part,
)

FACILITY = figure("公共设施维护次数", "108", "108", "aaa")
ROUGH = figure("捡拾垃圾次数", "700余", "731", "bbb")
CLASSES = figure("公共设施维护突出班级", "c98、c99、c105、c117", None, "ccc")
MARKS = {mark.name: mark for mark in (FACILITY, ROUGH, CLASSES)}


def rendered(*paragraphs: str, **given: object) -> bytes:
    return render(template(*paragraphs), figures=MARKS, values=given)


def test_every_printed_figure_is_a_link_with_its_text_and_address() -> None:
    document = rendered("维护{{ 公共设施维护次数 }}次，捡拾{{ 捡拾垃圾次数 }}次，{{ 公共设施维护突出班级 }}突出。")
    assert links(document) == [Link(mark.text, mark.url) for mark in MARKS.values()]
    assert "".join(run.text for run in blocks(document)[0].runs) == "维护108次，捡拾700余次，c98、c99、c105、c117突出。"


@pytest.mark.parametrize(
    "runs",
    [
        ["维护{", "{ 公共设施维护次数 }}次"],
        ["维护{{ 公共设施", "维护次数 }}次"],
        ["维护{{ 公共", "设施维护", "次数 }", "}次"],
        ["维护{{", " 公共设施维护次数", "}}", "次"],
    ],
)
def test_a_name_that_word_broke_over_runs_still_works(runs: list[str]) -> None:
    document = render(split_template(runs), figures=MARKS, values={})
    assert text_of(document) == "维护108次"
    assert links(document) == [Link("108", FACILITY.url)]


def test_a_figure_keeps_the_look_of_its_run_in_black_with_a_thin_dotted_line() -> None:
    source = Document(io.BytesIO(template("占位")))
    run = source.paragraphs[0].runs[0]
    run.text, run.bold = "共{{ 公共设施维护次数 }}次", True
    document = Document(io.BytesIO(render(saved(source), figures=MARKS, values={})))
    (link,) = document.element.body.iter("{*}hyperlink")
    looks = {child.tag.rsplit("}", 1)[-1]: child for child in next(link.iter("{*}rPr"))}
    assert set(looks["u"].attrib.values()) == {"dotted", "B5362B"}
    assert "b" in looks
    assert "color" not in looks
    assert [piece.text for piece in document.paragraphs[0].runs] == ["共", "次"]


def test_a_figure_in_a_table_in_a_footer_and_inside_an_old_link_is_a_link() -> None:
    source = Document(io.BytesIO(template("占位")))
    source.add_table(1, 1).cell(0, 0).text = "{{ 公共设施维护次数 }}"
    source.sections[0].footer.paragraphs[0].add_run("{{ 捡拾垃圾次数 }}")
    old = Document(io.BytesIO(rendered("{{ 公共设施维护突出班级 }}")))
    for node in old.element.body.iter("{*}t"):
        node.text = "{{ 公共设施维护次数 }}"
    assert links(render(saved(source), figures=MARKS, values={})) == [
        Link("108", FACILITY.url),
        Link("700余", ROUGH.url),
    ]
    assert links(render(saved(old), figures=MARKS, values={})) == [Link("108", FACILITY.url)]


def test_the_annex_has_one_linked_row_for_each_figure() -> None:
    marks = figures()
    document = render((SCHOOL / "template.docx").read_bytes(), figures=marks, values=values(marks))
    (annex,) = [block for block in blocks(document) if block.kind == "table"]
    assert ["".join(run.text for run in cell) for cell in annex.rows[0]] == [
        "序号",
        "名称",
        "数值",
        "口径",
        "编码",
    ]
    printed = [(row[1][0].text, row[2][0].text, row[2][0].href) for row in annex.rows[1:]]
    assert printed == [(mark.name, mark.text, mark.url) for mark in marks.values()]


def test_a_figure_computes_and_compares_like_its_number_and_a_result_is_plain_text() -> None:
    document = rendered(
        "{{ 公共设施维护次数 + 捡拾垃圾次数 }}，{{ 捡拾垃圾次数 / 公共设施维护次数 }}，"
        "{{ (捡拾垃圾次数 / 公共设施维护次数)|保留(1) }}，{{ 公共设施维护次数 * 1.5 - 2 }}",
        "{% if 100 < 公共设施维护次数 <= 108 and 公共设施维护次数 * 1.2 == 129.6 %}对{% else %}错{% endif %}"
        "{% if 公共设施维护突出班级 == '无' %}错{% else %}对{% endif %}",
        "{{ 公共设施维护次数.text }}与{{ 公共设施维护次数.number }}",
    )
    assert text_of(document) == "839，6.7685，6.8，160\n对对\n108与108"
    assert links(document) == []


def test_numbering_stays_right_when_some_of_the_paragraphs_are_absent() -> None:
    source = template(
        "{%p if 公共设施维护次数 > 200 %}", "（{{ 序('问题') }}）甲", "{%p endif %}",
        "（{{ 序(“问题”) }}）乙", "（{{ 序('问题') }}）丙", "（{{ 序('打算') }}）丁{{ 已编('问题') }}",
    )  # fmt: skip
    assert text_of(render(source, figures=MARKS, values={})) == "（一）乙\n（二）丙\n（一）丁2"


def test_a_clerk_adds_a_sentence_with_a_figure_to_the_school_form() -> None:
    document = Document(str(SCHOOL / "template.docx"))
    place = next(node for node in document.paragraphs if node.text.startswith("清理小广告和捡拾垃圾"))
    place.insert_paragraph_before("另计劝导{{ 劝导人次 }}人次。", style=place.style)
    marks = figures()
    written = render(saved(document), figures=marks, values=values(marks))
    (block,) = [block for block in blocks(written) if block.runs and block.runs[0].text == "另计劝导"]
    assert [(run.text, run.href) for run in block.runs][1] == ("585", marks["劝导人次"].url)


def test_text_of_a_value_is_never_read_as_a_tag_a_marker_or_xml() -> None:
    document = rendered("{{ 甲 }}{{ 公共设施维护次数 }}", 甲="<w:p>&{{ 1 }}\ue0f00\ue0f1\x00")
    assert text_of(document) == "<w:p>&｛{ 1 }}0108"
    assert links(document) == [Link("108", FACILITY.url)]


def test_a_figure_must_lead_to_a_web_address() -> None:
    with pytest.raises(ValueError, match="web address"):
        render(template("{{ 甲 }}"), figures={"甲": FigureMark("甲", "1", "javascript:x", Decimal(1))}, values={})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ 公共设施维护突出班级 + 1 }}", "not-a-number"),
        ("{{ 公共设施维护次数 / (公共设施维护次数 - 108) }}", "division-by-zero"),
        ("{% for 行 in 公共设施维护次数 %}甲{% endfor %}", "wrong-kind"),
        ("{{ 表 }}", "wrong-kind"),
        ("{{ 序 }}", "wrong-kind"),
        ("{% for 行 in 表 %}{{ 行.名字 }}{% endfor %}", "unknown-field"),
    ],
)
def test_what_only_fails_with_figures_names_its_paragraph(text: str, code: str) -> None:
    with pytest.raises(BadTemplate) as caught:
        rendered("甲", text, 表=[{"名称": "甲"}])
    (problem,) = caught.value.problems
    assert (problem.where, problem.code) == ("第 2 段", code)


def test_the_same_input_gives_the_same_bytes_and_no_trace_of_the_machine() -> None:
    marks, source = figures(), (SCHOOL / "template.docx").read_bytes()
    moment = datetime(2026, 7, 6, 8, tzinfo=UTC)
    first = render(source, figures=marks, values=values(marks), moment=moment)
    assert first == render(source, figures=marks, values=values(marks), moment=moment)
    parts = read_parts(first, DOCUMENT)
    assert not {"docProps/thumbnail.jpeg", "docProps/custom.xml"} & set(parts)
    core = parts["docProps/core.xml"].decode()
    assert "2026-07-06T08:00:00Z" in core
    assert "安澜市临江区实验小学" in core
    assert "python-docx" not in core


def calls_made(number: int) -> int:
    """Python calls that one rendering of so many linked annex rows makes; C calls counted too."""
    marks = [figure(f"甲{place}", str(place), str(place), f"d{place}") for place in range(number)]
    rows = [{"序号": 1, "名称": "甲", "数值": mark, "口径": "乙", "编码": "丙"} for mark in marks]
    source = build_template([("annexTable", "数字表")], title="样张")
    counted: Counter[str] = Counter()

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        counted[event] += 1

    sys.setprofile(count)
    try:
        document = render(source, figures={}, values={"数字表": rows})
    finally:
        sys.setprofile(None)
    assert len(links(document)) == number
    return counted["call"] + counted["c_call"]


def test_twice_the_links_cost_twice_the_work() -> None:
    calls_made(1)  # the template is parsed the first time only
    few, many, more = calls_made(400), calls_made(800), calls_made(1200)
    assert more - many == pytest.approx(many - few, rel=0.01)


def test_equal_addresses_share_one_relationship() -> None:
    parts = read_parts(rendered("{{ 公共设施维护次数 }}", "{{ 公共设施维护次数 }}"), DOCUMENT)
    assert parts["word/_rels/document.xml.rels"].count(f"{BASE}/f/aaa".encode()) == 1


def test_a_condition_that_crosses_a_table_is_refused_before_anything_is_lost() -> None:
    source = Document(io.BytesIO(template("{%p if 公共设施维护次数 > 0 %}")))
    source.add_table(1, 1).cell(0, 0).text = "{%p endif %}"
    with pytest.raises(BadTemplate) as caught:
        render(saved(source), figures=MARKS, values={})
    assert [problem.code for problem in caught.value.problems] == ["broken-structure"]


def test_a_condition_that_empties_a_cell_leaves_it_a_paragraph() -> None:
    source = Document(io.BytesIO(template("甲")))
    cell = source.add_table(1, 1).cell(0, 0)
    cell.text = "{%p if 公共设施维护次数 > 200 %}"
    cell.add_paragraph("乙")
    cell.add_paragraph("{%p endif %}")
    document = Document(io.BytesIO(render(saved(source), figures=MARKS, values={})))
    assert [paragraph.text for paragraph in document.tables[0].cell(0, 0).paragraphs] == [""]


def test_a_template_part_without_figures_keeps_its_text() -> None:
    source = with_part(template("甲"), "word/extra.bin", b"x")
    assert text_of(render(source, figures={}, values={})) == "甲"
