"""An administrator of each LMS connects it alone: invite link, registration, first launch, no operator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from providers import rooms
from tests.browser.inspection import lesson_of, picture
from tests.browser.invited import Administrator, Invited, invited

pytestmark = pytest.mark.browser
MOST_CLICKS = 12
ROOMS = sorted(key for key, plate in rooms().items() if plate.launch and plate.registration)


@pytest.fixture(params=ROOMS)
def school(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Invited]:
    with invited(tmp_path, request.param) as served:
        yield served


@pytest.fixture
def administrator(chromium: Browser) -> Iterator[Administrator]:
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    yield Administrator(context.new_page(), context.new_page())
    context.close()


def _open_link(who: Administrator, school: Invited) -> None:
    """Press the link in the mail, then the system's name."""
    who.clicks += 1
    who.wizard.goto(school.link())
    who.press(who.wizard.get_by_role("link", name=school.label, exact=True))
    who.lms.goto(school.lms)
    who.press(who.lms.get_by_role("link", name="administer"))


def _register_by_address(who: Administrator, school: Invited) -> None:
    address = who.copy(who.wizard.locator("code", has_text="/lti/register/"))
    who.lms.locator("[data-field=registration_url]").fill(address)
    who.press(who.lms.locator("[data-do=register]"))
    who.lms.wait_for_url("**/admin")  # the close message came


def _register_by_hand(who: Administrator, school: Invited) -> None:
    wanted = {"launch_url": "/lti/launch", "login_url": "/lti/login", "key_set_url": "/jwks.json"}
    for name in (name for name in school.platform.desk.fields if name in wanted):
        value = who.copy(who.wizard.locator(".value code", has_text=wanted[name]).first)
        who.lms.locator(f"[data-field={name}]").fill(value)
    who.lms.locator("[data-field=name]").fill("Reading Room")
    who.press(who.lms.locator("[data-do=save]"))
    shown = {str(each.get_attribute("data-shows")): each.inner_text() for each in who.lms.locator("[data-shows]").all()}
    for name, value in shown.items():
        control = who.wizard.locator(f"form [name={name}]")
        if control.count() and control.is_visible():
            control.fill(value)
    who.press(who.wizard.get_by_role("button", name="Connect"))


def _enable_and_open(who: Administrator, school: Invited) -> None:
    if school.platform.desk.state == "off":
        who.press(who.lms.locator("[data-do=enable]"))
    expect(who.wizard.get_by_role("heading", name="Waiting for your test launch…")).to_be_visible()
    who.clicks += 1  # a course of the teacher's
    who.lms.goto(f"{school.lms}/courses/101?as=tia")
    expect(lesson_of(who.lms).get_by_role("heading", level=1)).to_have_text("Hello, Tia Lindqvist!")


def test_an_administrator_connects_it_alone(school: Invited, administrator: Administrator) -> None:
    _open_link(administrator, school)
    registration = rooms()[school.key].registration
    assert registration is not None
    way = _register_by_address if registration.ways[0] == "dynamic" else _register_by_hand
    way(administrator, school)
    _enable_and_open(administrator, school)
    expect(administrator.wizard.get_by_role("heading", name="It works")).to_be_visible(timeout=10_000)
    assert school.gate.desk.approvals.waiting() == []
    picture(administrator.wizard, f"connect-{school.key}-works")
    assert administrator.clicks <= MOST_CLICKS, administrator.pressed
