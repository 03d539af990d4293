"""Whom somebody may look after: a teacher the students of own classes, an administrator those of the org."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, String, bindparam, select, union_all

from gateway.store.tables import accounts, classes, enrollments, orgs, roles, users

_ADMINISTRATORS = ("siteAdministrator", "districtAdministrator")


class Pupil(NamedTuple):
    """A student with an account. `school_id` is their primary org."""

    account_id: str
    user_id: str
    username: str
    given_name: str | None
    family_name: str | None
    school_id: str | None


def _by_class() -> Select[Any]:
    """Ask whether both are in a class now: the one teaches it, the other attends it."""
    teaching, attending = enrollments.alias("teaching"), enrollments.alias("attending")
    tenant = bindparam("tenant", type_=String())
    together = teaching.join(
        attending,
        (attending.c.class_sourced_id == teaching.c.class_sourced_id) & (attending.c.tenant_id == teaching.c.tenant_id),
    ).join(
        classes,
        (classes.c.sourced_id == teaching.c.class_sourced_id) & (classes.c.tenant_id == teaching.c.tenant_id),
    )
    return (
        select(classes.c.sourced_id)
        .select_from(together)
        .where(
            *(each.c.status == "active" for each in (teaching, attending, classes)),
            teaching.c.tenant_id == tenant,
            teaching.c.user_sourced_id == bindparam("actor", type_=String()),
            teaching.c.role == "teacher",
            attending.c.user_sourced_id == bindparam("pupil", type_=String()),
            attending.c.role == "student",
        )
    )


def _by_org() -> Select[Any]:
    """Ask whether the one administers an org at which, or below which, the other has a role."""
    tenant = bindparam("tenant", type_=String())
    theirs = (
        select(orgs.c.sourced_id, orgs.c.parent_sourced_id)
        .join(roles, (roles.c.org_sourced_id == orgs.c.sourced_id) & (roles.c.tenant_id == orgs.c.tenant_id))
        .where(
            orgs.c.tenant_id == tenant,
            roles.c.user_sourced_id == bindparam("pupil", type_=String()),
            roles.c.status == "active",
        )
        .cte("theirs", recursive=True)
    )
    above = select(orgs.c.sourced_id, orgs.c.parent_sourced_id).where(
        orgs.c.tenant_id == tenant, orgs.c.sourced_id == theirs.c.parent_sourced_id
    )
    theirs = theirs.union(above)
    mine = roles.alias("mine")
    return select(mine.c.sourced_id).where(
        mine.c.tenant_id == tenant,
        mine.c.user_sourced_id == bindparam("actor", type_=String()),
        mine.c.status == "active",
        mine.c.role.in_(_ADMINISTRATORS),
        mine.c.org_sourced_id.in_(select(theirs.c.sourced_id)),
    )


_REACHES = union_all(_by_class(), _by_org())
_PUPIL = (
    select(
        accounts.c.id,
        users.c.sourced_id,
        accounts.c.username,
        users.c.given_name,
        users.c.family_name,
        users.c.primary_org_sourced_id,
    )
    .join(users, (users.c.sourced_id == accounts.c.user_sourced_id) & (users.c.tenant_id == accounts.c.tenant_id))
    .where(
        accounts.c.tenant_id == bindparam("tenant"),
        accounts.c.user_sourced_id == bindparam("pupil"),
        accounts.c.status == "active",
    )
)
_ROLES = select(roles.c.role).where(
    roles.c.tenant_id == bindparam("tenant"),
    roles.c.user_sourced_id == bindparam("pupil"),
    roles.c.status == "active",
)


def reachable_pupil(connection: Connection, tenant_id: str, actor_id: str, pupil_id: str) -> Pupil | None:
    """Return a student whom this person may look after; None for anybody else's, and for everybody who is no student.

    Somebody who is a student and anything besides is nobody's pupil: a password would hand over more than that.
    """
    values = {"tenant": tenant_id, "pupil": pupil_id}
    row = connection.execute(_PUPIL, values).first()
    is_student = {role for (role,) in connection.execute(_ROLES, values)} == {"student"}
    if row is None or not is_student or connection.execute(_REACHES, {**values, "actor": actor_id}).first() is None:
        return None
    return Pupil._make(row)
