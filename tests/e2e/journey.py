"""What a journey says besides clicking: sign in, take pictures, ask whether everybody can use the page."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "build" / "shots"
AXE = ROOT / "chuangwen" / "static_vendor" / "axe-core" / "axe.min.js"
DESK = {"width": 1280, "height": 900}
STREET = {"width": 360, "height": 740}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def sign_in(page: Page, login: str, password: str) -> None:
    """Signs in through the form, as a person does; fails if the form comes back."""
    page.goto("/")
    page.locator("input[name=username]").fill(login)
    page.locator("input[name=password]").fill(password)
    page.locator("form:has(input[name=password]) button[type=submit]").click()
    page.wait_for_load_state()
    assert page.locator("input[name=password]").count() == 0, f"{login} could not sign in: {page.url}"


def press(page: Page, name: str) -> None:
    """Presses a button of the page and waits for what comes of it; a question is answered with yes."""
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def issue(writer: Page, head: Page) -> None:
    """From the draft that the writer looks at to the issued document: the head, signed in, checks and signs."""
    press(writer, "送核稿")
    head.goto(writer.url)
    press(head, "核稿通过")
    press(head, "签发")
    writer.goto(writer.url)
    press(writer, "印发")
    expect(writer.locator(".cw-write__bar")).to_contain_text("已印发")


def shot(page: Page, name: str) -> list[Path]:
    """Full-page pictures as wide as a desk's screen and a telephone's; the page keeps its own size."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    written = []
    for size in (DESK, STREET):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        path = SHOTS / f"{name}-{size['width']}.png"
        page.screenshot(path=path, full_page=True, animations="disabled")
        written.append(path)
    if before:
        page.set_viewport_size(before)
    return written


def described(violation: dict[str, Any]) -> str:
    places = "; ".join(str(node["target"][0]) for node in violation["nodes"][:5])
    return f"{violation['id']}: {violation['help']} ({len(violation['nodes'])} place(s): {places})"


def assert_accessible(page: Page) -> None:
    """Runs axe-core over the page as it stands.

    A script tag would be refused by the content security policy, rightly. The debugger's own evaluation
    is outside that policy and leaves it in force, so nothing has to be switched off for the test.
    """
    debugger = page.context.new_cdp_session(page)
    try:
        debugger.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8") + ";0"})
        answer = debugger.send(
            "Runtime.evaluate",
            {
                "expression": f"axe.run(document, {{runOnly: {RULES!r}, resultTypes: ['violations']}})",
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
    finally:
        debugger.detach()
    assert "exceptionDetails" not in answer, f"axe-core failed: {answer['exceptionDetails']}"
    violations = answer["result"]["value"]["violations"]
    assert not violations, f"{page.url} is not accessible:\n" + "\n".join(map(described, violations))
