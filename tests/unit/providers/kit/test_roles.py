"""Roles come from context roles alone, whole words only, least privilege first."""

from __future__ import annotations

from typing import Any

import pytest

from providers.contract import BadData, EnrollmentRole, LaunchRoles, Role
from providers.kit.lti.roles import read_roles
from providers.kit.lti.vocabulary import CONTEXT_ROLES, TEACHING_ASSISTANTS, TEST_USER, principal_uri, sub_role_uri

BASE = "http://purl.imsglobal.org/vocab/lis/v2/"
INSTRUCTOR, LEARNER = BASE + "membership#Instructor", BASE + "membership#Learner"
TEACHER = LaunchRoles((Role.TEACHER,), (EnrollmentRole.TEACHER,), (INSTRUCTOR,))
STUDENT = LaunchRoles((Role.STUDENT,), (EnrollmentRole.STUDENT,), (LEARNER,))


@pytest.mark.parametrize("spelling", [INSTRUCTOR, "Instructor", "urn:lti:role:ims/lis/Instructor"])
def test_teacher_is_known_in_every_spelling(spelling: str) -> None:
    assert read_roles([spelling]) == TEACHER


@pytest.mark.parametrize("spelling", [LEARNER, "Learner", "urn:lti:role:ims/lis/Learner"])
def test_student_is_known_in_every_spelling(spelling: str) -> None:
    assert read_roles([spelling]) == STUDENT


def test_learners_called_instructor_are_learners() -> None:  # a sub-role of Learner, never a teacher
    roles = read_roles([BASE + "membership/Learner#Instructor"])
    assert (roles.person, roles.enrollment) == (STUDENT.person, STUDENT.enrollment)


@pytest.mark.parametrize(
    "elsewhere",
    [
        BASE + "institution/person#Instructor",
        BASE + "institution/person#Administrator",
        BASE + "system/person#SysAdmin",
        BASE + "person#Administrator",
        "urn:lti:instrole:ims/lis/Instructor",
        "urn:lti:sysrole:ims/lis/SysAdmin",
    ],
)
def test_roles_elsewhere_give_no_right_here(elsewhere: str) -> None:
    assert read_roles([elsewhere]) == LaunchRoles()
    assert read_roles([elsewhere, LEARNER]) == STUDENT


@pytest.mark.parametrize(
    "unknown",
    [
        "",
        " ",
        "instructor",
        "INSTRUCTOR",
        INSTRUCTOR + "s",
        INSTRUCTOR + " ",
        "x" + INSTRUCTOR,
        INSTRUCTOR.replace("http:", "https:"),
        BASE + "membership/Unknown#Instructor",
        BASE + "membership/Instructor#Unknown",
        BASE + "membership/Instructor",
        BASE + "unknown/unknown#Helper",
    ],
)
def test_unknown_role_is_ignored(unknown: str) -> None:
    assert read_roles([unknown]) == LaunchRoles()


@pytest.mark.parametrize("none", [[], [""], (), ("", "")])
def test_no_role_is_allowed(none: Any) -> None:
    assert read_roles(none) == LaunchRoles()


@pytest.mark.parametrize("wrong", ["Instructor", None, {}, 7, [None], [7], [["Instructor"]], [{"a": 1}]])
def test_anything_but_a_list_of_text_is_bad_data(wrong: Any) -> None:
    with pytest.raises(BadData) as refused:
        read_roles(wrong)
    assert refused.value.code == "lti.roles_invalid"


@pytest.mark.parametrize("sub_role", [*TEACHING_ASSISTANTS, "Grader"])
def test_assistant_is_an_aide_though_the_principal_comes_along(sub_role: str) -> None:
    for sent in ([sub_role_uri("Instructor", sub_role)], [INSTRUCTOR, sub_role_uri("Instructor", sub_role)]):
        roles = read_roles(sent)
        assert (roles.person, roles.enrollment) == ((Role.AIDE,), (EnrollmentRole.PROCTOR,))


@pytest.mark.parametrize(
    "spelling",
    [
        BASE + "membership/instructor#TeachingAssistant",
        "TeachingAssistant",
        "urn:lti:role:ims/lis/TeachingAssistant",
        "urn:lti:role:ims/lis/Instructor/TeachingAssistant",
        "urn:lti:role:ims/lis/TeachingAssistant/TeachingAssistant",
    ],
)
def test_old_spellings_of_the_assistant_are_known(spelling: str) -> None:
    assert read_roles([spelling]).context_uris == (INSTRUCTOR, sub_role_uri("Instructor", "TeachingAssistant"))


def test_primary_teacher_who_also_assists_is_both() -> None:
    sent = [sub_role_uri("Instructor", "TeachingAssistant"), sub_role_uri("Instructor", "PrimaryInstructor")]
    assert read_roles(sent).person == (Role.AIDE, Role.TEACHER)


def test_two_roles_come_with_the_lesser_first() -> None:
    roles = read_roles([INSTRUCTOR, LEARNER])
    assert roles.person == (Role.STUDENT, Role.TEACHER)
    assert roles.enrollment == (EnrollmentRole.STUDENT, EnrollmentRole.TEACHER)
    assert roles.context_uris == (INSTRUCTOR, LEARNER)


def test_repeated_role_counts_once() -> None:
    assert read_roles([LEARNER, "Learner", LEARNER]) == STUDENT


def test_mentor_is_a_guardian_without_enrollment() -> None:
    roles = read_roles(["Mentor"])
    assert (roles.person, roles.enrollment) == ((Role.GUARDIAN,), ())


@pytest.mark.parametrize("sub_role", ["Tutor", "Auditor", "Advisor"])
def test_other_mentors_are_no_guardians(sub_role: str) -> None:
    assert read_roles(["Mentor", sub_role_uri("Mentor", sub_role)]).person == ()


def test_administrator_of_a_course_is_none_of_the_school() -> None:
    roles = read_roles(["Administrator"])
    assert (roles.person, roles.enrollment) == ((), (EnrollmentRole.ADMINISTRATOR,))


@pytest.mark.parametrize("principal", ["ContentDeveloper", "Manager", "Member", "Officer"])
def test_others_in_the_course_are_not_enrolled(principal: str) -> None:
    roles = read_roles([principal])
    assert (roles.person, roles.enrollment, roles.context_uris) == ((), (), (principal_uri(principal),))


@pytest.mark.parametrize("alone", [True, False])
def test_test_user_is_marked(alone: bool) -> None:
    roles = read_roles([TEST_USER] if alone else [LEARNER, TEST_USER])
    assert roles.is_test_user
    assert roles.enrollment == (() if alone else STUDENT.enrollment)


def test_every_sub_role_brings_its_principal() -> None:
    for principal, sub_roles in CONTEXT_ROLES.items():
        for sub_role in sub_roles:
            uris = read_roles([sub_role_uri(principal, sub_role)]).context_uris
            assert uris == (principal_uri(principal), sub_role_uri(principal, sub_role))


def test_endless_list_is_read() -> None:
    assert read_roles(["x"] * 5000 + [LEARNER]) == STUDENT
