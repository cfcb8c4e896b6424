"""The writing desk: material chosen and arranged, words changed around the figures, a way through two pairs of eyes."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from chuangwen.demo.city import PASSWORD
from tests.e2e.journey import assert_accessible, issue, press, shot, sign_in

PATIENCE = 30_000

pytestmark = pytest.mark.e2e


def accept(dialog: Dialog) -> None:
    dialog.accept()


@pytest.fixture
def clerk(page: Page) -> Page:
    page.on("dialog", accept)
    sign_in(page, "clerk", PASSWORD)
    return page


@pytest.fixture
def head(new_page: Callable[[], Page]) -> Page:
    page = new_page()
    page.on("dialog", accept)
    sign_in(page, "principal", PASSWORD)
    return page


def write(page: Page, start: str, end: str) -> None:
    page.goto("/reports/new/")
    page.locator("input[name=start]").fill(start)
    page.locator("input[name=end]").fill(end)
    press(page, "写第一稿")
    if page.locator("input[name=again]").count():
        page.locator("input[name=again]").check()
        press(page, "写第一稿")
    expect(page.locator("article.cw-a4 h1")).to_be_visible()


def told(page: Page) -> list[str]:
    """The titles of the chosen pieces, in their order."""
    return page.locator(".cw-mat--in b").all_inner_texts()


def paragraph(page: Page, text: str) -> str:
    """The anchor of the paragraph that says this."""
    found = page.locator(".cw-par", has_text=text).first.get_attribute("id")
    assert found
    return found


@pytest.mark.practice("Z1")
@pytest.mark.practice("E9")
def test_material_is_dropped_and_reordered_returned_with_a_comment_signed_issued_and_archived(
    clerk: Page, head: Page, new_page: Callable[[], Page]
) -> None:
    write(clerk, "2026-03-01", "2026-06-30")
    chosen = told(clerk)
    assert len(chosen) == 3
    expect(clerk.locator(".cw-mat--in").first).to_contain_text("照片")
    expect(clerk.locator(".cw-mat--out").first).to_contain_text("未用：")
    shot(clerk, "desk-material")
    assert_accessible(clerk)

    clerk.locator(".cw-mat--in").nth(1).get_by_role("button", name="往前").click()
    clerk.wait_for_load_state()
    assert told(clerk) == [chosen[1], chosen[0], chosen[2]]
    clerk.locator(".cw-mat--in").nth(2).get_by_role("button", name="不写").click()
    clerk.wait_for_load_state()
    assert told(clerk) == [chosen[1], chosen[0]]
    out = clerk.locator(".cw-mat--out", has_text=chosen[2])
    expect(out).to_contain_text("写稿时去掉了")
    heading = clerk.locator(".cw-par", has_text="典型做法")
    expect(heading).to_have_count(1)
    names = [title.split(" ", 1)[1] for title in told(clerk)]
    text = clerk.locator("article.cw-a4").inner_text()
    assert text.index(f"（一）{names[0]}") < text.index(f"（二）{names[1]}")

    anchor = paragraph(clerk, "学生劝导不文明行为")
    clerk.locator(f"#{anchor}").get_by_role("link", name="改这一段").click()
    box = clerk.locator(".cw-edit")
    expect(box.locator(".cw-mark").first).to_have_text("585")
    box.press("Control+End")
    clerk.keyboard.insert_text("各路口秩序明显好转。")
    shot(clerk, "desk-editor")
    assert_accessible(clerk)
    press(clerk, "存")
    changed = clerk.locator(f"#{anchor}")
    expect(changed).to_contain_text("各路口秩序明显好转。")
    expect(changed.get_by_role("link", name="585", exact=True)).to_be_visible()

    press(clerk, "送核稿")
    head.goto("/desk/")
    head.get_by_role("link", name="核稿", exact=True).first.click()
    head.goto(clerk.url)
    head.locator(f"#{anchor}").get_by_role("link", name="批注这一段").click()
    head.locator("textarea[name=text]").fill("“明显好转”没有记录支撑，删去")
    press(head, "批注这一段")
    head.locator("summary", has_text="退回").click()
    head.locator("textarea[name=reason]").fill("第三条改一句，其余可以")
    shot(head, "desk-return")
    head.locator(".cw-menu--act").get_by_role("button", name="退回").click()
    expect(head.locator(".cw-write__bar")).to_contain_text("草稿")

    clerk.goto(clerk.url.split("?")[0].split("#")[0] + "?side=talk")
    talk = clerk.locator("aside")
    expect(talk).to_contain_text("“明显好转”没有记录支撑，删去")
    expect(talk).to_contain_text("第三条改一句，其余可以")
    shot(clerk, "desk-comments")
    clerk.locator(f"#{anchor}").get_by_role("link", name="改这一段").click()
    press(clerk, "恢复原来的文字")
    expect(clerk.locator(f"#{anchor}")).not_to_contain_text("明显好转")
    clerk.goto(clerk.url.split("?")[0].split("#")[0] + "?side=talk")
    clerk.get_by_role("button", name="办好了").first.click()

    clerk.goto(clerk.url.split("?")[0])
    issue(clerk, head)
    press(clerk, "归档")
    expect(clerk.locator(".cw-write__bar")).to_contain_text("已归档")
    for step in ("写稿", "送核稿", "退回", "核稿通过", "签发", "印发", "归档"):
        expect(clerk.locator(".cw-steps")).to_contain_text(step)
    shot(clerk, "desk-archived")

    code = clerk.locator(".cw-facts a[href^='/f/']").first.inner_text()
    stranger = new_page()
    stranger.set_viewport_size({"width": 360, "height": 740})
    stranger.goto(f"/f/{code}")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("这份文书是真的")
    expect(stranger.locator("main")).to_contain_text("没有更新的一份")
    assert_accessible(stranger)
    shot(stranger, "genuine-archived")


def test_a_figure_cannot_be_retyped_and_what_was_typed_is_kept_until_it_is_saved(
    clerk: Page, allow_status: Callable[..., None]
) -> None:
    allow_status(422)
    write(clerk, "2026-03-01", "2026-05-31")
    anchor = paragraph(clerk, "学生劝导不文明行为")
    edit = clerk.locator(f"#{anchor}").get_by_role("link", name="改这一段")
    edit.click()
    mark = clerk.locator(".cw-mark").first
    value = mark.inner_text()
    mark.click()
    clerk.keyboard.type("9")
    expect(mark).to_have_text(value)
    mark.evaluate("node => node.remove()")
    clerk.locator(".cw-edit").press("Control+Home")
    clerk.keyboard.insert_text(f"共{value}人次，")
    press(clerk, "存")
    expect(clerk.get_by_role("alert")).to_contain_text("不能手写")
    expect(clerk.locator(".cw-edit")).to_contain_text(f"共{value}人次，")

    clerk.goto(clerk.url.replace("text/", ""))
    edit.click()
    kept = clerk.get_by_text("上次没有存的文字还在。")
    expect(kept).to_be_visible()
    clerk.get_by_role("button", name="取回").click()
    expect(clerk.locator(".cw-edit")).to_contain_text(f"共{value}人次，")


def test_two_at_one_draft_are_told_of_each_other(clerk: Page, head: Page) -> None:
    write(clerk, "2026-04-01", "2026-05-31")
    address = clerk.url.split("?")[0]
    anchor = paragraph(clerk, "学生劝导不文明行为")
    head.goto(address)
    head.locator(f"#{anchor}").get_by_role("link", name="改这一段").click()
    expect(clerk.get_by_text(re.compile("校长正在改这份草稿的一段"))).to_be_visible(timeout=PATIENCE)
    shot(clerk, "desk-others")
    press(head, "删去这一段")
    expect(clerk.get_by_text("有人改了这份草稿，您看到的是旧的。")).to_be_visible(timeout=PATIENCE)


def test_an_updated_document_names_what_moved_and_the_old_one_leads_to_it(
    clerk: Page, head: Page, new_page: Callable[[], Page]
) -> None:
    write(clerk, "2026-03-01", "2026-04-30")
    issue(clerk, head)
    code = clerk.locator(".cw-facts a[href^='/f/']").first.inner_text()
    address = clerk.url
    clerk.goto("/outcomes/?kind=sticker_scrubbed&from=2026-04-01&to=2026-04-30")
    clerk.locator("tbody tr a").first.click()
    clerk.get_by_role("link", name="更正数量").click()
    before = int(clerk.locator("input[name=correct-amount]").input_value())
    clerk.locator("input[name=correct-amount]").fill(str(before + 5))
    clerk.locator("input[name=correct-reason]").fill("漏记五处")
    clerk.get_by_role("button", name="更正").click()
    clerk.wait_for_load_state()

    clerk.goto(address)
    press(clerk, "更新一份")
    moved = clerk.locator(".cw-open", has_text="清理小广告次数")
    expect(moved).to_contain_text(f"{before} → {before + 5}")
    expect(moved).to_contain_text("primary-school-outcomes.xlsx")
    shot(clerk, "desk-moved")
    assert_accessible(clerk)
    expect(clerk.locator("article.cw-a4")).to_contain_text(code)
    issue(clerk, head)

    stranger = new_page()
    stranger.goto(f"/f/{code}")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("这份文书是真的")
    expect(stranger.locator("main")).to_contain_text("更新过，新的一份是")
    shot(stranger, "genuine-superseded")


def test_the_pdf_is_made_and_names_the_faces_that_it_lacks(clerk: Page) -> None:
    write(clerk, "2026-05-01", "2026-05-31")
    clerk.get_by_role("link", name="PDF", exact=True).click()
    press(clerk, "做 PDF")
    expect(clerk.get_by_role("link", name="下载 PDF")).to_be_visible(timeout=90_000)
    shot(clerk, "pdf")
    assert_accessible(clerk)
    with clerk.expect_download() as waiting:
        clerk.get_by_role("link", name="下载 PDF").click()
    assert waiting.value.suggested_filename.endswith(".pdf")
