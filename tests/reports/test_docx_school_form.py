"""The primary school's form: the page of GB/T 9704-2012, a text that says only what the figures support."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.shared import Mm
from lxml import etree

from chuangwen.reports.docx import Block, blocks, check, links, names_used, render
from chuangwen.reports.docx.package import TEMPLATE, read_parts
from chuangwen.reports.docx.standard_template import build, build_template
from tests.reports.docx_samples import SCHOOL, figures, values

FORM = (SCHOOL / "template.docx").read_bytes()
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NONE_LEFT = {
    "参加不足两次人数": 0,
    "缺席人次": 0,
    "无公共设施维护班级数": 0,
    "未交心得人数": 0,
    "成效最少月份次数": 400,
}


def lines(given: dict[str, object] | None = None, **changed: int) -> list[str]:
    marks = figures(**changed)
    written = render(FORM, figures=marks, values=values(marks, **(given or {})))
    return [line_of(block) for block in blocks(written) if block.runs]


def line_of(block: Block) -> str:
    return "".join(run.text for run in block.runs)


def section(text: list[str], head: str, following: str) -> list[str]:
    return text[text.index(head) + 1 : text.index(following)]


def test_the_committed_template_is_what_the_outline_builds() -> None:
    # Compared part by part: the bytes of the zip also depend on the compressor of the machine.
    built = read_parts(build(SCHOOL / "outline.yaml"), TEMPLATE)
    assert list(built.items()) == list(read_parts(FORM, TEMPLATE).items())


def test_the_form_has_no_problem_and_uses_every_figure_it_is_given() -> None:
    marks = figures()
    known = {*marks, *values(marks)}
    assert check(FORM, known) == []
    assert set(names_used(FORM)) == known


def test_the_page_is_a4_with_the_margins_lines_and_characters_of_the_standard() -> None:
    (section,) = Document(io.BytesIO(FORM)).sections
    measured = {
        "page": (section.page_width, section.page_height),
        "margins": (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin),
    }
    wanted = {"page": (210, 297), "margins": (37, 26, 35, 28)}
    for what, sizes in measured.items():
        assert [size and size.mm for size in sizes] == pytest.approx(wanted[what], abs=0.1)
    grid = section._sectPr.find(f"{W}docGrid")
    assert grid is not None
    assert (grid.get(f"{W}type"), grid.get(f"{W}linePitch")) == ("linesAndChars", "579")
    assert 22 * 28.95 <= Mm(225).pt < 23 * 28.95
    assert 28 * (16 - 0.25) <= Mm(156).pt < 29 * (16 - 0.25)


@pytest.mark.parametrize(
    ("style", "face", "half_points", "line"),
    [
        ("cwTitle", "方正小标宋简体", "44", "579"),
        ("cwBody", "仿宋_GB2312", "32", "579"),
        ("cwH1", "黑体", "32", "579"),
        ("cwH2", "楷体_GB2312", "32", "579"),
        ("cwH3", "仿宋_GB2312", "32", "579"),
        ("cwFooterOdd", "宋体", "28", "280"),
    ],
)
def test_faces_and_sizes_are_those_of_the_standard(style: str, face: str, half_points: str, line: str) -> None:
    root = etree.fromstring(read_parts(FORM, TEMPLATE)["word/styles.xml"])
    (node,) = [found for found in root.iter(f"{W}style") if found.get(f"{W}styleId") == style]
    fonts, size, spacing = (node.find(f".//{W}{tag}") for tag in ("rFonts", "sz", "pPr/{*}spacing"))
    assert fonts is not None
    assert size is not None
    assert spacing is not None
    assert {fonts.get(f"{W}{script}") for script in ("eastAsia", "ascii", "hAnsi")} == {face}
    assert size.get(f"{W}val") == half_points
    assert (spacing.get(f"{W}line"), spacing.get(f"{W}lineRule")) == (line, "exact")


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages_one_character_in() -> None:
    document = Document(io.BytesIO(FORM))
    assert document.settings.odd_and_even_pages_header_footer
    (section,) = document.sections
    for footer, style in ((section.footer, "cwFooterOdd"), (section.even_page_footer, "cwFooterEven")):
        (paragraph,) = footer.paragraphs
        assert paragraph.text == "— 1 —"
        assert paragraph.style is not None
        assert paragraph.style.style_id == style
    odd = document.styles["公文页码单页"].element.find(f"{W}pPr")
    assert odd.find(f"{W}ind").get(f"{W}right") == "280"
    assert odd.find(f"{W}jc").get(f"{W}val") == "right"


def test_chosen_material_stands_in_a_chapter_of_its_own_and_the_others_move_on() -> None:
    told = [{"题目": "洁净街巷志愿服务", "文字": "4月11日在柳堤公园开展。"}]
    text = lines({"素材": told})
    heads = [line for line in text if line[1:2] == "、"]
    assert heads == ["一、主要做法与成效", "二、典型做法", "三、存在问题", "四、下一步打算"]
    assert section(text, "二、典型做法", "三、存在问题") == ["（一）洁净街巷志愿服务。4月11日在柳堤公园开展。"]
    without = [line for line in text if line not in (*heads, "（一）洁净街巷志愿服务。4月11日在柳堤公园开展。")]
    assert without == [line for line in lines() if line[1:2] != "、"]


def test_a_period_that_runs_on_says_to_which_day_the_figures_go() -> None:
    runs_on: dict[str, object] = {"期间未完": True, "截至日期": "2026年5月20日"}
    assert any("本期尚未结束，文中数字截至2026年5月20日。" in line for line in lines(runs_on))
    assert "2026年3月1日至2026年5月20日，我校没有登记" in lines(runs_on | {"有记录": False})[3]
    assert not [line for line in lines() if "截至" in line]


def test_a_document_that_supersedes_another_names_it() -> None:
    said = lines({"前次编号": "k3mf7q2x9w", "前次日期": "2026年7月2日"})
    assert "（本件更新2026年7月2日印发的k3mf7q2x9w号文书）" in said
    assert not [line for line in lines() if "本件更新" in line]


def test_each_problem_has_the_measure_of_the_same_number() -> None:
    text = lines()
    problems = section(text, "二、存在问题", "三、下一步打算")
    measures = section(text, "三、下一步打算", "特此报告。")
    numbers = [f"（{number}）" for number in "一二三四五"]
    assert [line[:3] for line in problems] == numbers
    assert [line[:3] for line in measures] == numbers


def test_numbers_close_up_when_some_problems_do_not_apply() -> None:
    text = lines(缺席人次=0, 参加不足两次人数=0)
    problems = section(text, "二、存在问题", "三、下一步打算")
    measures = section(text, "三、下一步打算", "特此报告。")
    assert [line[:8] for line in problems] == ["（一）公共设施维", "（二）月度之间起", "（三）心得上交不"]
    assert [line[:8] for line in measures] == ["（一）轮换维护路", "（二）按月均衡安", "（三）及时收交心"]


def test_without_any_problem_one_plain_sentence_stands_in_both_places() -> None:
    text = lines(None, **NONE_LEFT)
    (problem,) = section(text, "二、存在问题", "三、下一步打算")
    (measure,) = section(text, "三、下一步打算", "特此报告。")
    assert "未发现应列的问题" in problem
    assert "保持现有安排" in measure


def test_a_period_without_records_says_so_and_prints_no_figure() -> None:
    marks = figures()
    written = render(FORM, figures=marks, values=values(marks, 有记录=False, 编号=""))
    text = [line_of(block) for block in blocks(written)]
    assert links(written) == []
    assert any("没有登记" in line for line in text)
    assert not {"一、主要做法与成效", "附件"} & set(text)
    assert len(text) == 7


def test_the_rule_for_outstanding_classes_is_written_beside_the_first_list() -> None:
    assert any("（按班级累计数不低于全部班级平均数1.2倍列出，由多到少，下同）" in line for line in lines())


def test_the_text_has_the_length_of_such_a_report() -> None:
    text = lines()
    assert 900 <= sum(len(line) for line in text[: text.index("附件")]) <= 1300


def test_an_outline_with_an_unknown_style_is_refused() -> None:
    with pytest.raises(ValueError, match="cwNone"):
        build_template([("cwNone", "甲")], title="样张")


def test_participation_that_was_never_registered_is_said_to_be_so_and_not_counted_as_none() -> None:
    text = "\n".join(lines(参加人次=0, 请假人次=0, 缺席人次=0, 参加不足两次人数=812))
    assert "这46次活动没有登记参加名单" in text
    assert "补登参加名单" in text
    for absent in ("名学生参加，累计", "实践次数偏少", "补足实践次数", "到场率94.4%"):
        assert absent not in text
    text = "\n".join(lines(活动次数=0, 参加人次=0, 请假人次=0, 缺席人次=0))
    assert "本期没有登记活动场次和参加名单" in text


def test_a_whole_is_never_printed_smaller_than_its_part() -> None:
    assert any("在册的655名学生每名均参加2次以上" in line for line in lines(参加不足两次人数=0))
    assert any("参加2次以上的有655名" in line for line in lines())


def test_all_classes_are_not_listed_one_by_one() -> None:
    text = "\n".join(lines(无公共设施维护班级数=20))
    assert "全部班级均无公共设施维护记录" in text
    assert "c103、c110" not in text[: text.index("附件")]


def test_a_short_period_is_not_held_to_the_plan_of_a_term_nor_to_an_even_spread() -> None:
    gap, uneven = "与每人2次以上的安排有差距", "月度之间起伏较大"
    assert all(part in "\n".join(lines()) for part in (gap, uneven))
    short = "\n".join(lines({"期间天数": 31, "期间月数": 1}))
    assert not [part for part in (gap, uneven, "按月均衡安排") if part in short]


def test_signature_and_date_are_kept_with_the_last_paragraph_of_the_text() -> None:
    marks = figures()
    document = Document(io.BytesIO(render(FORM, figures=marks, values=values(marks))))
    place = next(at for at, each in enumerate(document.paragraphs) if each.text == "特此报告。")
    assert document.paragraphs[place].paragraph_format.keep_with_next
    assert document.paragraphs[place - 1].paragraph_format.keep_with_next
    for style in ("公文署名", "公文成文日期"):
        assert document.styles[style].paragraph_format.keep_with_next


def test_a_code_has_a_column_of_at_least_28_mm_that_does_not_wrap() -> None:
    (table,) = Document(io.BytesIO(FORM)).tables
    cell = table.rows[2].cells[-1]
    assert cell.text == "{{ 行.编码 }}"
    assert cell.width is not None
    assert cell.width.mm >= 28
    assert cell._tc.tcPr is not None
    assert cell._tc.tcPr.find(f"{W}noWrap") is not None
