"""Tokens that an application holds for itself; only their hashes are kept."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select

from gateway.store.engine import Store
from gateway.store.tables import application_tokens


class ApplicationToken(NamedTuple):
    """A token of an application: what it may do, and until when."""

    application_id: str
    scope: str
    expires_at: datetime


def add_application_token(store: Store, token_hash: bytes, token: ApplicationToken, issued_at: datetime) -> None:
    """Keep a token."""
    with store.statements() as connection:
        row = {"token_hash": token_hash, "issued_at": issued_at, **token._asdict()}
        connection.execute(insert(application_tokens), row)


def find_application_token(store: Store, token_hash: bytes) -> ApplicationToken | None:
    """Return a token that may have expired."""
    columns = [application_tokens.c[name] for name in ApplicationToken._fields]
    with store.statements() as connection:
        row = connection.execute(select(*columns).where(application_tokens.c.token_hash == token_hash)).first()
    return None if row is None else ApplicationToken._make(row)
