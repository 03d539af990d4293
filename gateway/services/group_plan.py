"""Makes a class's stored groups what its LMS says; what was not told is left alone, and nothing is deleted."""

from __future__ import annotations

from datetime import datetime

from gateway.services.class_plan import Seen
from gateway.store import Connection
from gateway.store.class_groups import (
    ACTIVE,
    ENDED,
    add_group,
    change_group,
    end_members,
    groups_of,
    members_of,
    put_members,
)
from gateway.store.class_members import people_behind
from gateway.store.class_services import Course
from providers.contract import ClassGroups


def apply_groups(connection: Connection, course: Course, told: ClassGroups, seen: Seen, at: datetime) -> None:
    """Write groups and who is in them. `told` is whole; of members only those count that say which groups they have."""
    ids = _write_groups(connection, course, told, at)
    present = {one.subject: one for one in seen.members if one.status == "Active" and one.group_ids is not None}
    known = people_behind(connection, str(course.integration_id), present)
    wanted: set[tuple[str, str]] = set()
    for subject, person in known.items():
        wanted |= {(ids[group], person.user_id) for group in present[subject].group_ids or () if group in ids}
    heard = {person.user_id for person in known.values()}
    stored, alive = members_of(connection, course.tenant_id, course.row_id), set(ids.values())
    is_whole = seen.is_whole and bool(present)  # an LMS that tells of nobody's groups says nothing
    ended = {pair for pair in stored - wanted if is_whole or pair[1] in heard or pair[0] not in alive}
    put_members(connection, course.tenant_id, wanted - stored, at)
    end_members(connection, course.tenant_id, ended, at)


def _write_groups(connection: Connection, course: Course, told: ClassGroups, at: datetime) -> dict[str, str]:
    """Add, change, end and bring back groups; return our ids of those that are there, by the platform's."""
    stored = groups_of(connection, course.tenant_id, course.row_id)
    titles = {one.id: one.name for one in told.sets}
    place = {"tenant_id": course.tenant_id, "class_id": course.class_id, "context_row_id": course.row_id}
    ids: dict[str, str] = {}
    for group in told.groups:
        values = {"title": group.name, "set_id": group.set_id, "tag": group.tag}
        values["set_title"] = titles.get(group.set_id) if group.set_id is not None else None
        before = stored.get(group.id)
        if before is None:
            ids[group.id] = add_group(connection, group_id=group.id, told=values, at=at, **place)
            continue
        ids[group.id] = before.sourced_id
        if before.told != values or before.status != ACTIVE:
            change_group(connection, course.tenant_id, before.sourced_id, at, status=ACTIVE, **values)
    for group_id, before in stored.items():
        if group_id not in ids and before.status == ACTIVE:
            change_group(connection, course.tenant_id, before.sourced_id, at, status=ENDED)
    return ids
