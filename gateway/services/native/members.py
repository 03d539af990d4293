"""Adds people of native schools: a user, their role at an org and, where they sign in with a password, an account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from gateway.services.native.names import folded, read_username
from gateway.services.native.wall import Wall
from gateway.store import Connection
from gateway.store.audit import note
from gateway.store.native.accounts import UsernameTaken, add_account, add_person
from providers.contract import Misconfigured


class Member(NamedTuple):
    """Somebody who was added."""

    user_id: str
    account_id: str


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody to be added. `role` is OneRoster's; `profile` has column names of users, such as `given_name`.

    `password_hash` comes from `Passwords.hash`, made before the transaction: hashing takes long.
    """

    org_id: str
    role: str
    username: str
    password_hash: str = field(repr=False)
    must_change: bool = False
    profile: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Members:
    """Thread-safe."""

    wall: Wall
    now: Callable[[], datetime]

    def add(self, connection: Connection, tenant_id: str, new: NewMember, *, actor: str) -> Member:
        """Add somebody in the caller's transaction, unless the wall stands or the username is taken.

        On a taken username roll the transaction back: the user was written before.

        Raises:
            Refused: ``native.integrated``.
            BadData: ``native.username_invalid``.
            Misconfigured: ``native.username_taken``.
        """
        self.wall.must_be_native(connection, tenant_id, new.org_id)
        username, at = read_username(new.username), self.now()
        profile = {"username": username, **new.profile}
        user_id = add_person(connection, tenant_id=tenant_id, org_id=new.org_id, role=new.role, profile=profile, at=at)
        try:
            account_id = add_account(
                connection,
                tenant_id=tenant_id,
                user_id=user_id,
                username=username,
                username_key=folded(username),
                password_hash=new.password_hash,
                must_change=new.must_change,
                at=at,
            )
        except UsernameTaken as taken:
            raise Misconfigured("native.username_taken", "This username is taken. Please choose another.") from taken
        note(
            connection, at=at, actor=actor, action="member.added", subject=account_id, tenant_id=tenant_id,
            detail={"role": new.role, "org": new.org_id},
        )  # fmt: skip
        return Member(user_id, account_id)
