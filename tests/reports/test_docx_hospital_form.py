"""The hospital's form says what the figures support, and nothing where there are none."""

from __future__ import annotations

from chuangwen.reports.docx import check, names_used
from chuangwen.reports.docx.package import TEMPLATE, read_parts
from chuangwen.reports.docx.standard_template import build
from tests.reports.docx_samples import SCHOOL
from tests.reports.form_samples import PLAIN, Form

FOLDER = SCHOOL.parent / "hospital"
FORM = Form(
    FOLDER,
    """
    领导小组成立日期 2026年6月28日 领导小组成员科室数 7 领导小组成员人数 12 会议次数 7
    首次会议日期 2026年6月28日 院领导每日应巡次数 1 院领导巡查次数 177 院领导巡查达标率 97.3%
    院领导巡查未达标人次 4 中层干部每日应巡次数 2 中层干部巡查次数 907 中层干部巡查达标率 97.4%
    中层干部巡查未达标人次 11 巡查发现问题数 63 巡查问题处置数 59 巡查问题未处置数 4 改造项目数 3
    改造用时天数 10 改造开工日期 2026年9月8日 改造完工日期 2026年9月17日 热线咨询人次 400余 特需门诊预约人次 137
    获得荣誉项数 1 培训场次 6 首次培训日期 2026年7月8日 应训人次 116 参训人次 109 缺训人次 7 到训率 94.0%
    保洁厕所数 6 清扫间隔分钟数 30 厕所应清扫次数 3600 厕所清扫次数 3587 厕所漏扫次数 13 厕所清扫达标率 99.6%
    """,
)
PROBLEMS, MEASURES, CLOSING = "三、存在问题", "四、下一步打算", "特此报告。"
ALL_WELL = {
    "院领导巡查未达标人次": 0, "中层干部巡查未达标人次": 0, "巡查问题未处置数": 0, "巡查问题处置数": 63,
    "厕所漏扫次数": 0, "缺训人次": 0,
}  # fmt: skip
NO_ROUNDS = {"院领导巡查次数": 0, "院领导巡查未达标人次": 0, "中层干部巡查次数": 0, "中层干部巡查未达标人次": 0}


def test_the_committed_template_is_what_the_outline_builds() -> None:
    built = read_parts(build(FOLDER / "outline.yaml"), TEMPLATE)
    assert list(built.items()) == list(read_parts(FORM.template, TEMPLATE).items())


def test_the_form_has_no_problem_and_uses_every_figure_of_a_hospital() -> None:
    assert check(FORM.template, {*FORM.names, *PLAIN}) == []
    assert set(names_used(FORM.template)) == {*FORM.names, *PLAIN}
    assert set(FORM.manifest["has_records"]) <= set(FORM.names)


def test_with_all_figures_every_practice_is_told_in_its_sentence() -> None:
    text = FORM.text()
    for sentence in (
        "（一）组织领导。我院于2026年6月28日成立创建文明城市工作领导小组，登记成员12人，涉及7个科室，按科室明确分工。"
        "召开创建工作会议7次，首次会议于2026年6月28日召开，",
        "院领导每人每日到门诊巡查不少于1次，期内院领导巡查177次，达标率97.3%。中层干部每人每日巡查不少于2次，期内中层干部巡查907次，达标率97.4%。",
        "（三）问题整改。巡查发现问题63个，已处置59个。",
        "（四）改造工程。实施改造工程3项，2026年9月8日开工，2026年9月17日完工，用时10天。",
        "咨询热线接受咨询400余人次。特需门诊接受电话预约137人次。获得荣誉1项。",
        "（六）学习教育。组织职工学习培训6场，首场于2026年7月8日举行。应训116人次，参训109人次，到训率94.0%。",
        "（七）环境保洁。6处厕所实行定时保洁，每30分钟清扫一次。期内应清扫3600次，实际清扫3587次，达标率99.6%。",
    ):
        assert sentence in text
    assert len(text) < FORM.manifest["length"]


def test_the_chosen_material_stands_in_a_chapter_of_its_own_which_goes_with_it() -> None:
    heads = [line for line in FORM.lines() if line[1:2] == "、"]
    assert heads == ["一、工作开展情况", "二、典型做法", PROBLEMS, MEASURES]
    without = [line for line in FORM.lines(素材=[]) if line[1:2] == "、"]
    assert without == ["一、工作开展情况", "二、存在问题", "三、下一步打算"]


def test_each_problem_has_the_measure_of_the_same_number() -> None:
    problems, measures = FORM.section(PROBLEMS, MEASURES), FORM.section(MEASURES, CLOSING)
    numbers = [f"（{number}）" for number in "一二三四"]
    assert [line[:3] for line in problems] == [line[:3] for line in measures] == numbers
    assert "院领导4人次，中层干部11人次" in problems[0]
    assert "尚有4个没有处置" in problems[1]
    assert "期内漏扫13次" in problems[2]
    assert "应训116人次，请假、缺席的共7人次" in problems[3]


def test_only_the_rank_that_fell_short_is_named() -> None:
    (leaders, *_), (managers, *_) = (
        FORM.section(PROBLEMS, MEASURES, **{f"{rank}巡查未达标人次": 0}) for rank in ("中层干部", "院领导")
    )
    assert leaders == "（一）院领导巡查没有天天达标。按人按日计算，当日巡查次数不足的4人次。"
    assert managers == "（一）中层干部巡查没有天天达标。按人按日计算，当日巡查次数不足的11人次。"


def test_without_any_problem_one_plain_sentence_stands_in_both_places() -> None:
    (problem,) = FORM.section(PROBLEMS, MEASURES, **ALL_WELL)
    (measure,) = FORM.section(MEASURES, CLOSING, **ALL_WELL)
    assert "本期未发现应列的问题" in problem
    assert "保持现有安排" in measure
    assert "巡查发现问题63个，均已处置。" in FORM.text(**ALL_WELL)


def test_with_all_figures_zero_nothing_is_counted_that_is_not_there() -> None:
    text = FORM.zero().text(素材=[], 获得荣誉项数=1)
    for silly in ("0个", "0次", "0项", "0处", "0场", "0天", "0人", "0分钟", "—", "，。", "。。"):
        assert silly not in text.replace("10", "")
    assert "领导小组，登记" not in text
    assert "没有登记院领导和中层干部的门诊巡查，达标情况无从汇总。" in text
    assert "下期当日巡查当日登记" in text
    assert "（一）便民服务。获得荣誉1项。" in text


def test_a_period_without_records_says_so_and_prints_no_figure() -> None:
    lines = FORM.zero().lines(有记录=False, 编号="", 素材=[])
    assert "2026年3月1日至2026年11月23日，我院没有登记创建文明城市工作记录" in lines[3]
    assert len(lines) == 7


def test_a_period_that_runs_on_and_a_document_that_supersedes_another_say_so() -> None:
    assert "本期尚未结束，文中数字截至2026年11月23日。" in FORM.text()
    assert "（本件更新" not in FORM.text(期间未完=False)
    said = FORM.text(前次编号="CW-2026-0300", 前次日期="2026年10月9日", 期间未完=False)
    assert "（本件更新2026年10月9日印发的CW-2026-0300号文书）" in said
    assert "截至" not in said


def test_parts_that_are_missing_leave_no_gap_in_a_sentence() -> None:
    assert "登记成员12人，按科室明确分工。" in FORM.text(领导小组成员科室数=0)
    assert "（一）组织领导。召开创建工作会议7次" in FORM.text(领导小组成员人数=0)
    assert "2026年6月28日召开创建工作会议，对照要求" in FORM.text(会议次数=1)
    assert "（五）便民服务。获得荣誉1项。" in FORM.text(热线咨询人次=0, 特需门诊预约人次=0)
    assert "2026年7月8日组织职工学习培训。应训116人次" in FORM.text(培训场次=1)
    assert "参训人员没有登记签到，到训情况无从汇总。" in FORM.text(应训人次=0, 参训人次=0, 缺训人次=0)
    assert "巡查发现问题4个，均待处置。" in FORM.text(巡查发现问题数=4, 巡查问题处置数=0)
    only_managers = FORM.text(院领导巡查次数=0, 院领导巡查未达标人次=0)
    assert "（二）门诊巡查。中层干部每人每日巡查不少于2次" in only_managers


def test_toilets_without_a_log_are_named_as_such() -> None:
    text = FORM.text(厕所应清扫次数=0, 厕所清扫次数=0, 厕所漏扫次数=0)
    assert "期内没有登记清扫次数，达标情况无从汇总。" in text
    assert "厕所保洁没有登记。" in text
    assert "登记厕所保洁。" in text


def test_rounds_that_nobody_recorded_are_not_said_to_be_missed() -> None:
    text = FORM.text(**NO_ROUNDS)
    assert "门诊巡查。院领导" not in text
    assert "没有天天达标" not in text
    assert "补登巡查情况" in text
