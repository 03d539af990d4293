"""LTI Advantage Conformance Certification Guide 1.3, section 6.1.1: known "bad" payloads, in the guide's words."""

from __future__ import annotations

from providers.kit.lti import claims as names
from tests.support.launching import Launching, Outcome


def _holds(outcome: Outcome, status: int, code: str) -> bool:
    assert (outcome.status, outcome.code) == (status, code)
    assert outcome.ref
    return "Location" not in outcome.response.headers


def test_no_kid_sent_in_jwt_header_is_refused(certified: Launching) -> None:
    assert _holds(certified.launch(header={"kid": None}), 401, "lti.kid_missing")  # B1


def test_incorrect_kid_in_jwt_header_is_refused(certified: Launching) -> None:
    assert _holds(certified.launch(header={"kid": "not-in-the-key-set"}), 401, "lti.kid_unknown")  # B2


def test_wrong_lti_version_is_refused(certified: Launching) -> None:
    assert _holds(certified.launch(put={names.VERSION: "11.3"}), 401, "lti.version_wrong")  # B3


def test_no_lti_version_is_refused(certified: Launching) -> None:
    assert _holds(certified.launch(remove=[names.VERSION]), 401, "lti.version_missing")  # B4


def test_invalid_lti_message_is_refused(certified: Launching) -> None:
    login = certified.login()
    token = certified.platform.sign({"name": "signed, but no launch"})
    assert _holds(certified.post(login, token), 401, "lti.message_invalid")  # B5


def test_missing_lti_claims_are_refused(certified: Launching) -> None:
    missing = [names.MESSAGE_TYPE, names.VERSION, names.ROLES]
    assert _holds(certified.launch(remove=missing), 401, "lti.claims_missing")  # B6


def test_timestamps_incorrect_are_refused(certified: Launching) -> None:
    assert _holds(certified.launch(put={"iat": 11111, "exp": 22222}), 401, "lti.expired")  # B7


def test_message_type_claim_missing_is_refused(certified: Launching) -> None:
    assert _holds(certified.launch(remove=[names.MESSAGE_TYPE]), 401, "lti.message_type_missing")  # B8


def test_role_claim_missing_is_refused(certified: Launching) -> None:
    assert _holds(certified.launch(remove=[names.ROLES]), 401, "lti.roles_missing")  # B9


def test_deployment_id_claim_missing_is_refused(certified: Launching) -> None:
    assert _holds(certified.launch(remove=[names.DEPLOYMENT_ID]), 401, "lti.deployment_missing")  # B10


def test_resource_link_id_claim_missing_is_refused(certified: Launching) -> None:
    assert _holds(certified.launch(remove=[names.RESOURCE_LINK]), 401, "lti.resource_link_missing")  # B11


def test_user_claim_missing_is_refused(certified: Launching) -> None:
    assert _holds(certified.launch(put={"sub": ""}), 401, "lti.subject_invalid")  # B12
