"""A person's session with one application, and what their account looks like at this moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, Select, and_, bindparam, exists, func, or_, select, update

from gateway.store.engine import Store
from gateway.store.jobs import add_job
from gateway.store.tables import (
    application_tenants,
    applications,
    classes,
    integrations,
    launches,
    orgs,
    sessions,
    tokens,
    users,
)


@dataclass(frozen=True, slots=True)
class Session:
    """A person's session with one application, and what their account looks like now.

    `user` and `orgs` are column values by name (of the users and orgs tables); `user` is None for an anonymous launch
    and empty when the person's row is gone. `granted` says whether the application is active and may see the tenant.
    """

    id: str
    application_id: str
    subject: str
    created_at: datetime
    ended_at: datetime | None
    granted: bool
    user: Mapping[str, Any] | None
    orgs: tuple[Mapping[str, Any], ...]
    claims: Mapping[str, Any]


_root, _school = orgs.alias("root"), orgs.alias("school")
_USER = ("enabled_user", "status", "given_name", "middle_name", "family_name", "name", "email", "locale")
_USER_COLUMNS = (*_USER, "picture")
_ORG_COLUMNS = ("suspended_at", "licence_ends_at")


def sessions_now() -> Select[Any]:
    """Return the question "who is this, and may they still": one row per session, by primary keys all the way."""
    granted = and_(
        applications.c.status == "active",
        or_(
            applications.c.all_tenants,
            exists().where(
                application_tenants.c.application_id == sessions.c.application_id,
                application_tenants.c.tenant_id == sessions.c.tenant_id,
            ),
        ),
    )
    # Of a native sign-in, which has neither, the person's own school.
    school_id = func.coalesce(
        classes.c.school_sourced_id, integrations.c.org_sourced_id, users.c.primary_org_sourced_id
    )
    return select(
        *(
            sessions.c[name]
            for name in ("id", "application_id", "subject", "created_at", "ended_at", "user_sourced_id")
        ),
        launches.c.claims,
        granted.label("granted"),
        users.c.sourced_id.label("user_found"),
        *(users.c[name].label(f"user_{name}") for name in _USER_COLUMNS),
        *(org.c[name].label(f"{org.name}_{name}") for org in (_root, _school) for name in _ORG_COLUMNS),
    ).select_from(
        sessions.join(applications, applications.c.id == sessions.c.application_id)
        .join(_root, _root.c.sourced_id == sessions.c.tenant_id)
        .outerjoin(
            users, and_(users.c.sourced_id == sessions.c.user_sourced_id, users.c.tenant_id == _root.c.tenant_id)
        )
        .outerjoin(launches, launches.c.ref == sessions.c.launch_ref)
        .outerjoin(classes, classes.c.sourced_id == launches.c.class_sourced_id)
        .outerjoin(integrations, integrations.c.id == launches.c.integration_id)
        .outerjoin(_school, _school.c.sourced_id == school_id)
    )


_BY_ID = sessions_now().where(sessions.c.id == bindparam("id"))


def find_session(store: Store, id: str) -> Session | None:
    """Return the session with its person's account as it is now."""
    with store.statements() as connection:
        return read_session(connection, id)


def read_session(connection: Connection, id: str) -> Session | None:
    """Return the session, read on this connection."""
    row = connection.execute(_BY_ID, {"id": id}).mappings().one_or_none()
    return None if row is None else session_of(row)


BACKCHANNEL_LOGOUT = "oidc.backchannel_logout"  # the job that tells an application
_TOLD = select(applications.c.backchannel_logout_uri).where(
    applications.c.id == select(sessions.c.application_id).where(sessions.c.id == bindparam("id")).scalar_subquery()
)


def end_session(connection: Connection, session_id: str, now: datetime, *, tell: bool = True) -> bool:
    """End a session and revoke its tokens; returns whether this call did.

    A token added later by a racing exchange is dead too: its session is. With `tell` the application hears of it, if
    it gave an address for that: the job lands with the caller's transaction.
    """
    alive = and_(sessions.c.id == session_id, sessions.c.ended_at.is_(None))
    ended = connection.execute(update(sessions).where(alive).values(ended_at=now)).rowcount == 1
    unrevoked = and_(tokens.c.session_id == session_id, tokens.c.revoked_at.is_(None))
    connection.execute(update(tokens).where(unrevoked).values(revoked_at=now))
    if ended and tell and connection.execute(_TOLD, {"id": session_id}).scalar_one_or_none():
        args, key = {"session_id": session_id}, f"{BACKCHANNEL_LOGOUT}:{session_id}"
        add_job(connection, name=BACKCHANNEL_LOGOUT, args=args, key=key, due_at=now, at=now)
    return ended


def end_sessions_of_user(connection: Connection, tenant_id: str, user_id: str, now: datetime) -> int:
    """End every session of a person of this tenant, with every application; returns how many there were."""
    whose = and_(sessions.c.tenant_id == tenant_id, sessions.c.user_sourced_id == user_id)
    alive = select(sessions.c.id).where(whose, sessions.c.ended_at.is_(None))
    return sum(end_session(connection, id, now) for id in connection.execute(alive).scalars().all())


def end_sessions_of_launch(connection: Connection, tenant_id: str, launch_ref: str, now: datetime) -> int:
    """End the sessions that a launch or sign-in of this tenant opened; returns how many there were."""
    whose = and_(sessions.c.tenant_id == tenant_id, sessions.c.launch_ref == launch_ref)
    alive = select(sessions.c.id).where(whose, sessions.c.ended_at.is_(None))
    return sum(end_session(connection, id, now) for id in connection.execute(alive).scalars().all())


def tenant_of_session(connection: Connection, session_id: str) -> str | None:
    """Return the tenant of a session, or None when there is no such session."""
    return connection.execute(select(sessions.c.tenant_id).where(sessions.c.id == session_id)).scalar_one_or_none()


class SessionRow(NamedTuple):
    """A session as a list shows it: ids and times, no names."""

    id: str
    application_id: str
    tenant_id: str
    user_sourced_id: str | None
    created_at: datetime
    ended_at: datetime | None


def list_sessions(store: Store, *, user_id: str | None, alive: bool, limit: int) -> list[SessionRow]:
    """Return sessions, newest first; of one person, and only those that have not ended, where asked."""
    question = select(*(sessions.c[name] for name in SessionRow._fields))
    if user_id is not None:
        question = question.where(sessions.c.user_sourced_id == user_id)
    if alive:
        question = question.where(sessions.c.ended_at.is_(None))
    with store.statements() as connection:
        rows = connection.execute(question.order_by(sessions.c.created_at.desc()).limit(limit))
        return [SessionRow._make(row) for row in rows]


def session_of(row: RowMapping) -> Session:
    """Return the session in a row of `sessions_now`."""
    return Session(
        id=row["id"],
        application_id=row["application_id"],
        subject=row["subject"],
        created_at=row["created_at"],
        ended_at=row["ended_at"],
        granted=bool(row["granted"]),
        user=_user(row),
        orgs=tuple({name: row[f"{org}_{name}"] for name in _ORG_COLUMNS} for org in ("root", "school")),
        claims=row["claims"] or {},
    )


def _user(row: RowMapping) -> Mapping[str, Any] | None:
    if row["user_sourced_id"] is None:
        return None
    if row["user_found"] is None:
        return {}
    return {name: row[f"user_{name}"] for name in _USER_COLUMNS}
