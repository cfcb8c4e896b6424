"""A head founds a working group; a new person is let in and must choose a password; everyone may switch language."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from chuangwen.demo.city import PASSWORD
from tests.e2e.journey import assert_accessible, shot, sign_in

pytestmark = pytest.mark.e2e

MEMBERS = (("校长", "leader", "总负责"), ("德育副校长", "deputy", "协助"), ("总务主任", "member", "设施"))


def accept(dialog: Dialog) -> None:
    dialog.accept()


@pytest.mark.practice("A1")
@pytest.mark.practice("C1")
@pytest.mark.practice("F1")
def test_a_head_founds_a_group_with_leader_member_remit_and_founding_document(page: Page, tmp_path: Path) -> None:
    page.on("dialog", accept)
    paper = tmp_path / "notice.pdf"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
    sign_in(page, "principal", PASSWORD)
    page.goto("/units/demo-primary/")
    page.get_by_role("link", name="成立工作机构").click()
    page.locator("input[name=name]").fill("校园环境整治专班")
    page.locator("input[name=code]").fill("demo-primary-campus")
    page.locator("select[name=kind]").select_option("working_group")
    page.locator("input[name=founded_on]").fill("2026-06-28")
    page.locator("textarea[name=remit]").fill("校园及周边环境，每周查一次。")
    page.locator("select[name=office]").select_option(label="实验小学创建文明城市工作领导小组")
    page.locator("input[name=document_title]").fill("关于成立校园环境整治专班的通知")
    page.locator("input[name=document_number]").fill("实小〔2026〕18号")
    page.locator("input[name=document]").set_input_files(paper)
    shot(page, "group-new")
    page.get_by_role("button", name="成立").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("校园环境整治专班")

    for person, position, remit in MEMBERS:
        page.get_by_role("link", name="加成员").click()
        option = page.locator("select[name=person] option", has_text=f"· {person}").first.get_attribute("value")
        page.locator("select[name=person]").select_option(option)
        page.locator("select[name=position]").select_option(position)
        page.locator("input[name=remit]").fill(remit)
        page.get_by_role("button", name="加入").click()
    rows = page.locator("section", has_text="组成").locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("组长")
    expect(page.locator("dl")).to_contain_text("实小〔2026〕18号")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="关于成立校园环境整治专班的通知").click()
    assert Path(waiting.value.path()).read_bytes() == paper.read_bytes()
    shot(page, "group")
    assert_accessible(page)


def test_a_new_person_gets_a_password_once_and_must_change_it(page: Page, new_page: Callable[[], Page]) -> None:
    page.on("dialog", accept)
    sign_in(page, "principal", PASSWORD)
    page.goto("/units/demo-primary/persons/new/")
    page.locator("input[name=code]").fill("T-017")
    page.locator("input[name=name]").fill("五年级组长")
    page.locator("input[name=login]").fill("grade-five")
    page.get_by_role("button", name="加入").click()
    password = page.locator(".cw-secret code").inner_text()
    shot(page, "person-new")
    page.reload()
    expect(page.locator(".cw-secret")).to_have_count(0)

    other = new_page()
    sign_in(other, "grade-five", password)
    expect(other).to_have_url(re.compile(r"/password/$"))
    other.goto("/desk/")
    expect(other).to_have_url(re.compile(r"/password/$"))
    shot(other, "password")
    other.locator("input[name=old_password]").fill(password)
    other.locator("input[name=new_password1]").fill("liudi-park-morning")
    other.locator("input[name=new_password2]").fill("liudi-park-morning")
    other.get_by_role("button", name="改密码").click()
    expect(other).to_have_url(re.compile(r"/desk/$"))
    expect(other.locator("main")).to_contain_text("您还没有授权")


def test_the_language_is_switched_on_sign_in_and_on_the_desk(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_role("button", name="EN").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Sign in")
    page.locator("input[name=username]").fill("clerk")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".cw-nav__list")).to_contain_text("Workbench")
    shot(page, "workbench-en")
    page.get_by_role("button", name="中").click()
    expect(page.locator(".cw-nav__list")).to_contain_text("工作台")


def test_a_wrong_password_says_what_to_do(page: Page) -> None:
    page.goto("/sign-in/")
    page.locator("input[name=username]").fill("clerk")
    page.locator("input[name=password]").fill("not-this-one")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("登录名或密码不对")
    expect(page.get_by_role("alert")).to_contain_text("管理员重置")
    shot(page, "sign-in-wrong")
    assert_accessible(page)


@pytest.mark.practice("A1")
def test_the_office_sees_at_its_desk_which_unit_has_records_and_which_is_silent(page: Page) -> None:
    sign_in(page, "office", PASSWORD)
    page.goto("/desk/?unit=anlan&from=2026-03-01&to=2026-06-30")
    units = page.locator("section", has_text="不排名").locator("tbody tr")
    expect(units).to_have_count(4)
    expect(units.nth(0)).to_contain_text("安澜市实验小学")
    expect(units.nth(1)).to_contain_text("安澜市第二小学")
    expect(units.nth(1)).to_contain_text("这一段没有")
    expect(page.locator(".cw-figs")).to_contain_text("585")
    shot(page, "office-desk")
    assert_accessible(page)
    units.nth(0).locator("a.cw-fig__n").nth(1).click()
    expect(page.locator(".cw-head__s")).to_contain_text("安澜市实验小学")
    expect(page.locator(".cw-pager")).to_contain_text("1000 多条")
    page.goto("/units/anlan-group/")
    expect(page.locator("main")).to_contain_text("办公室主任")
