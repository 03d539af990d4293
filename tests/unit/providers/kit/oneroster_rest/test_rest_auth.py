"""Proving who asks, in every way that providers want it (consumer cases C01 and C03)."""

from __future__ import annotations

from typing import Any

import pytest

from providers.contract import Failure, Refused
from providers.kit.oneroster.rest import Bearer, OAuth1
from providers.kit.rest.token import fetch_token
from providers.kit.simulator.roster_auth import CLIENT_ID, CLIENT_SECRET
from tests.support.rostering import RosterWorld


# C01
@pytest.mark.parametrize("taken", [("basic",), ("body",), ("basic", "body")])
def test_client_credentials_are_taken_however_they_come(world: RosterWorld, taken: tuple[str, ...]) -> None:
    world.switch(client_auth=taken)
    assert "enrollments" in world.read().complete


@pytest.mark.parametrize(("wanted", "other"), [("basic", "body"), ("body", "basic")])
def test_an_administrator_may_say_how_credentials_go(world: RosterWorld, wanted: Any, other: Any) -> None:
    world.switch(client_auth=(wanted,))
    world.auth = lambda: world.oauth2(client_auth=wanted)
    assert "enrollments" in world.read().complete
    world.auth = lambda: world.oauth2(client_auth=other)
    with pytest.raises(Refused, match=r"rest\.credentials_refused"):
        world.read()


# C01
def test_the_query_of_a_token_address_is_kept(world: RosterWorld) -> None:
    world.switch(token_query="appName=school%20gate")
    assert "enrollments" in world.read().complete


def test_a_scope_is_asked_for_where_one_is_set(world: RosterWorld) -> None:
    world.switch(scope="roster.readonly")
    world.auth = lambda: world.oauth2(scope="roster.readonly roster-core.readonly")
    assert "enrollments" in world.read().complete


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_secret": "wrong"}, "rest.credentials_refused"),
        ({"client_id": "wrong"}, "rest.credentials_refused"),
        ({"scope": "other"}, "rest.scope_refused"),
        ({"url": "/nowhere"}, "rest.token_url_wrong"),
    ],
)
def test_a_token_that_is_not_given_says_which_setting_is_wrong(
    world: RosterWorld, changes: dict[str, str], code: str
) -> None:
    world.switch(scope="roster.readonly")
    wrong = {name: f"{world.base}{value}" if name == "url" else value for name, value in changes.items()}
    world.auth = lambda: world.oauth2(**{"scope": "roster.readonly", **wrong})
    with pytest.raises(Failure) as caught:
        world.read()
    assert caught.value.code == code


@pytest.mark.parametrize(("told", "kept"), [(3600, 3600), ("1800", 1800), (None, 300), ("soon", 300), (-5, 0)])
def test_a_tokens_life_is_understood(world: RosterWorld, told: Any, kept: int) -> None:
    world.switch(token_seconds=told)
    token = fetch_token(world.context(), world.oauth2()._request)
    assert (token.value, token.seconds) == ("token-1", kept)


def test_one_token_serves_a_whole_reading(world: RosterWorld) -> None:
    world.read()
    assert world.provider.doorkeeper.token_requests == 1


# C03
@pytest.mark.parametrize("method", ["HMAC-SHA256", "HMAC-SHA1"])
def test_requests_are_signed_with_either_method(world: RosterWorld, method: Any) -> None:
    world.switch(auth="oauth1", signature_methods=(method,), version="1.1")
    world.auth = lambda: OAuth1(CLIENT_ID, CLIENT_SECRET, method, fall_back=False)
    assert "enrollments" in world.read().complete


# C03
def test_a_provider_that_knows_only_sha1_is_asked_again_with_it(world: RosterWorld) -> None:
    world.switch(auth="oauth1", signature_methods=("HMAC-SHA1",))
    read = world.read()
    assert "enrollments" in read.complete
    assert len(world.provider.requests) == len(world.provider.doorkeeper.nonces) + 1


# C03: the filter holds spaces and quotes, the query sorts otherwise than it was written
def test_parameters_with_spaces_are_signed(world: RosterWorld) -> None:
    world.switch(auth="oauth1")
    context, auth = world.context(), OAuth1(CLIENT_ID, CLIENT_SECRET)
    url = f"{world.base}/ims/oneroster/rostering/v1p2/users?limit=1&filter=givenName%3D%27Colin%20Robert%27&b=&a=%2B"
    reply = context.http.request("GET", url, auth.headers(context, "GET", url))
    assert reply.status == 200


def test_a_wrong_secret_is_refused_with_both_methods(world: RosterWorld) -> None:
    world.switch(auth="oauth1")
    world.auth = lambda: OAuth1(CLIENT_ID, "wrong")
    with pytest.raises(Refused, match=r"rest\.unauthorized"):
        world.read()
    assert len(world.provider.requests) == 2


def test_a_token_that_never_changes_serves_and_is_not_renewed(world: RosterWorld) -> None:
    world.switch(auth="bearer", version="1.1")
    assert "enrollments" in world.read().complete
    world.auth = lambda: Bearer("another")
    with pytest.raises(Refused, match=r"rest\.unauthorized"):
        world.read()


# J3
def test_no_credentials_show_in_what_is_printed(world: RosterWorld) -> None:
    assert CLIENT_SECRET not in repr(world.oauth2()._request)
