"""What calls with an idempotency key were answered, sealed, for a day."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, update

from gateway.store.tables import api_answers
from gateway.store.upsert import insert_or_ignore


class Answered(NamedTuple):
    """A call that was made before: the hash of what it asked, and its sealed answer."""

    request_hash: bytes
    sealed: str


def claim_answer(
    connection: Connection, key_hash: bytes, request_hash: bytes, *, at: datetime, until: datetime
) -> bool:
    """Take a key for the caller's transaction; False when it was answered. Waits for one that is just answering."""
    old = delete(api_answers).where(api_answers.c.key_hash == key_hash, api_answers.c.expires_at <= at)
    connection.execute(old)
    row = {"key_hash": key_hash, "request_hash": request_hash, "expires_at": until}
    return insert_or_ignore(connection, api_answers, ["key_hash"], row)


def keep_answer(connection: Connection, key_hash: bytes, sealed: str) -> None:
    """Keep the answer, in the transaction of what it tells."""
    connection.execute(update(api_answers).where(api_answers.c.key_hash == key_hash).values(sealed=sealed))


def answer_of_key(connection: Connection, key_hash: bytes) -> Answered:
    """Return what a key was answered."""
    question = select(api_answers.c.request_hash, api_answers.c.sealed).where(api_answers.c.key_hash == key_hash)
    return Answered._make(connection.execute(question).one())
