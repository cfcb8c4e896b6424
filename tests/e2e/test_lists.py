"""Many rows at once and views of one's own, in a real browser: by keyboard at a desk, by thumb in the street."""

import pytest
from playwright.sync_api import Page, expect

from chuangwen.demo.city import PASSWORD
from tests.e2e.journey import DESK, STREET, assert_accessible, shot, sign_in

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("size", [DESK, STREET], ids=["desk", "street"])
def test_ticked_places_are_closed_and_used_again_and_the_view_is_kept(page: Page, size: dict[str, int]) -> None:
    sign_in(page, "office", PASSWORD)
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    # The site is shared: other journeys bring in places, but none with a road in its name.
    page.goto("/places/?q=路&sort=name&state=open")
    bar, boxes = page.get_by_role("group", name="对选中的"), page.locator("tbody input[type=checkbox]")
    expect(bar).to_be_hidden()

    boxes.nth(0).focus()
    page.keyboard.press("Space")
    boxes.nth(2).click(modifiers=["Shift"])
    expect(bar.get_by_role("status")).to_have_text("已选 3 件")
    boxes.nth(1).uncheck()
    expect(bar.get_by_role("status")).to_have_text("已选 2 件")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert_accessible(page)
    shot(page, "places-ticked")

    page.get_by_label("全选这一页").check()
    bar.get_by_label("所有筛出的").check()
    expect(bar.get_by_role("status")).not_to_have_text("已选 50 件")
    bar.get_by_role("button", name="取消").click()
    expect(bar).to_be_hidden()

    for box in (0, 1):
        boxes.nth(box).check()
    bar.get_by_role("button", name="停用").click()
    page.get_by_label("原因").fill("修路")
    assert_accessible(page)
    page.get_by_role("button", name="停用这 2 件").click()
    expect(page.get_by_text("办成 2 件。")).to_be_visible()
    assert_accessible(page)

    page.goto("/places/?view=closed&sort=name")
    page.get_by_text("存为视图").click()
    page.get_by_label("名称").fill("停掉的")
    page.get_by_role("button", name="存下").click()
    expect(page.get_by_role("link", name="停掉的")).to_have_attribute("aria-current", "true")
    assert_accessible(page)
    shot(page, "places-view")
    page.get_by_text("这个视图").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="删去").click()
    expect(page.get_by_text("视图已删去")).to_be_visible()

    page.goto("/places/?view=closed")
    page.get_by_label("全选这一页").check()
    page.get_by_role("button", name="恢复使用").click()
    expect(page.get_by_text("办成 2 件。")).to_be_visible()
