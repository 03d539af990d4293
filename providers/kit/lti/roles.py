"""Roles of a launch from its context roles alone, by exact table look-up, least privilege first.

An institution or system role says what somebody is elsewhere (a teacher at the school may be a student in this
course), so it never gives rights here: https://www.imsglobal.org/spec/lti/v1p3#role-vocabularies
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, NamedTuple

from providers.contract import BadData, EnrollmentRole, LaunchRoles, Role
from providers.kit.lti import claims
from providers.kit.lti.vocabulary import (
    CONTEXT_ROLES,
    SPELLINGS,
    TEACHING_ASSISTANTS,
    TEST_USER,
    principal_uri,
    sub_role_uri,
)


class Meaning(NamedTuple):
    """What a context role means in OneRoster's words; None where it means nothing there."""

    person: Role | None
    enrollment: EnrollmentRole | None


NOTHING: Final = Meaning(None, None)
_ASSISTANT: Final = Meaning(Role.AIDE, EnrollmentRole.PROCTOR)

# An administrator of one course is not one of the school: it gives no role to the person.
PRINCIPALS: Final[dict[str, Meaning]] = {
    "Administrator": Meaning(None, EnrollmentRole.ADMINISTRATOR),
    "Instructor": Meaning(Role.TEACHER, EnrollmentRole.TEACHER),
    "Learner": Meaning(Role.STUDENT, EnrollmentRole.STUDENT),
    "Mentor": Meaning(Role.GUARDIAN, None),
}

# A sub-role that means less than its principal takes its place: an LMS sends a teaching assistant as
# "Instructor" *and* "Instructor#TeachingAssistant". OneRoster has no assistant in a class; proctor is its least
# staff role there. Of the mentors only plain ones are a pupil's guardians: a tutor or an auditor is not.
SUB_ROLES: Final[dict[tuple[str, str], Meaning]] = {
    **{("Instructor", name): _ASSISTANT for name in (*TEACHING_ASSISTANTS, "Grader")},
    **{("Mentor", name): NOTHING for name in CONTEXT_ROLES["Mentor"] if name not in {"Mentor", "ExternalMentor"}},
}

_PERSON_ORDER: Final = (Role.GUARDIAN, Role.STUDENT, Role.AIDE, Role.TEACHER)
_ENROLLMENT_ORDER: Final = (
    EnrollmentRole.STUDENT,
    EnrollmentRole.PROCTOR,
    EnrollmentRole.TEACHER,
    EnrollmentRole.ADMINISTRATOR,
)
_MOST_ROLES_REMEMBERED: Final = 16


def read_roles(roles: Any) -> LaunchRoles:
    """Read the roles claim. Raises BadData (``lti.roles_invalid``) unless it is a list of strings."""
    if not isinstance(roles, list | tuple) or not all(isinstance(role, str) for role in roles):
        raise BadData("lti.roles_invalid", "The LMS sent roles in a form that LTI does not allow.", claims.ROLES)
    # A school has a handful of combinations; a token with an endless list is read, but not remembered.
    return _remembered(tuple(roles)) if len(roles) <= _MOST_ROLES_REMEMBERED else _read(roles)


def _read(roles: Iterable[str]) -> LaunchRoles:
    principals: dict[str, set[str]] = {}  # principal -> its sub-roles, in the order they came
    test_user = False
    for role in roles:
        test_user = test_user or role == TEST_USER
        if (known := SPELLINGS.get(role)) is not None:
            sub_roles = principals.setdefault(known[0], set())
            if known[1] is not None:
                sub_roles.add(known[1])
    meanings = {meaning for principal, sub_roles in principals.items() for meaning in _meanings(principal, sub_roles)}
    people = {meaning.person for meaning in meanings}
    enrollments = {meaning.enrollment for meaning in meanings}
    return LaunchRoles(
        person=tuple(role for role in _PERSON_ORDER if role in people),
        enrollment=tuple(role for role in _ENROLLMENT_ORDER if role in enrollments),
        context_uris=tuple(_uris(principals)),
        is_test_user=test_user,
    )


_remembered = lru_cache(maxsize=256)(_read)


def _meanings(principal: str, sub_roles: set[str]) -> Iterable[Meaning]:
    whole = PRINCIPALS.get(principal, NOTHING)
    return [SUB_ROLES.get((principal, sub_role), whole) for sub_role in sub_roles] or [whole]


def _uris(principals: dict[str, set[str]]) -> Iterable[str]:
    for principal, sub_roles in principals.items():
        yield principal_uri(principal)
        yield from (sub_role_uri(principal, sub_role) for sub_role in sorted(sub_roles))
