"""Every page of the desk fits a desk's screen and a telephone's, and everybody can use it."""

import pytest
from playwright.sync_api import Page

from chuangwen.demo.city import PASSWORD
from tests.e2e.journey import DESK, STREET, assert_accessible, shot, sign_in

pytestmark = pytest.mark.e2e

PAGES = {
    "workbench": "/desk/?unit=demo-primary&from=2026-03-01&to=2026-06-30",
    "waiting": "/waiting/",
    "notices": "/notices/",
    "phones": "/phones/",
    "outcomes": "/outcomes/",
    "outcomes-empty": "/outcomes/?q=nothing-like-this",
    "shifts": "/shifts/",
    "attendance": "/attendance/",
    "outcome-new": "/outcomes/new/",
    "imports": "/imports/",
    "reports": "/reports/",
    "report-new": "/reports/new/",
    "metrics": "/metrics/",
    "metric": "/metrics/outcome.persuaded@1/?unit=demo-primary&from=2026-03-01&to=2026-06-30",
    "units": "/units/",
    "unit": "/units/demo-primary/",
    "persons": "/units/demo-primary/persons/",
    "events": "/events/",
    "profile": "/profile/",
    "about": "/about/",
    "find-document": "/f/",
}


def test_every_page_fits_both_screens_and_is_accessible(page: Page) -> None:
    sign_in(page, "office", PASSWORD)
    for name, address in PAGES.items():
        for size in (DESK, STREET):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            page.goto(address)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], f"{name} is {width} px wide on a screen of {size['width']} px"
        assert_accessible(page)
        shot(page, name)


def test_a_missing_page_and_a_stranger_s_page_look_the_same(page: Page, allow_status: object) -> None:
    allow_status(404)  # type: ignore[operator]
    sign_in(page, "second-clerk", PASSWORD)
    page.goto("/units/demo-primary/")
    theirs = page.locator("main").inner_text()
    page.goto("/units/no-such-unit/")
    assert page.locator("main").inner_text() == theirs
    assert "不归您看" in theirs
