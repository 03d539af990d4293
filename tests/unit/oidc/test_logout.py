"""Signing out: by the application's page, by an operator, and how an application's server hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from joserfc import jwt

from gateway.outbound import Response
from gateway.outbound.room_http import RoomReply
from gateway.services.oidc.logout import EVENT, BackchannelLogout, end
from gateway.services.oidc.wire import Answer, Incoming
from gateway.services.sessions import end_session, end_sessions_of
from gateway.store.jobs import list_jobs
from gateway.store.tables import launches
from providers.contract import Misconfigured, Refused, Reply, Unavailable
from tests.support.oidc_world import ISSUER, NOON, World, an_application, incoming, read_id_token, signing_key

GOODBYE = "https://app.example/goodbye"
BACKCHANNEL = "https://app.example/backchannel"


@pytest.fixture
def house_with_goodbye(both: World) -> World:
    both.add(an_application("bye", post_logout_redirect_uris=(GOODBYE,), backchannel_logout_uri=BACKCHANNEL))
    return both


def sign_out(world: World, **asked: str | None) -> Answer | None:
    return end(world.house, incoming("GET", asked))


def signed_in(world: World, client_id: str = "bye") -> dict[str, Any]:
    answer = world.exchange(world.code(client_id=client_id), client_id=client_id)
    return dict(answer.body or {})


def test_signing_out_ends_a_launchs_session_and_goes_back(house_with_goodbye: World) -> None:  # G6
    world, got = house_with_goodbye, signed_in(house_with_goodbye)
    answer = sign_out(world, id_token_hint=got["id_token"], post_logout_redirect_uri=GOODBYE, state="s t")
    assert answer is not None
    assert (answer.status, answer.location) == (303, f"{GOODBYE}?state=s+t")
    assert world.userinfo(got["access_token"]).status == 401


def test_without_an_address_our_own_page_says_it(house_with_goodbye: World) -> None:
    got = signed_in(house_with_goodbye)
    assert sign_out(house_with_goodbye, id_token_hint=got["id_token"]) is None
    assert house_with_goodbye.userinfo(got["access_token"]).status == 401


def test_an_expired_id_token_still_signs_out(house_with_goodbye: World) -> None:
    got = signed_in(house_with_goodbye)
    house_with_goodbye.wait(3 * 3600)
    answer = sign_out(house_with_goodbye, id_token_hint=got["id_token"], post_logout_redirect_uri=GOODBYE)
    assert answer is not None
    assert answer.location == GOODBYE


def test_signing_out_twice_is_no_error(house_with_goodbye: World) -> None:
    got = signed_in(house_with_goodbye)
    for _ in range(2):
        assert sign_out(house_with_goodbye, id_token_hint=got["id_token"]) is None


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", f"{GOODBYE}/", f"{GOODBYE}?a=b", "//evil.example", GOODBYE.upper()]
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(house_with_goodbye: World, elsewhere: str) -> None:  # G7
    got = signed_in(house_with_goodbye)
    with pytest.raises(Refused) as refused:
        sign_out(house_with_goodbye, id_token_hint=got["id_token"], post_logout_redirect_uri=elsewhere)
    assert refused.value.code == "oidc.logout_uri_unknown"
    assert house_with_goodbye.userinfo(got["access_token"]).status == 401


def test_another_clients_address_is_not_this_ones(house_with_goodbye: World) -> None:  # G7
    got = signed_in(house_with_goodbye, "app")
    with pytest.raises(Refused):
        sign_out(house_with_goodbye, id_token_hint=got["id_token"], post_logout_redirect_uri=GOODBYE)


@pytest.mark.parametrize("hint", [None, "", "nonsense", "a.b.c"])
def test_without_a_hint_of_ours_nobody_is_signed_out_or_sent_on(house_with_goodbye: World, hint: str | None) -> None:
    got = signed_in(house_with_goodbye)
    with pytest.raises(Refused) as refused:
        sign_out(house_with_goodbye, id_token_hint=hint, client_id="bye", post_logout_redirect_uri=GOODBYE)
    assert refused.value.code in {"oidc.logout_hint_missing", "oidc.logout_hint_invalid"}
    assert house_with_goodbye.userinfo(got["access_token"]).status == 200


def test_the_hint_must_be_the_named_clients(house_with_goodbye: World) -> None:
    got = signed_in(house_with_goodbye)
    with pytest.raises(Refused) as refused:
        sign_out(house_with_goodbye, id_token_hint=got["id_token"], client_id="app")
    assert refused.value.code == "oidc.logout_hint_invalid"


def test_a_repeated_parameter_is_refused(house_with_goodbye: World) -> None:
    got = signed_in(house_with_goodbye)
    twice = Incoming("GET", {"id_token_hint": [got["id_token"]] * 2})
    with pytest.raises(Refused):
        end(house_with_goodbye.house, twice)


@dataclass
class Server:
    """An application's server that answers with this status."""

    status: int
    heard: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        body: bytes | None = None,
        form: Mapping[str, str] | None = None,
        max_body: int | None = None,
        tells_redirects: bool = False,
    ) -> Reply:
        self.heard.append((url, form or {}))
        return RoomReply(Response("app.example", self.status, {}, b""))


def waiting(world: World) -> list[str]:
    return [job.args["session_id"] for job in list_jobs(world.store, limit=10)]


def test_an_operator_ends_a_session_and_the_application_is_told(house_with_goodbye: World) -> None:  # G6
    world, got = house_with_goodbye, signed_in(house_with_goodbye)
    session_id = read_id_token(got["id_token"])["sid"]
    assert end_session(world.store, session_id, now=NOON, actor="test") == 1
    assert waiting(world) == [session_id]
    server = Server(200)
    BackchannelLogout(world.house, server).tell(session_id)
    (address, form) = server.heard[0]
    token = jwt.decode(form["logout_token"], signing_key(), algorithms=["RS256"])
    assert (address, token.header["typ"], token.claims["events"]) == (BACKCHANNEL, "logout+jwt", {EVENT: {}})
    said = {name: token.claims[name] for name in ("iss", "aud", "sub", "sid")}
    assert said == {"iss": ISSUER, "aud": "bye", "sub": world.student_id, "sid": session_id}
    assert "nonce" not in token.claims


def test_a_second_end_tells_nobody(house_with_goodbye: World) -> None:
    world = house_with_goodbye
    session_id = read_id_token(signed_in(world)["id_token"])["sid"]
    end_session(world.store, session_id, now=NOON, actor="test")
    assert end_session(world.store, session_id, now=NOON, actor="test") == 0
    assert waiting(world) == [session_id]


def test_all_sessions_of_a_person_end_with_every_application(house_with_goodbye: World) -> None:
    world = house_with_goodbye
    one, other = signed_in(world), signed_in(world, "app")
    assert end_sessions_of(world.store, world.student_id, now=NOON, actor="test") == 2
    for got in (one, other):
        assert world.userinfo(got["access_token"]).status == 401
    assert waiting(world) == [read_id_token(one["id_token"])["sid"]]


def test_the_application_that_signed_out_itself_is_not_told(house_with_goodbye: World) -> None:
    sign_out(house_with_goodbye, id_token_hint=signed_in(house_with_goodbye)["id_token"])
    assert waiting(house_with_goodbye) == []


def test_a_code_used_twice_is_told_to_the_applications_server(house_with_goodbye: World) -> None:  # G1
    world = house_with_goodbye
    code = world.code(client_id="bye")
    world.exchange(code, client_id="bye")
    world.exchange(code, client_id="bye")
    assert len(waiting(world)) == 1


@pytest.mark.parametrize(("status", "failure"), [(500, Unavailable), (429, Unavailable), (400, Misconfigured)])
def test_a_server_that_does_not_listen_is_told_again_or_given_up(
    house_with_goodbye: World, status: int, failure: type[Exception]
) -> None:
    session_id = read_id_token(signed_in(house_with_goodbye)["id_token"])["sid"]
    with pytest.raises(failure):
        BackchannelLogout(house_with_goodbye.house, Server(status)).tell(session_id)


def test_nobody_is_told_of_a_session_that_is_forgotten(house_with_goodbye: World) -> None:
    server = Server(200)
    BackchannelLogout(house_with_goodbye.house, server).tell("gone")
    assert server.heard == []


def test_unknown_sessions_and_people_are_said_to_be_unknown(world: World) -> None:
    for ending in (end_session, end_sessions_of):
        with pytest.raises(Misconfigured) as unknown:
            ending(world.store, "nobody", now=NOON, actor="test")
        assert unknown.value.code in {"session.unknown", "user.unknown"}


def test_a_session_without_its_launch_still_signs_out(house_with_goodbye: World) -> None:
    got = signed_in(house_with_goodbye)
    with house_with_goodbye.store.statements() as connection:
        connection.execute(launches.update().values(claims=None))
    assert sign_out(house_with_goodbye, id_token_hint=got["id_token"]) is None
