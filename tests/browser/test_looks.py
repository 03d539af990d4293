"""Every page on a phone (light and dark) and on a Chromebook: nothing for axe-core to find, nothing cut off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Demo, Look
from tests.browser.inspection import faults_of, picture

pytestmark = pytest.mark.browser


def _inspect(page: Page, name: str, look: Look) -> None:
    picture(page, f"{name}-{'-'.join(look)}")
    assert faults_of(page, name) == []


@pytest.mark.parametrize(
    ("name", "where", "path"),
    [
        ("start", "start", "/"),
        ("traces", "start", "/traces"),
        ("people", "lms", "/"),
        ("unknown-school", "gateway", "/lti/login?iss=https://unknown.example&login_hint=1&target_link_uri=x"),
        ("not-found", "gateway", "/nothing-here"),
        ("nobody", "application", "/"),
    ],
)
def test_a_page_looks_well(demo: Demo, sized: Page, look: Look, name: str, where: str, path: str) -> None:
    sized.goto(getattr(demo, where) + path)
    _inspect(sized, name, look)


def test_a_course_page_and_its_frames_look_well(demo: Demo, sized: Page, look: Look) -> None:
    lesson = demo.open(sized, "Algebra I as student")
    lesson.get_by_text("Hello, Sam Okafor!").wait_for()
    sized.frame_locator("iframe[title='What the gateway checked']").get_by_text("Let in").wait_for()
    _inspect(sized, "course", look)
    for frame in sized.frames[1:]:
        assert faults_of(frame, frame.url) == []


def test_a_refused_launch_looks_well(demo: Demo, sized: Page, look: Look) -> None:
    demo.open(sized, "Algebra I as student")
    lesson = demo.send_again(sized)
    reference = lesson.locator(".reference strong").inner_text()
    sized.frame_locator("iframe[title='What the gateway checked']").get_by_text(reference).wait_for()
    _inspect(sized, "refused", look)
    for frame in sized.frames[1:]:
        assert faults_of(frame, frame.url) == []
