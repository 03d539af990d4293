"""Records as providers really write them (consumer cases C09 to C13 and C18)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import Fault, Kind
from providers.kit.oneroster.rest.fields import Fields, Unreadable
from providers.kit.oneroster.rest.records import READERS, read_roles
from tests.support.rostering import RosterWorld

REF = {"sourcedId": "x-1"}


def read(kind: Kind, **members: Any) -> tuple[Any, list[Fault]]:
    """Read one record; None where it was left out."""
    faults: list[Fault] = []
    try:
        return READERS[kind](Fields({"sourcedId": "r-1", **members}, f"/{kind}/r-1", faults)), faults
    except Unreadable:
        return None, faults


def same_but_for(world: RosterWorld, **switches: Any) -> bool:
    """Say whether the roster reads the same when the provider writes otherwise."""
    by_the_book = world.read()
    world.switch(**switches)
    otherwise = world.read()
    return by_the_book.records == otherwise.records and by_the_book.complete == otherwise.complete


# C09
@pytest.mark.parametrize("booleans", ["json", "upper", "digit"])
def test_booleans_read_the_same_however_written(world: RosterWorld, booleans: str) -> None:
    assert same_but_for(world, booleans=booleans)


# C10
@pytest.mark.parametrize("status", ["upper", "missing", "inactive"])
def test_a_status_reads_the_same_however_written(world: RosterWorld, status: str) -> None:
    world.provider.roster["users"][0]["status"] = "active" if status == "missing" else "tobedeleted"
    assert same_but_for(world, status=status)


# C11
@pytest.mark.parametrize("modified", ["missing", "date", "local", "offset"])
def test_a_moment_of_change_may_be_anything(world: RosterWorld, modified: str) -> None:
    assert same_but_for(world, modified=modified)


# C12
@pytest.mark.parametrize(("version", "shape"), [("1.2", "1.1"), ("1.1", "1.2"), ("1.1", "1.1")])
def test_users_of_either_version_read_alike_under_either_address(world: RosterWorld, version: str, shape: str) -> None:
    by_the_book = world.read()
    world.switch(version=version, shape=shape)
    otherwise = world.read()
    assert otherwise.records["roles"] == by_the_book.records["roles"]
    assert otherwise.ids("users") == by_the_book.ids("users")


# C13
@pytest.mark.parametrize("references", ["bare", "ids"])
def test_references_read_the_same_however_written(world: RosterWorld, references: str) -> None:
    assert same_but_for(world, references=references)


# C13
def test_references_to_nothing_are_none(world: RosterWorld) -> None:
    world.switch(references="null", nulls=True)
    found = world.read()
    assert {each.course_id for each in found.records["classes"]} == {None}
    assert found.faults == []


# C18
def test_words_of_a_providers_own_are_kept(world: RosterWorld) -> None:
    world.switch(extensions=True)
    found = world.read()
    assert {each.role for each in found.records["enrollments"]} == {"ext:mentor", "pupil"}
    assert {fault.code for fault in found.faults} == {"oneroster.word_unknown"}
    assert len(found.faults) == 60
    assert "enrollments" in found.complete


@pytest.mark.parametrize(("status", "kept"), [(None, "active"), ("deleted?", "active"), ("ToBeDeleted", "tobedeleted")])
def test_nobody_disappears_by_a_status_that_nobody_knows(status: str | None, kept: str) -> None:
    org, _ = read("orgs", name="x", type="school", status=status)
    assert org.status == kept


@pytest.mark.parametrize("source_id", ["", " ", None, [], "x" * 256, "a\nb", " a"])
def test_a_record_without_a_usable_id_is_left_out(source_id: Any) -> None:
    org, faults = read("orgs", sourcedId=source_id, name="x")
    assert org is None
    assert [(fault.column, fault.code, fault.is_skipped) for fault in faults] == [
        ("sourcedId", "oneroster.id_unusable", True)
    ]


@pytest.mark.parametrize("source_id", ["7_1553", "FY", "a/b|c@d", "Ä", 42])
def test_an_id_is_kept_byte_for_byte(source_id: Any) -> None:
    org, _ = read("orgs", sourcedId=source_id, name="x")
    assert org.source_id == str(source_id)


@pytest.mark.parametrize(
    ("kind", "members", "column"),
    [
        ("enrollments", {"user": REF, "class": REF}, "role"),
        ("enrollments", {"class": REF, "role": "student"}, "user"),
        ("enrollments", {"user": REF, "role": "student", "class": {"sourcedId": ""}}, "class"),
        ("classes", {"title": "x"}, "school"),
        ("academicSessions", {"title": "x", "startDate": "8/1/2026", "endDate": "2027-01-01"}, "startDate"),
        ("academicSessions", {"title": "x", "startDate": "2026-08-01", "endDate": "2027-02-30"}, "endDate"),
    ],
)
def test_a_record_that_says_nothing_is_left_out_and_told(kind: Kind, members: dict[str, Any], column: str) -> None:
    record, faults = read(kind, **members)
    assert record is None
    assert (faults[-1].file, faults[-1].column, faults[-1].is_skipped) == (f"/{kind}/r-1", column, True)


def test_an_unreadable_record_keeps_its_kind_from_being_proven(world: RosterWorld) -> None:
    del world.provider.roster["enrollments"][0]["user"]
    found = world.read()
    assert len(found.records["enrollments"]) == 63
    assert "enrollments" not in found.complete
    assert found.doubts("enrollments") == ["a record that is there can't be read"]


def test_passwords_are_never_read(world: RosterWorld) -> None:
    assert "never to be read" not in str(world.read().records)


def test_a_1_1_user_has_a_role_at_each_org_the_first_being_primary() -> None:
    members = {"role": "administrator", "orgs": [{"sourcedId": "d"}, "s", {"sourcedId": "s"}]}
    user, _ = read("users", **members)
    roles = read_roles(Fields(members, "", []), user, {"d": "district", "s": "school"})
    assert [(role.org_id, role.role, role.role_type) for role in roles] == [
        ("d", "districtAdministrator", "primary"),
        ("s", "siteAdministrator", "secondary"),
    ]


def test_a_user_without_role_is_kept_and_told() -> None:
    user, faults = read("users", givenName="x")
    roles = read_roles(Fields({}, "/users/r-1", faults), user, {})
    assert roles == []
    assert [(fault.code, fault.is_skipped) for fault in faults] == [("oneroster.role_missing", False)]


def test_ids_of_a_user_read_in_both_forms() -> None:
    user, _ = read("users", userIds=[{"type": "SIS", "identifier": "1"}, "{LDAP: sam}", "nonsense", None])
    assert user.user_ids == (("SIS", "1"), ("LDAP", "sam"))


def test_a_list_may_come_as_a_text() -> None:
    course, _ = read("courses", title="x", grades="09, 10", subjects="Art")
    assert (course.grades, course.subjects) == (("09", "10"), ("Art",))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
_MEMBERS = [
    "sourcedId",
    "status",
    "name",
    "type",
    "parent",
    "title",
    "startDate",
    "endDate",
    "course",
    "school",
    "terms",
    "user",
    "class",
    "role",
    "roles",
    "orgs",
    "grades",
    "enabledUser",
    "primary",
    "agents",
    "userIds",
    "email",
    "identifier",
    "primaryOrg",
]


@given(kind=st.sampled_from(sorted(READERS)), record=st.dictionaries(st.sampled_from(_MEMBERS), _JSON))
def test_no_record_however_wrong_ends_a_reading(kind: Kind, record: dict[str, Any]) -> None:
    found, faults = read(kind, **{"sourcedId": "r-1", **record})
    assert found is not None or faults[-1].is_skipped
    if kind == "users" and found is not None:
        read_roles(Fields(record, "/users", faults), found, {})
