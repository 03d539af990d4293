"""Native accounts: made with their user and role, found by username, and who somebody is at this moment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from gateway.store.events.telling import tell
from gateway.store.ids import new_id
from gateway.store.tables import accounts, orgs, roles, users
from gateway.store.tables.columns import NOT_ROSTERED
from gateway.store.upsert import insert_or_ignore


class UsernameTaken(Exception):
    """Somebody has this username already."""


class AccountRow(NamedTuple):
    """One account as stored. `username_key` and `email_key` are folded; `status` is `active` or `deactivated`."""

    id: str
    tenant_id: str
    user_sourced_id: str
    username: str
    username_key: str
    password_hash: str
    must_change: bool
    email: str | None
    email_key: str | None
    email_verified_at: datetime | None
    status: str
    created_at: datetime
    password_changed_at: datetime
    signed_in_at: datetime | None


class Standing(NamedTuple):
    """What decides whether somebody may come in: their user's row, and those of their tenant and school."""

    enabled_user: bool
    status: str
    tenant_suspended_at: datetime | None
    tenant_licence_ends_at: datetime | None
    school_suspended_at: datetime | None
    school_licence_ends_at: datetime | None


class Holder(NamedTuple):
    """The person an account belongs to. `school_id` is their primary org, and `roles` what they are, and where."""

    given_name: str | None
    family_name: str | None
    email: str | None
    school_id: str | None
    school_name: str | None
    standing: Standing
    roles: tuple[tuple[str, str], ...]


_COLUMNS = [accounts.c[name] for name in AccountRow._fields]
_root, _school = orgs.alias("root"), orgs.alias("school")
_HOLDER = (
    select(
        users.c.given_name,
        users.c.family_name,
        users.c.email,
        _school.c.sourced_id,
        _school.c.name,
        users.c.enabled_user,
        users.c.status,
        _root.c.suspended_at,
        _root.c.licence_ends_at,
        _school.c.suspended_at,
        _school.c.licence_ends_at,
    )
    .select_from(
        users.join(_root, _root.c.sourced_id == users.c.tenant_id).outerjoin(
            _school,
            and_(_school.c.sourced_id == users.c.primary_org_sourced_id, _school.c.tenant_id == users.c.tenant_id),
        )
    )
    .where(users.c.tenant_id == bindparam("tenant"), users.c.sourced_id == bindparam("user"))
)
_ROLES = (
    select(roles.c.role, roles.c.org_sourced_id)
    .where(
        roles.c.tenant_id == bindparam("tenant"),
        roles.c.user_sourced_id == bindparam("user"),
        roles.c.status == "active",
    )
    .order_by(roles.c.role_type, roles.c.role, roles.c.org_sourced_id)
)


def account_with_username(connection: Connection, username_key: str) -> AccountRow | None:
    """Return the account with this folded username, of whatever tenant: it is what says which tenant it is."""
    return _one(connection, accounts.c.username_key == username_key)


def find_account(connection: Connection, tenant_id: str, account_id: str) -> AccountRow | None:
    """Return one account of a tenant."""
    return _one(connection, and_(accounts.c.tenant_id == tenant_id, accounts.c.id == account_id))


def account_of_user(connection: Connection, tenant_id: str, user_id: str) -> AccountRow | None:
    """Return the account of a user of a tenant."""
    return _one(connection, and_(accounts.c.tenant_id == tenant_id, accounts.c.user_sourced_id == user_id))


def accounts_with_email(connection: Connection, email_key: str) -> list[AccountRow]:
    """Return the accounts that verified this folded address, oldest first; for a mail to that address alone."""
    found = select(*_COLUMNS).where(accounts.c.email_key == email_key, accounts.c.email_verified_at.is_not(None))
    return [AccountRow._make(row) for row in connection.execute(found.order_by(accounts.c.created_at))]


def find_holder(connection: Connection, tenant_id: str, user_id: str) -> Holder | None:
    """Return who a user is now, with their active roles."""
    values = {"tenant": tenant_id, "user": user_id}
    row = connection.execute(_HOLDER, values).first()
    if row is None:
        return None
    found = tuple(dict.fromkeys((role, org) for role, org in connection.execute(_ROLES, values)))
    return Holder(*row[:5], Standing(*row[5:]), found)


def add_person(
    connection: Connection, *, tenant_id: str, org_id: str, role: str, profile: dict[str, Any], at: datetime
) -> str:
    """Make a user with one role at an org, which becomes their primary one; return the sourcedId.

    `profile` has column names of users.
    """
    user_id = new_id()
    own = {"sourced_id": user_id, "tenant_id": tenant_id, "primary_org_sourced_id": org_id, "date_last_modified": at}
    connection.execute(insert(users), {**profile, **own})
    tell(connection, tenant_id, "users", "added", [user_id], at)
    role_of = {"tenant_id": tenant_id, "user_id": user_id, "org_id": org_id, "role": role}
    give_role(connection, **role_of, is_primary=True, is_told=False, at=at)
    return user_id


def give_role(
    connection: Connection,
    *,
    tenant_id: str,
    user_id: str,
    org_id: str,
    role: str,
    is_primary: bool,
    is_told: bool = True,
    at: datetime,
) -> None:
    """Give a user a role at an org, or bring it back; the same call again changes nothing.

    Of a user who is new applications are told already: then it need not be (`is_told`).
    """
    keys = {"user_sourced_id": user_id, "org_sourced_id": org_id, "role": role}
    row = {"sourced_id": new_id(), "tenant_id": tenant_id, "source": "native", "date_last_modified": at, **keys}
    row["role_type"] = "primary" if is_primary else "secondary"
    is_changed = insert_or_ignore(connection, roles, list(keys), row, where=NOT_ROSTERED)
    if not is_changed:
        mine = [roles.c.tenant_id == tenant_id, *(roles.c[name] == value for name, value in keys.items())]
        back = update(roles).where(*mine, roles.c.source != "roster", roles.c.status != "active")
        is_changed = connection.execute(back.values(status="active", date_last_modified=at)).rowcount > 0
    if is_changed and is_told:
        tell(connection, tenant_id, "users", "changed", [user_id], at)


def take_role(connection: Connection, tenant_id: str, user_id: str, *, org_id: str, role: str, at: datetime) -> None:
    """Take a role at an org from a user; one that a roster tells of stays."""
    mine = (roles.c.tenant_id == tenant_id, roles.c.user_sourced_id == user_id, roles.c.source != "roster")
    target = update(roles).where(*mine, roles.c.org_sourced_id == org_id, roles.c.role == role)
    connection.execute(target.values(status="tobedeleted", date_last_modified=at))


def has_accounts(connection: Connection, tenants: Collection[str] | None) -> bool:
    """Return whether anybody signs in natively: in one of these tenants, or (None) anywhere."""
    question = select(accounts.c.id).limit(1)
    if tenants is not None:
        question = question.where(accounts.c.tenant_id.in_(tenants))
    return connection.execute(question).first() is not None


def add_account(
    connection: Connection,
    *,
    tenant_id: str,
    user_id: str,
    username: str,
    username_key: str,
    password_hash: str,
    must_change: bool,
    at: datetime,
) -> str:
    """Make the account of a user and return its id. Raises UsernameTaken; the caller's transaction is still good."""
    row = {
        "id": new_id(),
        "tenant_id": tenant_id,
        "user_sourced_id": user_id,
        "username": username,
        "username_key": username_key,
        "password_hash": password_hash,
        "must_change": must_change,
        "status": "active",
        "created_at": at,
        "password_changed_at": at,
    }
    if not insert_or_ignore(connection, accounts, ["username_key"], row):
        raise UsernameTaken
    return str(row["id"])


def change_account(connection: Connection, tenant_id: str, account_id: str, **fields: Any) -> None:
    """Change columns of an account of this tenant."""
    target = (accounts.c.tenant_id == tenant_id, accounts.c.id == account_id)
    connection.execute(update(accounts).where(*target).values(**fields))


def _one(connection: Connection, condition: Any) -> AccountRow | None:
    row = connection.execute(select(*_COLUMNS).where(condition)).first()
    return None if row is None else AccountRow._make(row)
