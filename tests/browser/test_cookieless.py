"""Launches in a frame on another site, in a Chromium that keeps no cookie there: each rung, and attacks on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, Response, expect

from gateway.demo.script import read_script
from tests.browser.house import House, house, without_cookies
from tests.browser.inspection import faults_of, picture

pytestmark = pytest.mark.browser
WINDOW = "Open in a new window"


@pytest.fixture(scope="module")
def one_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as served:
        yield served


@pytest.fixture
def school(one_house: House) -> House:
    """The house with its switches as they were."""
    one_house.platform.switches = one_house.platform.default_switches()
    return one_house


def _elsewhere(school: House) -> str:
    """The same pages under a name that is not the platform's origin."""
    return school.lms.replace("127.0.0.1", "elsewhere.localhost")


@pytest.fixture
def strict(school: House, chromium: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    with without_cookies(
        chromium.browser_type, tmp_path / "b", school.gateway, below=(school.lms, _elsewhere(school))
    ) as context:
        yield context


@pytest.fixture
def visitor(strict: BrowserContext) -> Page:
    return strict.new_page()


def _let_in(lesson: FrameLocator | Page) -> None:
    expect(lesson.get_by_role("heading", level=1)).to_have_text("Hello, Sam Okafor!")


def test_a_frame_that_keeps_cookies_is_let_in_by_its_partitioned_cookie(school: House, page: Page) -> None:
    _let_in(school.open(page))
    assert school.newest()[1]["browser"] == "partitioned cookie"


def test_a_browser_that_showed_it_keeps_cookies_meets_our_page_once(school: House, page: Page) -> None:
    seen: list[str] = []
    page.on("response", lambda answer: seen.append(f"{answer.status} {answer.url.partition('?')[0]}"))
    for _ in range(2):
        _let_in(school.open(page))
    logins = [each.partition(" ")[0] for each in seen if each.endswith("/lti/login")]
    assert logins == ["200", "302"]


def test_a_window_of_its_own_is_let_in_by_its_first_party_cookie(school: House, page: Page) -> None:
    page.goto(f"{school.lms}/courses/101/launch?as=sam")
    _let_in(page)
    assert school.newest()[1]["browser"] == "first-party cookie"


def test_platform_storage_lets_in_where_no_cookie_is_kept(school: House, visitor: Page) -> None:
    school.platform.switch(storage_target="_parent")
    _let_in(school.open(visitor))
    assert school.newest() == ("accepted", {**school.newest()[1], "browser": "platform storage, in the parent"})


def test_the_frame_that_passes_messages_on_stores_too(school: House, visitor: Page) -> None:
    _let_in(school.open(visitor))
    assert school.newest()[1]["browser"] == "platform storage, in the frame the platform named"


def test_a_frame_that_only_the_capabilities_name_is_asked(school: House, visitor: Page) -> None:
    visitor.route(
        "**/lti/login*", lambda route: route.continue_(url=route.request.url.replace("lti_storage_target", "x"))
    )
    school.platform.switch(login_method="GET")
    _let_in(school.open(visitor))
    assert school.newest()[1]["browser"].startswith("platform storage")


def test_what_was_stored_is_taken_away_after_the_launch(school: House, visitor: Page) -> None:
    _let_in(school.open(visitor))
    asked = [subject for subject, *_ in visitor.evaluate("window.asked") if subject != "lti.capabilities"]
    assert asked == ["lti.put_data", "lti.get_data", "lti.put_data"]


def test_the_platform_is_told_neither_state_nor_nonce_nor_token(school: House, visitor: Page) -> None:
    sent: list[str] = []
    visitor.expose_function("sawMessage", lambda message: sent.append(message))  # noqa: PLW0108 - Playwright marks it
    visitor.add_init_script("addEventListener('message', (event) => window.sawMessage(JSON.stringify(event.data)))")
    urls: list[str] = []
    visitor.on("request", lambda each: urls.append(each.url))
    _let_in(school.open(visitor))
    # More than one where `lesson_of` had to load the course page anew: each is a launch of its own.
    asked = [url for url in urls if "/authorize_redirect" in url]
    parts = [part.partition("=") for url in asked for part in url.split("&")]
    secrets = {value for name, _, value in parts if name in {"state", "nonce"}}
    assert len(secrets) == 2 * len(asked) > 0
    assert not any(secret in message for secret in secrets for message in sent)


def test_no_page_of_ours_holds_the_token(school: House, visitor: Page) -> None:
    pages: list[str] = []
    tokens: list[str] = []

    def look(answer: Response) -> None:
        if answer.url == f"{school.gateway}/lti/launch":
            tokens.append(answer.request.post_data or "")
            pages.append(answer.text())

    visitor.on("response", look)
    _let_in(school.open(visitor))
    assert len(pages) == 1
    token = tokens[0].partition("id_token=")[2].partition("&")[0]
    assert len(token) > 500
    assert token not in pages[0]


def _by_window(school: House, visitor: Page) -> Page:
    lesson = school.open(visitor)
    with visitor.context.expect_page() as opened:
        lesson.get_by_role("link", name=WINDOW).click(timeout=8000)
    expect(lesson.get_by_role("heading", name="Your lesson is open in another window")).to_be_visible()
    return opened.value


def test_a_new_window_lets_in_where_the_platform_stores_nothing(school: House, visitor: Page) -> None:
    school.platform.switch(storage_target="", capabilities=False)
    _let_in(_by_window(school, visitor))
    assert school.newest()[1]["browser"] == "first-party cookie, in a new window"


@pytest.mark.parametrize("storage", ["silent", "late", "refuses"])
def test_a_new_window_lets_in_where_the_platform_offers_and_does_not_store(
    school: House, visitor: Page, storage: str
) -> None:
    school.platform.switch(storage=storage)
    _let_in(_by_window(school, visitor))


def test_a_mobile_app_that_offers_storage_and_never_answers_ends_in_a_new_window(school: House, visitor: Page) -> None:
    school.platform.switch(storage_target="_parent", storage="silent", capabilities=False)
    _let_in(_by_window(school, visitor))


def test_a_sandbox_without_an_origin_ends_in_a_new_window(school: House, visitor: Page) -> None:
    allowed = "allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox"
    school.platform.switch(frame_sandbox=allowed)
    _let_in(_by_window(school, visitor))


def test_without_scripts_the_new_window_is_there_at_once(school: House, chromium: Browser) -> None:
    school.platform.switch(login_method="GET")
    context = chromium.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        with context.expect_page() as opened:
            school.open(page).get_by_role("link", name=WINDOW).click()
        opened.value.get_by_role("button", name="Go on").click()  # the simulated LMS's own page
        _let_in(opened.value)
    finally:
        context.close()


@pytest.mark.parametrize("storage", ["wrong_origin", "other_frame"])
def test_an_answer_from_another_origin_or_frame_does_not_count(
    school: House, visitor: Page, storage: str
) -> None:  # A14
    before = school.outcomes().count("accepted")
    school.platform.switch(storage_target="_parent", storage=storage)
    expect(school.open(visitor).get_by_role("link", name=WINDOW)).to_be_visible(timeout=8000)
    assert school.outcomes().count("accepted") == before


def test_a_stored_value_that_is_gone_is_refused(school: House, visitor: Page) -> None:  # A14
    school.platform.switch(storage="forgets")
    lesson = school.open(visitor)
    expect(lesson.get_by_role("heading", name="This link did not open")).to_be_visible(timeout=8000)
    outcome, trace = school.newest()
    assert outcome == "lti.storage_silent"
    assert trace["browser"].endswith("the value is gone")
    expect(lesson.locator(".reference strong")).to_be_visible()


def test_somebody_who_only_embeds_us_is_never_told_the_secret(school: House, visitor: Page) -> None:  # A14
    school.platform.switch(storage_target="_parent")
    expect(school.open(visitor, at=_elsewhere(school)).get_by_role("link", name=WINDOW)).to_be_visible(timeout=8000)
    assert [subject for subject, *_ in visitor.evaluate("window.asked")] == ["lti.capabilities"]


@pytest.mark.parametrize("size", [(360, 740), (1366, 768)])
def test_the_ladders_pages_look_well(school: House, visitor: Page, size: tuple[int, int]) -> None:
    visitor.set_viewport_size({"width": size[0], "height": size[1]})
    school.platform.switch(storage_target="", capabilities=False)
    lesson = school.open(visitor)
    link = lesson.get_by_role("link", name=WINDOW)
    expect(link).to_be_visible(timeout=8000)
    picture(visitor, f"new-window-{size[0]}")
    frame = visitor.frame("tool")
    assert frame is not None
    assert faults_of(frame, "new window") == []
    while not link.evaluate("each => each === document.activeElement"):
        visitor.keyboard.press("Tab")
    with visitor.context.expect_page():
        visitor.keyboard.press("Enter")  # the keyboard is enough
    expect(lesson.get_by_role("heading", name="Your lesson is open in another window")).to_be_visible()
    picture(visitor, f"new-window-opened-{size[0]}")
    assert faults_of(frame, "opened") == []


def test_the_refusals_page_looks_well(school: House, visitor: Page) -> None:
    school.platform.switch(storage="forgets")
    expect(school.open(visitor).get_by_text("Reference")).to_be_visible(timeout=8000)
    picture(visitor, "storage-refused")
    frame = visitor.frame("tool")
    assert frame is not None
    assert faults_of(frame, "storage refused") == []


@pytest.mark.parametrize("room", read_script().systems)
def test_the_demos_other_lms_lets_in_without_cookies(room: str, chromium: Browser, tmp_path: Path) -> None:
    with (
        house(tmp_path, room) as served,
        without_cookies(chromium.browser_type, tmp_path / "b", served.gateway, below=(served.lms,)) as context,
    ):
        _let_in(served.open(context.new_page()))
        assert served.newest()[1]["browser"] == "platform storage, in the parent"
