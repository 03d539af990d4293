"""What was joined, by what proof and by whom; kept for ever, since it also says what must not be joined again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, RowMapping, insert, select, update

from gateway.store.audit import note
from gateway.store.engine import Store
from gateway.store.tables import record_links

LinkKind = Literal["users", "classes"]
LINKED, UNDONE, REJECTED = "linked", "undone", "rejected"
_l = record_links.c
_ROW_OF = {"users": "user_sourced_id", "classes": "class_sourced_id"}
_OTHER_OF = {"users": "other_user_sourced_id", "classes": "other_class_sourced_id"}


class Link(NamedTuple):
    """One decision about a pair. `kept` is the row that stays, `other` the one that it took in (None: no row)."""

    id: int
    tenant_id: str
    kind: LinkKind
    status: str
    how: str
    evidence: str
    kept: str
    other: str | None
    roster_source_id: int
    source_id: str
    integration_id: str
    arrival_key: str | None
    sync_id: int | None
    before: Any
    actor: str
    created_at: datetime


def _as_link(row: RowMapping) -> Link:
    kind: LinkKind = "users" if row["user_sourced_id"] is not None else "classes"
    told = {name: row[name] for name in Link._fields if name not in {"kind", "kept", "other"}}
    return Link(kind=kind, kept=row[_ROW_OF[kind]], other=row[_OTHER_OF[kind]], **told)


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link or a decision to write down; see `Link`."""

    tenant_id: str
    kind: LinkKind
    kept: str
    roster_source_id: int
    source_id: str
    integration_id: str
    how: str
    evidence: str
    actor: str
    status: str = LINKED
    other: str | None = None
    arrival_key: str | None = None
    before: Mapping[str, Any] | None = None


def write_link(connection: Connection, link: NewLink, at: datetime) -> None:
    """Write a link or a rejection with its audit line, in the caller's transaction."""
    row = {name: getattr(link, name) for name in NewLink.__slots__ if name not in {"kind", "kept", "other"}}
    row |= {_ROW_OF[link.kind]: link.kept, _OTHER_OF[link.kind]: link.other}
    connection.execute(
        insert(record_links), {**row, "created_at": at, "ended_at": None if link.status == LINKED else at}
    )
    note(
        connection,
        at=at,
        actor=link.actor,
        action=f"match.{link.status}",
        subject=link.kept,
        tenant_id=link.tenant_id,
        detail={
            "kind": link.kind,
            "roster_source": link.roster_source_id,
            "source_id": link.source_id,
            "evidence": link.evidence,
            "how": link.how,
        },
    )


def end_link(connection: Connection, link: Link, *, actor: str, at: datetime) -> bool:
    """Mark a link as undone, with its audit line; False when somebody else just did."""
    still = (_l.id == link.id, _l.tenant_id == link.tenant_id, _l.status == LINKED)
    if connection.execute(update(record_links).where(*still).values(status=UNDONE, ended_at=at)).rowcount != 1:
        return False
    note(
        connection,
        at=at,
        actor=actor,
        action="match.undone",
        subject=link.kept,
        tenant_id=link.tenant_id,
        detail={"kind": link.kind, "link": link.id},
    )
    return True


def find_link(store: Store, link_id: int) -> Link | None:
    """Return one link."""
    with store.statements() as connection:
        row = connection.execute(select(record_links).where(_l.id == link_id)).mappings().one_or_none()
    return None if row is None else _as_link(row)


def list_links(store: Store, tenant_id: str | None, limit: int) -> list[Link]:
    """Return the newest links and decisions, of one tenant or of all."""
    question = select(record_links).order_by(_l.id.desc()).limit(limit)
    if tenant_id is not None:
        question = question.where(_l.tenant_id == tenant_id)
    with store.statements() as connection:
        return [_as_link(row) for row in connection.execute(question).mappings()]


def was_decided_against(
    connection: Connection, tenant_id: str, roster_source_id: int, source_id: str, key: str
) -> bool:
    """Return whether this arrival was once taken off this record again."""
    question = select(_l.id).where(
        _l.tenant_id == tenant_id,
        _l.roster_source_id == roster_source_id,
        _l.source_id == source_id,
        _l.status.in_((UNDONE, REJECTED)),
        _l.arrival_key == key,
    )
    return connection.execute(question.limit(1)).first() is not None
