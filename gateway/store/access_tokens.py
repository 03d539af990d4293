"""Access tokens of other people's services, sealed, shared by all processes; one of them fetches, the others wait."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import null, or_, select, update

from gateway.store.engine import Store
from gateway.store.tables import access_tokens
from gateway.store.upsert import insert_into


class SealedToken(NamedTuple):
    """A kept token; `expires_at` is when it stops being used here, some time before the platform's own end."""

    sealed: str | None
    expires_at: datetime
    fetching_until: datetime | None


_COLUMNS = [access_tokens.c[name] for name in SealedToken._fields]


class AccessTokenRows:
    """The `access_tokens` table. `key` is a hash of who asks whom for what."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def load(self, key: bytes) -> SealedToken | None:
        """Return the row of this key."""
        with self._store.statements() as connection:
            row = connection.execute(select(*_COLUMNS).where(access_tokens.c.key == key)).first()
        return None if row is None else SealedToken._make(row)

    def claim_fetch(self, key: bytes, now: datetime, until: datetime) -> bool:
        """Claim the fetch of this token for the caller; of many at once exactly one gets it."""
        free = or_(access_tokens.c.fetching_until.is_(None), access_tokens.c.fetching_until <= now)
        claim = insert_into(access_tokens, self._store.dialect).on_conflict_do_update(
            index_elements=["key"],
            set_={"fetching_until": until},
            where=free & (access_tokens.c.expires_at <= now),
        )
        with self._store.statements() as connection:
            values = {"key": key, "expires_at": now, "fetching_until": until}
            return bool(connection.execute(claim, values).rowcount == 1)

    def save(self, key: bytes, sealed: str, token_hash: bytes, expires_at: datetime) -> None:
        """Keep what the claimed fetch brought."""
        values = {"sealed": sealed, "token_hash": token_hash, "expires_at": expires_at, "fetching_until": null()}
        with self._store.statements() as connection:
            connection.execute(update(access_tokens).where(access_tokens.c.key == key).values(**values))

    def give_way(self, key: bytes) -> None:
        """End a claimed fetch that brought nothing."""
        with self._store.statements() as connection:
            connection.execute(update(access_tokens).where(access_tokens.c.key == key).values(fetching_until=null()))

    def forget(self, key: bytes, token_hash: bytes, now: datetime) -> None:
        """Forget this very token, not one that took its place."""
        mine = (access_tokens.c.key == key) & (access_tokens.c.token_hash == token_hash)
        with self._store.statements() as connection:
            connection.execute(update(access_tokens).where(mine).values(sealed=null(), expires_at=now))

    def expire(self, key: bytes, now: datetime) -> None:
        """Forget a token that can't be read any more."""
        with self._store.statements() as connection:
            connection.execute(update(access_tokens).where(access_tokens.c.key == key).values(expires_at=now))
