"""LTI Advantage Conformance Certification Guide 1.3, sections 6.1.2 and 6.1.3: valid teacher and student launches."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.store.tables import enrollments, roles, users
from providers.kit.lti import claims as names
from tests.support.launching import Launching

_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
_INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
_UNKNOWN = "http://purl.imsglobal.org/vocab/lis/v2/unknown/unknown#Helper"
_NAMES = ("name", "given_name", "family_name", "middle_name")
_PEOPLE = {
    "Instructor": ("tia", "teacher", _INSTITUTION + "Faculty"),
    "Learner": ("sam", "student", _INSTITUTION + "Student"),
}
both = pytest.mark.parametrize("role", ["Instructor", "Learner"])


def _launch(
    certified: Launching, role: str, put: dict[str, Any] | None = None, remove: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Launch and sign in; return what the application is told."""
    outcome = certified.launch(_PEOPLE[role][0], put=put, remove=remove)
    assert (outcome.status, outcome.code) == (303, "accepted")
    return certified.sign_in(outcome)


def _is_rostered(certified: Launching, told: dict[str, Any], role: str) -> bool:
    wanted = _PEOPLE[role][1]
    held = {row["role"] for row in certified.rows(roles) if row["user_sourced_id"] == told["sub"]}
    enrolled = {row["role"] for row in certified.rows(enrollments) if row["user_sourced_id"] == told["sub"]}
    return wanted in held and wanted in enrolled


@both
def test_a_plain_launch_is_accepted(certified: Launching, role: str) -> None:
    told = _launch(certified, role)
    assert told[names.ROLES] == [_MEMBERSHIP + role]
    assert told["email"].endswith("@northfield.example")
    assert told["email_verified"] is False
    assert told[names.CONTEXT]["title"] == "Algebra I"
    assert _is_rostered(certified, told, role)


@both
def test_a_launch_with_several_roles_is_accepted(certified: Launching, role: str) -> None:
    told = _launch(certified, role, {names.ROLES: [_PEOPLE[role][2], _MEMBERSHIP + role]})
    assert told[names.ROLES] == [_MEMBERSHIP + role]
    assert _is_rostered(certified, told, role)


@both
def test_a_launch_with_a_short_role_name_is_accepted(certified: Launching, role: str) -> None:
    told = _launch(certified, role, {names.ROLES: [role]})
    assert told[names.ROLES] == [_MEMBERSHIP + role]
    assert _is_rostered(certified, told, role)


@both
def test_a_launch_with_an_unknown_role_is_accepted_without_a_right(certified: Launching, role: str) -> None:
    told = _launch(certified, role, {names.ROLES: [_UNKNOWN], "sub": f"helper-{role}"})
    assert told[names.ROLES] == []
    assert not _is_rostered(certified, told, role)


@both
def test_a_launch_with_no_role_is_accepted_without_a_right(certified: Launching, role: str) -> None:
    told = _launch(certified, role, {names.ROLES: [""], "sub": f"roleless-{role}"})
    assert told[names.ROLES] == []
    assert not _is_rostered(certified, told, role)


@both
def test_a_launch_with_an_e_mail_alone_is_accepted(certified: Launching, role: str) -> None:
    told = _launch(certified, role, {"sub": f"mail-{role}", "email": "m@school.example"}, _NAMES)
    assert told["email"] == "m@school.example"
    assert not set(_NAMES) & set(told)
    assert _is_rostered(certified, told, role)


@both
def test_a_launch_with_names_alone_is_accepted(certified: Launching, role: str) -> None:
    told = _launch(certified, role, {"sub": f"named-{role}"}, ("email",))
    assert told["family_name"] in {"Okafor", "Lindqvist"}
    assert "email" not in told
    assert _is_rostered(certified, told, role)


@both
def test_a_launch_without_personal_data_is_accepted(certified: Launching, role: str) -> None:  # also A21
    told = _launch(certified, role, {"sub": f"nobody-{role}"}, (*_NAMES, "email", "locale", names.LIS))
    assert not {*_NAMES, "email"} & set(told)
    assert _is_rostered(certified, told, role)
    row = next(row for row in certified.rows(users) if row["sourced_id"] == told["sub"])
    assert [row[name] for name in (*_NAMES, "email")] == [None] * 5


@both
def test_a_launch_with_an_e_mail_and_without_context_is_accepted(certified: Launching, role: str) -> None:
    link = {"id": f"link-outside-{role}"}
    put = {"sub": f"outside-{role}", names.RESOURCE_LINK: link}
    told = _launch(certified, role, put, (*_NAMES, names.CONTEXT))
    assert names.CONTEXT not in told
    assert told[names.ROLES] == [_MEMBERSHIP + role]
    assert told["email"].endswith("@northfield.example")
