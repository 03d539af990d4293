"""Keeps deep linking requests; each step that may happen once is one atomic statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from gateway.store.engine import Store
from gateway.store.tables import deep_linking_requests, sessions

_REQUESTS = deep_linking_requests.c


class DeepLinkingRow(NamedTuple):
    """One request of a platform; `settings` is its claim, `answer` what the application chose."""

    launch_ref: str
    registration_id: str
    deployment_id: str
    settings: dict[str, Any]
    expires_at: datetime
    answered_at: datetime | None
    answer: dict[str, Any] | None


_COLUMNS = [_REQUESTS[name] for name in DeepLinkingRow._fields]


def keep_request(
    connection: Connection,
    *,
    launch_ref: str,
    tenant_id: str,
    registration_id: str,
    deployment_id: str,
    settings: dict[str, Any],
    expires_at: datetime,
) -> None:
    """Write the request, in the transaction of its launch."""
    values = {
        "launch_ref": launch_ref,
        "tenant_id": tenant_id,
        "registration_id": registration_id,
        "deployment_id": deployment_id,
        "settings": settings,
        "expires_at": expires_at,
    }
    connection.execute(insert(deep_linking_requests), values)


def request_of_session(store: Store, launch_ref: str, session_id: str) -> DeepLinkingRow | None:
    """Return the request of this launch if this session came from the very same launch, and so from its person."""
    own = (
        select(*_COLUMNS)
        .join(sessions, sessions.c.launch_ref == _REQUESTS.launch_ref)
        .where(
            _REQUESTS.launch_ref == launch_ref,
            sessions.c.id == session_id,
            sessions.c.tenant_id == _REQUESTS.tenant_id,
        )
    )
    with store.statements() as connection:
        row = connection.execute(own).first()
    return None if row is None else DeepLinkingRow._make(row)


def keep_answer(store: Store, launch_ref: str, answer: dict[str, Any], ticket_hash: bytes, now: datetime) -> bool:
    """Keep the one answer of a request; False when it has one already."""
    open_one = (_REQUESTS.launch_ref == launch_ref, _REQUESTS.answered_at.is_(None))
    change = (
        update(deep_linking_requests).where(*open_one).values(answer=answer, ticket_hash=ticket_hash, answered_at=now)
    )
    with store.statements() as connection:
        return connection.execute(change).rowcount == 1


def use_ticket(store: Store, ticket_hash: bytes, answered_after: datetime, now: datetime) -> DeepLinkingRow | None:
    """Use up the ticket of an answer that is not older; None when there is none (any more)."""
    change = (
        update(deep_linking_requests)
        .where(
            _REQUESTS.ticket_hash == ticket_hash, _REQUESTS.sent_at.is_(None), _REQUESTS.answered_at > answered_after
        )
        .values(sent_at=now)
        .returning(*_COLUMNS)
    )
    with store.statements() as connection:
        row = connection.execute(change).first()
    return None if row is None else DeepLinkingRow._make(row)
