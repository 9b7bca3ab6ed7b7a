"""What a failed test of a page says beside its error: what stood on the page."""

from collections.abc import Generator

import pytest


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
