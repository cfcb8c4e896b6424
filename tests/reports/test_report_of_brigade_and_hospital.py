"""The brigade's and the hospital's year from their workbooks: the real figures, exact behind the prose."""

import json
from pathlib import Path
from typing import Any

import pytest

from chuangwen.reports import docx
from chuangwen.reports.models import Report, ReportState
from tests.reports.cast import command, paragraphs

pytestmark = pytest.mark.usefixtures("demo")

PERIOD = ("--from", "2026-03-01", "--to", "2026-12-31")
# key of --json: the exact value
BRIGADE = {
    "post.count": 68,
    "team.count": 7,
    "supervision.groups": 3,
    "unit.squadrons": 3,
    "supervision.squadrons": 3,
    "post.bands": 3,
    "training.count": 1,
    "training.first": "2026-08-09",
    "training.due": 45,
    "training.present": 44,
    "meeting.first": "2026-06-19",
    "post.presence": {"numerator": 5315, "denominator": 5362},
    "incident.rate": {"numerator": 1264, "denominator": 1286},
}
HOSPITAL = {
    "group.founded": "2026-06-28",
    "group.departments": 7,
    "round.leader_due": 1,
    "round.manager_due": 2,
    "round.leader_rate": {"numerator": 146, "denominator": 150},
    "round.manager_rate": {"numerator": 409, "denominator": 420},
    "cleaning.interval": 30,
    "cleaning.rate": {"numerator": 3587, "denominator": 3600},
    "works.count": 3,
    "works.days": 10,
    "hotline.contacts": 412,
}


def written(form: str, unit: str, to: Path) -> dict[str, Any]:
    code, said = command("write_report", "--form", form, "--unit", unit, *PERIOD, "--out", str(to), "--json")
    assert code == 0
    found: dict[str, Any] = json.loads(said)
    return found


@pytest.mark.parametrize(
    ("form", "unit", "facts"),
    [("traffic-brigade", "demo-brigade", BRIGADE), ("hospital", "demo-hospital", HOSPITAL)],
)
def test_the_figures_are_those_of_the_real_report(form: str, unit: str, facts: dict[str, Any], tmp_path: Path) -> None:
    figures = written(form, unit, tmp_path / "r.docx")["figures"]
    assert {key: figures[key]["value"] for key in facts} == facts
    assert all(figures[key]["rows"] for key in facts)


@pytest.mark.practice("B7")
@pytest.mark.practice("B8")
def test_the_brigades_text_says_posts_teams_bands_training_and_where_it_falls_short(tmp_path: Path) -> None:
    written("traffic-brigade", "demo-brigade", tmp_path / "r.docx")
    text = "".join(paragraphs((tmp_path / "r.docx").read_bytes()))
    for part in (
        "执勤岗点68个", "机动应急队7支", "高峰、平峰、夜间3个时段", "8月9日组织勤务培训", "首次会议于6月19日召开",
        "3个中队的辖区均有督导", "期内没有督导到的有7个", "数字截至",
    ):  # fmt: skip
        assert part in text


@pytest.mark.practice("F4")
@pytest.mark.practice("F6")
@pytest.mark.practice("F9")
@pytest.mark.practice("F12")
def test_the_hospitals_text_prints_a_lower_bound_and_the_json_has_the_exact_number(tmp_path: Path) -> None:
    said = written("hospital", "demo-hospital", tmp_path / "r.docx")
    text = "".join(paragraphs((tmp_path / "r.docx").read_bytes()))
    for part in (
        "6月28日成立", "涉及7个科室", "不少于1次", "不少于2次", "每30分钟清扫一次", "改造工程3项", "用时10天",
        "咨询400余人次",
    ):  # fmt: skip
        assert part in text
    contacts = said["figures"]["hotline.contacts"]
    assert (contacts["value"], contacts["text"]) == (412, "400余")


@pytest.mark.practice("Z2")
@pytest.mark.parametrize(("form", "unit"), [("traffic-brigade", "demo-brigade"), ("hospital", "demo-hospital")])
def test_chosen_material_is_told_with_its_facts_and_every_figure_is_a_link(
    form: str, unit: str, tmp_path: Path
) -> None:
    said = written(form, unit, tmp_path / "r.docx")
    document = (tmp_path / "r.docx").read_bytes()
    text = "".join(paragraphs(document))
    assert said["material"]
    for piece in said["material"]:
        assert piece["title"].partition(" ")[2] in text
        assert piece["facts"]["story"] is True
    linked = {link.url for link in docx.links(document)}
    assert {figure["url"] for figure in said["figures"].values()} <= linked


def test_the_demo_leaves_both_on_the_desk_of_whoever_signs() -> None:
    waiting = Report.objects.filter(state=ReportState.CHECKED).values_list("unit__code", flat=True)
    assert set(waiting) == {"demo-brigade", "demo-hospital"}
