"""What people see when a launch is not let in: a sentence, a reference, and what their administrator can do."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import Demo
from tests.browser.inspection import faults_of

pytestmark = pytest.mark.browser


def _reference(lesson: FrameLocator) -> str:
    return lesson.locator(".reference strong").inner_text()


def _twice(demo: Demo, page: Page) -> FrameLocator:
    demo.open(page, "Algebra I as student")
    return demo.send_again(page)


def test_the_same_launch_again_is_refused_with_a_reference(demo: Demo, page: Page) -> None:
    lesson = _twice(demo, page)
    expect(lesson.locator(".sentence")).to_contain_text("This link was already used")
    assert re.fullmatch(r"\w{5}-\w{5}", _reference(lesson))


def test_the_reference_finds_the_trace(demo: Demo, page: Page) -> None:
    told = demo.command("launches", "show", _reference(_twice(demo, page)))
    assert "lti.replayed" in told
    assert "What to change:" in told


def test_the_panel_shows_the_refusal(demo: Demo, page: Page) -> None:
    reference = _reference(_twice(demo, page))
    panel = page.frame_locator("iframe[title='What the gateway checked']")
    expect(panel.get_by_text(reference)).to_be_visible()
    expect(panel.get_by_text("stopped here")).to_be_visible()


def test_a_new_click_after_a_refusal_lets_one_in(demo: Demo, page: Page) -> None:
    lesson = _twice(demo, page)
    page.get_by_role("link", name="Open the lesson anew").click()
    expect(lesson.get_by_text("Hello, Sam Okafor!")).to_be_visible()


def test_an_unaccepted_connection_waits_until_an_operator_accepts_it(demo: Demo, page: Page) -> None:
    lesson = demo.open(page, "Chemistry as student")
    expect(lesson.get_by_role("heading", level=1)).to_contain_text("waits for approval")
    frame = page.frame("tool")
    assert frame is not None
    assert faults_of(frame, "pending") == []
    page.goto(demo.start)
    command = page.get_by_text("schoolgate deployments accept").inner_text()
    demo.command(*command.split()[1:])
    expect(demo.open(page, "Chemistry as student").get_by_text("Hello, Sam Okafor!")).to_be_visible()


def test_an_unknown_school_is_told_so(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.gateway}/lti/login?iss=https://unknown.example&login_hint=1&target_link_uri={demo.gateway}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This link did not open")
    expect(page.locator(".sentence")).to_contain_text("not connected yet")


def test_the_application_alone_knows_nobody(demo: Demo, page: Page) -> None:
    page.goto(demo.application)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nobody is signed in here")
