"""The endpoints over HTTP, and discovery beside what is really served."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from authlib.oidc.discovery import OpenIDProviderMetadata
from flask import Flask
from flask.testing import FlaskClient

from gateway.services.room_settings import RoomSettings
from gateway.services.sign_in_ways import SignInWays
from gateway.web.faults import add_fault_pages
from gateway.web.headers import add_headers
from gateway.web.oidc import oidc_endpoints
from keys.sealing import Sealer
from providers import room
from tests.support.oidc_world import (
    CALLBACK,
    CHALLENGE,
    ISSUER,
    SECRET,
    VERIFIER,
    World,
    an_application,
    read_id_token,
)

ASKED = {
    "response_type": "code",
    "client_id": "app",
    "redirect_uri": CALLBACK,
    "scope": "openid email",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture
def client(world: World) -> FlaskClient:
    app = Flask("gateway", root_path="gateway", template_folder="web/templates", static_folder=None)
    app.add_url_rule("/static/<filename>", "static", lambda filename: "")
    add_headers(app, is_https=False)
    add_fault_pages(app)
    rooms = RoomSettings(room, Sealer([b"k" * 32]))
    app.register_blueprint(oidc_endpoints(world.house, SignInWays(world.store, rooms)))
    return app.test_client()


@pytest.fixture
def code(world: World, client: FlaskClient) -> str:
    answer = client.get("/oauth2/authorize", query_string={**ASKED, "login_hint": world.arrive(an_application())})
    return dict(each.split("=") for each in urlsplit(answer.location).query.split("&"))["code"]


def test_the_whole_way_over_http(client: FlaskClient, code: str, world: World) -> None:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    answer = client.post("/oauth2/token", data=form, auth=("app", SECRET))
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    told = client.get(
        "/oauth2/userinfo", headers={"Authorization": f"Bearer {answer.get_json()['access_token']}"}
    ).get_json()
    assert told["sub"] == read_id_token(answer.get_json()["id_token"])["sub"] == world.student_id


def test_authorize_sets_no_cookie(client: FlaskClient, world: World) -> None:
    answer = client.get("/oauth2/authorize", query_string={**ASKED, "login_hint": world.arrive(an_application())})
    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers
    assert answer.data == b""


def test_an_unproven_address_gets_a_page_that_explains(client: FlaskClient) -> None:  # G1
    answer = client.get("/oauth2/authorize", query_string={**ASKED, "redirect_uri": "https://evil.example/"})
    assert (answer.status_code, answer.mimetype) == (403, "text/html")
    assert "Location" not in answer.headers
    assert "evil.example" not in answer.text
    assert "oidc.redirect_uri_unknown" in answer.text


def test_the_explaining_page_may_show_in_the_lms_frame(client: FlaskClient) -> None:
    assert "frame-ancestors" not in client.get("/oauth2/authorize").headers["Content-Security-Policy"]


def test_a_scanner_that_only_looks_does_not_use_up_the_hint(client: FlaskClient, world: World) -> None:
    asked = {**ASKED, "login_hint": world.arrive(an_application())}
    assert client.head("/oauth2/authorize", query_string=asked).status_code == 405
    assert "code=" in client.get("/oauth2/authorize", query_string=asked).location


def test_a_wrong_client_is_asked_for_basic(client: FlaskClient, code: str) -> None:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    answer = client.post("/oauth2/token", data=form, auth=("app", "wrong"))
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


def test_a_code_is_not_taken_from_the_tokens_address(client: FlaskClient, code: str) -> None:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    assert client.post("/oauth2/token", query_string=form, auth=("app", SECRET)).status_code == 400
    assert client.get("/oauth2/token", query_string=form, auth=("app", SECRET)).status_code == 405


def test_userinfo_without_a_token_has_no_error_code(client: FlaskClient) -> None:  # RFC 6750 3.1
    answer = client.post("/oauth2/userinfo")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == f'Bearer realm="{ISSUER}"'


def test_discovery_is_valid_and_every_endpoint_in_it_is_served(client: FlaskClient) -> None:
    told = client.get("/.well-known/openid-configuration").get_json()
    OpenIDProviderMetadata(told).validate()  # type: ignore[no-untyped-call]
    assert told["issuer"] == ISSUER
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint"):
        assert client.post(told[name].removeprefix(ISSUER)).status_code not in {404, 405}


@pytest.mark.parametrize("scope", ["openid", "profile", "email"])
def test_discovery_tells_the_scopes_that_work(client: FlaskClient, world: World, scope: str) -> None:
    told = client.get("/.well-known/openid-configuration").get_json()
    assert scope in told["scopes_supported"]
    assert scope in world.tokens(scope=f"openid {scope}")["scope"].split()


def test_discovery_names_every_claim_of_an_id_token(client: FlaskClient, world: World) -> None:
    told = client.get("/.well-known/openid-configuration").get_json()
    assert set(read_id_token(world.tokens()["id_token"])) <= set(told["claims_supported"])


def test_signing_out_over_http_goes_back_or_says_it(client: FlaskClient, world: World) -> None:  # G6
    world.add(an_application("bye", post_logout_redirect_uris=("https://app.example/goodbye",)))
    body = world.exchange(world.code(client_id="bye"), client_id="bye").body or {}
    hint = {"id_token_hint": body["id_token"]}
    page = client.post("/oauth2/logout", data=hint)
    assert (page.status_code, "You are signed out" in page.text) == (200, True)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    back = client.get("/oauth2/logout", query_string=hint | {"post_logout_redirect_uri": "https://app.example/goodbye"})
    assert (back.status_code, back.location) == (303, "https://app.example/goodbye")


def test_a_scanner_that_looks_at_the_sign_out_link_signs_nobody_out(client: FlaskClient, world: World) -> None:
    body = world.tokens()
    assert client.head("/oauth2/logout", query_string={"id_token_hint": body["id_token"]}).status_code == 405
    assert world.userinfo(body["access_token"]).status == 200


def test_tokens_are_taken_back_and_looked_at_over_http(client: FlaskClient, world: World) -> None:
    form = {"token": world.tokens()["access_token"], "client_id": "app", "client_secret": SECRET}
    assert client.post("/oauth2/introspect", data=form).get_json()["active"]
    assert client.post("/oauth2/revoke", data=form).status_code == 200
    assert client.post("/oauth2/introspect", data=form).get_json() == {"active": False}
