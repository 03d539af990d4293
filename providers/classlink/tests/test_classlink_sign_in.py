"""What ClassLink does otherwise when people sign in: blank ids, odd ones, words for roles, ID tokens, its pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.classlink.roles import own_words, read_roles
from providers.classlink.settings import ClassLinkSettings
from providers.classlink.sign_in import SIGN_IN, key_of
from providers.classlink.simulator import a_tenant, create_simulator, serving, settings_for
from providers.classlink.simulator_classlink import CLIENT_ID, CLIENT_SECRET, SimulatedClassLink
from providers.classlink.simulator_launchpad_app import SESSION_COOKIE
from providers.classlink.simulator_switches import ClassLinkSwitches
from providers.classlink.simulator_tenant import Tenant
from providers.contract import Context, Failure, Misconfigured, Role, SignedIn, SignInReturn, SignInStart, read_settings
from tests.support.at_portal import at_portal
from tests.support.key_stores import Clock
from tests.support.rostering import plain_context

REDIRECT = "https://gateway.example/sso/1/callback"


class World:
    """A served ClassLink with one tenant, and a browser at its pages."""

    def __init__(self, classlink: SimulatedClassLink, tenant: Tenant, context: Context[Any], clock: Clock) -> None:
        self.classlink, self.tenant, self.context, self.clock = classlink, tenant, context, clock
        self.browser = create_simulator(classlink).test_client()

    def become(self, source_id: str) -> None:
        self.browser.set_cookie(SESSION_COOKIE, str(self.tenant.user_ids[source_id]))

    def authorize(self, source_id: str | None = None) -> Any:
        if source_id is not None:
            self.become(source_id)
        address = SIGN_IN.authorize_url(self.context, SignInStart(REDIRECT, "s", "n", "c"))
        return self.browser.get(address.removeprefix(self.classlink.base_url))

    def code_of(self, source_id: str) -> str:
        return dict(parse_qsl(urlsplit(str(self.authorize(source_id).location)).query))["code"]

    def finish(self, source_id: str, **settings: Any) -> SignedIn:
        context = replace(self.context, settings=replace(self.context.settings, **settings))
        returned = SignInReturn(self.code_of(source_id), REDIRECT, "v", self._prove)
        return SIGN_IN.finish(context, returned)

    def _prove(self, token: str) -> dict[str, Any]:
        assert token.count(".") == 2
        about = self.classlink.switches.id_token_of
        return {"sub": str(about or next(reversed(self.classlink.tokens.values())))}


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    clock = Clock()
    switches = ClassLinkSwitches(**getattr(request, "param", {}))
    classlink = SimulatedClassLink((REDIRECT,), switches=switches, now=clock)
    tenant = a_tenant(classlink)
    for _ in tenant.people():
        pass
    with serving(classlink), plain_context() as context:
        settings = read_settings(ClassLinkSettings, settings_for(classlink, tenant))
        yield World(classlink, tenant, context(settings), clock)


def switched(**switches: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("world", [switches], indirect=True)


def odd(*names: str, **switches: Any) -> pytest.MarkDecorator:
    return switched(odd=frozenset(names), **switches)


@switched(blank_sourced_id=True)
def test_a_district_without_ids_falls_back_to_classlinks_own_number(world: World) -> None:  # C6
    one, other = world.finish("p-0"), world.finish("p-1")
    assert one.subject == f"user:{world.tenant.user_ids['p-0']}"
    assert one.subject != other.subject
    assert (one.person.sourced_id, one.person.roster_id) == (None, None)


@pytest.mark.parametrize("blank", ["", "  ", None])
@pytest.mark.parametrize("user_id", [0, "0", "", " ", None, False, -1])
def test_no_key_is_made_from_nothing(blank: Any, user_id: Any) -> None:  # C6
    with pytest.raises(Failure) as failed:
        key_of({"SourcedId": blank, "UserId": user_id, "LoginId": "somebody", "Email": "s@school.example"})
    assert failed.value.code == "sso.subject_missing"


@pytest.mark.parametrize("hidden", ["\u200b", "ab\x00c", ["98765"], {"id": 1}, True])
def test_an_id_that_is_none_does_not_fall_back(hidden: Any) -> None:  # C6
    with pytest.raises(Failure) as failed:
        key_of({"SourcedId": hidden, "UserId": 4711})
    assert failed.value.code == "sso.subject_missing"


@given(st.lists(st.tuples(st.text("aA0|/:user ", max_size=6), st.integers(1, 9)), min_size=2, max_size=2, unique=True))
def test_two_people_never_have_one_key(two: list[tuple[str, int]]) -> None:  # C6
    (one, other) = ({"SourcedId": sourced_id, "UserId": user_id} for sourced_id, user_id in two)
    blank = [not str(each["SourcedId"]).strip() for each in (one, other)]
    is_same = blank[0] == blank[1] and (
        one["UserId" if blank[0] else "SourcedId"] == other["UserId" if blank[1] else "SourcedId"]
    )
    assert (key_of(one) == key_of(other)) == is_same


@odd("pipe_and_slash", "case_variants", "leading_zeros", "id_like_a_user_id")
def test_odd_ids_are_kept_letter_for_letter_and_apart(world: World) -> None:  # C6
    ids = [each["sourcedId"] for _, each in world.tenant.people() if str(each["familyName"]).startswith("Odd")]
    told = {source_id: world.finish(source_id) for source_id in ids}
    assert len({each.subject for each in told.values()}) == len(ids) == 7
    named = {source_id: each.person.roster_id for source_id, each in told.items() if source_id != "without-id"}
    assert named == {source_id: source_id for source_id in named}
    victim = told["without-id"].subject
    assert victim == f"user:{world.tenant.user_ids['without-id']}"
    assert f"sis:{victim.removeprefix('user:')}" in {each.subject for each in told.values()}


@pytest.mark.parametrize("world", [{"org_id": "text"}, {"org_id": "list"}], indirect=True)
def test_a_field_that_changes_its_type_disturbs_nobody(world: World) -> None:
    assert world.finish("t-1").roles == (Role.TEACHER,)


@pytest.mark.parametrize(
    "world", [{"odd": frozenset({"teacher_and_parent"}), "role": shape} for shape in ("list", "commas")], indirect=True
)
def test_somebody_with_two_roles_has_both(world: World) -> None:
    assert world.finish("t-and-p").roles == (Role.TEACHER, Role.GUARDIAN)


@odd("custom_role")
def test_a_word_of_the_districts_own_is_what_the_setting_says(world: World) -> None:
    assert world.finish("counselor-1").roles == ()
    assert world.finish("counselor-1", role_words=("Counselor=aide",)).roles == (Role.AIDE,)


@pytest.mark.parametrize(
    ("told", "role"),
    [
        ({"Role": "Student"}, Role.STUDENT),
        ({"Role": "TEACHER"}, Role.TEACHER),
        ({"Role": "Parent"}, Role.GUARDIAN),
        ({"Role": "Tenant Administrator"}, Role.DISTRICT_ADMINISTRATOR),
        ({"Role": "Learner", "Role_Level": 4}, Role.STUDENT),
        ({"Role": "Coach", "Role_Level": "3"}, Role.TEACHER),
        ({"Role": "Something", "Role_Level": 1}, None),
        ({"Role": {"a": 1}, "Role_Level": None}, None),
        ({}, None),
    ],
)
def test_a_role_is_told_by_its_word_and_else_by_its_level(told: dict[str, Any], role: Role | None) -> None:
    assert read_roles(told, {}) == ((role,) if role else ())


@pytest.mark.parametrize("line", ["Counselor", "=aide", "Counselor=boss", ""])
def test_a_wrong_word_names_the_setting(world: World, line: str) -> None:
    with pytest.raises(Misconfigured, match="role_words"):
        own_words([line])
    context = replace(world.context, settings=replace(world.context.settings, role_words=(line,)))
    assert "role_words" in "".join(each.advice for each in SIGN_IN.check(context) if not each.ok)


def test_a_tenants_word_in_place_of_its_number_is_told(world: World) -> None:
    context = replace(world.context, settings=replace(world.context.settings, tenant_id="northfield"))
    assert "tenant_id" in "".join(each.advice for each in SIGN_IN.check(context) if not each.ok)


def test_an_id_token_about_somebody_else_lets_nobody_in(world: World) -> None:
    world.classlink.switch(id_token_of=world.tenant.user_ids["p-1"])
    with pytest.raises(Failure) as failed:
        world.finish("p-0")
    assert failed.value.code == "sso.id_token_untrusted"
    assert world.finish("p-0", checks_id_token=False).subject == "sis:p-0"


@switched(id_token=False)
def test_no_id_token_is_needed(world: World) -> None:
    assert world.finish("p-0").subject == "sis:p-0"


def test_a_code_is_good_for_five_minutes(world: World) -> None:
    code = world.code_of("p-0")
    world.clock.move(seconds=301)
    with pytest.raises(Failure) as failed:
        SIGN_IN.finish(world.context, SignInReturn(code, REDIRECT, "v", lambda _: {}))
    assert failed.value.code == "sso.code_refused"


def test_the_secret_goes_in_the_body(world: World) -> None:
    form = {"grant_type": "authorization_code", "code": "c", "redirect_uri": REDIRECT}
    body = {**form, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    assert world.browser.post("/oauth2/v2/token", data=form, auth=(CLIENT_ID, CLIENT_SECRET)).status_code == 401
    assert world.browser.post("/oauth2/v2/token", data=body).status_code == 400


def test_the_way_back_says_again_what_was_asked_for(world: World) -> None:
    back = dict(parse_qsl(urlsplit(world.authorize("p-0").location).query))
    assert (back["response_type"], back["state"]) == ("code", "s")
    assert dict(parse_qsl(urlsplit(world.browser.get("/northfield/open").location).query)).keys() == {
        "code",
        "response_type",
    }


@switched(consent=True)
def test_who_declines_comes_back_with_an_error(world: World) -> None:
    asked = world.authorize("p-0")
    deny, allow = (part.split('"')[0].replace("&amp;", "&") for part in reversed(asked.text.split('href="')[1:3]))
    told = dict(parse_qsl(urlsplit(world.browser.get(deny).location).query))
    assert told == {"error": "access_denied", "state": "s"}
    assert "code=" in world.browser.get(allow).location
    assert "code=" in world.authorize().location


@switched(no_session=True)
def test_who_is_not_signed_in_signs_in_first(world: World) -> None:
    answer = world.authorize()
    assert answer.location.startswith("/?logincallback=%2Foauth2%2Fv2%2Fauth%3F")
    assert "Given Family p-0" in world.browser.get(answer.location).text


def test_the_portals_pages_lead_from_the_district_to_the_tile(world: World) -> None:
    assert "Northfield District" in world.browser.get("/").text
    assert "Given Family p-0" in world.browser.get("/northfield").text
    number = world.tenant.user_ids["p-0"]
    entered = world.browser.post(f"/northfield/as/{number}?next=/northfield")
    assert "Open the application" in world.browser.get(entered.location).text
    assert world.browser.get("/northfield/open").location.startswith(f"{REDIRECT}?code=")
    assert world.browser.get("/nowhere").status_code == 404


def test_the_administrators_page_enables_and_rotates(world: World) -> None:
    before = world.tenant.bearer
    for action in ("enable", "status", "rotate"):
        world.browser.post(f"/admin/{world.tenant.id}/{action}")
    world.browser.post("/admin/unenrolled")
    assert (world.tenant.is_enabled, world.tenant.status) == (False, "Inactive")
    assert world.tenant.bearer != before
    assert not world.classlink.switches.unenrolled
    assert str(world.tenant.id) in world.browser.get("/admin").text


@pytest.mark.parametrize(
    ("switches", "code"),
    [({}, "accepted"), ({"id_token_seconds": -120}, "sso.id_token_untrusted"), ({"email_verified": True}, "accepted")],
)
def test_the_gate_proves_id_tokens_with_classlinks_keys(
    sqlite_url: str, switches: dict[str, Any], code: str
) -> None:  # C8
    clock = Clock()
    with at_portal("classlink", sqlite_url, clock=clock) as world:
        classlink = world.portal.register.__self__  # type: ignore[attr-defined]
        classlink.now = clock
        classlink.switch(id_token=True, **switches)
        outcome = world.click("teacher")
        assert outcome.code == code
        if code == "accepted":
            assert world.launching.sign_in(outcome)["email_verified"] is False


def test_an_id_of_the_school_comes_with_the_number_that_was_there_before(world: World) -> None:  # C6
    told = world.finish("p-0")
    assert (told.subject, told.earlier_subject) == ("sis:p-0", f"user:{world.tenant.user_ids['p-0']}")
    world.classlink.switch(blank_sourced_id=True)
    assert world.finish("p-0").earlier_subject is None


@pytest.mark.parametrize("echo", [True, False])
def test_a_response_type_beside_the_code_changes_nothing(world: World, echo: bool) -> None:
    world.classlink.switch(echoes_response_type=echo)
    assert ("response_type=code" in str(world.authorize("p-0").location)) == echo
    assert world.finish("p-0").subject == "sis:p-0"


@switched(client_auth=("basic",))
def test_a_launchpad_that_takes_no_secret_in_the_body_is_a_client_to_mend(world: World) -> None:
    with pytest.raises(Failure, match=r"sso\.client_refused"):
        world.finish("p-0")


@switched(code_seconds=10)
def test_a_code_that_is_good_for_less_is_refused_after_that(world: World) -> None:
    code = world.code_of("p-0")
    world.clock.move(seconds=11)
    with pytest.raises(Failure, match=r"sso\.code_refused"):
        SIGN_IN.finish(world.context, SignInReturn(code, REDIRECT, "v", lambda _: {}))
