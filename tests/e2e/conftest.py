"""The journeys' fixtures: a running site, a browser, and pages that are watched while the journey goes on.

A journey fails on whatever a user would not see but a developer must: a violation of the content security
policy, an error in the console, a failing request to our own address, any request to another one.
"""

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    sync_playwright,
)

from tests.e2e import chromium
from tests.e2e.journey import DESK
from tests.e2e.site import Site

ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The policy's own event says more than the console does, and reaches us from every frame and document.
WATCH_POLICY = """
document.addEventListener("securitypolicyviolation", (event) => {
  const place = `${event.sourceFile}:${event.lineNumber}`;
  reportPolicyViolation(`${event.effectiveDirective} ${event.blockedURI} at ${place}`);
});
"""


class Watch:
    """What went wrong on the pages of one test, except the statuses that it said it expects."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.allowed: set[int] = set()
        self.problems: list[str] = []

    def context(self, context: BrowserContext) -> None:
        context.expose_function("reportPolicyViolation", lambda text: self.problems.append(f"policy: {text}"))
        context.add_init_script(WATCH_POLICY)
        context.on("console", self.console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.on("request", self.request)
        context.on("requestfailed", self.failed)
        context.on("response", self.response)

    def console(self, message: ConsoleMessage) -> None:
        # "Failed to load resource" repeats a response, which is judged below with its status.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {message.text}")

    def request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.netloc != self.host:
            self.problems.append(f"request to another host: {request.url}")

    def failed(self, request: Request) -> None:
        # A page that is left aborts what it was still loading, and so does a link that is a download.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"request failed: {request.url} ({request.failure})")

    def response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.allowed:
            self.problems.append(f"{response.status} from {response.request.method} {response.url}")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The running product with the small demo city."""
    running = Site(data=tmp_path_factory.mktemp("site"))
    try:
        running.start()
        yield running
    finally:
        killed = running.stop()
    assert not killed, f"did not stop when asked: {', '.join(killed)}\n{running.logs()}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium.find()
    if executable is None:
        # Only script/test sets this, after it has said loudly what is not run.
        if os.environ.get("CHUANGWEN_NO_BROWSER") == "1":
            pytest.skip("no Chromium on this machine")
        pytest.fail("journeys need Chromium: script/test without arguments installs it", pytrace=False)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def watch(site: Site) -> Watch:
    return Watch(site.url)


@pytest.fixture
def allow_status(watch: Watch) -> Callable[..., None]:
    """For a journey that provokes refusals: ``allow_status(403, 404)``."""
    return lambda *statuses: watch.allowed.update(statuses)


@pytest.fixture
def new_page(browser: Browser, site: Site, watch: Watch) -> Iterator[Callable[[], Page]]:
    """Makes a page of another person: cookies of its own, watched like the first one."""
    contexts: list[BrowserContext] = []

    def make() -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": DESK["width"], "height": DESK["height"]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        watch.context(context)
        return context.new_page()

    yield make
    for context in contexts:
        try:
            context.close()
        except Error as problem:
            watch.problems.append(f"browser: {problem}")
    if watch.problems:
        pytest.fail("the browser reported:\n" + "\n".join(watch.problems) + "\n" + site.logs(), pytrace=False)


@pytest.fixture
def page(new_page: Callable[[], Page]) -> Page:
    return new_page()
