"""The head is away: the clerk is told, sees on every page for whom they act, and acts until it ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from chuangwen.core import clock
from chuangwen.demo.city import PASSWORD
from tests.e2e.journey import STREET, assert_accessible, press, shot, sign_in

pytestmark = pytest.mark.e2e


def test_a_deputy_acts_for_the_head_until_the_head_is_back(page: Page, new_page: Callable[[], Page]) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, "principal", PASSWORD)
    page.goto("/profile/")
    page.get_by_role("link", name="定代理人").click()
    choice = page.locator("select[name=deputy] option", has_text="德育处经办员").first.get_attribute("value")
    page.locator("select[name=deputy]").select_option(choice)
    until = clock.today() + timedelta(days=6)
    page.locator("input[name=since]").fill(clock.today().isoformat())
    page.locator("input[name=until]").fill(until.isoformat())
    page.locator("input[name=reason]").fill("去省里开会")
    assert_accessible(page)
    shot(page, "deputy-new")
    press(page, "定代理人")
    expect(page.locator(".cw-msgs")).to_contain_text("由德育处经办员代理")

    clerk = new_page()
    clerk.set_viewport_size({"width": STREET["width"], "height": STREET["height"]})
    sign_in(clerk, "clerk", PASSWORD)
    expect(clerk.locator(".cw-top")).to_contain_text(f"代校长（到 {until:%m-%d}）")
    clerk.goto("/notices/")
    expect(clerk.locator(".cw-notes")).to_contain_text("由您代理校长")
    assert_accessible(clerk)
    shot(clerk, "notices-told")
    told = clerk.locator(".cw-notes li").filter(has_text="由您代理校长")
    told.get_by_role("button", name="去看").click()
    expect(clerk.get_by_text("代校长（安澜市实验小学）")).to_be_visible()

    page.goto("/profile/")
    press(page, "结束代理")
    clerk.goto("/waiting/")
    expect(clerk.locator(".cw-top")).not_to_contain_text("代校长")


def test_the_head_looks_at_what_hangs_on_the_clerk(page: Page) -> None:
    sign_in(page, "principal", PASSWORD)
    page.goto("/units/demo-primary/persons/?q=clerk")
    page.locator(".cw-list tbody a").first.click()
    page.get_by_role("link", name="交接").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("的交接")
    expect(page.locator("main")).to_contain_text("单位经办人")
    assert_accessible(page)
    shot(page, "hand-over")
