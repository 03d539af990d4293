"""From a click in the LMS into the application, in a frame on another site, with Chromium's own defaults."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo
from tests.browser.inspection import lesson_of
from tests.support.browser import ARGUMENTS, required_path

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("link", "greeting", "class_", "role"),
    [
        ("Algebra I as student", "Hello, Sam Okafor!", "Algebra I", "Student"),
        ("Algebra I as teacher", "Hello, Tia Lindqvist!", "Algebra I", "Teacher"),
        ("Robotics Club as teacher", "Hello, Robin Vega!", "Robotics Club", "Teacher"),
    ],
)
def test_a_click_shows_who_one_is_in_which_class_and_role(
    demo: Demo, page: Page, link: str, greeting: str, class_: str, role: str
) -> None:
    lesson = demo.open(page, link)
    expect(lesson.get_by_role("heading", level=1)).to_have_text(greeting)
    assert page.url.startswith(demo.lms)
    assert lesson.locator("dt:text-is('Class') + dd").inner_text() == class_
    assert lesson.locator("dt:text-is('Role') + dd").inner_text() == role


def test_one_person_has_another_role_in_another_class(demo: Demo, page: Page) -> None:
    ids = []
    for course, role in (("101", "Student"), ("102", "Teacher")):
        page.goto(f"{demo.lms}/courses/{course}?as=robin")
        lesson = lesson_of(page)
        assert lesson.locator("dt:text-is('Role') + dd").inner_text() == role
        ids.append(lesson.locator("dt:text-is('Your id here') + dd").inner_text())
    assert ids[0] == ids[1]


def test_somebody_without_a_name_comes_in_as_a_guest(demo: Demo, page: Page) -> None:
    page.goto(demo.start)
    page.get_by_role("listitem").filter(has_text="Somebody without a name").get_by_role("link").click()
    lesson = lesson_of(page)
    expect(lesson.get_by_role("heading", level=1)).to_have_text("Hello!")
    assert lesson.locator("dt:text-is('Class') + dd").inner_text() == "Algebra I"


def test_the_panel_tells_what_was_checked_and_names_nobody(demo: Demo, page: Page) -> None:
    lesson = demo.open(page, "Algebra I as student")
    lesson.get_by_text("Hello, Sam Okafor!").wait_for()
    panel = page.frame_locator("iframe[title='What the gateway checked']")
    expect(panel.get_by_text("Let in")).to_be_visible()
    told = panel.locator("main").inner_text()
    assert "signature" in told
    assert "Sam" not in told
    assert "Okafor" not in told


def test_a_reload_of_the_lesson_keeps_the_person(demo: Demo, page: Page) -> None:
    lesson = demo.open(page, "Algebra I as student")
    lesson.get_by_text("Hello, Sam Okafor!").wait_for()
    frame = page.frame("tool")
    assert frame is not None
    with page.expect_event("framenavigated"):
        frame.evaluate("location.reload()")
    expect(lesson.get_by_text("Hello, Sam Okafor!")).to_be_visible()


def _cookies(page: Page) -> list[dict[str, Any]]:
    session = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = session.send("Network.getAllCookies")["cookies"]
    return found


def test_the_applications_cookie_belongs_to_this_one_site_around_it(demo: Demo, page: Page) -> None:
    demo.open(page, "Algebra I as student").get_by_text("Hello, Sam Okafor!").wait_for()
    cookies = {each["name"]: each for each in _cookies(page)}  # that of the login has done its work and is gone
    assert set(cookies) == {"sample_session", "lti-kept"}
    cookie = cookies["sample_session"]
    assert cookie["partitionKey"]["topLevelSite"] == "http://127.0.0.1"


def test_the_logins_cookie_belongs_to_this_one_site_around_it(demo: Demo, page: Page) -> None:
    page.route("**/lti/launch", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.goto(f"{demo.lms}/courses/101?as=sam")
    (cookie,) = [each for each in _cookies(page) if each["name"] != "lti-kept"]
    assert cookie["name"].startswith("lti-")
    assert cookie["httpOnly"]
    assert cookie["partitionKey"]["topLevelSite"] == "http://127.0.0.1"


def test_the_way_in_stands_where_third_party_cookies_are_blocked(demo: Demo, chromium: Browser) -> None:
    arguments = [*ARGUMENTS, "--test-third-party-cookie-phaseout"]
    strict = chromium.browser_type.launch(executable_path=required_path(), args=arguments)
    try:
        page = strict.new_page()
        lesson = demo.open(page, "Algebra I as teacher")
        expect(lesson.get_by_role("heading", level=1)).to_have_text("Hello, Tia Lindqvist!")
    finally:
        strict.close()


def test_the_keyboard_is_enough(demo: Demo, page: Page) -> None:
    page.goto(demo.start)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Algebra I as student"
    page.keyboard.press("Enter")
    lesson = lesson_of(page)
    lesson.get_by_text("Hello, Sam Okafor!").wait_for()
    claims = lesson.get_by_text("All claims of the ID token")
    while not claims.evaluate("each => each === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(lesson.get_by_role("region", name="Claims of the ID token")).to_be_visible()
