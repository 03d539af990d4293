"""What was joined, by what proof and by whom; kept for ever, since it also says what must not be joined again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, or_, select, update

from gateway.store.engine import Store
from gateway.store.tables import audit, record_links

LinkKind = Literal["users", "classes"]
# Undone by a person: never again by itself. Reverted with a sync or a pair of it: as if it had not been.
LINKED, UNDONE, REVERTED = "linked", "undone", "reverted"
_l = record_links.c
# The columns of the row that stays and of the other one.
ROWS: Final[Mapping[LinkKind, tuple[str, str]]] = {
    "users": ("user_sourced_id", "other_user_sourced_id"),
    "classes": ("class_sourced_id", "other_class_sourced_id"),
}


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
    change_id: int | None
    actor: str
    created_at: datetime


def _as_link(row: RowMapping) -> Link:
    kind: LinkKind = "users" if row["user_sourced_id"] is not None else "classes"
    told = {name: row[name] for name in Link._fields if name not in {"kind", "kept", "other"}}
    ours, theirs = ROWS[kind]
    return Link(kind=kind, kept=row[ours], other=row[theirs], **told)


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to write down; see `Link`. `actor` is who made it, for the audit log."""

    tenant_id: str
    kind: LinkKind
    kept: str
    roster_source_id: int
    source_id: str
    integration_id: str
    how: str
    evidence: str
    actor: str
    other: str | None = None
    arrival_key: str | None = None
    sync_id: int | None = None
    change_id: int | None = None


def write_links(connection: Connection, links: Sequence[NewLink], at: datetime) -> list[int]:
    """Write links with their audit lines, in the caller's transaction; return their ids."""
    rows = []
    for link in links:
        row = {name: getattr(link, name) for name in NewLink.__slots__ if name not in {"kind", "kept", "other"}}
        row |= dict.fromkeys((*ROWS["users"], *ROWS["classes"]))
        rows.append(row | dict(zip(ROWS[link.kind], (link.kept, link.other), strict=True)))
    base = {"status": LINKED, "created_at": at}
    told = insert(record_links).returning(_l.id, sort_by_parameter_order=True)
    ids = [int(each) for each in connection.execute(told, [row | base for row in rows]).scalars()]
    _note(
        connection, f"match.{LINKED}", [(link, _detail(link, each)) for link, each in zip(links, ids, strict=True)], at
    )
    return ids


def _detail(link: NewLink, link_id: int) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": link.kind, "link": link_id, "roster_source": link.roster_source_id}
    told |= {"evidence": link.evidence, "how": link.how}
    return told if link.other is None else told | {"other": link.other}


def end_links(connection: Connection, links: Sequence[Link], status: str, *, actor: str, at: datetime) -> None:
    """Mark links as `undone` by a person or `reverted` with their sync, with their audit lines."""
    ids = [link.id for link in links]
    still = (_l.id.in_(ids), _l.status == LINKED)
    connection.execute(update(record_links).where(*still).values(status=status, ended_at=at))
    told = [(link._replace(actor=actor), {"kind": link.kind, "link": link.id}) for link in links]
    _note(connection, f"match.{status}", told, at)


def _note(
    connection: Connection, action: str, links: Sequence[tuple[Link | NewLink, dict[str, Any]]], at: datetime
) -> None:
    lines = [
        {
            "at": at,
            "tenant_id": link.tenant_id,
            "actor": link.actor,
            "action": action,
            "subject": link.kept,
            "detail": detail,
        }
        for link, detail in links
    ]
    if lines:
        connection.execute(insert(audit), lines)


def links_with(connection: Connection, *where: ColumnElement[bool], limit: int | None = None) -> list[Link]:
    """Return links, newest first."""
    question = select(record_links).where(*where).order_by(_l.id.desc()).limit(limit)
    return [_as_link(row) for row in connection.execute(question).mappings()]


def find_links(connection: Connection, ids: Sequence[int]) -> list[Link]:
    """Return these links, newest first."""
    return links_with(connection, _l.id.in_(ids))


def links_of_sync(connection: Connection, tenant_id: str, sync_id: int) -> list[Link]:
    """Return what a sync joined and nobody took apart since."""
    return links_with(connection, _l.tenant_id == tenant_id, _l.sync_id == sync_id, _l.status == LINKED)


def merges_since(connection: Connection, tenant_id: str, roster_source_id: int, change_id: int) -> list[Link]:
    """Return the links that made one row of two after this change of the roster."""
    mine = (_l.tenant_id == tenant_id, _l.roster_source_id == roster_source_id, _l.status == LINKED)
    return links_with(connection, *mine, _l.sync_id.is_(None), _l.change_id >= change_id)


def later_merge(connection: Connection, link: Link) -> int | None:
    """Return the link that made, later, one row of two with one of this link's, if there is one."""
    ours, theirs = ROWS[link.kind]
    rows = (link.kept, link.other or link.kept)
    later = (_l.tenant_id == link.tenant_id, _l.id > link.id, _l.status == LINKED, _l[theirs].isnot(None))
    question = select(func.max(_l.id)).where(*later, or_(_l[ours].in_(rows), _l[theirs].in_(rows)))
    return connection.execute(question).scalar()


def list_links(store: Store, tenant_id: str | None, status: str | None, limit: int) -> list[Link]:
    """Return the newest links, of one tenant or of all."""
    where = [] if tenant_id is None else [_l.tenant_id == tenant_id]
    where += [] if status is None else [_l.status == status]
    with store.statements() as connection:
        return links_with(connection, *where, limit=limit)


def was_decided_against(
    connection: Connection, tenant_id: str, roster_source_id: int, source_id: str, key: str
) -> bool:
    """Return whether this arrival was once taken off this record again."""
    question = select(_l.id).where(
        _l.tenant_id == tenant_id,
        _l.roster_source_id == roster_source_id,
        _l.source_id == source_id,
        _l.status == UNDONE,
        _l.arrival_key == key,
    )
    return connection.execute(question.limit(1)).first() is not None
