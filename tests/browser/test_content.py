"""A teacher adds a lesson to a course and a student opens it; on a phone, by keyboard, without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.house import House, house
from tests.browser.inspection import faults_of, lesson_of, picture

pytestmark = pytest.mark.browser
TITLE = "Fractions on a number line"


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as served:
        yield served


@pytest.fixture(autouse=True)
def fresh(school: House) -> None:
    school.platform.switches = school.platform.default_switches()
    school.platform.deep_links.added.clear()


def _add(school: House, page: Page) -> None:
    school.open(page, "tia")
    page.get_by_role("link", name="Add content").click()
    lesson_of(page).get_by_role("button", name=TITLE).click()


def test_a_teacher_adds_a_lesson_and_a_student_opens_it(school: House, page: Page, chromium: Browser) -> None:
    _add(school, page)
    lesson = page.frame_locator("iframe[name=tool]")
    expect(lesson.get_by_role("heading", name="Added to Algebra I")).to_be_visible()
    expect(lesson.get_by_text("was added.")).to_be_visible()
    lesson.get_by_role("link", name="Back to the course").click()
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
    student = chromium.new_context().new_page()
    school.open(student)
    student.get_by_role("link", name=TITLE).click()
    opened = lesson_of(student)
    expect(opened.locator("dt:text-is('Chosen lesson') + dd")).to_have_text(TITLE)
    expect(opened.get_by_role("heading", level=1)).to_have_text("Hello, Sam Okafor!")
    student.context.close()


def test_a_student_is_not_offered_to_add_content(school: House, page: Page) -> None:
    school.open(page)
    expect(page.get_by_role("link", name="Add content")).to_have_count(0)


def test_the_platforms_own_words_are_shown_when_it_takes_no_answer(school: House, page: Page) -> None:
    school.open(page, "tia")
    page.get_by_role("link", name="Add content").click()
    button = lesson_of(page).get_by_role("button", name=TITLE)
    button.wait_for()
    school.platform.switch(clock_seconds=0, accept_types=())
    button.click()
    frame = page.frame_locator("iframe[name=tool]")
    expect(frame.get_by_text("a kind of content that was not asked for")).to_be_visible()


def test_the_page_opened_again_says_so(school: House, page: Page) -> None:
    school.asked.clear()
    _add(school, page)
    expect(page.frame_locator("iframe[name=tool]").get_by_text("Added to Algebra I")).to_be_visible()
    path = school.path_asked(page, "/lti/deep-linking/")
    page.goto(f"{school.gateway}{path}")
    expect(page.locator(".sentence")).to_contain_text("works once")
    assert faults_of(page, "spent") == []


@pytest.mark.parametrize("size", [(360, 740), (1366, 768)])
def test_the_choice_looks_well(school: House, page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    school.open(page, "tia")
    page.get_by_role("link", name="Add content").click()
    lesson = lesson_of(page)
    button = lesson.get_by_role("button", name=TITLE)
    button.wait_for()
    picture(page, f"choose-{size[0]}")
    frame = page.frame("tool")
    assert frame is not None
    assert faults_of(frame, "choose") == []
    assert faults_of(page, "course") == []
    while not button.evaluate("each => each === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(lesson.get_by_text("Added to Algebra I")).to_be_visible()
    picture(page, f"added-{size[0]}")
    page.goto(f"{school.lms}/courses/101?as=tia&link=1")
    lesson_of(page)
    picture(page, f"course-with-link-{size[0]}")
