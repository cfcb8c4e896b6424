"""A document is read back as blocks and links, and its links can be moved to another host."""

from __future__ import annotations

import re

import pytest

from chuangwen.reports.docx import Link, Run, blocks, links, render, retarget
from chuangwen.reports.docx.package import DOCUMENT, read_parts
from chuangwen.reports.docx.standard_template import build_template
from tests.reports.docx_samples import SCHOOL, figure, figures, values, with_part

HERE = figure("甲", "108", "108", "aaa?x=1&y=2")
MARKS = {"甲": HERE, "乙": figure("乙", "585", "585", "bbb")}


def document() -> bytes:
    outline = [
        ("cwOrg", "某校"), ("cwNumber", "某校〔2026〕1号"), ("cwTitle", "报告"), ("cwTo", "某局："),
        ("cwH1", "一、甲"), ("cwH2", "（一）乙"), ("cwBody", "**（二）丙。**共{{ 甲 }}次"),
        ("cwSign", "某校"), ("cwDate", "2026年7月6日"), ("cwAnnexMark", "附件"), ("cwAnnexTitle", "一览"),
        ("cwNote", "{{ 乙 }}"),
    ]  # fmt: skip
    return render(build_template(outline, title="样张"), figures=MARKS, values={})


def test_blocks_know_each_kind_of_paragraph_by_its_style() -> None:
    kinds = [block.kind for block in blocks(document())]
    assert kinds == [
        "org", "number", "title", "to", "h1", "h2", "p", "sign", "date", "pagebreak", "h1", "title", "p",
    ]  # fmt: skip


def test_a_lead_in_kai_a_linked_figure_and_plain_text_are_runs_of_their_own() -> None:
    (lead,) = [block for block in blocks(document()) if block.runs and block.runs[0].text == "（二）丙。"]
    assert lead.kind == "p"
    assert lead.runs == (Run("（二）丙。", kai=True), Run("共"), Run("108", HERE.url), Run("次"))


def test_styles_that_word_renumbered_are_known_by_their_names() -> None:
    data = document()
    parts = read_parts(data, DOCUMENT)
    for name in ("word/document.xml", "word/styles.xml"):
        data = with_part(data, name, parts[name].replace(b'"cwTitle"', b'"a7"').replace(b'"cwLead"', b'"a8"'))
    assert [block.kind for block in blocks(data)] == [block.kind for block in blocks(document())]
    assert any(run.kai for block in blocks(data) for run in block.runs)


def test_retarget_moves_figure_links_and_nothing_else() -> None:
    marks = MARKS | {"丙": figure("丙", "1", "1")}
    other = "https://www.example.cn/else"
    marks["丙"] = type(HERE)("丙", "1", other, None)
    before = render(build_template([("cwBody", "{{ 甲 }}{{ 乙 }}{{ 丙 }}")], title="样张"), figures=marks, values={})
    after = retarget(before, "http://10.0.0.8:8000/")
    assert links(after) == [
        Link("108", "http://10.0.0.8:8000/f/aaa?x=1&y=2"),
        Link("585", "http://10.0.0.8:8000/f/bbb"),
        Link("1", other),
    ]
    old, new = read_parts(before, DOCUMENT), read_parts(after, DOCUMENT)
    assert list(old) == list(new)
    assert [name for name in old if old[name] != new[name]] == ["word/_rels/document.xml.rels"]
    assert retarget(after, "https://cw.example.gov.cn") == before


@pytest.mark.parametrize("base", ["cw.example.gov.cn", "ftp://a.cn", "https://a.cn/sub", "https://", "https://a.cn?x"])
def test_retarget_wants_a_bare_host(base: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(base) + "$"):
        retarget(document(), base)


def test_the_school_report_reads_back_with_every_figure_linked() -> None:
    marks = figures()
    data = render((SCHOOL / "template.docx").read_bytes(), figures=marks, values=values(marks))
    hrefs = {run.href for block in blocks(data) for run in block.runs if run.href}
    assert hrefs == {mark.url for mark in marks.values()}
