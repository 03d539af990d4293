"""From a native sign-in into the application, by the hand-off that launches have; and from the application here."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from gateway.store.tables import accounts, orgs, sessions
from tests.support.launching import GATE, Outcome
from tests.support.natives import PASSWORD, NativeWorld, words
from tests.support.oidc_world import CALLBACK, CHALLENGE

_ROLES = "https://purl.imsglobal.org/spec/lti/claim/roles"
_ASKED = {
    "client_id": "app",
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "scope": "openid profile",
    "state": "s-1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def _authorize(native: NativeWorld, **more: str) -> str:
    """Ask as the application does; return where the browser is sent."""
    answer = native.browser().get("/oauth2/authorize", query_string={**_ASKED, **more}, base_url=GATE)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_home_opens_the_application_and_tells_it_who_came(native: NativeWorld) -> None:
    member = native.add()
    browser = native.signed_in()
    assert "Open Application app" in words(browser.get("/home", base_url=GATE))
    opened = browser.get("/open/app", base_url=GATE)
    claims = native.world.sign_in(Outcome(303, "accepted", "", opened))
    assert (claims["sub"], claims["name"]) == (member.user_id, "Ann Example")
    assert claims[_ROLES] == ["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"]


@pytest.mark.parametrize("path", ["/open/other", "/open/"])
def test_an_application_that_is_none_of_the_schools_does_not_open(quick: NativeWorld, path: str) -> None:
    quick.add()
    assert quick.signed_in().get(path, base_url=GATE).status_code in {400, 404}


def test_a_picture_elsewhere_opens_nothing(quick: NativeWorld) -> None:
    quick.add()
    answer = quick.signed_in().get("/open/app", base_url=GATE, headers={"Sec-Fetch-Dest": "image"})
    assert answer.status_code == 405


def test_a_suspended_school_ends_the_session_at_the_application(quick: NativeWorld) -> None:  # A19
    quick.add()
    opened = quick.signed_in().get("/open/app", base_url=GATE)
    tokens = quick.world.tokens(Outcome(303, "accepted", "", opened))
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert quick.browser().get("/oauth2/userinfo", headers=bearer, base_url=GATE).status_code == 200
    with quick.store.transaction() as connection:
        only = orgs.c.sourced_id == quick.school.sourced_id
        connection.execute(orgs.update().where(only).values(suspended_at=quick.world.clock()))
    assert quick.browser().get("/oauth2/userinfo", headers=bearer, base_url=GATE).status_code == 401


def test_a_sign_in_that_began_at_the_application_ends_there(quick: NativeWorld) -> None:
    quick.add()
    where = _authorize(quick)
    assert where.startswith("/sign-in?client_id=app")
    browser = quick.browser()
    page = browser.get(where, base_url=GATE)
    resume = page.text.split('name="resume" value="')[1].split('"')[0].replace("&amp;", "&")
    form = {"username": "ann", "password": PASSWORD, "resume": resume}
    onward = browser.post("/sign-in", data=form, base_url=GATE)
    link = onward.text.split('class="button" href="')[1].split('"')[0].replace("&amp;", "&")
    back = browser.get(link.removeprefix(GATE), base_url=GATE)
    answer = dict(parse_qsl(urlsplit(back.location).query))
    assert back.location.startswith(CALLBACK)
    assert (answer["state"], "code" in answer) == ("s-1", True)
    assert quick.world.count(sessions) == 1
    again = browser.get(where, base_url=GATE).location
    assert again.startswith(f"{GATE}/oauth2/authorize?client_id=app")
    asked = browser.get(f"/sign-in?{urlencode({**_ASKED, 'prompt': 'login'})}", base_url=GATE)
    assert "Sign in to Schoolgate" in words(asked)


def test_who_must_choose_a_password_does_so_before_they_go_on(quick: NativeWorld) -> None:
    quick.add("sam", "student", must_change=True)
    form = {"username": "sam", "password": PASSWORD, "resume": urlencode(_ASKED)}
    assert quick.browser().post("/sign-in", data=form, base_url=GATE).location == "/account/password"


def test_where_nobody_has_an_account_the_application_hears_that_nobody_is_there(quick: NativeWorld) -> None:
    assert "error=login_required" in _authorize(quick)
    assert quick.world.count(accounts) == 0


def test_entitlements_are_told_to_who_asks_for_them(quick: NativeWorld) -> None:
    quick.add()
    quick.order(entitlements=["maths-7"])
    opened = quick.signed_in().get("/open/app", base_url=GATE)
    assert "entitlements" not in quick.world.sign_in(Outcome(303, "accepted", "", opened))
    hint = dict(parse_qsl(urlsplit(quick.signed_in().get("/open/app", base_url=GATE).location).query))["login_hint"]
    code = dict(
        parse_qsl(urlsplit(_authorize(quick, login_hint=hint, scope="openid entitlements offline_access")).query)
    )
    told = quick.world.exchange(code["code"])
    assert quick.world.read(told["id_token"])["entitlements"] == ["maths-7"]
    bearer = {"Authorization": f"Bearer {told['access_token']}"}
    person = quick.browser().get("/oauth2/userinfo", headers=bearer, base_url=GATE).get_json()
    assert person["entitlements"] == ["maths-7"]
    refreshed = quick.world.refresh(told["refresh_token"])
    assert quick.world.read(refreshed["id_token"])["entitlements"] == ["maths-7"]
