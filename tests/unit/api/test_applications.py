"""`/api/v1/applications`: what an operator's program does with applications."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc.jwk import ECKey

from tests.support.calling import Calling, said
from tests.support.launching import GATE

_NEW = {"name": "Reader", "redirectUris": ["https://reader.example/cb"], "loginUri": "https://reader.example/login"}
_KEYS = {"keys": [ECKey.generate_key("P-256", {"kid": "one"}).as_dict(private=False)]}


def _made(calling: Calling, key: str, **changes: Any) -> dict[str, Any]:
    answer = calling.call("POST", "/applications", key, {**_NEW, **changes})
    assert answer.status_code == 201, answer.text
    return dict(answer.get_json()["application"])


def test_an_application_is_registered_and_its_secret_told_once(calling: Calling) -> None:
    key = calling.key()
    made = _made(calling, key)
    secret = made.pop("clientSecret")
    shown = calling.call("GET", f"/applications/{made['clientId']}", key)
    assert shown.get_json()["application"] == made
    assert secret not in shown.text + calling.call("GET", "/applications", key).text
    form = {"grant_type": "client_credentials"}
    auth = (made["clientId"], secret)
    assert calling.school.browser().post("/oauth2/token", data=form, auth=auth, base_url=GATE).status_code == 200
    assert [subject for _, subject in calling.audited("application.added")][-1] == made["clientId"]


def test_sent_again_with_its_key_it_is_one_application(calling: Calling) -> None:
    key = calling.key()
    answers = [calling.call("POST", "/applications", key, _NEW, Idempotency_Key="k").get_json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(calling.call("GET", "/applications?", key).get_json()["applications"]) == 1


def test_what_it_may_be_is_asked_for(quick: Calling) -> None:
    key = quick.key()
    assert "clientSecret" not in _made(quick, key, isPublic=True)
    signer = _made(quick, key, jwks=_KEYS, isPairwise=True)
    assert (signer["jwks"], signer["isPairwise"], "clientSecret" in signer) == (_KEYS, True, False)
    assert said(quick.call("POST", f"/applications/{signer['clientId']}/secret", key, {})) == (
        400,
        "application.public",
    )


def test_a_secret_is_rotated_with_an_overlap(calling: Calling) -> None:
    key = calling.key()
    made = _made(calling, key)
    path = f"/applications/{made['clientId']}"
    answer = calling.call("POST", f"{path}/secret", key, {"overlapHours": 2}).get_json()
    assert (answer["clientSecret"] != made["clientSecret"], answer["overlapHours"]) == (True, 2)
    assert calling.call("GET", path, key).get_json()["application"]["previousSecretUntil"]


def test_a_change_is_what_was_named(quick: Calling) -> None:
    key = quick.key()
    made = _made(quick, key)
    path = f"/applications/{made['clientId']}"
    org = quick.school.world.add_org()
    changes = {"name": "Writer", "orgSourcedIds": [org], "isActive": False, "sessionHours": 3}
    changed = quick.call("PATCH", path, key, changes).get_json()["application"]
    assert {name for name in changed if changed[name] != made.get(name)} == {*changes}
    again = quick.call("PATCH", path, key, {"orgSourcedIds": None, "isActive": True}).get_json()["application"]
    assert (again["orgSourcedIds"], again["isActive"], again["name"]) == (None, True, "Writer")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"redirectUris": ["https://reader.example/#"]}, "application.redirect_uri_invalid"),
        ({"orgSourcedIds": ["nobody"]}, "application.org_unknown"),
        ({"jwks": {"keys": []}}, "application.keys_invalid"),
        ({"secret": "mine"}, "api.body_invalid"),
        ({"name": ""}, "api.body_invalid"),
    ],
)
def test_what_can_not_be_is_refused_and_changes_nothing(quick: Calling, changes: dict[str, Any], code: str) -> None:
    key = quick.key()
    assert said(quick.call("POST", "/applications", key, {**_NEW, **changes})) == (400, code)
    path = f"/applications/{_made(quick, key)['clientId']}"
    assert said(quick.call("PATCH", path, key, {"loginUri": "https://new.example/", **changes})) == (400, code)
    assert quick.call("GET", path, key).get_json()["application"]["loginUri"] == _NEW["loginUri"]


def test_applications_do_not_make_applications(quick: Calling) -> None:
    token = quick.token("maker", "applications")
    for method, path in (("GET", ""), ("POST", ""), ("GET", "/maker"), ("PATCH", "/maker"), ("POST", "/maker/secret")):
        body = _NEW if (method, path) == ("POST", "") else {}
        assert said(quick.call(method, f"/applications{path}", token, body)) == (403, "api.operators_only")


def test_an_unknown_application_is_not_there(quick: Calling) -> None:
    assert said(quick.call("GET", "/applications/nobody", quick.key())) == (404, "application.unknown_id")
