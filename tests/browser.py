"""A real browser for the tests: the system's Chromium, driven by Playwright."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.setup import chromium_path

# So long a page may take on a busy machine; who waits for less than that counts on one that is idle.
PATIENCE_MS = 45_000
expect.set_options(timeout=PATIENCE_MS)
# Chromium refuses its sandbox to root; the pages it shows here are our own.
ARGUMENTS = ["--no-sandbox"] if os.geteuid() == 0 else []


def another(browser: Browser, *arguments: str) -> Browser:
    """A browser beside the common one, started with arguments of its own."""
    return browser.browser_type.launch(executable_path=chromium_path(), args=[*ARGUMENTS, *arguments])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for each test process; every test makes contexts of its own."""
    path = chromium_path()
    if path is None:
        message = "Chromium is not installed: run python3 -m tests, or name a browser in COMP_TEST_CHROMIUM"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield chromium
        finally:
            chromium.close()
