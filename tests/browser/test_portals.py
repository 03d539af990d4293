"""From a simulated portal into the application, and from the application's own button through the portal and back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo
from tests.browser.inspection import lesson_of

pytestmark = pytest.mark.browser
PORTALS = ["Clever", "ClassLink"]
LMSS = ["Canvas", "Schoology"]


def _enter(demo: Demo, page: Page, portal: str, who: str) -> None:
    """Choose who one is in the portal, and open the application there."""
    page.goto(demo.start)
    page.get_by_role("link", name=f"Open {portal}").click()
    if page.get_by_role("link", name="Open the application").count() == 0:
        page.get_by_role("button", name=who).first.click()
    page.get_by_role("link", name="Open the application").click()


def _id_of(page: Page) -> str:
    return page.locator("dt:text-is('Your id here') + dd").inner_text()


@pytest.mark.parametrize("portal", PORTALS)
def test_a_tile_in_the_portal_leads_into_the_application(demo: Demo, page: Page, portal: str) -> None:  # C1
    _enter(demo, page, portal, "Tia Lindqvist")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Tia Lindqvist!")
    assert page.url.startswith(demo.application)
    assert page.locator("dt:text-is('Role') + dd").inner_text() == "Teacher"
    reload_id = _id_of(page)
    page.go_back()  # a code that was used is no way in, and no harm
    page.goto(demo.application)
    assert _id_of(page) == reload_id


@pytest.mark.parametrize("portal", PORTALS)
def test_one_person_in_two_systems_is_not_merged(demo: Demo, page: Page, portal: str) -> None:  # D1
    _enter(demo, page, portal, "Sam Okafor")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Sam Okafor!")
    here = _id_of(page)
    page.goto(f"{demo.lms}/courses/101?as=sam")
    lesson = lesson_of(page)
    expect(lesson.get_by_role("heading", level=1)).to_have_text("Hello, Sam Okafor!")
    assert lesson.locator("dt:text-is('Your id here') + dd").inner_text() != here


@pytest.mark.parametrize("system", LMSS)
def test_a_tile_of_an_lms_leads_into_the_application_in_a_course(demo: Demo, page: Page, system: str) -> None:
    lesson = demo.open(page, f"Open {system} as a teacher")
    expect(lesson.get_by_role("heading", level=1)).to_have_text("Hello, Tia Lindqvist!")
    assert lesson.locator("dt:text-is('Role') + dd").inner_text() == "Teacher"


def test_four_systems_bring_their_rosters_and_one_person_of_two_is_not_merged(demo: Demo, page: Page) -> None:  # D1
    page.goto(demo.start)
    for _ in range(60):
        if page.get_by_text("is applied").count() == 5:  # four tiles, and the district of files
            break
        page.wait_for_timeout(500)
        page.reload()
    tiles = page.locator("li", has=page.get_by_role("link", name="Open "))
    notes = [tile.locator(".note").inner_text() for tile in tiles.all()]
    assert all("is applied" in note for note in notes), notes
    ids = set()
    for system in LMSS:
        lesson = demo.open(page, f"Open {system} as a student")
        expect(lesson.get_by_role("heading", level=1)).to_have_text("Hello, Sam Okafor!")
        ids.add(lesson.locator("dt:text-is('Your id here') + dd").inner_text())
    assert len(ids) == len(LMSS)


@pytest.mark.parametrize("portal", PORTALS)
def test_the_applications_own_button_leads_through_the_portal_and_back(demo: Demo, page: Page, portal: str) -> None:
    page.goto(demo.application)
    page.get_by_role("link", name="Sign in with your school").click()
    page.get_by_role("link", name=portal).click()
    page.get_by_role("button", name="Sam Okafor").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Sam Okafor!")
    assert page.url.startswith(demo.application)


def test_a_shared_device_says_who_it_is_now(demo: Demo, chromium: Browser) -> None:  # C4
    context = chromium.new_context()
    page = context.new_page()
    try:
        _enter(demo, page, "Clever", "Sam Okafor")
        expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Sam Okafor!")
        context.clear_cookies(domain="127.0.0.1")  # signs out at the portal
        _enter(demo, page, "Clever", "Tia Lindqvist")
        expect(page.get_by_role("heading", level=1)).to_have_text("You are signed in as Tia Lindqvist")
        page.get_by_role("link", name="Continue").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Tia Lindqvist!")
    finally:
        context.close()
