"""Rights come from context roles alone, the least of them first; names and e-mails may be missing (A20, A21)."""

from __future__ import annotations

import pytest

from gateway.store.tables import enrollments, roles, users
from providers.kit.lti import claims as names
from tests.support.launching import Launching

_LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
MEMBER = f"{_LIS}membership#"
INSTITUTION = f"{_LIS}institution/person#"
SYSTEM = f"{_LIS}system/person#"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"


@pytest.mark.parametrize(
    ("sent", "told", "person", "enrolled"),
    [
        ([], [], set(), set()),
        ([""], [], set(), set()),
        ([f"{_LIS}unknown/unknown#Helper"], [], set(), set()),
        ([f"{INSTITUTION}Instructor"], [], set(), set()),
        ([f"{INSTITUTION}Administrator"], [], set(), set()),
        ([f"{SYSTEM}Administrator", f"{SYSTEM}SysAdmin"], [], set(), set()),
        ([f"{INSTITUTION}Instructor", f"{MEMBER}Learner"], [f"{MEMBER}Learner"], {"student"}, {"student"}),
        ([f"{SYSTEM}SysAdmin", f"{MEMBER}Learner"], [f"{MEMBER}Learner"], {"student"}, {"student"}),
        (
            [f"{_LIS}membership/Learner#Instructor"],
            [f"{MEMBER}Learner", f"{_LIS}membership/Learner#Instructor"],
            {"student"},
            {"student"},
        ),
        ([f"{MEMBER}Mentor"], [f"{MEMBER}Mentor"], {"guardian"}, set()),
        ([f"{MEMBER}Administrator"], [f"{MEMBER}Administrator"], set(), {"administrator"}),
        (["instructor", "INSTRUCTOR", f"{MEMBER}instructor"], [], set(), set()),
        (["Instructor\n", f" {MEMBER}Instructor", f"{MEMBER}Instructor/"], [], set(), set()),
        ([f"https://evil.example/#{MEMBER}Instructor"], [], set(), set()),
    ],
)
def test_roles_give_the_least_right_they_can_mean(
    gate: Launching, sent: list[str], told: list[str], person: set[str], enrolled: set[str]
) -> None:  # A20
    outcome = gate.launch(put={names.ROLES: sent})
    assert outcome.code == "accepted"
    assert gate.told(outcome)[names.ROLES] == told
    assert {row["role"] for row in gate.rows(roles)} == person
    assert {row["role"] for row in gate.rows(enrollments)} == enrolled


def test_a_teacher_of_one_class_is_a_student_in_another(gate: Launching) -> None:  # A20
    taught, attended = gate.launch("robin", 102), gate.launch("robin", 101)
    assert gate.told(taught)[names.ROLES] == [f"{MEMBER}Instructor"]
    assert gate.told(attended)[names.ROLES] == [f"{MEMBER}Learner"]
    enrolled = {(row["class_sourced_id"], row["role"]) for row in gate.rows(enrollments)}
    classes = {outcome: gate.told(outcome)[names.CONTEXT]["id"] for outcome in (taught, attended)}
    assert enrolled == {(classes[taught], "teacher"), (classes[attended], "student")}


def test_a_test_user_is_marked_and_not_enrolled(gate: Launching) -> None:  # A20
    outcome = gate.launch("preview")
    assert gate.told(outcome)[names.ROLES] == [f"{MEMBER}Learner", TEST_USER]
    assert gate.rows(enrollments) == []


def test_roles_in_other_claims_give_no_right(gate: Launching) -> None:  # A20
    put = {names.ROLES: [f"{MEMBER}Learner"], "roles": [f"{MEMBER}Instructor"], names.EXT: {"roles": "Instructor"}}
    assert gate.told(gate.launch(put=put))[names.ROLES] == [f"{MEMBER}Learner"]


def test_a_launch_without_names_and_e_mail_works(gate: Launching) -> None:  # A21
    outcome = gate.launch("pat")
    assert outcome.code == "accepted"
    told = gate.sign_in(outcome)
    assert not {"name", "given_name", "family_name", "email"} & set(told)
    assert told["sub"] == gate.rows(users)[0]["sourced_id"]


@pytest.mark.parametrize("value", [None, "", "  ", 7, ["x"], "$Person.name.full"])
def test_a_name_that_says_nothing_is_no_name(gate: Launching, value: object) -> None:  # A21
    outcome = gate.launch(put=dict.fromkeys(["name", "given_name", "family_name", "email"], value))
    assert outcome.code == "accepted"
    assert gate.rows(users)[0]["name"] is None
