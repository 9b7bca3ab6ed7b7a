"""The browser that the tests of pages share, and what a failed one says beside its error: what stood on the page."""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.app.chat_server import browser_path

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A headless Chromium; without one on this machine, the test is skipped, on CI it fails."""
    path = browser_path()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the words of every open page to the report of a test that failed."""
    report = yield
    context = getattr(item, "funcargs", {}).get("context")
    if report.when == "call" and report.failed and context is not None:
        for page in context.pages:
            report.sections.append((page.url, page.locator("body").inner_text(timeout=10_000)))
    return report
