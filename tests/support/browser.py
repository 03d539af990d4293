"""A real Chromium with its own defaults, found on this machine; tests with no browser say so and skip."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
REQUIRED = "SCHOOLGATE_BROWSER_REQUIRED"

# Playwright switches off the very protections of frames that a launch meets. The last --disable-features wins:
# ours names one feature that no page can notice, so that everything else is as Chromium ships it.
ARGUMENTS = ("--no-sandbox", "--disable-features=Translate", "--disable-quic")


def chromium_path() -> str | None:
    """Return the browser to drive: CHROMIUM names one, else the first on the PATH."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in _NAMES if (path := shutil.which(name))), None)


def required_path() -> str:
    """Return the browser's path; skip the test when there is none, or fail where a browser is required."""
    if path := chromium_path():
        return path
    sentence = "There is no Chromium here: install it (Debian: apt-get install chromium) or set CHROMIUM=path."
    if os.environ.get(REQUIRED):
        pytest.fail(sentence)
    pytest.skip(sentence)


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """Yield a running headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def new_page(browser: Browser) -> Iterator[Page]:
    """Yield an empty page of a visitor who was never here before."""
    context = browser.new_context()
    try:
        yield context.new_page()
    finally:
        context.close()
