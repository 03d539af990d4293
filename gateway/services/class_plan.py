"""Compares a class's member list with what is stored, and writes the difference in one transaction.

Launches and lists add; only a whole, flawless list ends anybody (attack F1), and never a suspicious part of the class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from gateway.services.linking import profile_of
from gateway.store import Connection
from gateway.store.class_members import (
    StoredEnrollment,
    StoredPerson,
    add_enrollments,
    add_missing_roles,
    add_people,
    change_profile,
    enrollments_of,
    people_behind,
    set_status,
)
from gateway.store.class_services import Course
from providers.contract import Member

FLOOR: Final = 5  # in a smaller class anybody may leave
MOST_GONE: Final = 0.5


class Seen(NamedTuple):
    """What a reading brought. `is_whole`: every member was seen and could be read."""

    members: Sequence[Member]
    is_whole: bool
    began: datetime
    skipped: int = 0


@dataclass(slots=True)
class Counts:
    """What was done, in enrollments but for `renamed`. `held`: how many would have ended, had a person allowed it."""

    added: int = 0
    returned: int = 0
    ended: int = 0
    held: int = 0
    renamed: int = 0


def apply(connection: Connection, course: Course, seen: Seen, *, force: bool, at: datetime) -> Counts:
    """Write what the list says of the class. Raises Collision when a launch wrote the same just now."""
    here = [one for one in seen.members if one.status == "Active" and not one.roles.is_test_user]
    present = {one.subject: one for one in here}  # somebody in two sections may come twice
    gone = {one.subject for one in seen.members if one.subject not in present}
    known = people_behind(connection, str(course.integration_id), [*present, *gone])
    counts = Counts(renamed=_rename(connection, course, present, known, at))
    ids = {subject: person.user_id for subject, person in known.items()}
    fresh = {subject: profile_of(member.person) for subject, member in present.items() if subject not in known}
    owner = {"tenant_id": course.tenant_id, "integration_id": str(course.integration_id)}
    ids |= add_people(connection, profiles=fresh, at=at, **owner)
    wanted = {(ids[one.subject], str(role)) for one in here for role in one.roles.enrollment}
    people = [(ids[one.subject], str(role)) for one in here for role in one.roles.person]
    org = {"tenant_id": course.tenant_id, "org_id": str(course.org_id)}
    add_missing_roles(connection, wanted=people, new={ids[subject] for subject in fresh}, at=at, **org)
    left = {ids[subject] for subject in gone if subject in ids}
    _enroll(connection, course, _Wish(wanted, {ids[subject] for subject in present}, left), seen, counts, force, at)
    return counts


class _Wish(NamedTuple):
    """Who is to be enrolled as what, who is in the list at all, and who was said to have left."""

    wanted: set[tuple[str, str]]
    listed: set[str]
    left: set[str]


def _enroll(
    connection: Connection,
    course: Course,
    wish: _Wish,
    seen: Seen,
    counts: Counts,
    force: bool,
    at: datetime,
) -> None:
    stored = enrollments_of(connection, course.tenant_id, course.class_id)
    by_key = {(one.user_id, one.role): one for one in stored}
    back = [by_key[key].sourced_id for key in wish.wanted if key in by_key and by_key[key].status != "active"]
    new = sorted(key for key in wish.wanted if key not in by_key)
    school = {"tenant_id": course.tenant_id, "class_id": course.class_id, "school_id": course.school_id}
    add_enrollments(connection, wanted=new, at=at, **school)
    set_status(connection, course.tenant_id, back, "active", at)
    active = [one for one in stored if one.status == "active" and one.changed_at < seen.began]
    ending = [one for one in active if (one.user_id, one.role) not in wish.wanted and _may_end(one, wish, seen, course)]
    counts.added, counts.returned = len(new), len(back)
    if ending and not force and _is_suspicious(ending, active, wish):
        counts.held = len(ending)
        return
    set_status(connection, course.tenant_id, [one.sourced_id for one in ending], "tobedeleted", at)
    counts.ended = len(ending)


def _may_end(one: StoredEnrollment, wish: _Wish, seen: Seen, course: Course) -> bool:
    """Whether the list says that this is over: another role, a member marked as gone, or, if whole, not in it.

    Of a class with several courses no list of one course knows everybody.
    """
    if course.others:
        return False
    return seen.is_whole or one.user_id in wish.left or one.user_id in wish.listed


def _is_suspicious(ending: Sequence[StoredEnrollment], active: Sequence[StoredEnrollment], wish: _Wish) -> bool:
    """Whether so many leave at once that a person should look: an LMS may answer well and wrongly."""
    people, gone = {one.user_id for one in active}, {one.user_id for one in ending} - wish.listed
    return not wish.listed or (len(people) >= FLOOR and len(gone) > MOST_GONE * len(people))


def _rename(
    connection: Connection, course: Course, present: dict[str, Member], known: dict[str, StoredPerson], at: datetime
) -> int:
    """Keep names fresh. What the list withholds is kept, and a roster's people keep the roster's names."""
    renamed = 0
    for subject, person in known.items():
        member = present.get(subject)
        if member is None or person.is_rostered:
            continue
        told: dict[str, Any] = {
            name: value
            for name, value in profile_of(member.person).items()
            if value not in {None, person.profile[name]}
        }
        if told:
            change_profile(connection, course.tenant_id, person.user_id, told, at)
            renamed += 1
    return renamed
