"""A supervisor finds something, the office hands it over, a bureau fixes it, somebody else sees it fixed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from chuangwen.demo.city import PASSWORD
from chuangwen.demo.photos import scene
from tests.e2e.journey import STREET, assert_accessible, shot, sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.practice("A2", "A3", "A7")]
TITLE = "文庙路井盖松动，车过有响声"


def photo(path: Path, number: int) -> Path:
    scene(number).save(path, "JPEG")
    return path


def open_case(page: Page) -> None:
    page.goto("/cases/?view=all&q=井盖松动")
    page.get_by_role("link", name=TITLE).first.click()


def do(page: Page, verb: str) -> None:
    page.get_by_role("link", name=verb, exact=True).click()


def press(page: Page, verb: str) -> None:
    page.get_by_role("button", name=verb, exact=True).click()


def test_closed_means_that_somebody_else_has_seen_it_fixed(
    page: Page, new_page: Callable[[], Page], tmp_path: Path
) -> None:
    sign_in(page, "supervisor", PASSWORD)
    page.goto("/cases/new/")
    assert_accessible(page)
    page.get_by_label("一句话").fill(TITLE)
    page.locator("input[name=photos]").set_input_files(photo(tmp_path / "before.jpg", 61))
    page.get_by_label("地址").fill("文庙路 118 号门前")
    press(page, "登记")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert_accessible(page)

    office = new_page()
    sign_in(office, "office", PASSWORD)
    open_case(office)
    do(office, "立案")
    office.get_by_label("类别").select_option(label="井盖缺损")
    press(office, "立案")
    do(office, "派遣")
    assert_accessible(office)
    office.get_by_label("牵头单位").select_option(label="市城管局")
    office.get_by_label("配合单位").select_option(label="文庙街道")
    office.get_by_label("配合做什么").fill("摆警示桩，提醒行人")
    press(office, "派遣")
    expect(office.get_by_text("摆警示桩，提醒行人")).to_be_visible()

    unit = new_page()
    unit.set_viewport_size({"width": STREET["width"], "height": STREET["height"]})
    sign_in(unit, "urban-clerk", PASSWORD)
    open_case(unit)
    do(unit, "签收")
    press(unit, "签收")
    do(unit, "整改完成")
    unit.get_by_label("怎么办的").fill("换了井圈，垫了胶圈")
    press(unit, "整改完成")
    expect(unit.get_by_label("整改后的照片")).to_be_visible()
    unit.locator("input[name=photos]").set_input_files(photo(tmp_path / "after.jpg", 62))
    press(unit, "整改完成")
    expect(unit.locator(".cw-head .cw-st")).to_have_text("待核验")
    expect(unit.get_by_text("核验通过，结案")).to_have_count(0)
    shot(unit, "case-fixed")
    assert_accessible(unit)
    assert unit.evaluate("document.documentElement.scrollWidth") <= STREET["width"]

    open_case(page)
    do(page, "核验通过，结案")
    page.get_by_label("说明").fill("现场踩过，不响了")
    press(page, "核验通过，结案")
    expect(page.locator(".cw-head .cw-st")).to_have_text("已结案")
    shot(page, "case-closed")
    expect(page.locator(".cw-tl li")).to_have_count(6)


def test_the_list_of_cases_and_the_board_are_for_everybody(page: Page) -> None:
    sign_in(page, "office", PASSWORD)
    for address, name in (("/cases/", "cases"), ("/cases/board/", "case-board"), ("/cases/?view=over", "cases-late")):
        page.goto(address)
        shot(page, name)
        assert_accessible(page)
