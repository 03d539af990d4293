"""Looks at a page as axe-core, a narrow screen and a photographer do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, FrameLocator, Page, TimeoutError

PICTURES = Path(__file__).resolve().parents[2] / "test-results"
# Every rule but those of another page in a frame, which is inspected by itself.
_OPTIONS = {"resultTypes": ["violations"], "iframes": False}
_WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def lesson_of(page: Page) -> FrameLocator:
    """Return the lesson's frame of a course page, once it shows something.

    Playwright now and then loses sight of a frame that changes its process several times within milliseconds (the page
    is there: its requests were answered). Then the course page is loaded anew.
    """
    lesson = page.frame_locator("iframe[name=tool]")
    for patience in (3000, 6000, 6000):
        try:
            lesson.locator("h1:visible").filter(has_not_text="One moment").first.wait_for(timeout=patience)
            break
        except TimeoutError:
            page.reload()
    return lesson


def faults_of(seen: Page | Frame, name: str) -> list[str]:
    """Return what is wrong with a page: axe-core's violations, and whether it must be scrolled sideways."""
    found: list[dict[str, Any]] = Axe().run(seen, options=_OPTIONS).response["violations"]
    faults = [f"{name}: {each['id']}: {node['html']}" for each in found for node in each["nodes"]]
    return [*faults, f"{name}: wider than the screen"] if seen.evaluate(_WIDER) else faults


def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page, on a screen as tall as that: frames are not yet drawn in a stretched one."""
    PICTURES.mkdir(exist_ok=True)
    size = page.viewport_size
    assert size is not None
    height = max(size["height"], page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": size["width"], "height": height})
    page.wait_for_timeout(150)
    page.screenshot(path=PICTURES / f"{name}.png")
    page.set_viewport_size(size)
