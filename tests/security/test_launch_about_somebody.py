"""Messages about somebody: a submission review, a data privacy launch, and whom they may be about (A23)."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.store.tables import users
from providers.kit.lti import claims as names
from tests.support.launching import Launching, Outcome, a_config

REVIEW, PRIVACY = names.SUBMISSION_REVIEW_REQUEST, names.DATA_PRIVACY_REQUEST
BOTH = pytest.mark.parametrize("message", [REVIEW, PRIVACY])


def _end(outcome: Outcome) -> tuple[int, str]:
    return outcome.status, outcome.code


def _sent(gate: Launching, message: str, about: str = "sam", **wrong: Any) -> Outcome:
    gate.platform.switch(message=message, about=about)
    return gate.launch("tia", **wrong)


def _user_id(gate: Launching, outcome: Outcome) -> str:
    return str(gate.sign_in(outcome)["sub"])


@BOTH
def test_the_application_learns_whom_a_message_is_about_by_our_id(gate: Launching, message: str) -> None:
    sam = _user_id(gate, gate.launch("sam"))
    outcome = _sent(gate, message)
    claims = gate.sign_in(outcome)
    assert claims[names.MESSAGE_TYPE] == message
    assert claims[names.FOR_USER] == {"user_id": sam}
    assert claims["sub"] != sam


@BOTH
def test_it_may_be_about_whoever_clicked(gate: Launching, message: str) -> None:
    gate.launch("tia")
    claims = gate.sign_in(_sent(gate, message, about="tia"))
    assert claims[names.FOR_USER] == {"user_id": claims["sub"]}


@BOTH
def test_nobody_becomes_known_by_being_spoken_of(gate: Launching, message: str) -> None:
    before = gate.count(users)
    assert _end(_sent(gate, message)) == (403, "lti.for_user_unknown")
    assert gate.count(users) == before


@BOTH
def test_a_person_of_another_tenant_is_nobody_here(gate: Launching, message: str) -> None:  # A23
    elsewhere = gate.join(a_config(client_id="elsewhere"))
    assert gate.launch("sam", platform=elsewhere).code == "accepted"
    assert _end(_sent(gate, message)) == (403, "lti.for_user_unknown")


@BOTH
def test_our_own_id_of_somebody_elsewhere_opens_nothing(gate: Launching, message: str) -> None:  # A23
    elsewhere = gate.join(a_config(client_id="elsewhere"))
    stranger = _user_id(gate, gate.launch("sam", platform=elsewhere))
    put = {names.FOR_USER: {"user_id": stranger}}
    assert _end(_sent(gate, message, put=put)) == (403, "lti.for_user_unknown")


@BOTH
@pytest.mark.parametrize("about", [None, {}, "sam", {"user_id": ""}, {"user_id": 7}, {"user_id": "x" * 256}])
def test_a_message_about_nobody_is_refused(gate: Launching, message: str, about: object) -> None:
    assert _end(_sent(gate, message, put={names.FOR_USER: about})) == (401, "lti.for_user_missing")


@pytest.mark.parametrize("grades", [None, {}, {"lineitems": "https://lms.example/items"}, {"lineitem": ""}])
def test_a_submission_review_without_its_line_item_is_refused(gate: Launching, grades: object) -> None:
    assert _end(_sent(gate, REVIEW, put={names.GRADES: grades})) == (401, "lti.submission_review_invalid")


def test_a_submission_review_without_a_link_is_refused(gate: Launching) -> None:
    assert _end(_sent(gate, REVIEW, remove=[names.RESOURCE_LINK])) == (401, "lti.resource_link_missing")


@pytest.mark.parametrize("claim", [names.CONTEXT, names.RESOURCE_LINK])
def test_a_data_privacy_launch_from_a_course_is_refused(gate: Launching, claim: str) -> None:
    gate.launch("sam")
    assert _end(_sent(gate, PRIVACY, put={claim: {"id": "course-101"}})) == (401, "lti.claim_shape")


def test_a_data_privacy_launch_has_neither_class_nor_link(gate: Launching) -> None:
    gate.launch("sam")
    told = gate.told(_sent(gate, PRIVACY))
    assert not {names.CONTEXT, names.RESOURCE_LINK} & told.keys()


def test_an_ordinary_launch_that_speaks_of_somebody_says_nothing_of_them(gate: Launching) -> None:
    sam = {"user_id": "user-11"}
    assert names.FOR_USER not in gate.told(gate.launch("tia", put={names.FOR_USER: sam}))
