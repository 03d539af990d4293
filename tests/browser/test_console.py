"""The operator's console on a phone and on a Chromebook, by keyboard, without JavaScript, and read aloud."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Look
from tests.browser.inspection import faults_of, picture
from tests.browser.invited import Invited, invited

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Invited]:
    with invited(tmp_path_factory.mktemp("console"), "lti") as served:
        yield served


def _enter(page: Page, school: Invited) -> None:
    page.goto(f"{school.gateway}/console/sign-in/{school.gate.operator_sessions.link('ann', actor='test')}")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Console")).to_be_visible()


def _ask(page: Page, school: Invited, client_id: str) -> None:
    """Fill in the wizard with keys on another host, in a tab of the administrator's."""
    page.goto(school.link())
    page.goto(f"{school.gateway}/connect/with/lti?way=manual")
    shown = {**school.platform.settings(), "client_id": client_id, "key_set_url": "https://elsewhere.example/keys"}
    for name in ("issuer", "client_id", "auth_login_url", "key_set_url"):
        page.locator(f"[name={name}]").fill(str(shown[name]))
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("heading", name="Waiting for approval")).to_be_visible()


def test_every_page_looks_well(school: Invited, sized: Page, look: Look) -> None:
    link = f"{school.gateway}/console/sign-in/{school.gate.operator_sessions.link('ann', actor='test')}"
    sized.goto(link)
    faults = faults_of(sized, "sign-in")
    _enter(sized, school)
    _ask(sized, school, f"looks-{'-'.join(look)}")
    for name in ("", "/connections", "/invites", "/launches", "/launches/AAAAA-AAAAA"):
        sized.goto(f"{school.gateway}/console{name}")
        picture(sized, f"console-{name.strip('/').partition('/')[0] or 'approvals'}-{'-'.join(look)}")
        faults += faults_of(sized, name)
    sized.goto(f"{school.gateway}/console/invites")
    sized.get_by_label("School or district").select_option(label="Northfield School (school)")
    sized.get_by_role("button", name="Make the link").click()
    expect(sized.get_by_role("heading", name="Here is the link")).to_be_visible()
    picture(sized, f"console-link-{'-'.join(look)}")
    assert [*faults, *faults_of(sized, "link")] == []


def test_the_keyboard_is_enough_to_approve(school: Invited, page: Page) -> None:
    _ask(page, school, "keyboard")
    _enter(page, school)
    before = page.get_by_role("button", name="Approve").count()
    page.get_by_role("button", name="Approve").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Approved. The school's administrator sees it now.")).to_be_visible()
    assert page.get_by_role("button", name="Approve").count() == before - 1


def test_it_works_without_javascript(school: Invited, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    _ask(page, school, "plain")
    _enter(page, school)
    page.get_by_role("button", name="Refuse").first.click()
    expect(page.get_by_text("Refused. Nothing was made")).to_be_visible()
    page.get_by_role("link", name="Invites").click()
    page.get_by_label("School or district").select_option(label="Northfield School (school)")
    page.get_by_role("button", name="Make the link").click()
    page.goto(page.locator(".notice.good code").inner_text())
    expect(page.get_by_role("heading", name="Which system does your school use?")).to_be_visible()
    context.close()


def test_read_aloud_an_approval_makes_sense(school: Invited, page: Page) -> None:
    _ask(page, school, "aloud")
    _enter(page, school)
    told = page.locator("main").aria_snapshot()
    assert 'link "Approvals"' in told
    assert 'button "Approve Northfield School"' in told
    assert 'button "Refuse Northfield School"' in told
    assert "elsewhere.example" in told
