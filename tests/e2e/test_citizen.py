"""A citizen reports from the street with a bad network, follows with the code, finds it not solved, and it reopens."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from chuangwen.demo.photos import scene
from tests.e2e.journey import STREET, assert_accessible, shot
from tests.e2e.site import Site
from tests.evidence.samples import exif

PATIENCE = 30_000
# The office files it and gives it to the school, the school puts it right, the office looks: through the services.
STAFF = """
from io import BytesIO
from chuangwen.cases import services
from chuangwen.cases.models import Case, CaseCategory
from chuangwen.cases.services import Given
from chuangwen.demo.photos import scene
from chuangwen.evidence import services as evidence
from chuangwen.people.access import Viewer
from chuangwen.people.models import Account

def viewer(login):
    return Viewer(Account.objects.select_related("person__unit").get(login=login).person)

office, clerk = viewer("office"), viewer("clerk")
school = clerk.person.unit
uid = Case.objects.get(number="{number}").uid
category = CaseCategory.objects.get(pk="bicycle_parking")
services.move(office, uid=uid, verb="file", given=Given(category=category))
services.move(office, uid=uid, verb="dispatch", given=Given(lead=school))
services.move(clerk, uid=uid, verb="accept")
picture = BytesIO()
scene(31).save(picture, "JPEG")
photo = evidence.hand_in(clerk, unit=school, name="after.jpg", chunks=[picture.getvalue()])
services.move(clerk, uid=uid, verb="fix", given=Given(reason="清走单车", photos=[photo]))
services.move(office, uid=uid, verb="verify", given=Given(reason="看过", reply="单车清走了，画了停车框"))
"""

pytestmark = [pytest.mark.e2e, pytest.mark.practice("A8")]


def on_the_phone(page: Page) -> Page:
    page.set_viewport_size({"width": STREET["width"], "height": STREET["height"]})
    return page


def photo(path: Path, number: int) -> Path:
    """A street of the demo, taken in the middle of the city."""
    scene(number).save(path, "JPEG", exif=exif(lon=111.69, lat=29.03))
    return path


def lost(route: Route) -> None:
    route.abort("aborted")


def take(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator(".cw-pickphoto").click()
    chooser.value.set_files(path)


def with_copies(page: Page) -> None:
    """The worker makes the copies that others see; until then the page shows none."""
    for _second in range(30):
        if page.locator(".cw-pair img").count() == 2:
            return
        page.wait_for_timeout(1000)
        page.reload()


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= STREET["width"]


def test_from_a_photo_to_reopened(page: Page, site: Site, tmp_path: Path) -> None:
    on_the_phone(page)
    page.goto("/sign-in/")
    page.get_by_role("link", name="我要反映").click()
    assert_accessible(page)
    fits(page)

    # The network goes while the photo is being sent; nothing is lost.
    page.route("**/report/photo/", lost)
    take(page, photo(tmp_path / "a.jpg", 21))
    expect(page.locator("[data-shots] li")).to_contain_text("没有网络", timeout=PATIENCE)
    expect(page.locator("[data-shots] canvas")).to_be_visible()
    page.unroute("**/report/photo/")
    page.get_by_role("button", name="再试").click()
    expect(page.locator("[data-shots] li")).to_contain_text("已传上", timeout=PATIENCE)
    expect(page.locator("[data-spot]")).to_contain_text("照片里的位置")
    page.get_by_text("非机动车乱停").click()
    page.get_by_label("写一句", exact=False).last.fill("盲道上停满了单车")
    shot(page, "citizen-report")
    assert_accessible(page)

    # The page is closed and opened again: what was filled in is there.
    page.reload()
    expect(page.locator("[data-say]")).to_contain_text("上次没有发完的")
    expect(page.locator("#id_text")).to_have_value("盲道上停满了单车")
    expect(page.locator("[data-shots] li")).to_contain_text("已传上")
    page.route("**/report/", lost)
    page.get_by_role("button", name="发送", exact=True).click()
    expect(page.locator("[data-say]")).to_contain_text("不会重复", timeout=PATIENCE)
    page.unroute("**/report/")
    page.get_by_role("button", name="发送", exact=True).click()
    expect(page.get_by_role("heading", name="收到了")).to_be_visible(timeout=PATIENCE)
    code = page.locator("[data-code]").inner_text()
    number = page.locator("[data-number]").inner_text()
    assert len("".join(code.split())) == 10
    shot(page, "citizen-code")
    assert_accessible(page)
    fits(page)

    site.manage("shell", "-c", STAFF.replace("{number}", number))
    page.goto("/follow/")
    page.get_by_label("查询码").fill(code.lower())
    page.get_by_role("button", name="查", exact=True).click()
    expect(page.locator(".cw-st--big")).to_contain_text("已结案")
    expect(page.locator(".cw-told")).to_contain_text("单车清走了，画了停车框")
    pictures = page.locator(".cw-pair img")
    with_copies(page)
    expect(pictures).to_have_count(2)
    for index in range(2):
        assert pictures.nth(index).evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    shot(page, "citizen-closed")
    assert_accessible(page)
    fits(page)

    page.get_by_text("没有解决", exact=True).click()
    page.get_by_label("哪里没有解决").fill("单车又停回来了")
    page.get_by_role("button", name="没有解决，重新办理").click()
    expect(page.locator(".cw-st--big")).to_contain_text("正在整改")
    expect(page.locator(".cw-facts")).to_contain_text("1 次")
    expect(page.locator(".cw-told li").first).to_contain_text("单车又停回来了")
    shot(page, "citizen-reopened")


def test_somebody_else_is_told_of_it_and_the_map_takes_a_tap(
    page: Page, new_page: Callable[[], Page], tmp_path: Path
) -> None:
    for visitor in (on_the_phone(page), on_the_phone(new_page())):
        visitor.goto("/report/")
        take(visitor, photo(tmp_path / "b.jpg", 22))
        expect(visitor.locator("[data-shots] li")).to_contain_text("已传上", timeout=PATIENCE)
        visitor.get_by_text("井盖缺损").click()
        visitor.get_by_role("button", name="发送", exact=True).click()
        if visitor is page:
            expect(visitor.get_by_role("heading", name="收到了")).to_be_visible(timeout=PATIENCE)
    expect(visitor.locator("[data-alike]")).to_contain_text("井盖缺损", timeout=PATIENCE)
    shot(visitor, "citizen-alike")
    assert_accessible(visitor)
    visitor.get_by_role("button", name="在图上点").click()
    there = visitor.locator(".cw-placemap[data-ready=yes]")
    expect(there).to_be_visible(timeout=PATIENCE)
    before = visitor.locator("#id_point").input_value()
    visitor.get_by_role("button", name="定在图的正中").click()
    there.locator("canvas").click(position={"x": 200, "y": 220})
    expect(visitor.locator("[data-spot]")).to_contain_text("图上点的位置")
    assert visitor.locator("#id_point").input_value() != before
    shot(visitor, "citizen-map")
    fits(visitor)
    visitor.get_by_role("button", name="不是同一件，照样发送").click()
    expect(visitor.get_by_role("heading", name="收到了")).to_be_visible(timeout=PATIENCE)
