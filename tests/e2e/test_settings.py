"""The office adds a place type, renames a kind of unit, gives a role a permission, enters holidays, and sees it all."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from chuangwen.demo.city import PASSWORD
from tests.e2e.journey import assert_accessible, press, shot, sign_in

pytestmark = pytest.mark.e2e


def accept(dialog: Dialog) -> None:
    dialog.accept()


def tick(page: Page, perm: str) -> None:
    page.locator(f"input[name=permissions][value='{perm}']").check()


def open_row(page: Page, table: str, name: str) -> None:
    page.locator(".cw-nav").get_by_role("link", name="设置").click()
    page.get_by_role("link", name=table, exact=True).click()
    page.get_by_role("link", name=name, exact=True).click()


def test_the_office_changes_what_the_city_is_made_of_and_every_change_is_on_record(page: Page) -> None:
    page.on("dialog", accept)
    sign_in(page, "office", PASSWORD)
    page.locator(".cw-nav").get_by_role("link", name="设置").click()
    expect(page.locator("main")).to_contain_text("点位类型")
    shot(page, "settings")
    assert_accessible(page)

    page.get_by_role("link", name="点位类型", exact=True).click()
    shot(page, "setting")
    assert_accessible(page)
    page.get_by_role("link", name="加一行").click()
    page.locator("input[name=code]").fill("Night Market")
    page.locator("input[name=name]").fill("夜市")
    page.locator("input[name=group]").fill("商业和服务")
    page.locator("select[name=shape]").select_option(label="面")
    press(page, "加上")
    expect(page.locator(".cw-f.is-bad")).to_contain_text("代码只能用小写英文字母")
    page.locator("input[name=code]").fill("night_market")
    press(page, "加上")
    page.get_by_role("searchbox", name="搜这个列表").fill("夜市")
    press(page, "查")
    expect(page.locator("tbody tr")).to_have_count(1)

    open_row(page, "单位类别", "部门")
    page.locator("input[name=name]").fill("市直部门")
    press(page, "保存")
    expect(page.locator(".cw-past")).to_contain_text("市创文办经办人 改设置")
    expect(page.locator(".cw-past")).to_contain_text("市直部门")
    page.goto("/units/")
    expect(page.locator("tbody tr", has_text="市教育局").first).to_contain_text("市直部门")

    open_row(page, "单位类别", "市直部门")
    shot(page, "setting-row")
    assert_accessible(page)
    press(page, "照文件恢复")
    expect(page.locator("h1")).to_have_text("部门")
    expect(page.locator("main")).to_contain_text("和随系统来的文件一样")
    expect(page.locator(".cw-past")).to_have_count(2)


def test_a_role_gets_a_permission_and_its_holder_has_it(page: Page, new_page: Callable[[], Page]) -> None:
    reader = new_page()
    sign_in(reader, "reader", PASSWORD)
    expect(reader.locator(".cw-nav")).not_to_contain_text("动 态")
    expect(reader.locator(".cw-nav a[href='/events/']")).to_have_count(0)
    sign_in(page, "office", PASSWORD)
    open_row(page, "角色", "查阅人")
    tick(page, "event.view")
    shot(page, "role")
    assert_accessible(page)
    press(page, "保存")
    expect(page.locator(".cw-past ins")).to_contain_text("看动态")
    reader.goto("/events/")
    expect(reader.get_by_role("heading", level=1)).to_have_text("动态")


def test_next_years_holidays_are_entered_from_the_notice_and_a_day_is_mended(page: Page) -> None:
    page.on("dialog", accept)
    sign_in(page, "office", PASSWORD)
    page.goto("/settings/holidays/?year=2031")
    expect(page.locator("main")).to_contain_text("2031 年的放假安排还没有")
    page.get_by_role("link", name="按放假通知写上").click()
    page.locator("textarea").fill("1月1日至3日 放假 元旦\n春节八天\n2月30日 上班 春节")
    press(page, "都写上")
    expect(page.locator(".cw-f.is-bad")).to_contain_text("第 2 行")
    expect(page.locator(".cw-f.is-bad")).to_contain_text("第 3 行")
    shot(page, "holidays-list")
    assert_accessible(page)
    page.locator("textarea").fill("1月1日至3日 放假 元旦\n2031-01-05 上班 元旦")
    press(page, "都写上")
    expect(page.locator(".cw-msg")).to_contain_text("已改 4 天")
    expect(page.locator("a.cw-day--off")).to_have_count(3)
    expect(page.locator("a.cw-day--work")).to_have_count(1)

    page.locator("a.cw-day--work").click()
    expect(page.locator("input[name=start]")).to_have_value("2031-01-05")
    expect(page.locator("select[name=kind]")).to_have_value("work")
    page.locator("select[name=kind]").select_option("plain")
    press(page, "保存")
    expect(page.locator("a.cw-day--work")).to_have_count(0)
    expect(page.locator(".cw-past")).to_have_count(2)
    expect(page.locator(".cw-past").first).to_contain_text("照常")
    page.goto("/settings/holidays/?year=2026")
    shot(page, "holidays")
    assert_accessible(page)


def test_a_unit_is_renamed_moved_and_closed_once_it_is_empty(page: Page) -> None:
    page.on("dialog", accept)
    sign_in(page, "office", PASSWORD)
    page.goto("/units/wenmiao-street/units/new/")
    page.locator("select[name=kind]").select_option("community")
    page.locator("textarea[name=names]").fill("河街社区")
    press(page, "加上")
    page.get_by_role("link", name="河街社区").click()
    page.get_by_text("改这个单位").click()
    page.get_by_role("link", name="改资料").click()
    page.locator("input[name=division_code]").fill("4307")
    press(page, "保存")
    expect(page.locator(".cw-f.is-bad")).to_contain_text("区划代码“4307”不对")
    page.locator("input[name=name]").fill("河街口社区")
    page.locator("input[name=division_code]").fill("430702001003")
    shot(page, "unit-edit")
    assert_accessible(page)
    press(page, "保存")
    expect(page.get_by_role("heading", level=1)).to_have_text("河街口社区")

    page.get_by_text("改这个单位").click()
    page.get_by_role("link", name="移到别的上级").click()
    page.locator("select[name=parent]").select_option(label="望山区")
    shot(page, "unit-move")
    assert_accessible(page)
    press(page, "移过去")
    expect(page.locator(".cw-past").first).to_contain_text("文庙街道")
    expect(page.locator(".cw-past").first).to_contain_text("望山区")

    page.get_by_text("改这个单位").click()
    page.get_by_role("link", name="停用").click()
    shot(page, "unit-close")
    assert_accessible(page)
    press(page, "停用")
    expect(page.locator(".cw-head__s")).to_have_text(re.compile("起停用"))
    page.goto("/units/demo-primary/close/")
    expect(page.locator("main")).to_contain_text("还停不了")
    assert_accessible(page)
    page.goto("/units/demo-primary/")
    page.get_by_text("改这个单位").click()
    shot(page, "unit-menu")
    assert_accessible(page)
