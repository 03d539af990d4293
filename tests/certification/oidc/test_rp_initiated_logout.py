"""The RP-initiated logout plan of the OpenID Foundation, one test for each of its modules (attacks G6, G7, G8)."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.services.oidc.logout import end
from providers.contract import Refused
from tests.support.oidc_plan import Plan
from tests.support.oidc_world import an_application, incoming

GOODBYE = "https://app.example/goodbye"


@pytest.fixture
def leaving(basic: Plan) -> Plan:
    basic.world.add(an_application("bye", post_logout_redirect_uris=(GOODBYE,)))
    return basic


def _signed_in(plan: Plan) -> dict[str, str]:
    answer = plan.world.exchange(plan.world.code(client_id="bye"), client_id="bye")
    return {name: str(value) for name, value in (answer.body or {}).items()}


def _leave(plan: Plan, **asked: str | None) -> str | None:
    answer = end(plan.world.house, incoming("GET", asked))
    return None if answer is None else answer.location


def test_oidcc_rp_initiated_logout(leaving: Plan) -> None:  # G6
    tokens = _signed_in(leaving)
    back = _leave(leaving, id_token_hint=tokens["id_token"], post_logout_redirect_uri=GOODBYE, state="s")
    assert (str(back).partition("?")[0], parse_qs(urlsplit(str(back)).query)) == (GOODBYE, {"state": ["s"]})
    assert leaving.world.userinfo(tokens["access_token"]).status == 401


def test_oidcc_rp_initiated_logout_no_state(leaving: Plan) -> None:
    hint = _signed_in(leaving)["id_token"]
    assert _leave(leaving, id_token_hint=hint, post_logout_redirect_uri=GOODBYE) == GOODBYE


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(leaving: Plan) -> None:
    tokens = _signed_in(leaving)
    assert _leave(leaving, id_token_hint=tokens["id_token"]) is None
    assert leaving.world.userinfo(tokens["access_token"]).status == 401


def test_oidcc_rp_initiated_logout_only_state(leaving: Plan) -> None:
    with pytest.raises(Refused):
        _leave(leaving, state="s")


def test_oidcc_rp_initiated_logout_no_params(leaving: Plan) -> None:
    with pytest.raises(Refused):
        _leave(leaving)


@pytest.mark.parametrize("address", ["https://evil.example/", f"{GOODBYE}/", f"{GOODBYE}?a=b", "javascript:alert(1)"])
def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(leaving: Plan, address: str) -> None:  # G7
    tokens = _signed_in(leaving)
    with pytest.raises(Refused):
        _leave(leaving, id_token_hint=tokens["id_token"], post_logout_redirect_uri=address)


def test_oidcc_rp_initiated_logout_bad_id_token_hint(leaving: Plan) -> None:
    with pytest.raises(Refused):
        _leave(leaving, id_token_hint="bad", post_logout_redirect_uri=GOODBYE)


def test_oidcc_rp_initiated_logout_modified_id_token_hint(leaving: Plan) -> None:
    head, body, signature = _signed_in(leaving)["id_token"].split(".")
    with pytest.raises(Refused):
        _leave(leaving, id_token_hint=f"{head}.{body}.{signature[:-8]}AAAAAAAA", post_logout_redirect_uri=GOODBYE)


def test_oidcc_rp_initiated_logout_no_id_token_hint(leaving: Plan) -> None:
    with pytest.raises(Refused):
        _leave(leaving, client_id="bye", post_logout_redirect_uri=GOODBYE)
