"""What Clever does otherwise when people sign in: ID tokens, withheld records, several roles, its own pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient

from providers.clever.settings import CleverSettings
from providers.clever.sign_in import SIGN_IN
from providers.clever.simulator import a_district, create_simulator, serving, settings_for
from providers.clever.simulator_clever import CLIENT_ID, CLIENT_SECRET, SimulatedClever
from providers.clever.simulator_district import District
from providers.clever.simulator_sign_in_app import SESSION_COOKIE
from providers.clever.simulator_switches import CleverSwitches
from providers.contract import Context, Failure, Role, SignedIn, SignInReturn, SignInStart, read_settings
from tests.support.at_portal import at_portal
from tests.support.key_stores import Clock
from tests.support.rostering import plain_context

REDIRECT = "https://gateway.example/sso/1/callback"


class World:
    """A served Clever with one district, and a browser at its pages."""

    def __init__(self, clever: SimulatedClever, district: District, context: Context[Any], clock: Clock) -> None:
        self.clever, self.district, self.context, self.clock = clever, district, context, clock
        self.browser = create_simulator(clever).test_client()

    def user(self, email: str) -> dict[str, Any]:
        return next(each for each in self.district.objects["users"].values() if each["email"] == email)

    def odd(self) -> dict[str, Any]:
        return list(self.district.objects["users"].values())[-1]

    def authorize(self, user: dict[str, Any] | None, **more: Any) -> Any:
        if user is not None:
            self.browser.set_cookie(SESSION_COOKIE, user["id"])
        start = SignInStart(REDIRECT, "s", "n", "c")._replace(**more)
        address = SIGN_IN.authorize_url(self.context, start)
        return self.browser.get(address.removeprefix(self.clever.base_url))

    def finish(self, user: dict[str, Any], **claims: Any) -> SignedIn:
        code = dict(parse_qsl(urlsplit(self.authorize(user).location).query))["code"]

        def prove(token: str) -> dict[str, Any]:
            assert token.count(".") == 2
            return {**self.clever.told(user, self.district), **claims}

        return SIGN_IN.finish(self.context, SignInReturn(code, REDIRECT, "v", prove))


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    clock = Clock()
    switches = CleverSwitches(**getattr(request, "param", {}))
    clever = SimulatedClever((REDIRECT,), switches=switches, now=clock)
    district = a_district(clever)
    with serving(clever), plain_context() as context:
        settings = read_settings(CleverSettings, settings_for(clever, district))
        yield World(clever, district, context(settings), clock)


def odd(*names: str, **switches: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("world", [{"odd": frozenset(names), **switches}], indirect=True)


def test_an_id_token_is_proven_and_its_subject_is_the_key(world: World) -> None:
    world.clever.switch(oidc=True)
    teacher = world.user("t-1@school.example")
    told = world.finish(teacher)
    assert told.subject == teacher["id"] != world.clever.legacy_id(teacher)
    assert (told.district_id, told.roles) == (world.district.id, (Role.TEACHER,))


@pytest.mark.parametrize(("claim", "code"), [("sub", "sso.subject_missing"), ("district", "sso.district_missing")])
def test_an_id_token_without_its_key_lets_nobody_in(world: World, claim: str, code: str) -> None:
    world.clever.switch(oidc=True)
    with pytest.raises(Failure) as failed:
        world.finish(world.user("t-1@school.example"), **{claim: " "})
    assert failed.value.code == code


@odd("first_grader_without_email", oidc=True)
def test_a_child_without_an_address_comes_in(world: World) -> None:
    told = world.finish(world.odd())
    assert (told.person.email, told.person.given_name, told.roles) == (None, "Wee", (Role.STUDENT,))


@odd("teacher_staff_and_admin")
def test_somebody_with_three_roles_has_all(world: World) -> None:
    told = world.finish(world.odd())
    assert told.roles == (Role.TEACHER, Role.ADMINISTRATOR, Role.DISTRICT_ADMINISTRATOR)
    assert told.person.sourced_id == "odd-3"


@odd("same_email_twice")
def test_a_teacher_and_a_contact_with_one_address_are_two(world: World) -> None:  # D1
    teacher, contact = list(world.district.objects["users"].values())[-2:]
    one, other = world.finish(teacher), world.finish(contact)
    assert one.person.email == other.person.email
    assert (one.subject, one.roles) != (other.subject, other.roles)
    assert other.roles == (Role.GUARDIAN,)


@pytest.mark.parametrize("world", [{"users_withheld": True}], indirect=True)
def test_a_withheld_record_leaves_the_role_of_this_sign_in(world: World) -> None:
    told = world.finish(world.user("t-1@school.example"))
    assert (told.roles, told.person.given_name, told.person.sourced_id) == ((Role.TEACHER,), "Given", None)


@pytest.mark.parametrize("world", [{"roles_withheld": True, "oidc": True}], indirect=True)
def test_withheld_roles_are_taken_from_the_token(world: World) -> None:
    assert world.finish(world.user("t-1@school.example")).roles == (Role.TEACHER,)


@pytest.mark.parametrize(
    "world", [{"authorized_by": "teacher"}, {"authorized_by": "teacher", "oidc": True}], indirect=True
)
def test_a_teacher_from_the_library_belongs_to_no_district(world: World) -> None:
    with pytest.raises(Failure) as failed:
        world.finish(world.user("t-1@school.example"))
    assert failed.value.code == "sso.district_missing"


def test_a_code_is_good_for_a_minute(world: World) -> None:
    code = dict(parse_qsl(urlsplit(world.authorize(world.user("p-0@school.example")).location).query))["code"]
    world.clock.move(seconds=world.clever.switches.code_seconds + 1)
    with pytest.raises(Failure) as failed:
        SIGN_IN.finish(world.context, SignInReturn(code, REDIRECT, "v", lambda _: {}))
    assert failed.value.code == "sso.code_refused"


def test_the_secret_goes_in_the_header_alone(world: World) -> None:
    form = {"grant_type": "authorization_code", "code": "c", "redirect_uri": REDIRECT}
    body = {**form, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    assert world.browser.post("/oauth/tokens", data=body).status_code == 401
    assert world.browser.post("/oauth/tokens", data=form, auth=(CLIENT_ID, CLIENT_SECRET)).status_code == 400


def test_the_district_is_a_wish_that_skips_the_school_picker(world: World) -> None:
    a_district(world.clever, name="Southfield District")
    world.clever.switch(no_session=True)
    everybody, one = world.authorize(None), world.authorize(None, district_id=world.district.id)
    assert ("/in/southfield/" in everybody.text, "/in/southfield/" in one.text) == (True, False)
    assert "/in/northfield/" in one.text


def test_a_shared_device_asks_who_it_is(world: World) -> None:
    page = world.authorize(world.user("p-0@school.example"), is_shared_device=True)
    assert (page.status_code, "Are you Given Family p-0?" in page.text) == (200, True)


def test_somebody_whom_the_district_does_not_share_stays_at_clevers_page(world: World) -> None:
    student = world.user("p-0@school.example")
    world.clever.switch(unshared=frozenset({student["id"]}))
    assert world.authorize(student).status_code == 403


def test_a_sign_ins_token_opens_no_roster(world: World) -> None:
    token = world.clever.give_token(world.user("t-1@school.example")["id"])
    page = world.browser.get("/v3.1/sections", headers={"Authorization": f"Bearer {token}"})
    assert (page.status_code, page.mimetype) == (404, "text/html")


def test_an_instant_login_link_lands_without_state(world: World) -> None:
    world.browser.set_cookie(SESSION_COOKIE, world.user("p-0@school.example")["id"])
    link = f"/oauth/instant-login?client_id={CLIENT_ID}&district_id={world.district.id}"
    assert world.browser.get(link).location.startswith(f"{REDIRECT}?code=")
    assert world.browser.get(link.replace(world.district.id, "x")).status_code == 400


def test_the_portals_pages_lead_from_the_district_to_the_tile(world: World) -> None:
    browser: FlaskClient = create_simulator(world.clever).test_client()
    assert "Northfield District" in browser.get("/").text
    student = world.user("p-0@school.example")
    entered = browser.post(f"/in/northfield/as/{student['id']}?next=/in/northfield")
    assert "Open the application" in browser.get(entered.location).text
    assert browser.get("/in/northfield/open").location.startswith(f"{REDIRECT}?code=")


def test_the_administrators_page_pauses_disconnects_and_changes_the_token(world: World) -> None:
    before = world.district.token
    for action in ("pause", "connect", "rotate"):
        world.browser.post(f"/admin/{action}")
    assert (world.clever.switches.state, world.clever.switches.connected) == ("paused", False)
    assert world.district.token != before
    assert world.district.id in world.browser.get("/admin").text


@pytest.mark.parametrize(
    ("switches", "code"),
    [({}, "accepted"), ({"token_seconds": -120}, "sso.id_token_untrusted"), ({"email_verified": True}, "accepted")],
)
def test_the_gate_proves_id_tokens_with_clevers_keys(
    sqlite_url: str, switches: dict[str, Any], code: str
) -> None:  # C8
    clock = Clock()
    with at_portal("clever", sqlite_url, clock=clock) as world:
        clever = world.portal.register.__self__  # type: ignore[attr-defined]
        clever.now = clock
        clever.switch(oidc=True, **switches)
        outcome = world.click("teacher")
        assert outcome.code == code
        if code == "accepted":
            assert world.launching.sign_in(outcome)["email_verified"] is False
