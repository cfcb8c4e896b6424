"""A clerk hands in a photo, is told that the same stood already at another place, and covers a face for good."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from chuangwen.demo.city import PASSWORD
from chuangwen.demo.photos import scene
from tests.e2e.journey import STREET, assert_accessible, shot, sign_in

PATIENCE = 30_000
RED = (250, 0, 0)

pytestmark = pytest.mark.e2e


def photo(path: Path, number: int, *, face: bool = False, quality: int = 85) -> Path:
    """A street of the demo; a face is a red square in its upper left quarter."""
    image = scene(number)
    if face:
        image.paste(RED, (96, 72, 288, 216))
    image.save(path, "JPEG", quality=quality)
    return path


def fetched(page: Page, address: str) -> Image.Image:
    answer = page.request.get(address)
    assert answer.status == 200, address
    image = Image.open(BytesIO(answer.body()))
    image.load()
    return image


def reds(image: Image.Image) -> int:
    data = image.convert("RGB").tobytes()
    return sum(1 for at in range(0, len(data), 3) if data[at] > 200 and data[at + 1] < 60 and data[at + 2] < 60)


def hand_in(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_text("选照片或文件").click()
    chooser.value.set_files(path)


def test_the_same_photo_is_pointed_out_and_a_face_is_covered_for_good(
    page: Page, new_page: Callable[[], Page], allow_status: Callable[..., None], tmp_path: Path
) -> None:
    sign_in(page, "office", PASSWORD)
    page.goto("/evidence/")
    shot(page, "evidence-list")
    assert_accessible(page)
    page.get_by_role("link", name="上传", exact=True).click()
    assert_accessible(page)

    allow_status(422)
    hand_in(page, photo(tmp_path / "again.jpg", 4, quality=60))
    line = page.locator(".cw-got li").first
    expect(line).to_contain_text("几乎一样", timeout=PATIENCE)
    expect(line).to_contain_text("学府路口")
    page.locator(".cw-got a").first.click()
    expect(page.locator("#alike")).to_contain_text("交警市区一大队的一张几乎一样")
    shot(page, "evidence-alike")
    assert_accessible(page)

    page.goto("/evidence/new/")
    fake = tmp_path / "网页.jpg"
    fake.write_bytes(b"<!doctype html><p>no photo")
    hand_in(page, fake)
    expect(page.locator(".cw-got li").first).to_contain_text("保存图片", timeout=PATIENCE)
    hand_in(page, photo(tmp_path / "face.jpg", 77, face=True))
    expect(page.locator(".cw-got li").first.get_by_role("img")).to_be_visible(timeout=PATIENCE)
    shot(page, "evidence-handed-in")
    page.locator(".cw-got li").first.get_by_role("link", name="打开").click()
    expect(page.locator("#picture img")).to_be_visible(timeout=PATIENCE)
    before = page.locator("#picture a").get_attribute("href") or ""
    assert reds(fetched(page, before)) > 20_000

    page.get_by_role("link", name="遮挡").click()
    assert_accessible(page)
    draw_by_hand_and_by_keyboard(page)
    page.get_by_label("为什么遮").fill("行人面部")
    shot(page, "evidence-cover")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="遮挡并重做公开版").click()
    expect(page.get_by_role("status").first).to_contain_text("原来的公开版已停用")
    expect(page.locator("#picture img")).to_be_visible(timeout=PATIENCE)
    after = page.locator("#picture a").get_attribute("href") or ""
    assert after != before
    assert reds(fetched(page, after)) == 0
    shot(page, "evidence-covered")
    allow_status(422, 404)
    assert page.request.get(before).status == 404

    other = new_page()
    sign_in(other, "hospital-clerk", PASSWORD)
    assert other.request.get(after).status == 404


def draw_by_hand_and_by_keyboard(page: Page) -> None:
    """A frame over most of the face with the pointer; with the keyboard it is made to reach over the rest."""
    picture = page.locator(".cw-cover__p")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None

    def at(across: float, down: float) -> tuple[float, float]:
        return box["x"] + box["width"] * across / 100, box["y"] + box["height"] * down / 100

    page.mouse.move(*at(9, 9))
    page.mouse.down()
    page.mouse.move(*at(20, 20))
    page.mouse.move(*at(26, 26))
    page.mouse.up()
    frame = page.locator(".cw-cover__b")
    expect(frame).to_be_focused()
    for _each in range(6):
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("ArrowLeft")
    left, top, right, bottom = (float(part) for part in page.locator("[data-rectangles]").input_value().split(","))
    assert left < 9.5
    assert top < 10
    assert right > 30
    assert bottom > 30


def test_a_frame_is_drawn_with_a_finger_on_a_phone(page: Page) -> None:
    sign_in(page, "clerk", PASSWORD)
    page.set_viewport_size({"width": STREET["width"], "height": STREET["height"]})
    page.goto("/evidence/")
    page.locator(".cw-ph td a").first.click()
    page.get_by_role("link", name="遮挡").click()
    add = page.get_by_role("button", name="加一个框")
    add.click()
    frame = page.locator(".cw-cover__b")
    expect(frame).to_be_focused()
    assert page.locator("[data-rectangles]").input_value() == "40,40,60,60"
    page.keyboard.press("Delete")
    expect(frame).to_have_count(0)
    expect(add).to_be_focused()
    box = page.locator(".cw-cover__p").bounding_box()
    assert box is not None
    finger = page.context.new_cdp_session(page)
    for kind, part in (("touchStart", 0.1), ("touchMove", 0.3), ("touchMove", 0.6), ("touchEnd", None)):
        points = [] if part is None else [{"x": box["x"] + box["width"] * part, "y": box["y"] + box["height"] * part}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(frame).to_have_count(1)
    drawn = [round(float(part), -1) for part in page.locator("[data-rectangles]").input_value().split(",")]
    assert drawn == [10, 10, 60, 60]
    assert page.evaluate("document.documentElement.scrollWidth") <= STREET["width"]
