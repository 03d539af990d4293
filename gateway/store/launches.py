"""Records launches (which uses up their nonce), keeps a bounded ring of refusals, and finds both again."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select

from gateway.store.direct import Direct
from gateway.store.engine import Store
from gateway.store.tables import launches, refusals
from gateway.store.upsert import insert_into

ACCEPTED = "accepted"  # the outcome of a launch that was let in
SLOTS = 256  # refusals kept per registration, and for posts that belong to none


class LaunchRow(NamedTuple):
    """One accepted (or proven, then refused) launch, as it is written."""

    ref: str
    created_at: datetime
    nonce_hash: bytes
    registration_id: str | None  # None: a native sign-in
    outcome: str
    message_type: str
    trace: str
    tenant_id: str | None = None
    integration_id: str | None = None
    deployment_row_id: str | None = None
    user_sourced_id: str | None = None
    class_sourced_id: str | None = None
    resource_link_row_id: str | None = None
    application_id: str | None = None
    login_hint_hash: bytes | None = None
    login_hint_expires_at: datetime | None = None
    claims: dict[str, Any] | None = None


_DIALECTS = ("sqlite", "postgresql")
_RECORD = Direct(
    lambda dialect: insert_into(launches, dialect).on_conflict_do_nothing(index_elements=["nonce_hash"]),
    LaunchRow._fields,
)

_WITH_NONCE = select(launches.c.ref).where(launches.c.nonce_hash == bindparam("nonce_hash"))


def record_launch(connection: Connection, row: LaunchRow) -> bool:
    """Write a launch and use up its nonce in one statement; False when the nonce was used before (attack A10)."""
    return _RECORD.count(connection, row._asdict()) == 1


def was_recorded(store: Store, nonce_hash: bytes) -> bool:
    """Return whether a launch used up this nonce."""
    with store.statements() as connection:
        return connection.execute(_WITH_NONCE, {"nonce_hash": nonce_hash}).first() is not None


def _keep_refusal(dialect: str) -> Any:
    insert = insert_into(refusals, dialect)
    changed = {name: insert.excluded[name] for name in ("ref", "created_at", "outcome", "trace")}
    return insert.on_conflict_do_update(index_elements=["registration_id", "slot"], set_=changed)


_REFUSALS = {name: _keep_refusal(name) for name in _DIALECTS}


def record_refusal(
    store: Store, *, ref: str, at: datetime, registration_id: str | None, outcome: str, trace: str
) -> None:
    """Keep the trace of a post that proved nothing, in a random slot of its registration's ring (attack A13)."""
    values = {
        "registration_id": registration_id or "",
        "slot": secrets.randbelow(SLOTS),
        "ref": ref,
        "created_at": at,
        "outcome": outcome,
        "trace": trace,
    }
    with store.statements() as connection:
        connection.execute(_REFUSALS[store.dialect], values)


class LaunchRecord(NamedTuple):
    """A launch or a refusal as `schoolgate launches` shows it; no personal data."""

    ref: str
    created_at: datetime
    outcome: str
    trace: str
    registration_id: str | None = None
    message_type: str | None = None
    tenant_id: str | None = None
    integration_id: str | None = None
    deployment_row_id: str | None = None
    user_sourced_id: str | None = None
    class_sourced_id: str | None = None
    application_id: str | None = None


_LAUNCH_COLUMNS = [launches.c[name] for name in LaunchRecord._fields]
_REFUSAL_COLUMNS = [refusals.c[name] for name in LaunchRecord._fields[:5]]
_FIND_LAUNCH = select(*_LAUNCH_COLUMNS).where(launches.c.ref == bindparam("ref"))
_FIND_REFUSAL = select(*_REFUSAL_COLUMNS).where(refusals.c.ref == bindparam("ref"))


def find_launch(store: Store, ref: str) -> LaunchRecord | None:
    """Return the launch or refusal with this reference."""
    with store.statements() as connection:
        for question in (_FIND_LAUNCH, _FIND_REFUSAL):
            row = connection.execute(question, {"ref": ref}).first()
            if row is not None:
                return LaunchRecord._make([*row, *[None] * (len(LaunchRecord._fields) - len(row))])
    return None


def list_launches(store: Store, *, limit: int = 50) -> list[LaunchRecord]:
    """Return the newest launches and refusals together, newest first."""
    found: list[LaunchRecord] = []
    with store.statements() as connection:
        newest = select(*_LAUNCH_COLUMNS).order_by(launches.c.created_at.desc()).limit(limit)
        found += [LaunchRecord._make(row) for row in connection.execute(newest)]
        refused = select(*_REFUSAL_COLUMNS).order_by(refusals.c.created_at.desc()).limit(limit)
        found += [LaunchRecord(*row) for row in connection.execute(refused)]
    return sorted(found, key=lambda record: record.created_at, reverse=True)[:limit]


def newest_launch(
    store: Store, registration_id: str, integration_id: str, since: datetime, *, refusals_too: bool
) -> LaunchRecord | None:
    """Return an integration's newest accepted launch since then, or its newest of any outcome if none was accepted.

    With `refusals_too` also one that was refused before it was known whose it is: for a registration that is the
    integration's alone.
    """
    arrived = (launches.c.created_at >= since, launches.c.registration_id == registration_id)
    whose = launches.c.integration_id == integration_id
    if refusals_too:
        whose |= launches.c.integration_id.is_(None)
    own = select(*_LAUNCH_COLUMNS).where(*arrived, whose).order_by(launches.c.created_at.desc())
    questions = [own.where(launches.c.outcome == ACCEPTED), own]
    if refusals_too:
        refused = select(*_REFUSAL_COLUMNS).where(
            refusals.c.registration_id == registration_id, refusals.c.created_at >= since
        )
        questions.append(refused.order_by(refusals.c.created_at.desc()))
    with store.statements() as connection:
        found = [LaunchRecord(*row) for each in questions for row in connection.execute(each.limit(1))]
    return max(found, key=lambda record: (record.outcome == ACCEPTED, record.created_at), default=None)


def last_deep_linking(store: Store, tenant_id: str, integration_id: str) -> datetime | None:
    """Return when somebody last came through an integration to choose content, as far as launches are kept."""
    mine = (launches.c.tenant_id == tenant_id, launches.c.integration_id == integration_id)
    asked = (*mine, launches.c.message_type == "LtiDeepLinkingRequest")
    newest = select(launches.c.created_at).where(*asked).order_by(launches.c.created_at.desc()).limit(1)
    with store.statements() as connection:
        return connection.execute(newest).scalar_one_or_none()


def forget_launches(connection: Connection, before: datetime, batch: int) -> int:
    """Delete a batch of launches older than `before`; return how many went."""
    old = select(launches.c.ref).where(launches.c.created_at < before).limit(batch)
    return connection.execute(delete(launches).where(launches.c.ref.in_(old))).rowcount
