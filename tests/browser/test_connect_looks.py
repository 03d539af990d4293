"""The wizard's pages on a phone and on a Chromebook, by keyboard, without JavaScript, and read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from providers import rooms
from tests.browser.conftest import Look
from tests.browser.inspection import faults_of, picture
from tests.browser.invited import Invited, invited

pytestmark = pytest.mark.browser
WAYS = [(key, way) for key, plate in sorted(rooms().items()) if plate.registration for way in plate.registration.ways]


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Invited]:
    with invited(tmp_path_factory.mktemp("school"), "lti") as served:
        yield served


def _inspect(page: Page, name: str, look: Look) -> None:
    picture(page, f"connect-{name}-{'-'.join(look)}")
    assert faults_of(page, name) == []


def _fill_in(page: Page, school: Invited, **changes: str) -> None:
    page.goto(f"{school.gateway}/connect/with/lti?way=manual")
    shown = school.platform.settings() | changes
    for name in ("issuer", "client_id", "auth_login_url", "key_set_url"):
        page.locator(f"[name={name}]").fill(str(shown[name]))
    page.get_by_role("button", name="Connect").click()


def test_the_choice_looks_well(school: Invited, sized: Page, look: Look) -> None:
    sized.goto(school.link())
    _inspect(sized, "choose", look)


@pytest.mark.parametrize(("key", "way"), WAYS)
def test_every_way_looks_well(school: Invited, sized: Page, look: Look, key: str, way: str) -> None:
    sized.goto(school.link())
    sized.goto(f"{school.gateway}/connect/with/{key}?way={way}")
    _inspect(sized, f"{key}-{way}", look)


def test_a_form_with_faults_looks_well(school: Invited, sized: Page, look: Look) -> None:
    sized.goto(school.link())
    _fill_in(sized, school, issuer="lms.school", client_id="")
    expect(sized.get_by_text("Client ID is missing.")).to_be_visible()
    _inspect(sized, "faults", look)


def test_waiting_looks_well(school: Invited, sized: Page, look: Look) -> None:
    sized.goto(school.link())
    _fill_in(sized, school, client_id=f"waits-{look}")
    expect(sized.get_by_role("heading", name="Waiting for your test launch…")).to_be_visible()
    _inspect(sized, "waiting", look)


def test_waiting_for_approval_looks_well(school: Invited, sized: Page, look: Look) -> None:
    sized.goto(school.link())
    _fill_in(sized, school, client_id=f"asks-{look}", key_set_url="https://elsewhere.example/keys")
    expect(sized.get_by_role("heading", name="Waiting for approval")).to_be_visible()
    _inspect(sized, "approval", look)


def test_a_link_that_was_used_looks_well(school: Invited, sized: Page, look: Look) -> None:
    link = school.link()
    sized.goto(link)
    _fill_in(sized, school, client_id=f"used-{look}")
    sized.context.clear_cookies()  # another browser: the one that used it is led back to its page
    sized.goto(link)
    expect(sized.get_by_text("This link has been used.")).to_be_visible()
    _inspect(sized, "used", look)


@pytest.mark.parametrize("refusal", ["", "<b>scope</b> not allowed for this account"])
def test_the_page_inside_the_lms_looks_well(school: Invited, sized: Page, look: Look, refusal: str) -> None:
    school.platform.switches = type(school.platform.switches)(registration_refusal=refusal, registration_closes=False)
    sized.goto(school.link())
    sized.goto(f"{school.gateway}/connect/with/lti")
    address = sized.locator("code", has_text="/lti/register/").inner_text()
    sized.goto(f"{school.lms}/admin")
    sized.locator("[data-field=registration_url]").fill(address)
    sized.locator("[data-do=register]").click()
    frame = sized.frame_locator("iframe[name=tool]")
    expect(frame.get_by_role("heading", level=1)).to_have_text(
        "This did not work" if refusal else "Reading Room is registered"
    )
    picture(sized, f"connect-{'refused' if refusal else 'registered'}-{'-'.join(look)}")
    assert faults_of(sized.frames[1], "frame") == []
    if refusal:
        expect(frame.get_by_text(refusal)).to_be_visible()
    else:
        assert sized.evaluate("document.body.dataset.closed") == school.gateway


def test_the_keyboard_is_enough(school: Invited, page: Page) -> None:
    page.goto(school.link())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "A"
    page.get_by_role("link", name="LTI 1.3 platform").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="By hand instead").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Issuer").focus()
    for value in ("https://keys.example", "1", "https://keys.example/a", "https://keys.example/k"):
        page.keyboard.type(value)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Waiting for your test launch…")).to_be_visible()


def test_it_works_without_javascript(school: Invited, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(school.link())
    assert page.locator("button.copy:visible").count() == 0
    _fill_in(page, school, client_id="plain")
    expect(page.get_by_role("heading", name="Waiting for your test launch…")).to_be_visible()
    assert '<meta http-equiv="refresh" content="5">' in page.content()
    context.close()


def test_read_aloud_the_pages_make_sense(school: Invited, page: Page) -> None:
    page.goto(school.link())
    told = page.locator("main").aria_snapshot()
    assert "Northfield School" in told
    assert 'heading "Which system does your school use?" [level=1]' in told
    assert re.search(r'link "LTI 1.3 platform"', told)
    page.get_by_role("link", name="LTI 1.3 platform").click()
    told = page.locator("main").aria_snapshot()
    assert 'heading "Connect an LTI 1.3 platform" [level=1]' in told
    assert re.search(r'button "Copy http://localhost:\d+/lti/register/', told)
    assert "Choose (done)" in told
