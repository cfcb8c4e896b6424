"""Sentences with figures in them, and a QR code, go into a document as values."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
import segno
from docx import Document

from chuangwen.reports.docx import (
    BadTemplate,
    Block,
    Edit,
    Link,
    Qr,
    Sentence,
    blocks,
    check,
    links,
    render,
    render_draft,
    retarget,
)
from chuangwen.reports.docx.package import DOCUMENT, read_parts
from chuangwen.reports.docx.standard_template import build_template
from chuangwen.reports.template_messages import explain
from tests.reports.docx_samples import BASE, SCHOOL, figure, figures, saved, template, text_of, values

SHIFTS, PEOPLE = figure("活动次数", "46", "46", "aaa"), figure("参加人次", "2104", "2104", "bbb")
MATERIAL = [
    {"题目": "春分护绿", "文字": Sentence(("全校", SHIFTS, "次活动中，", PEOPLE, "人次到场。"))},
    {"题目": "<b>{{ 甲 }}", "文字": Sentence(("{% if %}&", SHIFTS))},
]
TOLD = template(
    "{%p if 素材 %}", "以下各条。", "{%p for 条 in 素材 %}",
    "**（{{ 序('做法') }}）{{ 条.题目 }}。**{{ 条.文字 }}", "{%p endfor %}", "{%p else %}", "没有。", "{%p endif %}",
)  # fmt: skip
URL = f"{BASE}/f/abcdefghij"


def told(*rows: object) -> bytes:
    return render(TOLD, figures={}, values={"素材": list(rows)})


def test_a_sentence_of_a_list_prints_with_its_figures_as_links() -> None:
    written = told(*MATERIAL)
    assert text_of(written) == (
        "以下各条。\n（一）春分护绿。全校46次活动中，2104人次到场。\n（二）<b>｛{ 甲 }}。｛% if %}&46"
    )
    assert links(written) == [Link("46", SHIFTS.url), Link("2104", PEOPLE.url), Link("46", SHIFTS.url)]
    assert [run.kai for run in blocks(written)[1].runs] == [True, False, False, False, False, False]
    anchors = [block.anchor for block in blocks(written)]
    assert all(anchors)
    assert len(set(anchors)) == 3


def test_without_material_the_condition_is_false() -> None:
    assert text_of(told()) == "没有。"
    empty = render(template("{% if 甲 %}有{% else %}无{% endif %}"), figures={}, values={"甲": Sentence(())})
    assert text_of(empty) == "无"


def test_a_sentence_is_edited_like_any_other() -> None:
    anchor = blocks(told(*MATERIAL))[1].anchor
    done = render_draft(
        TOLD,
        figures={"参加人次": PEOPLE},
        values={"素材": MATERIAL},
        edits=[Edit(anchor, "**（一）春分。**⟦参加人次⟧人次。")],
    )
    assert text_of(done.data).split("\n")[1] == "（一）春分。2104人次。"


@pytest.mark.parametrize(
    ("of", "field", "fields"),
    [
        ("素材", "名称", "题目、文字"),
        ("数字表", "题目", "序号、名称、数值、口径、记录数、编码"),
    ],
)
def test_a_field_that_a_list_has_not_is_named_with_those_it_has(of: str, field: str, fields: str) -> None:
    data = template("甲", f"{{% for 条 in {of} %}}{{{{ 条.{field} }}}}{{% endfor %}}")
    (problem,) = check(data, {of})
    assert (problem.where, problem.code, problem.params) == (
        "第 2 段", "unknown-field", {"name": field, "fields": fields},
    )  # fmt: skip
    assert fields in explain(problem.code, problem.params)[1]


def test_the_fields_of_a_list_and_of_its_loop_are_known() -> None:
    data = template(
        "{% for 条 in 素材 %}{% if not loop.first %}；{% endif %}{{ 条.题目 }}{{ 条.文字 }}{% endfor %}",
        "{% for 行 in 数字表 %}{{ 行.数值.text }}{{ 行.记录数 }}{% endfor %}",
    )
    assert [problem.code for problem in check(data, {"素材", "数字表"})] == ["forbidden"]
    assert check(template("{% for 条 in 素材 %}{{ loop.index }}{{ 条.文字 }}{% endfor %}"), {"素材"}) == []


def test_what_fails_only_while_rendering_names_the_fields_too() -> None:
    with pytest.raises(BadTemplate) as caught:
        render(template("{% for 行 in 表 %}{{ 行.名字 }}{% endfor %}"), figures={}, values={"表": [{"名称": "甲"}]})
    assert caught.value.problems[0].params == {"name": "名字", "fields": "名称"}


def coded(*outline: tuple[str, str], url: str = URL) -> bytes:
    source = build_template(outline or [("cwBody", "甲"), ("cwQr", "{{ 二维码 }}")], title="样张")
    return render(source, figures={}, values={"二维码": Qr(url)})


def picture(data: bytes) -> bytes:
    (name,) = [name for name in read_parts(data, DOCUMENT) if name.endswith(".png")]
    return read_parts(data, DOCUMENT)[name]


def modules(png: bytes) -> list[list[bool]]:
    """The modules of a code as they are drawn: dark or not, ten pixels each way, read from the first line of each."""
    assert png[24:26] == b"\x01\x00", "one bit a pixel, black and white"
    width, height = struct.unpack(">II", png[16:24])
    start, packed = 8, b""
    while start < len(png):
        (length,) = struct.unpack(">I", png[start : start + 4])
        if png[start + 4 : start + 8] == b"IDAT":
            packed += png[start + 8 : start + 8 + length]
        start += length + 12
    raw, line = zlib.decompress(packed), (width + 7) // 8 + 1
    rows = [raw[at * line + 1 : (at + 1) * line] for at in range(0, height, 10)]
    return [[not row[x // 8] >> (7 - x % 8) & 1 for x in range(5, width, 10)] for row in rows]


def test_a_qr_code_is_drawn_at_its_size_with_its_quiet_zone_and_says_where_it_leads() -> None:
    data = coded()
    (shape,) = Document(io.BytesIO(data)).inline_shapes
    assert (shape.width.mm, shape.height.mm) == (22, 22)
    assert shape._inline.docPr.get("descr") == f"扫码查验真伪：{URL}"
    drawn = modules(picture(data))
    quiet = [False] * len(drawn)
    assert drawn[:2] == drawn[-2:] == [quiet, quiet]
    assert [row[2:-2] for row in drawn[2:-2]] == [
        [bool(each) for each in row] for row in segno.make(URL, error="m", micro=False, boost_error=False).matrix
    ]
    assert data == coded()


def test_a_qr_code_is_a_block_of_its_own_that_a_page_may_leave_out() -> None:
    assert [(block.kind, block.anchor != "") for block in blocks(coded())] == [("p", True), ("qr", False)]
    mixed = blocks(coded(("cwBody", "码{{ 二维码 }}在此")))
    assert mixed[0] == Block("qr")
    assert "".join(run.text for run in mixed[1].runs) == "码在此"
    assert mixed[1].anchor == ""


def test_lines_of_exact_height_do_not_cut_a_qr_code() -> None:
    (paragraph,) = Document(io.BytesIO(coded(("cwBody", "{{ 二维码 }}")))).paragraphs
    assert paragraph.paragraph_format.line_spacing == 1.0
    properties = [child.tag.rsplit("}")[-1] for child in paragraph._p.iterfind("{*}pPr/*")]
    assert properties == ["pStyle", "snapToGrid", "spacing"]


def test_two_qr_codes_have_ids_of_their_own_and_equal_ones_share_a_picture() -> None:
    data = coded(("cwQr", "{{ 二维码 }}"), ("cwQr", "{{ 二维码 }}"))
    ids = [shape._inline.docPr.get("id") for shape in Document(io.BytesIO(data)).inline_shapes]
    assert len(set(ids)) == 2
    assert picture(data)
    assert read_parts(data, DOCUMENT)["[Content_Types].xml"].count(b'"png"') == 1


def test_a_document_that_moves_to_another_host_gets_another_qr_code_and_back() -> None:
    before = coded()
    after = retarget(before, "http://10.0.0.8:8000")
    moved = "http://10.0.0.8:8000/f/abcdefghij"
    assert picture(after) == picture(coded(url=moved)) != picture(before)
    assert Document(io.BytesIO(after)).inline_shapes[0]._inline.docPr.get("descr") == f"扫码查验真伪：{moved}"
    assert retarget(after, BASE) == before


def test_a_qr_code_leads_to_a_web_address() -> None:
    with pytest.raises(ValueError, match="web address"):
        coded(url="javascript:x")


def test_the_school_form_ends_with_its_code_kept_with_the_address_above_it() -> None:
    marks = figures()
    written = render((SCHOOL / "template.docx").read_bytes(), figures=marks, values=values(marks))
    kinds = [block.kind for block in blocks(written)]
    assert kinds[kinds.index("date") :][:4] == ["date", "p", "p", "qr"]
    document = Document(io.BytesIO(written))
    (place,) = [at for at, each in enumerate(document.paragraphs) if each.style and each.style.name == "公文二维码"]
    above = document.paragraphs[place - 2 : place]
    assert all(each.paragraph_format.keep_with_next for each in above)
    draft = values(marks, 编号="")
    assert "qr" not in {
        block.kind for block in blocks(render((SCHOOL / "template.docx").read_bytes(), figures=marks, values=draft))
    }


def test_a_clerk_puts_the_code_into_a_table_of_a_template() -> None:
    source = Document(io.BytesIO(template("甲")))
    source.add_table(1, 1).cell(0, 0).text = "{{ 二维码 }}"
    written = render(saved(source), figures={}, values={"二维码": Qr(URL)})
    assert picture(written) == picture(coded())
