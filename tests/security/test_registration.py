"""Attacks on registration (B1 to B6): whose link, which host, how much of an answer, what may change, who is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from gateway.outbound import Limits, RoomHttp
from gateway.services.connecting.connections import Origin
from gateway.services.joining import prepare
from gateway.store.tables import approvals, audit, integrations, registrations
from providers import rooms
from providers.contract import BadData, Failure, Misconfigured, Refused, Unavailable
from providers.kit.lti.registration import PLATFORM_CONFIGURATION
from tests.architecture.source import ROOT
from tests.support.connecting import CONFIGURATION_URL, Inviting, inviting
from tests.support.launching import GATE, LMS
from tests.support.wire import Wire, drip, flood, reply


@pytest.fixture
def school(database_url: str) -> Iterator[Inviting]:
    with inviting(database_url) as both:
        yield both


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Inviting]:
    with inviting(sqlite_url) as one:
        yield one


def _code(school: Inviting, path: str) -> tuple[int, str]:
    answer = school.browser().get(path, base_url=GATE, query_string={"openid_configuration": CONFIGURATION_URL})
    found = re.search(r"Error code <code>(.+?)</code>", answer.text)
    return answer.status_code, found[1] if found else ""


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "é", "%00", "AQ" * 40])
def test_no_invite_no_registration(quick: Inviting, token: str) -> None:  # B1
    quick.platform()
    status, code = _code(quick, f"/lti/register/{token}" if token else "/lti/register")
    assert status == 400
    assert code == "invite.unknown"
    assert quick.http.asked == []


def test_a_registration_address_works_once(school: Inviting) -> None:  # B1
    school.platform()
    made = school.invite()
    token = school.desk.links.registration_token(made.invite, "lti")
    assert school.desk.dynamic.register(token, CONFIGURATION_URL, None).connected.integration_id
    assert _code(school, f"/lti/register/{token}") == (400, "invite.used")
    assert len(school.homes()) == 1


def test_two_at_the_same_moment_make_one_connection(school: Inviting) -> None:  # B1
    school.platform()
    made = school.invite()
    school.register(made)
    values = {"issuer": "https://b.example", "client_id": "2", "auth_login_url": "https://b.example/a"}
    ready = prepare(school.desk.rooms, "lti", {**values, "key_set_url": "https://b.example/k"})
    with pytest.raises(Refused) as refused:  # `made.invite` is what a second worker read just before
        school.desk.connections.connect(made.invite, ready, Origin("manual"))
    assert refused.value.code == "invite.used"
    assert len(school.homes()) == 1


@pytest.mark.parametrize("what", ["link", "address"])
def test_what_has_expired_opens_nothing(quick: Inviting, what: str) -> None:  # B1
    made = quick.invite(hours=48)
    token = quick.desk.links.registration_token(made.invite, "lti")
    quick.world.clock.move(hours=49 if what == "link" else 25)
    assert _code(quick, f"/lti/register/{token}")[1] == "invite.expired"
    assert quick.browser().get(f"/connect/{made.token}", base_url=GATE).status_code == (403 if what == "link" else 303)


def test_a_used_link_opens_nothing(school: Inviting) -> None:  # B1
    school.platform()
    made = school.invite()
    school.register(made)
    answer = school.browser().get(f"/connect/{made.token}", base_url=GATE)
    assert answer.status_code == 403
    assert "invite.used" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_only_hashes_of_links_are_kept_and_none_is_logged(
    school: Inviting, capsys: pytest.CaptureFixture[str]
) -> None:  # B1, J3
    school.platform()
    made = school.invite()
    school.register(made)
    school.browser().get(f"/connect/{made.token}", base_url=GATE)
    with school.world.store.statements() as connection:
        kept = [str(row) for row in connection.exec_driver_sql("SELECT * FROM invites")]
        kept += [str(row) for row in connection.exec_driver_sql("SELECT * FROM audit")]
    assert not any(made.token in row for row in kept)
    assert made.token not in "".join(capsys.readouterr())


def test_a_look_at_the_headers_uses_nothing_up(quick: Inviting) -> None:  # B1
    quick.platform()
    token = quick.desk.links.registration_token(quick.invite().invite, "lti")
    query = {"openid_configuration": CONFIGURATION_URL}
    assert quick.browser().head(f"/lti/register/{token}", base_url=GATE, query_string=query).status_code == 405
    assert quick.http.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "http://lms.example/configuration",
        "https://lms.example:8443/configuration",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.0.0.7/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "file:///etc/passwd",
        "gopher://lms.example/",
        "https://user:secret@lms.example/",
        "//lms.example/",
        "",
        "https://",
    ],
)
def test_a_configuration_somewhere_private_is_not_fetched(quick: Inviting, address: str) -> None:  # B2
    made = quick.invite()
    desk = quick.world.gate.desk
    with pytest.raises(Failure) as refused:
        desk.dynamic.register(desk.links.registration_token(made.invite, "lti"), address, "token")
    assert refused.value.code in {"http.address_refused"}
    assert quick.now(made).used_at is None


def test_a_redirect_is_not_followed(quick: Inviting) -> None:  # B2
    made = quick.invite()
    with Wire(reply(status=302, Location="https://lms.example/")) as wire, pytest.raises(Misconfigured) as refused:
        quick.register_over(wire, made)
    assert refused.value.code == "http.redirected"


@pytest.mark.parametrize("member", ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_an_endpoint_on_another_host_waits_for_an_operator(school: Inviting, member: str) -> None:  # B3
    school.platform(**{member: "https://elsewhere.example/x"})
    made = school.invite()
    registered = school.register(made)
    assert registered.connected.integration_id is None
    assert school.homes() == []
    (row,) = school.world.rows(approvals)
    assert "elsewhere.example" in row["evidence"]["reasons"][0]["sentence"]
    assert school.world.count(registrations) == 0


@pytest.mark.parametrize(
    "endpoint", ["https://elsewhere.example/r", "https://lms.example:8443/r", "http://lms.example/r"]
)
def test_nothing_is_sent_to_a_registration_endpoint_elsewhere(quick: Inviting, endpoint: str) -> None:  # B3
    quick.platform(registration_endpoint=endpoint)
    quick.http.will("POST", endpoint, 201, {"client_id": "1"})
    with pytest.raises(Misconfigured) as refused:
        quick.register(quick.invite(), token="secret")
    assert refused.value.code == "registration.endpoint_elsewhere"
    assert [asked.method for asked in quick.http.asked] == ["GET"]


def test_a_stranger_can_not_register_under_a_vendors_shared_issuer(school: Inviting) -> None:  # B3
    """Everything is at the stranger's host but the issuer, which thousands of schools share."""
    url = school.platform("https://stranger.example", issuer="https://shared.example")
    registered = school.register(school.invite(), url=url)
    assert registered.connected.approval_id
    assert school.world.count(registrations) == 0


def test_an_endless_answer_is_cut_off(quick: Inviting) -> None:  # B4
    made = quick.invite()
    with Wire(flood(50_000_000)) as wire, pytest.raises(BadData) as refused:
        quick.register_over(wire, made)
    assert wire.sent < 10_000_000
    assert refused.value.code == "http.too_large"


def test_a_slow_answer_is_cut_off(quick: Inviting) -> None:  # B4
    made = quick.invite()
    quickly = Limits(connect=1, read=0.3, total=0.5)
    head = b"HTTP/1.1 200 X\r\nContent-Length: 999\r\n\r\n"
    with Wire(drip(head)) as wire, pytest.raises(Unavailable) as late:
        quick.register_over(wire, made, quickly)
    assert late.value.code == "http.timeout"


def test_the_gates_own_limits_for_registrations_are_tight(quick: Inviting) -> None:  # B4
    http = quick.world.gate.desk.dynamic.http
    assert isinstance(http, RoomHttp)
    limits = http.limits
    assert limits.total <= 15
    assert limits.max_body <= 256 * 1024


def test_a_deep_answer_is_refused(quick: Inviting) -> None:  # B4
    quick.platform()
    quick.http.will("GET", CONFIGURATION_URL, 200, b"[" * 100_000)
    with pytest.raises(BadData) as refused:
        quick.register(quick.invite())
    assert refused.value.code == "registration.not_json"


def _live(school: Inviting) -> dict[str, object]:
    school.platform()
    school.register(school.invite())
    (row,) = school.world.rows(registrations)
    return row


@pytest.mark.parametrize("member", ["jwks_uri", "authorization_endpoint", "token_endpoint"])
def test_registering_again_changes_nothing_live_without_an_operator(school: Inviting, member: str) -> None:  # B5
    live = _live(school)
    school.platform(**{member: f"{LMS}/other"})
    again = school.register(school.invite())
    assert again.connected.approval_id
    assert school.world.rows(registrations) == [live]
    school.desk.approvals.approve(str(again.connected.approval_id), actor="operator")
    (changed,) = school.world.rows(registrations)
    assert f"{LMS}/other" in changed.values()
    assert changed["id"] == live["id"]
    assert len(school.homes()) == 1


def test_registering_again_with_nothing_new_is_the_same_connection(school: Inviting) -> None:  # B5
    live = _live(school)
    again = school.register(school.invite())
    assert again.connected.integration_id == school.world.rows(integrations)[0]["id"]
    assert school.world.rows(registrations) == [live]


def test_another_school_can_not_take_a_client_over(school: Inviting) -> None:  # B5
    live = _live(school)
    made = school.invite(org_id=school.world.add_org())
    for member in ("jwks_uri", "registration_client_uri"):
        school.platform(**{member: f"{LMS}/other"})
        taken = school.register(made)
        assert taken.connected.approval_id
        school.desk.connections.start_over(school.now(made))
    assert school.world.rows(registrations) == [live]
    assert len(school.homes()) == 1


def test_starting_over_never_takes_back_what_lives(school: Inviting) -> None:  # B5
    _live(school)
    made = school.invite()
    school.register(made)  # the same connection once more
    with pytest.raises(Refused) as refused:
        school.desk.connections.start_over(school.now(made))
    assert refused.value.code == "invite.connected"
    assert [status for _, status in school.homes()] == ["active"]


def test_rejecting_makes_nothing(school: Inviting) -> None:  # B3, B5
    school.platform(jwks_uri="https://elsewhere.example/x")
    waiting = str(school.register(school.invite()).connected.approval_id)
    school.desk.approvals.reject(waiting, actor="operator")
    with pytest.raises(Misconfigured) as decided:
        school.desk.approvals.approve(waiting, actor="operator")
    assert decided.value.code == "approval.decided"
    assert school.homes() == []
    assert "approval.rejected" in [row["action"] for row in school.world.rows(audit)]


def test_the_close_message_goes_to_the_registering_origins_alone(quick: Inviting) -> None:  # B6
    quick.platform()
    token = quick.desk.links.registration_token(quick.invite().invite, "lti")
    page = quick.browser().get(
        f"/lti/register/{token}",
        base_url=GATE,
        query_string={"openid_configuration": CONFIGURATION_URL},
        headers={"Referer": "https://elsewhere.example/page"},
    )
    assert page.status_code == 200
    assert f'data-close="{LMS}"' in page.text
    assert '"*"' not in (ROOT / "gateway/web/static/registered.js").read_text()


def test_the_page_that_framed_us_is_told_where_it_is_the_providers_own(quick: Inviting) -> None:  # B6
    plate, own = next(
        (plate, host.removeprefix("*"))
        for plate in rooms().values()
        if plate.registration and plate.registration.dynamic
        for host in plate.registration.hosts
        if host.startswith("*.")
    )
    home = f"https://one{own}"
    url = quick.platform(home, **{PLATFORM_CONFIGURATION: {"product_family_code": plate.family_codes[0]}})
    registered = quick.register(quick.invite(), url=url)
    assert registered.origins_for(f"https://two{own}/accounts/1") == (home, f"https://two{own}")
    assert registered.origins_for(f"https://evil.example/{own}") == (home,)
    assert registered.origins_for(None) == (home,)


def test_what_a_platform_says_is_shown_as_text(quick: Inviting) -> None:  # J2
    quick.platform()
    quick.http.will("POST", f"{LMS}/register", 422, b"<script>alert(1)</script> \x1b[31m")
    token = quick.desk.links.registration_token(quick.invite().invite, "lti")
    query = {"openid_configuration": CONFIGURATION_URL, "registration_token": "tok-en"}
    page = quick.browser().get(f"/lti/register/{token}", base_url=GATE, query_string=query).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\x1b" not in page


def test_a_platforms_answer_never_shows_its_token(quick: Inviting) -> None:  # J3
    quick.platform()
    quick.http.will("POST", f"{LMS}/register", 400, b"bad token tok-en")
    made = quick.invite()
    with pytest.raises(Refused) as refused:
        quick.register(made, token="tok-en")
    assert "tok-en" not in refused.value.detail
    assert "tok-en" not in str(quick.now(made).problem)
