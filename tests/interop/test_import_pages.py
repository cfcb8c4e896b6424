"""The pages of imports: the list, one import while it runs and after, its file, its problems, the templates."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.core import jobs
from chuangwen.core.importing import importers
from chuangwen.core.models import Import, ImportState
from chuangwen.interop import services
from tests.factories.city import City
from tests.factories.duties import DutyFactory
from tests.factories.people import PersonFactory
from tests.factories.places import place
from tests.factories.state import nothing_changes
from tests.interop.sending import confirm, page, send
from tests.interop.workbooks import changed, outcomes, upload

FILLED: dict[str, dict[str, object]] = {
    "case": {"编号": "A-1", "标题": "路灯不亮", "受理时间": "2026-04-02 09:00", "状态": "待立案"},
    "place": {"点位名称": "石桥市场", "点位类型": "集贸市场", "经度": "111.69", "纬度": "29.03", "坐标系": "WGS-84"},
    "charge": {"点位": "校门口", "责任单位": "demo-primary", "负责方式": "牵头"},
    "pupil": {"班级": "c98", "学生代码": "c98-31"},
    "shift": {"活动编号": "S77", "日期": "2026-04-02", "开始": "15:00", "结束": "16:00", "地点": "桥口街"},
    "attendance": {"活动编号": "S01", "日期": "2026-04-02", "班级": "c98", "学生代码": "c98-01", "到场": "到"},
    "outcome": {"日期": "2026-04-02", "班级": "c98", "类别": "捡拾垃圾", "数量": 3},
    "essay": {"班级": "c98", "学生代码": "c98-01", "提交日期": "2026-06-01"},
    "unit": {"单位代码": "demo-primary-office", "单位名称": "办公室", "类别": "科室"},
    "staff": {"人员代码": "m01", "职务": "主任"},
    "group": {
        "机构代码": "demo-primary-crew", "机构名称": "专班", "类别": "工作专班", "成立日期": "2026-06-28",
        "职责": "整治",
    },
    "member": {"机构": "实验小学领导小组", "人员代码": "clerk", "组内职务": "成员"},
    "duty": {"名称": "校门口", "类别": "执勤岗点"},
    "duty_log": {
        "日期": "2026-04-02", "岗位": "桥口", "时段": "高峰", "开始": "07:30", "结束": "09:30", "应到": 2, "实到": 2,
    },
    "supervision": {"日期": "2026-04-02", "督导组": "督导一组", "中队": "c98"},
    "sign_in": {"活动编号": "S01", "日期": "2026-04-02", "人员代码": "clerk", "到场": "到"},
    "round": {"日期": "2026-04-02", "人员代码": "clerk", "次数": 1},
}  # fmt: skip
NEEDED = {"post": "桥口", "supervision": "督导一组", "round": "领导巡查"}


@pytest.fixture
def clerk(client_of: Callable[[str], Client]) -> Client:
    return client_of("clerk")


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def state(client: Client, sent: Import) -> str:
    return client.get(reverse("import-state", args=[sent.uid])).content.decode()


def test_the_page_of_a_ready_import_shows_what_was_recognised_and_asks(city: City, clerk: Client) -> None:
    text = page(clerk, send(clerk, city["school"], outcomes()))
    for part in ("3 行都没有问题", "成效登记", "日期 (A)", "数量 (E)", "导入这 3 行"):
        assert part in text


def test_a_column_that_nobody_knows_is_said_to_be_left_out(city: City, clerk: Client) -> None:
    data = io.BytesIO()
    workbook = openpyxl.Workbook()
    workbook.active.title = "成效登记"
    for row in (["日期", "班级", "类别", "数量", "家长电话"], ["2026-04-02", "c98", "捡拾垃圾", 1, "1"]):
        workbook.active.append(row)
    workbook.save(data)
    sent = send(clerk, city["school"], data.getvalue())
    assert sent.sheets[0]["ignored"] == ["家长电话 (E)"]
    assert "家长电话 (E)" in page(clerk, sent)


def test_while_it_runs_the_state_asks_again_and_says_how_far_it_is(city: City, clerk: Client) -> None:
    sent = services.take_workbook(city.viewer("clerk"), unit=city["school"], name="表.xlsx", chunks=[outcomes()])
    jobs.set_progress(str(sent.uid), 1000, 0)
    fragment = state(clerk, sent)
    assert f'hx-get="{reverse("import-state", args=[sent.uid])}"' in fragment
    assert "正在检查" in fragment
    assert "1000" in fragment
    assert "<html" not in fragment
    # The page's own address always gives the page, or Back would show the fragment alone.
    assert "<html" in page(clerk, sent, **{"HX-Request": "true"})


def test_the_fragment_stops_asking_when_it_is_ready_and_when_it_is_done(city: City, clerk: Client) -> None:
    sent = send(clerk, city["school"], outcomes())
    assert "hx-get" not in state(clerk, sent)
    text = state(clerk, confirm(clerk, sent))
    assert "hx-get" not in text
    assert "已导入 3 行" in text
    assert sent.file.sha256 in text


def test_a_failed_import_says_that_nothing_came_in(city: City, clerk: Client) -> None:
    sent = send(clerk, city["school"], outcomes())
    Import.objects.filter(pk=sent.pk).update(state=ImportState.FAILED)
    assert "一行也没有导入" in page(clerk, sent)


def test_the_file_comes_back_as_it_was_sent(city: City, clerk: Client) -> None:
    data = outcomes(changed(0, 4, -1))
    sent = send(clerk, city["school"], data, name="四月.xlsx")
    answer = clerk.get(reverse("import-file", args=[sent.uid]))
    assert body(answer) == data
    assert "%E5%9B%9B%E6%9C%88.xlsx" in answer["Content-Disposition"]


def test_the_problems_come_as_a_workbook_to_mend_beside_the_file(city: City, clerk: Client) -> None:
    sent = send(clerk, city["school"], outcomes(changed(1, 1, "c999")))
    answer = clerk.get(reverse("import-problems", args=[sent.uid]))
    rows = list(openpyxl.load_workbook(io.BytesIO(body(answer))).active.iter_rows(values_only=True))
    assert rows == [
        ("表", "行", "列", "原来写的", "哪里不对", "怎么改"),
        ("成效登记", 5, "班级 (B)", "c999", "没有“c999”这个班级", "是不是“c99”？"),
    ]


@pytest.mark.parametrize("noun", [importer.noun for importer in importers()])
def test_a_template_that_is_filled_in_is_recognised_and_accepted(
    city: City, client_of: Callable[[str], Client], noun: str
) -> None:
    clerk = client_of("head")
    PersonFactory.create(pupil=True, unit=city["c98"], code="c98-01")
    for kind, name in NEEDED.items():
        DutyFactory.create(unit=city["school"], kind=kind, name=name)
    place(city["school"], name="校门口")
    shift = services.take_workbook(
        city.viewer("clerk"),
        unit=city["school"],
        name="s.xlsx",
        chunks=[_filled(_template(clerk, "shift"), "shift", {"活动编号": "S01"})],
    )
    assert services.bring_in(shift).state == ImportState.DONE
    sent = send(clerk, city["school"], _filled(_template(clerk, noun), noun, {}))
    assert (sent.state, sent.problems) == (ImportState.READY, [])
    (found,) = sent.sheets
    assert (found["noun"], found["ignored"], found["rows"]) == (noun, [], 1)


def _template(clerk: Client, noun: str) -> bytes:
    return body(clerk.get(reverse("import-template", args=["demo-primary", noun])))


def _filled(template: bytes, noun: str, more: dict[str, str]) -> bytes:
    workbook = openpyxl.load_workbook(io.BytesIO(template))
    (headings,) = workbook.active.iter_rows(values_only=True)
    row = FILLED[noun] | more
    assert set(row) <= set(headings)
    workbook.active.append([row.get(str(text)) for text in headings])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_a_template_offers_the_words_and_explains_every_column(clerk: Client) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(_template(clerk, "outcome")))
    assert workbook.sheetnames == ["成效登记", "填写说明"]
    offered = [each.formula1 for each in workbook["成效登记"].data_validations.dataValidation]
    assert '"c98,c99"' in offered
    assert any(each.startswith('"公共设施维护,文明劝导,清理小广告,捡拾垃圾') for each in offered)
    headings, *rows = workbook["填写说明"].iter_rows(values_only=True)
    assert headings == ("列名", "填不填", "例子", "可以填")
    assert [row[0] for row in rows] == [cell.value for cell in workbook["成效登记"][1]]
    assert rows[3] == ("班级", "必填", "c98", "c98、c99")


def test_a_noun_that_cannot_be_imported_has_no_template(clerk: Client) -> None:
    assert clerk.get(reverse("import-template", args=["demo-primary", "report"])).status_code == 404


def test_the_list_shows_file_rows_problems_and_state_and_filters_by_state(city: City, clerk: Client) -> None:
    send(clerk, city["school"], outcomes(), name="好.xlsx")
    send(clerk, city["school"], outcomes(changed(0, 4, -1)), name="坏.xlsx")
    text = clerk.get(reverse("imports")).content.decode()
    assert "好.xlsx" in text
    assert "坏.xlsx" in text
    refused = clerk.get(reverse("imports"), {"state": "refused"}).content.decode()
    assert "坏.xlsx" in refused
    assert "好.xlsx" not in refused


def test_the_list_of_fifty_takes_few_queries(city: City, clerk: Client) -> None:
    viewer = city.viewer("clerk")
    for number in range(60):
        services.take_workbook(viewer, unit=city["school"], name=f"{number}.xlsx", chunks=[b"x"])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = clerk.get(reverse("imports"))
    assert answer.content.decode().count(".xlsx</a>") == 50
    assert len(queries) <= 12


def test_a_file_that_is_too_large_is_refused_with_its_limit(
    city: City, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chuangwen.interop.forms.FILE_LIMIT", 100)
    answer = clerk.post(reverse("imports"), {"unit": city["school"].pk, "file": upload(outcomes())})
    assert answer.context["form"].errors["file"] == ["文件超过 64 MB。按月或按表拆开再传"]
    assert not Import.objects.exists()


def test_the_form_offers_the_units_for_which_one_may_import_and_no_classes(city: City) -> None:
    def offered(part: str) -> set[str]:
        form = city.client(part).get(reverse("imports")).context["form"]
        return set(form.fields["unit"].queryset.values_list("code", flat=True))

    assert offered("clerk") == {"demo-primary"}
    assert offered("office") >= {"demo-primary", "demo-second-primary", "anlan"}
    assert "demo-primary-c98" not in offered("office")


@pytest.mark.parametrize("part", ["other_clerk", "recorder", "reader", "stranger"])
def test_the_import_of_another_school_looks_as_if_it_were_not_there(city: City, clerk: Client, part: str) -> None:
    sent = send(clerk, city["school"], outcomes())
    other = city.client(part)
    for route in ("import", "import-state", "import-file", "import-problems"):
        assert other.get(reverse(route, args=[sent.uid])).status_code == 404
    assert other.get(reverse("import-template", args=["demo-primary", "outcome"])).status_code == 404
    assert "登记表.xlsx" not in other.get(reverse("imports")).content.decode()


@pytest.mark.parametrize("part", ["other_clerk", "recorder", "reader", "stranger"])
def test_nobody_sends_a_workbook_for_a_school_that_is_not_theirs(city: City, part: str) -> None:
    client = city.client(part)
    with nothing_changes():
        answer = client.post(reverse("imports"), {"unit": city["school"].pk, "file": upload(outcomes())})
    assert answer.status_code in {200, 404}


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in() -> None:
    answer = Client().get(reverse("imports"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("sign-in"))
