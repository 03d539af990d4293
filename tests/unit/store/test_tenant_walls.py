"""The database itself refuses rows that reach into another tenant, on both databases (F8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from gateway.store import Store
from gateway.store.approvals import add_approval
from gateway.store.class_groups import add_group, put_members
from gateway.store.ids import new_id
from gateway.store.invites import use_invite
from gateway.store.tables import (
    approvals,
    class_codes,
    class_groups,
    class_joins,
    classes,
    contexts,
    course_copies,
    enrollments,
    group_members,
    identities,
    integrations,
    invites,
    line_items,
    notices,
    resource_links,
    results,
    roles,
    score_scales,
    scores,
    student_import_rows,
    student_imports,
)
from tests.support.databases import opened
from tests.support.launching import Launching, a_config, launching
from tests.support.noticing import copied, send, work

_OWNED: list[tuple[Any, str]] = [
    (integrations, "org_sourced_id"),
    (invites, "org_sourced_id"),
    (invites, "integration_id"),
    (approvals, "invite_id"),
    (identities, "user_sourced_id"),
    (identities, "integration_id"),
    (contexts, "class_sourced_id"),
    (contexts, "deployment_row_id"),
    (resource_links, "class_sourced_id"),
    (classes, "school_sourced_id"),
    (roles, "user_sourced_id"),
    (roles, "org_sourced_id"),
    (enrollments, "user_sourced_id"),
    (enrollments, "class_sourced_id"),
    (enrollments, "school_sourced_id"),
    (line_items, "class_sourced_id"),
    (score_scales, "class_sourced_id"),
    (results, "line_item_id"),
    (results, "class_sourced_id"),
    (results, "user_sourced_id"),
    (notices, "deployment_row_id"),
    (course_copies, "deployment_row_id"),
    (class_groups, "class_sourced_id"),
    (group_members, "group_sourced_id"),
    (group_members, "user_sourced_id"),
    (class_codes, "class_sourced_id"),
    (class_joins, "class_sourced_id"),
    (class_joins, "user_sourced_id"),
    (student_imports, "school_sourced_id"),
    (student_imports, "uploader_sourced_id"),
    (student_import_rows, "import_id"),
    (scores, "line_item_id"),
    (scores, "class_sourced_id"),
    (scores, "user_sourced_id"),
]


@pytest.fixture
def two_tenants(database_url: str) -> Iterator[tuple[Launching, Store]]:
    """Two schools, each with one student in one class."""
    with launching(database_url) as world, opened(database_url) as store:
        other = world.join(a_config(client_id="client-2"))
        assert world.launch().code == world.launch(platform=other).code == "accepted"
        for row in world.rows(integrations):
            _invite(world, row["org_sourced_id"], row["id"])
        for row in world.rows(enrollments):
            _grade(world, row)
            _group(world, row)
            _list(world, row)
        for platform in (world.platform, other):
            send(world, copied(world, platform=platform), platform=platform)
        work(world)
        yield world, store


def _invite(world: Launching, org_id: str, integration_id: str) -> None:
    span = timedelta(days=1)
    invite = world.gate.desk.links.invite(org_id=org_id, provider=None, expires_in=span, actor="test").invite
    with world.store.transaction() as connection:
        use_invite(connection, invite, integration_id, world.clock())
        add_approval(connection, invite, "lti", {}, {"reasons": []}, world.clock())


def _grade(world: Launching, enrollment: dict[str, Any]) -> None:
    """Give the student a score that waits."""
    at, item_id = world.clock(), new_id()
    base = {"tenant_id": enrollment["tenant_id"], "class_sourced_id": enrollment["class_sourced_id"], "created_at": at}
    item = {"id": item_id, "sourced_id": item_id, "title": "Quiz", "score_maximum": 10, "date_last_modified": at}
    score = {"line_item_id": item_id, "user_sourced_id": enrollment["user_sourced_id"], "result_id": "r-1"}
    score |= {"score_status": "fully graded", "timestamp": at, "due_at": at}
    result: dict[str, Any] = {
        "id": item_id,
        "sourced_id": item_id,
        "line_item_id": item_id,
        "score_status": "fully graded",
    }
    result |= {"user_sourced_id": enrollment["user_sourced_id"], "score_date": at.date(), "date_last_modified": at}
    scale: dict[str, Any] = {"id": item_id, "sourced_id": item_id, "title": "A-F", "type": "letter", "values": []}
    scale |= {"date_last_modified": at}
    with world.store.statements() as connection:
        connection.execute(line_items.insert(), {"application_id": "app", **base, **item})
        connection.execute(scores.insert(), {"application_id": "app", **base, **score})
        connection.execute(results.insert(), {"application_id": "app", **base, **result})
        connection.execute(score_scales.insert(), {"application_id": "app", **base, **scale})


def _group(world: Launching, enrollment: dict[str, Any]) -> None:
    """Put the student into a group of the class."""
    tenant_id, class_id = enrollment["tenant_id"], enrollment["class_sourced_id"]
    course = next(row for row in world.rows(contexts) if row["class_sourced_id"] == class_id)
    with world.store.statements() as connection:
        group_id = add_group(
            connection, tenant_id=tenant_id, class_id=class_id, context_row_id=course["id"], group_id="g-1",
            told={"title": "Red"}, at=world.clock(),
        )  # fmt: skip
        put_members(connection, tenant_id, [(group_id, enrollment["user_sourced_id"])], world.clock())


def _list(world: Launching, enrollment: dict[str, Any]) -> None:
    """Let the student wait at a class code, and upload a list."""
    at, row_id = world.clock(), new_id()
    base = {"id": row_id, "tenant_id": enrollment["tenant_id"], "created_at": at}
    place = {name: enrollment[name] for name in ("tenant_id", "class_sourced_id")}
    code = {**base, **place, "code": row_id[-8:], "made_by": "test", "locks_at": at}
    wait = {"id": row_id, **place, "user_sourced_id": enrollment["user_sourced_id"], "asked_at": at}
    listed = {**base, "school_sourced_id": enrollment["school_sourced_id"], "file_name": "x", "mapping": {}}
    listed |= {"uploader_sourced_id": enrollment["user_sourced_id"], "state": "planned", "counts": {}, "changed_at": at}
    row = {"import_id": row_id, "tenant_id": enrollment["tenant_id"], "row": 2, "action": "new", "told": {}}
    with world.store.statements() as connection:
        for table, values in (
            (class_codes, code),
            (class_joins, wait),
            (student_imports, listed),
            (student_import_rows, row),
        ):
            connection.execute(table.insert(), values)


@pytest.mark.parametrize(("table", "column"), _OWNED)
def test_a_row_can_not_point_into_another_tenant(
    two_tenants: tuple[Launching, Store], table: Any, column: str
) -> None:  # F8
    world, store = two_tenants
    mine, theirs = world.rows(table)
    key = next(iter(table.primary_key.columns))
    change = table.update().where(key == mine[key.name]).values({column: theirs[column]})
    with pytest.raises(IntegrityError), store.statements() as connection:
        connection.execute(change)


def test_a_row_can_not_change_its_tenant(two_tenants: tuple[Launching, Store]) -> None:  # F8
    _, store = two_tenants
    with pytest.raises(IntegrityError), store.statements() as connection:
        connection.execute(enrollments.update().values(tenant_id=new_id()))
