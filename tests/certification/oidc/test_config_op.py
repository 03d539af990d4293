"""The Config OP plan (what discovery and the key set say) and the Form Post page, over HTTP (attack G8)."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.services.oidc.assertion import ALGORITHMS
from gateway.services.oidc.discovery import CONFIGURATION, JWKS
from gateway.store.applications import add_application
from tests.support.launching import GATE, launching
from tests.support.oidc_world import CALLBACK, an_application


@pytest.fixture
def client(sqlite_url: str) -> Iterator[FlaskClient]:
    with launching(sqlite_url, joined=True, public_url=GATE) as world:
        world.gate.keyring.ensure()
        add_application(world.store, an_application("posting"), world.clock())
        yield world.app.test_client()


def _metadata(client: FlaskClient) -> dict[str, Any]:
    answer = client.get(CONFIGURATION, base_url=GATE)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return dict(answer.get_json())


def test_oidcc_discovery_issuer_is_where_it_was_found(client: FlaskClient) -> None:
    assert _metadata(client)["issuer"] == GATE


def test_oidcc_discovery_endpoints_are_https_addresses_of_ours(client: FlaskClient) -> None:
    found = _metadata(client)
    for name in ("authorization", "token", "userinfo", "revocation", "introspection", "end_session"):
        assert found[f"{name}_endpoint"].startswith(f"{GATE}/"), name


@pytest.mark.parametrize(
    ("member", "values"),
    [
        ("response_types_supported", ["code"]),
        ("response_modes_supported", ["query", "form_post"]),
        ("grant_types_supported", ["authorization_code", "refresh_token", "client_credentials"]),
        ("subject_types_supported", ["public", "pairwise"]),
        ("id_token_signing_alg_values_supported", ["RS256"]),
        ("code_challenge_methods_supported", ["S256"]),
        (
            "token_endpoint_auth_methods_supported",
            ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
        ),
        ("token_endpoint_auth_signing_alg_values_supported", list(ALGORITHMS)),
    ],
)
def test_oidcc_discovery_says_what_there_is(client: FlaskClient, member: str, values: list[str]) -> None:
    assert _metadata(client)[member] == values


def test_oidcc_discovery_says_what_there_is_not(client: FlaskClient) -> None:
    names = ("claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported")
    assert [_metadata(client)[name] for name in names] == [False] * 3


def test_oidcc_discovery_key_set_has_public_signing_keys_alone(client: FlaskClient) -> None:
    keys = client.get(JWKS, base_url=GATE).get_json()["keys"]
    assert {(key["kty"], key["use"]) for key in keys} == {("RSA", "sig")}
    assert all({"kid", "n", "e"} <= {*key} and not {"d", "p", "q"} & {*key} for key in keys)


class _Form(HTMLParser):
    """Collects a page's form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.form: dict[str, str | None] = {}
        self.fields: dict[str, str | None] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self.form = told
        if tag == "input":
            self.fields[str(told["name"])] = told["value"]


def test_oidcc_form_post_is_a_page_that_posts_itself(client: FlaskClient) -> None:
    state = '"><script>alert(1)</script>&'
    asked = {"response_type": "code", "client_id": "posting", "redirect_uri": CALLBACK, "scope": "openid"}
    asked |= {"response_mode": "form_post", "prompt": "none", "state": state}
    answer = client.get("/oauth2/authorize", query_string=asked, base_url=GATE)
    page = _Form(answer.text)
    assert (answer.status_code, page.form) == (200, {"method": "post", "action": CALLBACK})
    assert (page.fields["state"], page.fields["iss"], page.fields["error"]) == (state, GATE, "login_required")
    assert "<script>alert" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert ("script-src 'self'" in policy, "form-action http: https:" in policy) == (True, True)
    assert answer.headers["Cache-Control"] == "no-store"
