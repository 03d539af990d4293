"""What a careful reader of Security Framework 1.0 and LTI Core 1.3 refuses beyond the certification guide's list."""

from __future__ import annotations

from typing import Any

import pytest

from providers.kit.lti import claims as names
from tests.support.launching import GATE, Launching, Outcome, a_config

FOREIGN = "https://elsewhere.example/launch"


def _end(outcome: Outcome) -> tuple[int, str]:
    assert outcome.ref
    return outcome.status, outcome.code


def test_alg_none_is_refused(certified: Launching) -> None:
    assert _end(certified.launch(alg="none")) == (401, "lti.token_malformed")


def test_alg_none_with_a_signature_is_refused(certified: Launching) -> None:
    assert _end(certified.launch(header={"alg": "none"})) == (401, "lti.alg_not_allowed")


def test_hs256_signed_with_the_public_key_is_refused(certified: Launching) -> None:
    assert _end(certified.launch(alg="HS256")) == (401, "lti.alg_not_allowed")


@pytest.mark.parametrize("name", ["jku", "jwk", "x5u", "x5c"])
def test_a_header_with_its_own_key_is_refused(certified: Launching, name: str) -> None:
    assert _end(certified.launch(header={name: "x"})) == (401, "lti.header_key_embedded")


@pytest.mark.parametrize(
    ("put", "code"),
    [
        ({"iss": "https://other.example"}, "lti.issuer_mismatch"),
        ({"aud": "another-client"}, "lti.audience_mismatch"),
        ({"aud": []}, "lti.audience_mismatch"),
        ({"aud": {"client-1": 1}}, "lti.audience_mismatch"),
        ({"azp": "another-client"}, "lti.azp_mismatch"),
        ({"nonce": "unknown"}, "lti.nonce_mismatch"),
        ({"nonce": ""}, "lti.nonce_missing"),
        ({"nonce": 7}, "lti.nonce_missing"),
        ({names.RESOURCE_LINK: {"title": "no id"}}, "lti.resource_link_missing"),
        ({names.RESOURCE_LINK: {"id": "x" * 256}}, "lti.resource_link_missing"),
        ({names.RESOURCE_LINK: "link"}, "lti.resource_link_missing"),
        ({names.CONTEXT: {"title": "no id"}}, "lti.claim_shape"),
        ({names.CONTEXT: {"id": "x" * 256}}, "lti.claim_shape"),
        ({names.ROLES: "Instructor"}, "lti.roles_invalid"),
        ({names.ROLES: [7]}, "lti.roles_invalid"),
        ({names.CUSTOM: {"empty": None}}, "lti.custom_invalid"),
        ({names.CUSTOM: "text"}, "lti.custom_invalid"),
        ({names.DEPLOYMENT_ID: "x" * 256}, "lti.deployment_missing"),
        ({names.DEPLOYMENT_ID: ""}, "lti.deployment_missing"),
        ({names.DEPLOYMENT_ID: "another"}, "lti.deployment_mismatch"),
        ({names.TARGET_LINK_URI: f"{GATE}/other"}, "lti.target_mismatch"),
        ({names.TARGET_LINK_URI: ""}, "lti.target_missing"),
        ({"sub": "x" * 256}, "lti.subject_invalid"),
        ({"sub": "Zoë"}, "lti.subject_invalid"),
        ({"sub": "  "}, "lti.subject_invalid"),
        ({"sub": None}, "lti.subject_invalid"),
    ],
)
def test_a_claim_with_a_wrong_value_is_refused(certified: Launching, put: dict[str, Any], code: str) -> None:
    assert _end(certified.launch(put=put)) == (401, code)


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ("iss", "lti.issuer_mismatch"),
        ("aud", "lti.audience_mismatch"),
        ("exp", "lti.time_claim_invalid"),
        ("iat", "lti.time_claim_invalid"),
        ("nonce", "lti.nonce_missing"),
        ("sub", "lti.subject_missing"),
        (names.TARGET_LINK_URI, "lti.target_missing"),
    ],
)
def test_a_missing_claim_is_refused(certified: Launching, claim: str, code: str) -> None:
    assert _end(certified.launch(remove=[claim])) == (401, code)


def test_an_audience_list_with_a_foreign_extra_is_refused(certified: Launching) -> None:
    outcome = certified.launch(put={"aud": ["client-1", "stranger"]}, remove=["azp"])
    assert _end(outcome) == (401, "lti.audience_mismatch")


def test_a_deep_link_without_settings_is_refused(certified: Launching) -> None:
    outcome = certified.launch(put={names.MESSAGE_TYPE: "LtiDeepLinkingRequest"}, remove=[names.RESOURCE_LINK])
    assert _end(outcome) == (400, "lti.deep_linking_invalid")


@pytest.mark.parametrize("kind", ["LtiEulaRequest", "LtiReportReviewRequest", "LtiHelloWorldNotice", "LtiInvented"])
def test_an_unsupported_message_type_is_explained(certified: Launching, kind: str) -> None:
    outcome = certified.launch(put={names.MESSAGE_TYPE: kind})
    assert _end(outcome) == (400, "lti.message_type_unsupported")
    assert (kind in certified.record(outcome).trace) is (kind != "LtiInvented")


@pytest.mark.parametrize("name", ["exp", "iat", "nbf"])
@pytest.mark.parametrize("value", ["1767600000", True, None, [1], -1, 10**400])
def test_a_time_that_is_no_number_is_refused(certified: Launching, name: str, value: object) -> None:
    assert _end(certified.launch(put={name: value})) == (401, "lti.time_claim_invalid")


@pytest.mark.parametrize(
    ("put", "code"),
    [
        ({"iat": -400, "exp": -61}, "lti.expired"),
        ({"iat": 61, "exp": 400}, "lti.issued_in_future"),
        ({"nbf": 61}, "lti.not_yet_valid"),
    ],
)
def test_a_time_beyond_the_leeway_of_60_seconds_is_refused(
    certified: Launching, put: dict[str, int], code: str
) -> None:
    now = int(certified.clock().timestamp())
    assert _end(certified.launch(put={name: now + value for name, value in put.items()})) == (401, code)


@pytest.mark.parametrize("put", [{"iat": -400, "exp": -60}, {"iat": 60, "exp": 400}, {"nbf": 60}])
def test_a_time_within_the_leeway_is_accepted(certified: Launching, put: dict[str, int]) -> None:
    now = int(certified.clock().timestamp())
    assert certified.launch(put={name: now + value for name, value in put.items()}).code == "accepted"


def test_a_nonce_used_again_is_refused(certified: Launching) -> None:
    login = certified.login()
    token = certified.token(login)
    assert certified.post(login, token).code == "accepted"
    assert _end(certified.post(login, token)) == (401, "lti.replayed")


def test_a_post_without_state_is_refused(certified: Launching) -> None:
    login = certified.login()
    assert _end(certified.post(login, certified.token(login), state=None)) == (400, "lti.state_missing")


def test_an_unknown_state_is_refused(certified: Launching) -> None:
    login = certified.login()
    assert _end(certified.post(login, certified.token(login), state="unknown")) == (400, "lti.state_invalid")


def test_a_state_from_another_browser_is_refused(certified: Launching) -> None:
    login = certified.login()
    outcome = certified.post(login, certified.token(login), browser=certified.browser())
    assert _end(outcome) == (400, "lti.browser_mismatch")


def test_an_id_token_without_three_parts_is_refused(certified: Launching) -> None:
    assert _end(certified.post(certified.login(), "only.two")) == (401, "lti.token_malformed")


def test_an_id_token_beyond_64_kib_is_refused(certified: Launching) -> None:
    outcome = certified.launch(put={names.CUSTOM: {"long": "x" * 65536}})
    assert _end(outcome) == (401, "lti.token_too_large")


def test_a_form_without_id_token_is_refused(certified: Launching) -> None:
    assert _end(certified.post(certified.login(), None)) == (400, "lti.token_missing")


def test_an_error_from_the_platform_is_shown_as_one(certified: Launching) -> None:
    outcome = certified.post(certified.login(), None, error="login_required", error_description="Sam is not here")
    assert _end(outcome) == (400, "lti.platform_error")
    trace = certified.record(outcome).trace
    assert "login_required" in trace
    assert "Sam" not in trace


def test_an_error_from_the_platform_is_kept_with_its_registration(certified: Launching) -> None:
    record = certified.record(certified.post(certified.login(), None, error="login_required"))
    assert record.registration_id


def test_an_error_is_understood_by_get_too(certified: Launching) -> None:
    answer = certified.browser().get("/lti/launch", query_string={"error": "made up"}, base_url=GATE)
    assert _end(certified.outcome(answer)) == (400, "lti.platform_error")


def test_a_token_in_the_address_is_not_read(certified: Launching) -> None:
    login = certified.login()
    query = {"state": login.state, "id_token": certified.token(login)}
    answer = login.browser.get("/lti/launch", query_string=query, base_url=GATE)
    assert _end(certified.outcome(answer)) == (400, "lti.token_missing")


@pytest.mark.parametrize("name", ["iss", "login_hint", "target_link_uri"])
def test_a_login_without_a_required_parameter_is_refused(certified: Launching, name: str) -> None:
    assert _end(certified.refused_login(**{name: None})) == (400, "lti.login_missing_parameter")


def test_a_target_that_is_off_host_is_refused(certified: Launching) -> None:
    login = certified.login(target_link_uri=FOREIGN)
    outcome = certified.post(login, certified.token(login, put={names.TARGET_LINK_URI: FOREIGN}))
    assert _end(outcome) == (401, "lti.target_not_allowed")


def test_an_unknown_deployment_waits_for_approval(certified: Launching) -> None:
    login = certified.login(lti_deployment_id=None)
    outcome = certified.post(login, certified.token(login, put={names.DEPLOYMENT_ID: "brand-new"}))
    assert _end(outcome) == (403, "lti.deployment_pending")
    assert "waits for approval" in outcome.response.text


def test_a_state_older_than_ten_minutes_is_refused(certified: Launching) -> None:
    login = certified.login()
    certified.clock.move(seconds=601)
    assert _end(certified.post(login, certified.token(login))) == (400, "lti.state_expired")


def test_a_state_of_registration_a_with_a_token_of_b_is_refused(certified: Launching) -> None:
    other = certified.join(a_config(client_id="b", base_url="https://b.example"), key=1)
    login = certified.login()
    assert _end(certified.post(login, certified.token(login, platform=other))) == (401, "lti.kid_unknown")


def test_a_key_set_that_times_out_is_told_as_such(certified: Launching) -> None:
    silent = certified.join(a_config(base_url="https://silent.example", client_id="silent"))
    silent.switch(key_set="down")
    assert _end(certified.launch(platform=silent)) == (503, "lti.key_set_unavailable")
