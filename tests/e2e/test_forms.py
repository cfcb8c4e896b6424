"""An inspector fills a checklist on a telephone: a bad answer asks for words and a photo, and the copy shows both."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from chuangwen.demo.city import PASSWORD
from tests.e2e.journey import STREET, assert_accessible, shot, sign_in
from tests.factories.records import photo

pytestmark = pytest.mark.e2e

# The demo's school answers for the place that the district keeps in the register.
SCHOOL = "安澜市实验小学"


def phone(page: Page) -> None:
    page.set_viewport_size({"width": STREET["width"], "height": STREET["height"]})


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= STREET["width"])


def verdict(page: Page, name: str, value: str) -> None:
    page.locator(f'[data-name="{name}"] .sd-item:has(input[value="{value}"])').click()


def test_a_bad_answer_asks_for_words_and_a_photo_and_the_copy_shows_them(page: Page, tmp_path: Path) -> None:
    phone(page)
    sign_in(page, "clerk", PASSWORD)
    page.goto("/forms/?q=中小学校")
    page.get_by_role("link", name="中小学校检查表").click()
    expect(page.get_by_text("不是任何一级的官方标准").first).to_be_visible()
    page.get_by_role("link", name="填写").click()
    page.get_by_role("link", name=SCHOOL, exact=True).click()
    expect(page.locator("#form-progress")).to_contain_text("已填 0 / 26 题")
    assert fits(page)
    assert_accessible(page)

    # A number below what is asked for is said to be so at once.
    first = page.locator('[data-name="i81"] input')
    first.fill("2")
    expect(page.locator('[data-name="i81__bad"]')).to_contain_text("不符合")
    first.fill("3")
    expect(page.locator('[data-name="i81__met"]')).to_contain_text("符合")
    expect(page.locator('[data-name="i81__note"]')).to_have_count(0)

    verdict(page, "i83", "not_met")
    expect(page.locator('[data-name="i83__photos"]')).to_be_visible()
    page.get_by_role("button", name="交", exact=True).click()
    expect(page.locator('[data-name="i83__note"] .sd-error__item')).to_be_visible()
    expect(page.locator("#form-problem")).to_contain_text("要填或要改")

    page.locator('[data-name="i83__note"] textarea').fill("食堂门口没有提示牌")
    picture = tmp_path / "canteen.jpg"
    picture.write_bytes(photo())
    with page.expect_file_chooser() as chooser:
        page.locator('[data-name="i83__photos"] label').click()
    chooser.value.set_files(picture)
    expect(page.locator('[data-name="i83__photos"]')).to_contain_text("canteen.jpg")

    # The page is closed half-way; what was filled is still there.
    page.reload()
    expect(page.locator("#form-draft")).to_be_visible()
    expect(page.locator('[data-name="i83__note"] textarea')).to_have_value("食堂门口没有提示牌")

    for item in page.locator('[data-name$="__na"]').all():
        if item.get_attribute("data-name") != "i81__na":
            item.locator("label").click()
    for item in page.locator('.sd-item:has(input[value="met"])').all():
        if not item.locator("xpath=ancestor::*[@data-name='i83']").count():
            item.click()
    expect(page.locator("#form-progress")).to_contain_text("不符合 1")
    assert fits(page)
    shot(page, "form-fill")
    page.get_by_role("button", name="交", exact=True).click()

    page.wait_for_url("**/submissions/**", timeout=30_000)
    expect(page.locator(".cw-lede")).to_contain_text("不符合 1 项")
    expect(page.get_by_text("食堂门口没有提示牌")).to_be_visible()
    expect(page.get_by_text("照片 1").or_(page.get_by_alt_text("照片 1"))).to_be_visible()
    assert fits(page)
    assert_accessible(page)
    shot(page, "submission")
    page.goto("/submissions/")
    expect(page.get_by_role("cell", name=SCHOOL).first).to_be_visible()


def test_without_a_network_nothing_is_lost_and_it_is_sent_later(page: Page, allow_status: Callable[..., None]) -> None:
    phone(page)
    sign_in(page, "clerk", PASSWORD)
    page.goto("/forms/check-no-place/fill/")
    for name in ("i93_1", "i93_2", "i125"):
        page.locator(f'[data-name="{name}"] input').fill("9")
    verdict(page, "i94", "met")
    page.route("**/submit/", lambda route: route.fulfill(status=503, content_type="text/html", body="down"))
    allow_status(503)
    page.get_by_role("button", name="交", exact=True).click()
    expect(page.locator("#form-problem")).to_contain_text("草稿还在这台设备上")
    page.unroute("**/submit/")
    page.get_by_role("button", name="交", exact=True).click()
    page.wait_for_url("**/submissions/**", timeout=30_000)
    expect(page.locator(".cw-lede")).to_contain_text("全部符合")
    page.goto("/forms/check-no-place/fill/")
    expect(page.locator("#form-draft")).to_be_hidden()


def test_what_only_the_server_knows_is_shown_at_its_question(page: Page, allow_status: Callable[..., None]) -> None:
    phone(page)
    sign_in(page, "clerk", PASSWORD)
    page.goto("/forms/check-no-place/fill/")
    for name in ("i93_1", "i93_2", "i125"):
        page.locator(f'[data-name="{name}"] input').fill("9")
    verdict(page, "i94", "met")
    said = (
        '{"error": {"message": "x", "mend": ""}, "problems": [{"where": "i94", "message": "不行", "mend": "换一个"}]}'
    )
    page.route("**/submit/", lambda route: route.fulfill(status=422, content_type="application/json", body=said))
    allow_status(422)
    page.get_by_role("button", name="交", exact=True).click()
    expect(page.locator('[data-name="i94"] .sd-error__item')).to_contain_text("不行。换一个")


def test_the_pages_of_forms_fit_both_screens_and_everybody_can_use_them(page: Page) -> None:
    sign_in(page, "office", PASSWORD)
    for name, address in {
        "forms": "/forms/",
        "form": "/forms/check-trunk-road/",
        "form-place": "/forms/check-school/fill/",
        "submissions": "/submissions/",
        "form-retire": "/forms/check-market/retire/",
    }.items():
        for width, height in ((1280, 900), (STREET["width"], STREET["height"])):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(address)
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert_accessible(page)
        shot(page, name)
