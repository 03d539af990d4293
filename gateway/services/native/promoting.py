"""Operators say who administers a school or district, and whose account is closed; nobody makes oneself one (E5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.services.native.names import folded
from gateway.store import Store
from gateway.store.audit import note
from gateway.store.native.accounts import AccountRow, account_with_username, change_account, give_role, take_role
from gateway.store.native.sessions import end_sessions
from gateway.store.orgs import Org, org_with_id
from gateway.store.people import change_user
from gateway.store.sessions import end_sessions_of_user
from providers.contract import Misconfigured

ROLES: Final = {"siteAdministrator": "school", "districtAdministrator": "district"}


@dataclass(frozen=True, slots=True)
class Promoting:
    """Thread-safe. The account stays the person's own: a role more, or one less."""

    store: Store
    now: Callable[[], datetime]

    def promote(self, username: str, role: str, org_id: str, *, actor: str) -> AccountRow:
        """Let somebody administer an org of their own tenant.

        Raises:
            Misconfigured: ``account.unknown``, ``org.unknown``, ``org.type``.
        """
        account, org = self._found(username, org_id)
        if org.type != ROLES[role]:
            raise Misconfigured("org.type", f"{role} is a role at a {ROLES[role]}; this org is a {org.type}.")
        with self.store.transaction() as connection:
            give_role(
                connection,
                tenant_id=account.tenant_id,
                user_id=account.user_sourced_id,
                org_id=org_id,
                role=role,
                is_primary=False,
                at=self.now(),
            )
            note(
                connection, at=self.now(), actor=actor, action="member.promoted", subject=account.id,
                tenant_id=account.tenant_id, detail={"role": role, "org": org_id},
            )  # fmt: skip
        return account

    def demote(self, username: str, role: str, org_id: str, *, actor: str) -> AccountRow:
        """Take such a role back. Raises as `promote`."""
        account, _ = self._found(username, org_id)
        with self.store.transaction() as connection:
            take_role(connection, account.tenant_id, account.user_sourced_id, org_id=org_id, role=role, at=self.now())
            note(
                connection, at=self.now(), actor=actor, action="member.demoted", subject=account.id,
                tenant_id=account.tenant_id, detail={"role": role, "org": org_id},
            )  # fmt: skip
        return account

    def close(self, username: str, *, actor: str) -> AccountRow:
        """Close somebody's account: every session ends, here and in applications. Raises ``account.unknown``."""
        return self._switch(username, is_open=False, actor=actor)

    def reopen(self, username: str, *, actor: str) -> AccountRow:
        """Open an account again that was closed, by its owner too. Raises ``account.unknown``."""
        return self._switch(username, is_open=True, actor=actor)

    def _switch(self, username: str, *, is_open: bool, actor: str) -> AccountRow:
        at = self.now()
        with self.store.transaction() as connection:
            account = account_with_username(connection, folded(username))
            if account is None:
                raise _unknown()
            change_account(connection, account.tenant_id, account.id, status="active" if is_open else "deactivated")
            change_user(connection, account.tenant_id, account.user_sourced_id, {"enabled_user": is_open}, at)
            if not is_open:
                end_sessions(connection, account.tenant_id, account.id, at=at)
                end_sessions_of_user(connection, account.tenant_id, account.user_sourced_id, at)
            note(
                connection, at=at, actor=actor, action="member.reopened" if is_open else "member.deactivated",
                subject=account.id, tenant_id=account.tenant_id,
            )  # fmt: skip
        return account

    def _found(self, username: str, org_id: str) -> tuple[AccountRow, Org]:
        with self.store.statements() as connection:
            account, org = account_with_username(connection, folded(username)), org_with_id(connection, org_id)
        if account is None:
            raise _unknown()
        if org is None or org.tenant_id != account.tenant_id:
            raise Misconfigured("org.unknown", "There is no such org where this person is.")
        return account, org


def _unknown() -> Misconfigured:
    return Misconfigured("account.unknown", "Nobody has this username.")
