"""A clerk at the import desk: points columns out once, mends bad cells in the page, takes a whole import back.

Records of September, October and November: no other journey counts them.
"""

import datetime as dt
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from chuangwen.core.tabular import SheetToWrite, write_workbook
from chuangwen.demo.city import PASSWORD
from tests.e2e.journey import assert_accessible, shot, sign_in

PATIENCE = 30_000
HEADINGS = ["日期", "班级", "类别", "细类", "数量", "备注"]
ODD = ["哪天", "哪个班", "干了啥", "具体啥", "多少", "补充"]
FIELDS = ["day", "unit", "kind", "type", "amount", "note"]

pytestmark = pytest.mark.e2e


def workbook(path: Path, sheet: str, headings: list[str], rows: list[list[object]]) -> Path:
    write_workbook(path, [SheetToWrite(sheet, headings, rows, title=f"实验小学{sheet}")])
    return path


def upload(page: Page, path: Path) -> None:
    page.goto("/imports/")
    page.locator("input[name=file]").set_input_files(path)
    page.get_by_role("button", name="上传并检查").click()


def ready(page: Page) -> None:
    expect(page.get_by_text("行都没有问题，可以导入")).to_be_visible(timeout=PATIENCE)


def bring_in(page: Page) -> None:
    ready(page)
    page.get_by_role("button", name="导入这").click()
    expect(page.get_by_text("原文件的 SHA-256")).to_be_visible(timeout=PATIENCE)


def test_odd_headings_are_pointed_out_once_and_known_the_next_time(page: Page, tmp_path: Path) -> None:
    sign_in(page, "clerk", PASSWORD)
    rows: list[list[object]] = [
        [dt.date(2026, 9, 3), "c98", "捡拾垃圾", "", 3, "路边"],
        ["2026.9.4", "c99", "公共设施维护", "", 2, ""],
    ]
    upload(page, workbook(tmp_path / "九月.xlsx", "九月", ODD, rows))
    expect(page.get_by_text("没有认出可以导入的表")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="指给系统看").click()
    page.locator("#table-0").select_option("outcome")
    page.locator("#row-0").select_option("3")
    page.get_by_role("button", name="换成所选的表和表头").click()
    for position, field in enumerate(FIELDS):
        page.locator(f"#col-0-{field}").select_option(str(position))
    shot(page, "import-columns")
    assert_accessible(page)
    page.get_by_role("button", name="记住并重新检查").click()
    ready(page)
    expect(page.locator(".cw-sums")).to_contain_text("最小 2，最大 3，合计 5")
    shot(page, "import-preview")
    assert_accessible(page)
    bring_in(page)

    upload(page, workbook(tmp_path / "十月.xlsx", "十月", ODD, [[dt.date(2026, 10, 8), "c98", "捡拾垃圾", "", 4, ""]]))
    ready(page)
    page.goto("/imports/")
    expect(page.get_by_role("heading", name="记住的列名")).to_be_visible()
    page.get_by_role("button", name="忘掉 补充").click()
    expect(page.get_by_role("status")).to_contain_text("已忘掉“补充”")
    shot(page, "import-names")


def test_three_bad_cells_are_mended_in_the_page_and_the_whole_comes_in(page: Page, tmp_path: Path) -> None:
    sign_in(page, "clerk", PASSWORD)
    rows: list[list[object]] = [
        ["2026-09-31", "c98", "捡拾垃圾", "", 3, "第一条"],
        ["2026-09-14", "c999", "公共设施维护", "", 2, "第二条"],
        ["2026-09-16", "c98", "文明劝导", "闯红灯", "约五", "第三条"],
        ["2026-09-17", "c99", "捡拾垃圾", "", 4, "第四条"],
    ]
    upload(page, workbook(tmp_path / "有错.xlsx", "成效登记", HEADINGS, rows))
    expect(page.get_by_text("处要改，一行也没有导入")).to_be_visible(timeout=PATIENCE)
    page.get_by_label("日期 (A)").fill("2026-09-30")
    page.get_by_label("班级 (B)").fill("c99")
    page.get_by_label("数量 (E)").fill("5")
    shot(page, "import-mend")
    assert_accessible(page)
    page.get_by_role("button", name="保存并重新检查").click()
    ready(page)
    expect(page.locator("main")).to_contain_text("原文件没有动")
    bring_in(page)
    expect(page.locator(".cw-lede")).to_have_text("已导入 4 行。")


def test_an_import_under_an_issued_report_is_not_taken_back_and_the_report_is_named(page: Page) -> None:
    sign_in(page, "clerk", PASSWORD)
    page.goto("/imports/")
    page.get_by_role("link", name="primary-school-outcomes.xlsx").first.click()
    page.get_by_role("link", name="撤回整个导入").click()
    expect(page.locator(".cw-lede")).to_have_text("现在不能撤回：有别的东西用着这些行。")
    standing = page.locator(".cw-stand", has_text="份已印发的文书")
    expect(standing).to_contain_text("关于创建文明城市工作情况的报告（2026-03-01—2026-06-30）")
    expect(page.get_by_role("button", name="撤回整个导入")).to_have_count(0)
    shot(page, "import-undo-refused")
    assert_accessible(page)
    standing.get_by_role("link").first.click()
    expect(page.locator("article.cw-a4 h1")).to_have_text("关于创建文明城市工作情况的报告")


def test_another_import_is_taken_back_and_comes_in_again(page: Page, tmp_path: Path) -> None:
    sign_in(page, "clerk", PASSWORD)
    rows: list[list[object]] = [[dt.date(2026, 11, day), "c98", "捡拾垃圾", "", day, "桥口街"] for day in (2, 3, 4)]
    path = workbook(tmp_path / "十一月.xlsx", "成效登记", HEADINGS, rows)
    upload(page, path)
    bring_in(page)
    done = page.url
    listed = page.get_by_role("link", name="看导入的成效登记").get_attribute("href")
    assert listed
    page.get_by_role("link", name="撤回整个导入").click()
    expect(page.locator(".cw-lede")).to_contain_text("要撤回 3 行")
    shot(page, "import-undo")
    page.locator("input[name=reason]").fill("月份不对")
    page.get_by_role("button", name="撤回整个导入").click()
    expect(page.get_by_text("这次导入已撤回")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("dl")).to_contain_text("月份不对")
    shot(page, "import-undone")
    assert_accessible(page)
    page.goto(listed)
    expect(page.locator("tbody tr")).to_have_count(0)

    upload(page, path)
    bring_in(page)
    expect(page.locator(".cw-lede")).to_have_text("已导入 3 行。")
    assert page.url != done
