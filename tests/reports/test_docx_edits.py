"""A writer's edits go into the paragraphs they were made for, and the figures in them open like all others."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence

import pytest
import segno
from docx import Document
from docx.enum.text import WD_BREAK
from docx.shared import Pt
from lxml import etree

from chuangwen.reports.docx import (
    BadTemplate,
    Block,
    Edit,
    Link,
    added_anchor,
    blocks,
    links,
    markup,
    render,
    render_draft,
)
from chuangwen.reports.docx.package import DOCUMENT, read_parts
from chuangwen.reports.docx.standard_template import build_template
from tests.reports.docx_samples import SCHOOL, figure, figures, saved, template, text_of, values, with_part

FORM = (SCHOOL / "template.docx").read_bytes()
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MARKS = {"甲": figure("甲", "108", "108", "aaa"), "乙": figure("乙", "585", "585", "bbb")}
SMALL = template("共{{ 甲 }}次。", "**（{{ 序('丙') }}）题。**文{{ 乙 }}。", "**（{{ 序('丙') }}）问。**字。", "完。")
NUMBERS = {str(place): name for place, name in enumerate(MARKS)}


def drafted(*edits: Edit, source: bytes = SMALL) -> tuple[bytes, tuple[Edit, ...]]:
    done = render_draft(source, figures=MARKS, values={}, edits=edits)
    return done.data, done.unplaced


def anchors(data: bytes) -> list[str]:
    return [block.anchor for block in blocks(data)]


def lines(data: bytes) -> list[str]:
    return ["".join(run.text for run in block.runs) for block in blocks(data)]


FIRST, SECOND, THIRD, LAST = anchors(render(SMALL, figures=MARKS, values={}))


def test_every_paragraph_of_a_document_has_an_id_of_its_own_that_word_accepts() -> None:
    marks = figures()
    written = render(FORM, figures=marks, values=values(marks))
    root = etree.fromstring(read_parts(written, DOCUMENT)["word/document.xml"])
    ids = [node.get(f"{W14}paraId", "") for node in root.iter("{*}p")]
    assert [given for given, count in Counter(ids).items() if count > 1] == []
    assert all(len(given) == 8 and 0 < int(given, 16) < 0x80000000 for given in ids)
    assert root.nsmap["w14"] == W14[1:-1]
    assert "w14" in root.get("{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable", "").split()


def test_the_namespace_of_the_ids_is_declared_where_the_template_has_it_not() -> None:
    name, parts = "word/document.xml", read_parts(SMALL, DOCUMENT)
    bare = parts[name].replace(b' mc:Ignorable="w14 wp14"', b"").replace(f'xmlns:w14="{W14[1:-1]}"'.encode(), b"")
    assert bare != parts[name]
    written = render(with_part(SMALL, name, bare), figures=MARKS, values={})
    head = read_parts(written, DOCUMENT)[name].split(b"<w:body")[0].decode()
    assert f'xmlns:w14="{W14[1:-1]}"' in head
    assert 'mc:Ignorable="w14"' in head
    assert anchors(written) == [FIRST, SECOND, THIRD, LAST]


def test_an_anchor_stays_with_its_paragraph_whatever_the_figures_are() -> None:
    def by_text(**changed: int) -> dict[str, str]:
        marks = figures(**changed)
        found = blocks(render(FORM, figures=marks, values=values(marks)))
        return {"".join(run.text for run in block.runs): block.anchor for block in found}

    full, short = by_text(), by_text(参加不足两次人数=0, 缺席人次=0)
    assert len(short) < len(full)
    assert full["特此报告。"]
    assert full["特此报告。"] == short["特此报告。"]
    assert full["三、下一步打算"] == short["三、下一步打算"]


def test_a_paragraph_printed_several_times_has_an_anchor_for_each_time() -> None:
    source = template("{%p for 行 in 表 %}", "{{ 行.名称 }}", "{%p endfor %}", "完")
    rows = [{"名称": name} for name in "甲乙丙"]
    written = render(source, figures={}, values={"表": rows})
    assert len(set(anchors(written))) == 4
    assert anchors(render(source, figures={}, values={"表": rows[:2]}))[:2] == anchors(written)[:2]
    changed = render_draft(source, figures={}, values={"表": rows}, edits=[Edit(anchors(written)[1], "改")])
    assert text_of(changed.data) == "甲\n改\n丙\n完"


def test_only_paragraphs_of_the_text_have_anchors() -> None:
    marks = figures()
    found = blocks(render(FORM, figures=marks, values=values(marks)))
    kinds = {block.kind for block in found if block.anchor}
    assert kinds == {"p", "h1"}
    bare = ["".join(run.text for run in block.runs) for block in found if not block.anchor]
    assert "附件" in bare
    assert any("文书编号" in line for line in bare)
    assert any(line.startswith("注：") for line in bare)
    assert {block.kind for block in found if not block.anchor} >= {"title", "to", "sign", "date", "table"}


def test_a_picture_a_page_break_and_a_foreign_id_make_a_paragraph_that_is_not_edited() -> None:
    source = Document(io.BytesIO(template("甲", "乙", "丙")))
    source.paragraphs[0].add_run().add_break()
    source.paragraphs[1].runs[0].add_picture(png(), width=100)
    source.paragraphs[2].paragraph_format.page_break_before = True
    source.paragraphs[1].add_run().add_break(WD_BREAK.PAGE)
    written = render(saved(source), figures={}, values={})
    assert [bool(block.anchor) for block in blocks(written) if block.runs] == [True, False, True]
    name = "word/document.xml"
    resaved = read_parts(written, DOCUMENT)[name].replace(b" w14:paraId=", b' w14:textId="77777777" w14:paraId=')
    assert set(anchors(with_part(written, name, resaved))) == {""}


def png() -> io.BytesIO:
    out = io.BytesIO()
    segno.make("x").save(out, kind="png")
    out.seek(0)
    return out


def test_an_edit_replaces_the_words_and_keeps_lead_figures_and_number() -> None:
    done, unplaced = drafted(Edit(SECOND, "**（一）新题。**共⟦乙⟧人，另⟦甲⟧次。"))
    assert unplaced == ()
    assert lines(done) == ["共108次。", "（一）新题。共585人，另108次。", "（二）问。字。", "完。"]
    edited = blocks(done)[1]
    assert [run.text for run in edited.runs if run.kai] == ["（一）新题。"]
    assert edited.anchor == SECOND
    assert links(done) == [Link("108", MARKS["甲"].url), Link("585", MARKS["乙"].url), Link("108", MARKS["甲"].url)]


def test_the_text_of_a_paragraph_put_back_unchanged_gives_the_same_document() -> None:
    marks = figures()
    given = {"figures": marks, "values": values(marks)}
    before = render(FORM, **given)  # type: ignore[arg-type]
    names = {mark.url: name for name, mark in marks.items()}
    edits = [Edit(block.anchor, markup(block, names)) for block in blocks(before) if block.anchor]
    assert len(edits) > 15
    after = render_draft(FORM, **given, edits=edits)  # type: ignore[arg-type]
    assert after.unplaced == ()
    assert blocks(after.data) == blocks(before)
    assert links(after.data) == links(before)


def test_a_paragraph_that_is_taken_out_leaves_no_gap_in_the_numbers() -> None:
    assert lines(drafted(Edit(SECOND, None))[0]) == ["共108次。", "（一）问。字。", "完。"]
    assert lines(drafted(Edit(SECOND, " \n"))[0]) == ["共108次。", "（一）问。字。", "完。"]
    # The number that the writer saw is that of the template, and closes up like one.
    both = drafted(Edit(SECOND, None), Edit(THIRD, "**（二）改。**字。"))[0]
    assert lines(both)[1] == "（一）改。字。"


def test_additions_stand_behind_their_anchor_in_their_order_and_can_follow_each_other() -> None:
    done, unplaced = drafted(
        Edit(added_anchor("k1"), "子", key="k3", added=True),
        Edit(SECOND, "**（二）加。**共⟦甲⟧次。", key="k1", added=True),
        Edit(SECOND, "又", key="k2", added=True),
        Edit(SECOND, None),
    )
    assert unplaced == ()
    assert lines(done) == ["共108次。", "（一）加。共108次。", "子", "又", "（二）问。字。", "完。"]
    assert anchors(done) == [FIRST, added_anchor("k1"), added_anchor("k3"), added_anchor("k2"), THIRD, LAST]
    assert blocks(done)[1].runs[0].kai
    taken = drafted(Edit(FIRST, None, key="k1", added=True), Edit(added_anchor("k1"), "子", key="k3", added=True))[0]
    assert lines(taken)[:2] == ["共108次。", "子"]


def test_an_addition_behind_a_heading_is_body_text() -> None:
    source = build_template([("cwH1", "一、题"), ("cwBody", "文")], title="样张")
    head = anchors(render(source, figures={}, values={}))[0]
    done, _ = drafted(Edit(head, "新", key="k", added=True), source=source)
    assert [(block.kind, block.runs[0].text) for block in blocks(done)] == [("h1", "一、题"), ("p", "新"), ("p", "文")]
    styles = [paragraph.style.style_id for paragraph in Document(io.BytesIO(done)).paragraphs if paragraph.style]
    assert styles == ["cwH1", "cwBody", "cwBody"]


def test_the_look_of_a_paragraph_survives_its_words() -> None:
    source = Document(io.BytesIO(template("甲")))
    source.paragraphs[0].runs[0].bold = True
    source.paragraphs[0].paragraph_format.left_indent = Pt(36)
    data = saved(source)
    done, _ = drafted(Edit(FIRST, "改\n行"), source=data)
    (block,) = blocks(done)
    assert block.runs[0].bold
    assert block.runs[0].text == "改\n行"
    assert Document(io.BytesIO(done)).paragraphs[0].paragraph_format.left_indent == Pt(36)


def test_an_edit_without_its_paragraph_is_given_back_and_changes_nothing() -> None:
    source = template("{%p if 甲 > 200 %}", "多", "{%p endif %}", "完")
    gone = anchors(render(source, figures=MARKS | {"甲": figure("甲", "300", "300")}, values={}))[0]
    lost: Sequence[Edit] = (
        Edit(gone, "改"),
        Edit(gone, "加⟦没有⟧", key="k1", added=True),
        Edit(added_anchor("k1"), "再", key="k2", added=True),
        Edit("", "丁"),
    )
    done, unplaced = drafted(*lost, source=source)
    assert unplaced == tuple(lost)
    assert done == render(source, figures=MARKS, values={})


@pytest.mark.parametrize(
    ("text", "code", "name"), [("共⟦甲甲⟧次", "unknown-name", "甲甲"), ("共⟦甲", "unclosed-figure", "⟦甲")]
)
def test_an_edit_with_a_wrong_mark_is_refused(text: str, code: str, name: str) -> None:
    for edit in (Edit(FIRST, text), Edit(FIRST, text, key="k", added=True)):
        with pytest.raises(BadTemplate) as caught:
            drafted(edit)
        (problem,) = caught.value.problems
        assert (problem.code, problem.params["name"], problem.params["anchor"]) == (code, name, FIRST)


def test_two_additions_cannot_have_one_key() -> None:
    with pytest.raises(ValueError, match="'k'"):
        drafted(Edit(FIRST, "甲", key="k", added=True), Edit(LAST, "乙", key="k", added=True))


def test_words_of_an_edit_are_never_read_as_a_tag_a_marker_or_xml() -> None:
    done, _ = drafted(Edit(FIRST, "{{ 甲 }}<w:p>&\ue0f00\ue0f1\ue0f20\ue0f3\x00"))
    assert lines(done)[0] == "{{ 甲 }}<w:p>&00"
    assert [link.text for link in links(done)] == ["585"]


def test_the_same_edits_give_the_same_bytes() -> None:
    edits = (Edit(FIRST, "改⟦乙⟧"), Edit(SECOND, "加⟦甲⟧", key="k", added=True))
    assert drafted(*edits)[0] == drafted(*edits)[0]


def test_a_document_from_before_has_no_anchors() -> None:
    assert [block.anchor for block in blocks(template("甲"))] == [""]
    assert Block("p").anchor == ""
