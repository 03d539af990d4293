"""An administrator of each LMS connects it alone: invite link, registration, first launch, no operator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from providers import contract, rooms
from providers.kit.guide import WAY_HEADINGS
from tests.browser.inspection import lesson_of, picture
from tests.browser.invited import Administrator, Invited, invited

pytestmark = [pytest.mark.browser, pytest.mark.long]
MOST_CLICKS = 12
# What docs/connect-a-school.md says.
CLICKS = {"dynamic": 7, "configuration": 8, "manual": 10}
WAYS = [
    (key, way)
    for key, plate in sorted(rooms().items())
    if plate.launch and plate.registration
    for way in plate.registration.ways
]
# A page of the wizard shows each value; a field of the LMS with this name takes it.
WANTED = {
    "launch_url": "/lti/launch",
    "login_url": "/lti/login",
    "key_set_url": "/jwks.json",
    "configuration_url": "/lti/config/",
    "configuration": "oidc_initiation_url",
}


@dataclass(frozen=True)
class Way:
    """One room's way, and the school that goes it."""

    school: Invited
    name: contract.Way


@pytest.fixture(params=WAYS, ids="-".join)
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Way]:
    key, name = request.param
    with invited(tmp_path, key, name) as served:
        yield Way(served, name)


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
    register = who.lms.locator("[data-do=register]")
    if not school.platform.desk.opens_a_tab:
        who.press(register)
        who.lms.wait_for_url("**/admin")  # the close message came
        return
    with who.lms.expect_popup() as opened:
        who.press(register)
    tab = opened.value
    expect(tab.get_by_role("heading", level=1)).to_contain_text("is registered")
    expect(tab.get_by_text("You can close this window")).to_be_visible()
    expect(tab.get_by_role("button", name="Close")).to_be_hidden()  # nobody would hear it
    who.clicks += 2  # to close the tab and to see the list anew
    tab.close()
    who.lms.reload()


def _register_by_hand(who: Administrator, school: Invited) -> None:
    for name in (name for name in school.platform.desk.fields if name in WANTED):
        value = who.wizard.locator(".value code", has_text=WANTED[name])
        if value.count():
            who.lms.locator(f"[data-field={name}]").fill(who.copy(value.first))
    who.lms.locator("[data-field=name]").fill("Reading Room")
    who.press(who.lms.locator("[data-do=save]"))
    for name, value in school.platform.settings().items():
        control = who.wizard.locator(f"form [name={name}]")
        if control.count() and control.is_visible() and name != "algorithms":
            control.fill(str(value))
    who.press(who.wizard.get_by_role("button", name="Connect"))


def _enable_and_open(who: Administrator, school: Invited) -> None:
    if school.platform.desk.state == "off":
        who.press(who.lms.locator("[data-do=enable]"))
    expect(who.wizard.get_by_role("heading", name="Waiting for your test launch…")).to_be_visible()
    who.clicks += 1  # a course of the teacher's
    who.lms.goto(f"{school.lms}/courses/101?as=tia")
    expect(lesson_of(who.lms).get_by_role("heading", level=1)).to_have_text("Hello, Tia Lindqvist!")


def test_an_administrator_connects_it_alone(way: Way, administrator: Administrator) -> None:
    school = way.school
    _open_link(administrator, school)
    registration = rooms()[school.key].registration
    assert registration is not None
    if way.name != registration.ways[0]:
        other = administrator.wizard.get_by_role("link", name=f"{WAY_HEADINGS[way.name]} instead")
        administrator.press(other)
    (_register_by_address if way.name == "dynamic" else _register_by_hand)(administrator, school)
    if registration.shared_client and way.name != "dynamic":
        expect(administrator.wizard.get_by_role("heading", name="Waiting for approval")).to_be_visible()
        (waiting,) = school.gate.desk.approvals.waiting()
        school.gate.desk.approvals.approve(waiting.id, actor="operator")
    _enable_and_open(administrator, school)
    expect(administrator.wizard.get_by_role("heading", name="It works")).to_be_visible(timeout=15_000)
    assert school.gate.desk.approvals.waiting() == []
    picture(administrator.wizard, f"connect-{school.key}-{way.name}-works")
    assert administrator.clicks <= MOST_CLICKS, administrator.pressed
    if way.name == registration.ways[0]:
        more = 2 if way.name == "dynamic" and school.platform.desk.opens_a_tab else 0
        assert administrator.clicks == CLICKS[way.name] + more, administrator.pressed
