"""Keeps keys for the strong-room: our sealed signing keys, and other people's key sets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from gateway.store.engine import Store
from gateway.store.tables import remote_key_sets, signing_keys
from gateway.store.upsert import insert_into
from keys.stores import RemoteKeyRow, SigningKeyRow

_SIGNING = [signing_keys.c[field.name] for field in fields(SigningKeyRow)]
_REMOTE = [remote_key_sets.c[field.name] for field in fields(RemoteKeyRow)]


class SigningKeys:
    """`keys.stores.KeyStore` on the `signing_keys` table; its unique index decides between processes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def load(self) -> Sequence[SigningKeyRow]:
        """Return every row that is not `retired`, oldest first."""
        alive = select(*_SIGNING).where(signing_keys.c.state != "retired").order_by(signing_keys.c.created_at)
        with self._store.statements() as connection:
            return [SigningKeyRow(*row) for row in connection.execute(alive)]

    def begin(self, active: SigningKeyRow, following: SigningKeyRow) -> bool:
        """Insert the first two keys of a use; False when another process was first."""
        try:
            with self._store.transaction() as connection:
                connection.execute(insert(signing_keys), [asdict(active), asdict(following)])
        except IntegrityError:
            return False
        return True

    def rotate(self, active_kid: str, next_kid: str, fresh: SigningKeyRow, at: datetime) -> bool:
        """Make active -> retiring, next -> active and insert `fresh`; False when another process rotated first."""
        try:
            with self._store.transaction() as connection:
                _move(connection, active_kid, "active", "retiring", at)
                _move(connection, next_kid, "next", "active", at)
                connection.execute(insert(signing_keys), asdict(fresh))
        except (_Moved, IntegrityError):
            return False
        return True

    def retire(self, kids: Collection[str], at: datetime) -> None:
        """Make retiring -> retired and blank the private part."""
        target = update(signing_keys).where(signing_keys.c.kid.in_(kids), signing_keys.c.state == "retiring")
        with self._store.statements() as connection:
            connection.execute(target.values(state="retired", changed_at=at, sealed_private_jwk=""))


class _Moved(Exception):
    """The key is not in the expected state any more."""


def _move(connection: Connection, kid: str, before: str, after: str, at: datetime) -> None:
    target = update(signing_keys).where(signing_keys.c.kid == kid, signing_keys.c.state == before)
    if connection.execute(target.values(state=after, changed_at=at)).rowcount != 1:
        raise _Moved


class RemoteKeySetRows:
    """`keys.stores.RemoteKeyStore` on the `remote_key_sets` table."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def load(self, url: str) -> RemoteKeyRow | None:
        """Return the row of this URL."""
        with self._store.statements() as connection:
            row = connection.execute(select(*_REMOTE).where(remote_key_sets.c.url == url)).first()
        return None if row is None else RemoteKeyRow(*row)

    def claim_fetch(self, url: str, now: datetime, cool_down: timedelta) -> bool:
        """Claim the next fetch of this URL for the caller; of many at once exactly one gets it."""
        claim = insert_into(remote_key_sets, self._store.dialect).on_conflict_do_update(
            index_elements=["url"],
            set_={"attempted_at": now, "fault": None},
            where=remote_key_sets.c.attempted_at <= now - cool_down,
        )
        with self._store.statements() as connection:
            return bool(connection.execute(claim, {"url": url, "attempted_at": now}).rowcount == 1)

    def save(self, url: str, body: str, fetched_at: datetime, fresh_until: datetime) -> None:
        """Keep a good answer and clear the fault."""
        values = {"body": body, "fetched_at": fetched_at, "fresh_until": fresh_until, "fault": None}
        self._change(url, values)

    def note_fault(self, url: str, fault: str) -> None:
        """Note why the claimed fetch failed; the last good answer stays."""
        self._change(url, {"fault": fault})

    def _change(self, url: str, values: dict[str, Any]) -> None:
        with self._store.statements() as connection:
            connection.execute(update(remote_key_sets).where(remote_key_sets.c.url == url).values(**values))
