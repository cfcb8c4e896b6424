"""The traffic brigade's form says what the figures support, and nothing where there are none."""

from __future__ import annotations

import pytest

from chuangwen.reports.docx import check, names_used
from chuangwen.reports.docx.package import TEMPLATE, read_parts
from chuangwen.reports.docx.standard_template import build
from tests.reports.docx_samples import SCHOOL
from tests.reports.form_samples import PLAIN, Form

FOLDER = SCHOOL.parent / "traffic-brigade"
FORM = Form(
    FOLDER,
    """
    会议次数 7 首次会议日期 2026年6月19日 培训场次 1 首次培训日期 2026年8月9日 应训人次 45 参训人次 44
    缺训人次 1 到训率 97.8% 执勤岗点数 68 机动应急队数 7 督导组数 3 中队数 3 督导覆盖中队数 3 执勤时段数 3
    执勤班次数 2856 高峰班次数 952 平峰班次数 952 夜间班次数 952 见警率 99.1% 高峰见警率 99.6% 平峰见警率 99.2%
    夜间见警率 98.1% 未满岗班次数 36 路面情况数 1286 管事率 98.3% 主动处置数 391 督导次数 102 督导岗点数 61
    督导岗点覆盖率 89.7% 未督导岗点数 7 督导发现问题数 58 督导整改问题数 54 隐患排查处数 146 隐患消除处数 139
    未消除隐患处数 7 交通违法查处起数 2622 不礼让斑马线起数 638 不按道行驶起数 574 违法停车起数 1127
    机动车闯红灯起数 283 整治行动次数 9 宣传活动场次 8 发放宣传资料份数 6850 宣传受众人次 4326 双微发布条数 86
    """,
)
PROBLEMS, MEASURES, CLOSING = "三、存在问题", "四、下一步打算", "特此报告。"
ALL_WELL = {
    "未满岗班次数": 0, "管事率": 100, "未督导岗点数": 0, "督导岗点数": 68, "督导整改问题数": 58, "未消除隐患处数": 0,
    "隐患消除处数": 146, "缺训人次": 0,
}  # fmt: skip


def test_the_committed_template_is_what_the_outline_builds() -> None:
    built = read_parts(build(FOLDER / "outline.yaml"), TEMPLATE)
    assert list(built.items()) == list(read_parts(FORM.template, TEMPLATE).items())


def test_the_form_has_no_problem_and_uses_every_figure_of_a_brigade() -> None:
    assert check(FORM.template, {*FORM.names, *PLAIN}) == []
    assert set(names_used(FORM.template)) == {*FORM.names, *PLAIN}
    assert set(FORM.manifest["has_records"]) <= set(FORM.names)


def test_with_all_figures_every_practice_is_told_in_its_sentence() -> None:
    text = FORM.text()
    for sentence in (
        "（一）部署落实。我大队召开创建工作会议7次，首次会议于2026年6月19日召开",
        "（二）勤务培训。2026年8月9日组织勤务培训。应训45人次，参训44人次，到训率97.8%。",
        "（三）岗点设置。辖区设执勤岗点68个，由3个中队分片值守。另设机动应急队7支，",
        "期内登记执勤班次2856个，见警率99.1%。分时段看，高峰952个班次，见警率99.6%；平峰952个班次，见警率99.2%；夜间952个班次，见警率98.1%。",
        "执勤中登记路面情况1286起，管事率98.3%，其中民警主动发现、主动处置391起。",
        "设督导检查组3个，3个中队的辖区均有督导，期内督导102次，到过61个执勤岗点，岗点覆盖率89.7%。督导发现问题58个，已整改54个。",
        "排查道路交通安全隐患146处，已消除139处。",
        "查处交通违法2622起，其中不礼让斑马线638起，不按道行驶574起，违法停车1127起，机动车闯红灯283起。",
        "（九）宣传引导。开展交通安全宣传活动8场，发放宣传资料6850份，受众4326人次。通过微博、微信公众号发布信息86条。",
    ):
        assert sentence in text
    assert len(text) < FORM.manifest["length"]


def test_the_chosen_material_stands_in_a_chapter_of_its_own_which_goes_with_it() -> None:
    lines = FORM.lines()
    assert [line for line in lines if line[1:2] == "、"] == ["一、工作开展情况", "二、典型做法", PROBLEMS, MEASURES]
    place = lines.index("二、典型做法")
    assert lines[place + 1 : place + 3] == [
        "（一）支援民警岗前培训。8月9日在大队训练场组织，44人到场。",
        "（二）礼让斑马线宣传。6月27日在柳堤公园南门开展。",
    ]
    without = FORM.lines(素材=[])
    assert [line for line in without if line[1:2] == "、"] == ["一、工作开展情况", "二、存在问题", "三、下一步打算"]


def test_each_problem_has_the_measure_of_the_same_number() -> None:
    problems, measures = FORM.section(PROBLEMS, MEASURES), FORM.section(MEASURES, CLOSING)
    numbers = [f"（{number}）" for number in "一二三四五六"]
    assert [line[:3] for line in problems] == [line[:3] for line in measures] == numbers
    assert "三个时段中，夜间见警率最低，为98.1%" in problems[0]
    assert "备勤警力先补夜间缺岗" in measures[0]
    assert "68个执勤岗点中，期内没有督导到的有7个" in problems[2]
    assert "先督导本期没有到过的7个岗点" in measures[2]


@pytest.mark.parametrize(("band", "said"), [("平峰", "平峰见警率最低，为90%"), ("高峰", "高峰见警率最低，为90%")])
def test_the_weakest_band_is_named_whichever_it_is(band: str, said: str) -> None:
    text = FORM.text(**{f"{band}见警率": 90})
    assert f"三个时段中，{said}" in text
    assert "缺岗较多的岗点" in text


def test_no_band_is_named_as_weakest_where_two_are_equal() -> None:
    assert "见警率最低" not in FORM.text(夜间见警率=99, 平峰见警率=99)


def test_without_any_problem_one_plain_sentence_stands_in_both_places() -> None:
    (problem,) = FORM.section(PROBLEMS, MEASURES, **ALL_WELL)
    (measure,) = FORM.section(MEASURES, CLOSING, **ALL_WELL)
    assert "本期未发现应列的问题" in problem
    assert "保持现有安排" in measure
    text = FORM.text(**ALL_WELL)
    assert "督导发现问题58个，均已整改。" in text
    assert "排查道路交通安全隐患146处，均已消除。" in text


def test_with_all_figures_zero_nothing_is_counted_that_is_not_there() -> None:
    # As after an import of posts alone: one of the records is there, whatever it is.
    lines = FORM.zero().lines(素材=[], 双微发布条数=1)
    text = "\n".join(lines)
    assert not [line for line in lines if line.startswith("（") and "见警率" in line]
    for silly in ("0个", "0次", "0起", "0处", "0场", "0支", "0条。", "0人次", "—", "其中。", "，。", "。。"):
        assert silly not in text.replace("10", "")
    assert "（一）宣传引导。通过微博、微信公众号发布信息1条。" in text
    assert "本期未发现应列的问题" in text


def test_a_period_without_records_says_so_to_the_day_of_the_figures_and_prints_no_figure() -> None:
    lines = FORM.zero().lines(有记录=False, 编号="", 素材=[])
    assert "2026年3月1日至2026年11月23日，我大队没有登记创建文明城市工作记录" in lines[3]
    assert len(lines) == 7
    assert "2026年3月1日至2026年12月31日，我大队没有登记" in FORM.lines(有记录=False, 期间未完=False)[3]


def test_a_period_that_runs_on_says_to_which_day_the_figures_go() -> None:
    assert "本期尚未结束，文中数字截至2026年11月23日。" in FORM.text()
    assert "截至" not in FORM.text(期间未完=False)


def test_a_document_that_supersedes_another_names_it() -> None:
    assert "（本件更新" not in FORM.text()
    said = FORM.text(前次编号="CW-2026-0300", 前次日期="2026年10月9日")
    assert "（本件更新2026年10月9日印发的CW-2026-0300号文书）" in said


def test_one_of_a_kind_reads_well() -> None:
    assert "我大队于2026年6月19日召开创建工作会议，传达上级要求，把任务分到各中队。" in FORM.text(会议次数=1)
    assert "组织勤务培训3场，首场于2026年8月9日举行。" in FORM.text(培训场次=3)
    assert "参训人员没有登记签到，到训情况无从汇总。" in FORM.text(应训人次=0, 参训人次=0, 缺训人次=0)
    assert "应训45人次，无人参训。" in FORM.text(参训人次=0, 缺训人次=45)


def test_parts_that_are_missing_leave_no_gap_in_a_sentence() -> None:
    only_night = FORM.text(高峰班次数=0, 平峰班次数=0, 执勤时段数=1)
    assert "期内登记执勤班次2856个，见警率99.1%。\n" in only_night
    two = FORM.text(高峰班次数=0, 执勤时段数=2)
    assert "分时段看，平峰952个班次，见警率99.2%；夜间952个班次" in two
    assert "以疏导为主" not in two
    assert "其中不按道行驶574起，机动车闯红灯283起。" in FORM.text(不礼让斑马线起数=0, 违法停车起数=0)
    none = {"不礼让斑马线起数": 0, "不按道行驶起数": 0, "违法停车起数": 0, "机动车闯红灯起数": 0}
    assert "查处交通违法5起。" in FORM.text(交通违法查处起数=5, **none)
    assert "期内没有登记查处的交通违法。" in FORM.text(交通违法查处起数=0, **none)
    assert "期内查处交通违法2622起" in FORM.text(整治行动次数=0)
    assert "督导到2个中队的辖区，" in FORM.text(督导覆盖中队数=2)
    assert "督导中没有登记问题。" in FORM.text(督导发现问题数=0, 督导整改问题数=0)
    assert "尚无一个登记整改" in FORM.text(督导整改问题数=0)


def test_posts_without_a_duty_log_or_supervision_are_named_as_such() -> None:
    nothing = {"执勤班次数": 0, "高峰班次数": 0, "平峰班次数": 0, "夜间班次数": 0, "未满岗班次数": 0, "督导次数": 0}
    text = FORM.text(**nothing, 督导岗点数=0, 未督导岗点数=68, 督导发现问题数=0, 督导整改问题数=0)
    assert "岗点已经设置，到岗情况没有登记，见警率无从汇总。" in text
    assert "岗点已经设置，期内没有登记督导。" in text
    assert "68个岗点" not in text
