"""A school's clerk brings a workbook in, mends it, writes the report, issues it and follows a figure to its rows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Dialog, Page, expect

from chuangwen.demo.city import PASSWORD
from chuangwen.reports import docx
from tests.e2e.journey import assert_accessible, issue, shot, sign_in

EXAMPLES = Path(__file__).resolve().parents[2] / "chuangwen" / "reference" / "examples"
PATIENCE = 30_000

pytestmark = pytest.mark.e2e


@pytest.fixture
def head(new_page: Callable[[], Page]) -> Page:
    """The principal at another desk."""
    page = new_page()
    page.on("dialog", accept)
    sign_in(page, "principal", PASSWORD)
    return page


def accept(dialog: Dialog) -> None:
    dialog.accept()


def upload(page: Page, name: str) -> None:
    page.goto("/imports/")
    page.locator("input[name=file]").set_input_files(EXAMPLES / name)
    page.get_by_role("button", name="上传并检查").click()


def write_report(page: Page, start: str, end: str) -> None:
    page.goto("/reports/new/")
    page.locator("input[name=start]").fill(start)
    page.locator("input[name=end]").fill(end)
    page.get_by_role("button", name="写第一稿").click()
    # Another journey may have issued this period before: one says that one means it.
    again = page.locator("input[name=again]")
    if again.count():
        again.check()
        page.get_by_role("button", name="写第一稿").click()
    expect(page.locator("article.cw-a4 h1")).to_have_text("关于创建文明城市工作情况的报告")


def downloaded(page: Page, link: str, to: Path) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).click()
    waiting.value.save_as(to)
    return to.read_bytes()


@pytest.mark.practice("D5")
@pytest.mark.practice("D12")
@pytest.mark.practice("Z2")
def test_a_workbook_is_mended_imported_reported_issued_and_every_figure_opens(
    page: Page, head: Page, tmp_path: Path
) -> None:
    page.on("dialog", accept)
    sign_in(page, "clerk", PASSWORD)

    upload(page, "primary-school-outcomes-bad.xlsx")
    expect(page.get_by_text("处要改，一行也没有导入")).to_be_visible(timeout=PATIENCE)
    problems = page.locator("#state tbody tr")
    expect(problems).to_have_count(3)
    expect(problems.nth(0)).to_contain_text("2026-02-30")
    expect(problems.nth(1)).to_contain_text("c999")
    expect(problems.nth(2)).to_contain_text("-2")
    shot(page, "import-refused")
    assert_accessible(page)

    upload(page, "primary-school-outcomes-mended.xlsx")
    expect(page.get_by_text("行都没有问题，可以导入")).to_be_visible(timeout=PATIENCE)
    shot(page, "import-ready")
    page.get_by_role("button", name="导入这").click()
    expect(page.get_by_text("原文件的 SHA-256")).to_be_visible(timeout=PATIENCE)
    shot(page, "import-done")

    write_report(page, "2026-03-01", "2026-06-30")
    text = page.locator("article.cw-a4")
    for figure in ("108", "585", "243", "165", "177", "678", "700余", "34"):
        expect(text.get_by_role("link", name=figure, exact=True).first).to_be_visible()
    expect(text).to_contain_text("c98、c99、c105、c117")
    expect(text).to_contain_text("c106、c116、c101、c102")
    expect(text).to_contain_text("c101、c102、c103、c116、c98、c99、c100、c105、c117")
    expect(text).to_contain_text("不低于全部班级平均数1.2倍")
    shot(page, "report-draft")
    assert_accessible(page)
    issue(page, head)
    shot(page, "report-issued")

    document = downloaded(page, "Word", tmp_path / "report.docx")
    links = {link.text: link.url for link in docx.links(document)}
    page.goto(links["108"])
    expect(page.get_by_role("heading", level=1)).to_have_text("公共设施维护次数")
    expect(page.locator(".cw-lede")).to_contain_text("108")
    expect(page.locator(".cw-lede")).to_contain_text("与现在的记录一致")
    expect(page.locator("tbody tr").first).to_contain_text("primary-school-outcomes.xlsx")
    shot(page, "figure")
    assert_accessible(page)
    page.locator("tbody tr a").first.click()
    expect(page.locator("dl")).to_contain_text("primary-school-outcomes.xlsx")
    shot(page, "outcome")


def test_a_corrected_record_shows_in_the_issued_report_and_at_its_figure(page: Page, head: Page) -> None:
    page.on("dialog", accept)
    sign_in(page, "clerk", PASSWORD)
    write_report(page, "2026-04-01", "2026-04-30")
    issue(page, head)
    expect(page.get_by_text("每个数都与现在的记录一致")).to_be_visible()
    report = page.url

    page.goto("/outcomes/?kind=litter_picked&from=2026-04-01&to=2026-04-30")
    page.locator("tbody tr a").first.click()
    page.get_by_role("link", name="更正数量").click()
    before = int(page.locator("input[name=correct-amount]").input_value())
    page.locator("input[name=correct-amount]").fill(str(before + 1))
    page.locator("input[name=correct-reason]").fill("补记一次")
    page.get_by_role("button", name="更正").click()
    expect(page.locator("main")).to_contain_text(f"数量由 {before} 改为 {before + 1}：补记一次")

    page.goto(report)
    moved = page.locator(".cw-open").get_by_role("link", name="捡拾垃圾次数")
    expect(moved).to_be_visible()
    shot(page, "report-moved")
    moved.click()
    changed = page.locator("tr.is-changed")
    expect(changed).to_have_count(1)
    expect(changed).to_contain_text(f"改为 {before + 1}")
    shot(page, "figure-moved")


def test_a_clerk_adds_a_sentence_with_a_figure_to_the_template_and_it_works(page: Page, tmp_path: Path) -> None:
    page.on("dialog", accept)
    sign_in(page, "clerk", PASSWORD)
    page.goto("/units/demo-primary/templates/primary-school/")
    shot(page, "templates")
    downloaded(page, "下载现在的模板", tmp_path / "template.docx")
    template = Document(str(tmp_path / "template.docx"))
    heading = next(each for each in template.paragraphs if each.text.startswith("{{ 序('章') }}、主要做法"))
    body = next(each for each in template.paragraphs if each.text.startswith("现将"))
    sentence = "据统计，人均参加{{ 参加人次 / 学生总数 }}次，请假{{ 请假人次 }}人次。"
    heading.insert_paragraph_before(sentence, style=body.style)
    template.save(str(tmp_path / "mine.docx"))

    bad = Document(str(tmp_path / "template.docx"))
    bad.paragraphs[0].insert_paragraph_before("共{{ 公共设施维护次 }}次。")
    bad.save(str(tmp_path / "bad.docx"))
    page.locator("input[name=file]").set_input_files(tmp_path / "bad.docx")
    page.get_by_role("button", name="检查并启用").click()
    expect(page.locator("form .is-bad, .cw-fe")).to_contain_text("公共设施维护次数")
    shot(page, "template-refused")

    page.locator("input[name=file]").set_input_files(tmp_path / "mine.docx")
    page.get_by_role("button", name="检查并启用").click()
    expect(page.get_by_role("status")).to_contain_text("模板已启用")
    write_report(page, "2026-03-01", "2026-06-30")
    added = page.locator("article.cw-a4 p", has_text="据统计")
    expect(added.get_by_role("link", name="61", exact=True)).to_be_visible()


def test_a_period_without_records_says_so(page: Page) -> None:
    sign_in(page, "clerk", PASSWORD)
    write_report(page, "2025-01-01", "2025-01-31")
    text = page.locator("article.cw-a4")
    expect(text).to_contain_text("没有登记创建文明城市活动记录")
    expect(text.locator("a[href*='/f/']")).to_have_count(0)


def test_a_stranger_with_the_paper_learns_that_it_is_genuine_and_nothing_else(
    page: Page, head: Page, new_page: Callable[[], Page]
) -> None:
    page.on("dialog", accept)
    sign_in(page, "clerk", PASSWORD)
    write_report(page, "2026-05-01", "2026-05-31")
    issue(page, head)
    figure = page.locator("article.cw-a4 a").first
    value, address = figure.inner_text(), figure.get_attribute("href")
    assert address

    stranger = new_page()
    stranger.set_viewport_size({"width": 360, "height": 740})
    stranger.goto(address)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("这份文书是真的")
    expect(stranger.locator("dl")).to_contain_text("安澜市实验小学")
    assert value not in stranger.locator("main").inner_text().replace("2026", "").split()
    assert_accessible(stranger)
    shot(stranger, "genuine")
    code = address.rsplit("/", 1)[-1]
    stranger.goto("/f/")
    stranger.locator("input[name=code]").fill("nosuchcode")
    stranger.get_by_role("button", name="核对").click()
    expect(stranger.locator(".is-bad")).to_contain_text("没有这个编码")
    stranger.locator("input[name=code]").fill(code.upper())
    stranger.get_by_role("button", name="核对").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("这份文书是真的")


@pytest.mark.practice("D6")
def test_the_pupils_below_two_outings_are_counted_and_listed(page: Page) -> None:
    sign_in(page, "clerk", PASSWORD)
    page.goto("/metrics/pupil.twice@1/?unit=demo-primary&from=2026-03-01&to=2026-06-30")
    expect(page.locator(".cw-lede")).to_contain_text("712")
    page.goto("/metrics/pupil.below_twice@1/?unit=demo-primary&from=2026-03-01&to=2026-06-30")
    expect(page.locator(".cw-lede b")).to_have_text("0")

    page.goto("/metrics/pupil.below_twice@1/?unit=demo-primary&from=2026-05-01&to=2026-05-31")
    below = int(page.locator(".cw-lede b").inner_text())
    assert 0 < below < 712
    page.locator("tbody tr a").first.click()
    expect(page.locator(".cw-head__s")).to_contain_text("学生只记代码")
    write_report(page, "2026-05-01", "2026-05-31")
    shortcoming = page.locator("article.cw-a4 p", has_text="名学生本期参加活动不足2次")
    shortcoming.get_by_role("link", name=str(below), exact=True).click()
    expect(page.locator(".cw-sec__n").first).to_contain_text(f"共 {below} 条")


@pytest.mark.practice("D7")
def test_an_essay_is_handed_in_and_judged_and_the_report_counts_it(page: Page) -> None:
    sign_in(page, "clerk", PASSWORD)
    page.goto("/metrics/essay.missing@1/?unit=demo-primary&from=2026-03-01&to=2026-12-31")
    missing = int(page.locator(".cw-lede b").inner_text())
    pupil = page.locator("tbody tr a").first.inner_text()
    unit, code = pupil.split()
    page.goto("/outcomes/new/")
    page.locator("select[name=unit]").select_option(label=unit)
    page.locator("select[name=kind]").select_option("essay")
    page.locator("input[name=amount]").fill("1")
    page.locator("input[name=day]").fill("2026-10-15")
    page.locator("input[name=pupil]").fill(code.upper())
    page.get_by_role("button", name="登记").click()
    expect(page.locator("dl")).to_contain_text(code)
    page.get_by_role("button", name="评为优秀").click()
    expect(page.locator("main")).to_contain_text("评心得")
    expect(page.get_by_role("button", name="不评优秀")).to_be_visible()
    shot(page, "essay")

    page.goto("/metrics/essay.missing@1/?unit=demo-primary&from=2026-03-01&to=2026-12-31")
    expect(page.locator(".cw-lede b")).to_have_text(str(missing - 1))
    write_report(page, "2026-03-01", "2026-11-20")
    sentence = page.locator("article.cw-a4 p", has_text="评为优秀心得")
    expect(sentence.get_by_role("link", name="35", exact=True)).to_be_visible()
