"""The office brings in 1,200 places from a list in GCJ-02, mends what is swapped, and moves two that stand wrong."""

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from chuangwen.core.tabular import SheetToWrite, write_workbook
from chuangwen.demo.city import PASSWORD
from chuangwen.places.coordinates import CoordinateSystem, from_wgs84
from tests.e2e.journey import assert_accessible, press, shot, sign_in
from tests.e2e.test_map import box_of, call_out, open_map, row, still

PATIENCE = 90_000
HEADINGS = ["编号", "名称", "类型", "经度", "纬度", "责任单位"]
COUNT = 1200
# Where two of them are written, and where they stand in truth, in degrees of WGS-84.
ASTRAY = {7: (111.6400, 29.0650), 8: (111.6420, 29.0650)}
TRUE = (111.6855, 29.0331)

pytestmark = pytest.mark.e2e


def workbook(path: Path) -> Path:
    dice = random.Random(7)  # noqa: S311 - the same list every time
    rows: list[list[object]] = []
    for number in range(COUNT):
        spot = ASTRAY.get(number) or (111.69 + dice.gauss(0, 0.012), 29.03 + dice.gauss(0, 0.008))
        lon, lat = (round(each, 7) for each in from_wgs84(CoordinateSystem.GCJ02, *spot))
        if number in {500, 900}:
            lon, lat = lat, lon
        rows.append([f"Y-{number:04d}", f"邮筒 {number}", "邮政", lon, lat, "市城管局"])
    write_workbook(path, [SheetToWrite("点位", HEADINGS, rows)])
    return path


def test_a_list_of_1200_places_comes_in_and_two_that_stand_wrong_are_moved(page: Page, tmp_path: Path) -> None:
    page.emulate_media(reduced_motion="reduce")
    sign_in(page, "office", PASSWORD)
    page.goto("/imports/")
    page.locator("select[name=unit]").select_option(label="安澜市")
    page.locator("input[name=file]").set_input_files(workbook(tmp_path / "邮筒.xlsx"))
    page.locator("select[name=coordinates]").select_option("gcj02")
    page.get_by_role("button", name="上传并检查").click()

    expect(page.get_by_text("处要改，一行也没有导入")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("的经度和纬度写反了")).to_have_count(2)
    shot(page, "places-refused")
    assert_accessible(page)
    for line in (502, 902):
        lon, lat = (page.locator(f"input[name=cell-0-{line}-{key}]") for key in ("lon", "lat"))
        east, north = lat.input_value(), lon.input_value()
        lon.fill(east)
        lat.fill(north)
    page.get_by_role("button", name="保存并重新检查").click()
    expect(page.get_by_text("行都没有问题，可以导入")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="导入这").click()
    expect(page.get_by_text("原文件的 SHA-256")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="看导入的点位").click()
    expect(page.locator(".cw-pager")).to_contain_text("共 1000 多条")
    shot(page, "places-list")
    page.goto(page.url + "&page=24")
    expect(page.locator(".cw-pager")).to_contain_text("第 1151—1200 条")
    assert_accessible(page)

    dragged, typed = ASTRAY
    drag(page, dragged)
    move(page, typed)
    open_map(page, query="?q=邮筒", at=f"17/{TRUE[1]}/{TRUE[0]}")
    expect(row(page, f"邮筒 {typed}")).to_be_visible()
    page.goto(f"/places/?q=Y-{dragged:04d}")
    page.get_by_role("link", name=f"邮筒 {dragged}", exact=True).click()
    expect(page.get_by_text("移动位置")).to_be_visible()
    shot(page, "place")
    assert_accessible(page)


def drag(page: Page, number: int) -> None:
    """On the map, where it is seen to stand alone in the fields."""
    lon, lat = ASTRAY[number]
    open_map(page, query="?q=邮筒", at=f"16/{lat}/{lon}")
    row(page, f"邮筒 {number}").click()
    call_out(page, f"邮筒 {number}").get_by_role("button", name="移动").click()
    box = box_of(page.locator(".cw-drag"))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=4)
    page.mouse.move(x + 110, y + 90, steps=4)
    page.mouse.up()
    press(page, "保存")
    expect(page.locator("#map-toast")).to_contain_text(re.compile(r"已移动 \d{3} 米"))
    still(page)


def move(page: Page, number: int) -> None:
    """Typed on the page of its position, where the map follows."""
    page.goto(f"/places/?q=Y-{number:04d}")
    page.get_by_role("link", name=f"邮筒 {number}", exact=True).click()
    page.get_by_role("link", name="改位置").click()
    expect(page.locator("[data-place-map]")).to_have_attribute("data-ready", "yes", timeout=20_000)
    page.get_by_label("经度").fill(str(TRUE[0] + number / 50_000))
    page.get_by_label("纬度").fill(str(TRUE[1]))
    page.get_by_role("button", name="保存位置").click()
    expect(page.get_by_role("status")).to_contain_text("位置已改")
