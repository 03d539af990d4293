"""One-time links in e-mails: to verify an address, or to choose a new password; only hashes are kept."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from gateway.store.native.accounts import AccountRow
from gateway.store.tables import account_links

VERIFY, RESET = "verify", "reset"


class MailLink(NamedTuple):
    """One link that still opens something."""

    tenant_id: str
    account_id: str
    purpose: str
    email: str


_COLUMNS = [account_links.c[name] for name in MailLink._fields]


def add_link(
    connection: Connection,
    account: AccountRow,
    token_hash: bytes,
    *,
    purpose: str,
    email: str,
    expires_at: datetime,
    at: datetime,
) -> None:
    """Keep a link."""
    row = {"token_hash": token_hash, "tenant_id": account.tenant_id, "account_id": account.id, "purpose": purpose}
    connection.execute(insert(account_links), {**row, "email": email, "created_at": at, "expires_at": expires_at})


def find_link(connection: Connection, token_hash: bytes, at: datetime) -> MailLink | None:
    """Return a link that would open; asking uses nothing up."""
    good = (account_links.c.used_at.is_(None), account_links.c.expires_at > at)
    row = connection.execute(select(*_COLUMNS).where(account_links.c.token_hash == token_hash, *good)).first()
    return None if row is None else MailLink._make(row)


def use_link(connection: Connection, token_hash: bytes, at: datetime) -> MailLink | None:
    """Use a link up, in one statement; None when there is none or it was used."""
    good = (account_links.c.used_at.is_(None), account_links.c.expires_at > at)
    used = update(account_links).where(account_links.c.token_hash == token_hash, *good).values(used_at=at)
    row = connection.execute(used.returning(*_COLUMNS)).first()
    return None if row is None else MailLink._make(row)


def drop_links(connection: Connection, tenant_id: str, account_id: str, purpose: str, at: datetime) -> None:
    """Make an account's other links of this purpose worthless."""
    mine = (account_links.c.tenant_id == tenant_id, account_links.c.account_id == account_id)
    alive = (account_links.c.purpose == purpose, account_links.c.used_at.is_(None))
    connection.execute(update(account_links).where(*mine, *alive).values(used_at=at))
