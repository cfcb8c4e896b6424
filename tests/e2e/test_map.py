"""The map in a real browser: no other host, pan and zoom, filter, select, move, draw, by keyboard and by thumb."""

import json
import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Locator, Page, Request, expect

from chuangwen.demo.city import PASSWORD
from tests.e2e.journey import STREET, assert_accessible, press, shot, sign_in

pytestmark = pytest.mark.e2e

CENTRE = "14.5/29.0331/111.6855"
OPTION = "#map-list [role=option]"


def open_map(page: Page, *, at: str = "", query: str = "") -> None:
    """The map, drawn and with its list."""
    page.goto("about:blank")
    page.goto(f"/map/{query}" + (f"#at={at}" if at else ""))
    expect(page.locator("#map-page")).to_have_attribute("data-ready", "yes", timeout=20_000)
    expect(page.locator("#map-count")).to_contain_text("处")
    still(page)


def still(page: Page) -> None:
    """Until the map has drawn everything and moves no more."""
    page.wait_for_timeout(60)
    expect(page.locator("#map-page")).to_have_attribute("data-still", "yes", timeout=15_000)


def box_of(locator: Locator) -> FloatRect:
    box = locator.bounding_box()
    assert box
    return box


def middle(page: Page) -> tuple[float, float]:
    box = box_of(page.locator("#map"))
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def count(page: Page) -> int:
    found = re.search(r"[\d,]+", page.locator("#map-count").inner_text())
    assert found
    return int(found[0].replace(",", ""))


def row(page: Page, text: str) -> Locator:
    return page.locator(OPTION).filter(has_text=text).first


def call_out(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name)


@pytest.fixture
def office(page: Page) -> Page:
    # The map does not glide there, it is there.
    page.emulate_media(reduced_motion="reduce")
    sign_in(page, "office", PASSWORD)
    return page


def test_the_map_shows_the_city_from_its_own_ground_and_opens_nearer(office: Page) -> None:
    asked: list[str] = []
    office.on("request", lambda request: asked.append(request.url))
    open_map(office)
    assert count(office) >= 120
    everything = count(office)
    assert not [url for url in asked if "/static/" not in url and "/map/" not in url and url != "about:blank"]
    shot(office, "map")
    assert_accessible(office)
    office.get_by_role("button", name="放大").click()
    still(office)
    office.get_by_role("button", name="放大").click()
    still(office)
    nearer = count(office)
    assert 0 < nearer < everything
    office.get_by_role("button", name="全市").click()
    still(office)
    assert count(office) == everything
    office.mouse.move(*middle(office))
    expect(office.locator("#map-at")).to_have_text(re.compile(r"111\.\d{5}, 29\.\d{5}"))
    expect(office.locator(".maplibregl-ctrl-scale")).to_have_text(re.compile(r"\d+\s(km|m)"))


def test_a_circle_with_a_number_opens_to_what_it_counts(office: Page) -> None:
    open_map(office, at="11.3/29.0331/111.6855")
    before = count(office)
    zoom = float(office.url.partition("at=")[2].partition("/")[0])
    spot = circle(office)
    office.mouse.click(*spot)
    still(office)
    assert float(office.url.partition("at=")[2].partition("/")[0]) > zoom
    assert count(office) < before


def circle(page: Page) -> tuple[float, float]:
    """Where the pointer finds a heap near the middle: there it turns into a hand, and no row of the list lights up."""
    x, y = middle(page)
    for step in range(120):
        angle, far = step * 0.7, 6 + step * 1.6
        spot = (x + math.cos(angle) * far, y + math.sin(angle) * far)
        page.mouse.move(*spot)
        over = page.locator("canvas.is-over").count() > 0
        if over and page.locator("#map-list .is-near").count() == 0:
            return spot
    raise AssertionError("no circle near the middle of the map")


def test_type_and_words_narrow_map_and_list_and_the_view_stays(office: Page) -> None:
    open_map(office, at=CENTRE)
    office.locator("summary").filter(has_text="类型").click()
    office.get_by_role("link", name="交通路口", exact=True).click()
    expect(office.locator("#map-page")).to_have_attribute("data-ready", "yes")
    expect(office).to_have_url(re.compile(r"type=crossing.*#at=14\.5/"))
    expect(office.locator(OPTION).first).to_contain_text("交通路口")
    assert all("交通路口" in text for text in office.locator(OPTION).all_inner_texts())
    office.get_by_role("searchbox", name="搜点位").fill("文庙路")
    office.get_by_role("searchbox", name="搜点位").press("Enter")
    expect(office).to_have_url(re.compile("q=.*#at="))
    expect(office.locator(OPTION).first).to_contain_text("文庙路")
    office.get_by_role("link", name="清除").click()
    expect(office).to_have_url(re.compile("/map/$|/map/#"))


def test_a_layer_is_switched_off_and_on(office: Page) -> None:
    open_map(office)
    everything = office.locator("#map-count").inner_text()
    roads = office.locator("[data-group=道路]")
    roads.click()
    expect(roads).to_have_attribute("aria-pressed", "false")
    expect(office.locator("#map-count")).not_to_have_text(everything)
    assert not [text for text in office.locator(OPTION).all_inner_texts() if "主次干道" in text]
    roads.click()
    expect(office.locator("#map-count")).to_have_text(everything)


def test_a_loop_selects_what_lies_in_it_and_opens_it_as_a_list(office: Page) -> None:
    open_map(office, at=CENTRE)
    office.get_by_role("button", name="圈选").click()
    x, y = middle(office)
    office.mouse.move(x + 260, y)
    office.mouse.down()
    for step in range(1, 25):
        office.mouse.move(x + 260 * math.cos(step * math.tau / 24), y + 260 * math.sin(step * math.tau / 24))
    office.mouse.up()
    toast = office.locator("#map-toast")
    expect(toast).to_contain_text(re.compile(r"选中 \d+ 处："))
    chosen = int(re.findall(r"\d+", toast.inner_text())[0])
    assert 0 < chosen < count(office)
    link = toast.get_by_role("link", name="打开成列表")
    token = str(link.get_attribute("href")).partition("in=")[2]
    assert re.fullmatch(r"[\d._-]+", token)
    link.click()
    expect(office).to_have_url(re.compile(r"/places/\?in="))
    expect(office.locator(".cw-head__s")).to_contain_text(f"共 {chosen} 个")
    open_map(office, query=f"?in={token}")
    assert count(office) == chosen


def test_what_is_in_view_is_selected_without_a_pointer(office: Page) -> None:
    open_map(office, at=CENTRE)
    office.get_by_role("button", name="选图上范围").press("Enter")
    expect(office.locator("#map-toast")).to_contain_text(re.compile(r"选中 \d+ 处："))


def test_arrow_keys_go_through_the_list_and_enter_opens_a_place(office: Page) -> None:
    open_map(office, at=CENTRE)
    places = office.get_by_role("listbox", name="图上的点位")
    places.focus()
    places.press("ArrowDown")
    places.press("ArrowDown")
    third = office.locator(OPTION).nth(2)
    expect(third).to_have_attribute("aria-selected", "true")
    expect(places).to_have_attribute("aria-activedescendant", str(third.get_attribute("id")))
    name = third.locator("b").inner_text()
    places.press("Enter")
    expect(call_out(office, name)).to_contain_text(name)
    assert office.evaluate("document.activeElement.closest('[role=dialog]') !== null")
    assert_accessible(office)
    office.keyboard.press("Escape")
    expect(call_out(office, name)).to_have_count(0)
    expect(places).to_be_focused()


def add_point(page: Page, name: str) -> None:
    """A new place in the middle of the map, entered by keyboard alone."""
    page.get_by_role("button", name="新点位").press("Enter")
    page.get_by_label("类型").select_option("bank")
    page.get_by_label("登记单位").select_option("linjiang")
    page.get_by_label("名称").fill(name)
    page.get_by_role("button", name="在图上画").press("Enter")
    page.keyboard.press("Space")
    expect(page.locator("#new-drawn")).to_have_text("已画好")
    press(page, "保存")
    expect(page.locator("#map-toast")).to_contain_text(f"“{name}”已登记")
    expect(row(page, name)).to_be_visible()
    still(page)


def test_a_point_is_dragged_where_it_belongs_and_put_back(office: Page) -> None:
    open_map(office, at="16/29.0375/111.6930")
    add_point(office, "待移动网点")
    row(office, "待移动网点").click()
    call_out(office, "待移动网点").get_by_role("button", name="移动").click()
    handle = office.locator(".cw-drag")
    box = box_of(handle)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    office.mouse.move(x, y)
    office.mouse.down()
    office.mouse.move(x + 60, y + 10, steps=4)
    office.mouse.move(x + 120, y + 20, steps=4)
    office.mouse.up()
    expect(office.locator("#map-task")).to_contain_text(re.compile(r"离原位 \d{3} 米"))
    handle.press("ArrowLeft")
    press(office, "保存")
    expect(office.locator("#map-toast")).to_contain_text(re.compile(r"已移动 \d{3} 米"))
    shot(office, "map-moved")
    office.get_by_role("button", name="撤回").click()
    expect(office.locator("#map-toast")).to_contain_text("回到原位")


def test_two_who_move_the_same_point_are_told(office: Page, allow_status: Callable[..., None]) -> None:
    allow_status(409)
    open_map(office, at="16/29.0405/111.6930")
    add_point(office, "两人移动网点")
    row(office, "两人移动网点").click()
    call_out(office, "两人移动网点").get_by_role("button", name="移动").click()
    moved_meanwhile(office, "两人移动网点")
    office.locator(".cw-drag").press("ArrowRight")
    press(office, "保存")
    expect(office.locator("#map-toast")).to_contain_text("刚被别人移动过")
    expect(office.locator("#map-toast")).to_contain_text("刷新地图")


def moved_meanwhile(page: Page, name: str) -> None:
    """Somebody else's hand, through the same address."""
    found = page.request.get("/map/places/", params={"bbox": "111,28,112,30", "zoom": 18, "q": name}).json()
    (feature,) = found["features"]
    lon, lat = feature["geometry"]["coordinates"]
    form: dict[str, str | float | bool] = {
        "csrfmiddlewaretoken": page.locator("#map-page [name=csrfmiddlewaretoken]").input_value(),
        "geometry": json.dumps({"type": "Point", "coordinates": [lon + 0.0005, lat]}),
    }
    answer = page.request.post(f"/map/places/{feature['properties']['uid']}/move/", form=form)
    assert answer.ok, answer.text()


def test_a_segment_is_drawn_corner_by_corner_and_an_area_that_crosses_itself_is_refused(
    office: Page, allow_status: Callable[..., None]
) -> None:
    allow_status(422)
    open_map(office, at="15.5/29.0290/111.6800")
    office.get_by_role("button", name="新点位").click()
    office.get_by_label("类型").select_option("trunk_road")
    office.get_by_label("登记单位").select_option("linjiang")
    office.get_by_label("名称").fill("新画路段")
    x, y = middle(office)
    corners(office, [(x - 120, y), (x, y + 40), (x + 60, y - 200)])
    expect(office.locator("#map-task")).to_contain_text("已有 3 个折点")
    office.keyboard.press("Backspace")
    expect(office.locator("#map-task")).to_contain_text("已有 2 个折点")
    office.mouse.dblclick(x + 120, y + 60)
    expect(office.locator("#new-drawn")).to_have_text("已画好")
    sent = saved(office)
    assert sent["type"] == "LineString"
    assert len(sent["coordinates"]) == 3
    expect(office.locator("#map-toast")).to_contain_text("“新画路段”已登记")
    expect(row(office, "新画路段")).to_be_visible()

    office.get_by_role("button", name="新点位").click()
    office.get_by_label("类型").select_option("park")
    office.get_by_label("名称").fill("画错的公园")
    corners(office, [(x - 60, y - 60), (x + 60, y + 60), (x + 60, y - 60), (x - 60, y + 60)])
    office.keyboard.press("Enter")
    press(office, "保存")
    expect(office.locator("#new-fault")).to_contain_text("面的边线自己相交")
    office.get_by_role("button", name="取消").click()


def corners(page: Page, spots: list[tuple[float, float]]) -> None:
    page.get_by_role("button", name="在图上画").click()
    for spot in spots:
        page.mouse.click(*spot)
        page.wait_for_timeout(350)


def saved(page: Page) -> dict[str, Any]:
    """Presses 保存 and returns the geometry that was sent."""
    with page.expect_request("**/map/places/new/") as asked:
        press(page, "保存")
    request: Request = asked.value
    part = str(request.post_data).partition('name="geometry"')[2]
    found: dict[str, Any] = json.loads(part.split("\r\n\r\n")[1].split("\r\n")[0])
    return found


def test_on_a_phone_the_map_fills_the_screen_and_the_list_comes_up(office: Page) -> None:
    office.set_viewport_size({"width": STREET["width"], "height": STREET["height"]})
    open_map(office)
    assert office.evaluate("document.documentElement.scrollWidth") <= STREET["width"]
    assert office.evaluate("document.documentElement.scrollHeight") <= STREET["height"]
    grip = office.locator("#map-grip")
    expect(grip).to_have_text(re.compile(r"图上 \d+ 处"))
    grip.click()
    expect(grip).to_have_attribute("aria-expanded", "true")
    assert_accessible(office)
    name = office.locator(OPTION).first.locator("b").inner_text()
    office.locator(OPTION).first.click()
    expect(call_out(office, name)).to_be_visible()
    expect(grip).to_have_attribute("aria-expanded", "false")
    box = box_of(call_out(office, name))
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= STREET["width"]


def test_a_reader_sees_the_map_and_is_offered_no_change(new_page: Callable[[], Page]) -> None:
    page = new_page()
    sign_in(page, "reader", PASSWORD)
    open_map(page, at=CENTRE)
    expect(page.get_by_role("button", name="新点位")).to_have_count(0)
    page.locator(OPTION).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name=re.compile("移动|重画"))).to_have_count(0)
