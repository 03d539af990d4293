"""Orders, their access codes, and who redeemed one; a code is found by its hash alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, insert, or_, select, update

from gateway.store.audit import note
from gateway.store.ids import new_id
from gateway.store.tables import access_codes, orders, orgs, redemptions
from gateway.store.upsert import insert_or_ignore


class Order(NamedTuple):
    """One order. `role` is the highest that its codes grant; `seats` None: as many people as like may redeem."""

    id: str
    tenant_id: str
    org_sourced_id: str
    org_name: str
    org_type: str
    reference: str | None
    buyer_email: str
    entitlements: list[str]
    role: str
    seats: int | None
    seats_used: int
    expires_at: datetime
    created_by: str
    created_at: datetime
    revoked_at: datetime | None


class Grant(NamedTuple):
    """What a code leads to: its order, and the role that this very code grants."""

    code_id: str
    role: str
    revoked_at: datetime | None
    order: Order


class CodeRow(NamedTuple):
    """A code as operators see it: everything but the code."""

    id: str
    role: str
    created_by: str
    created_at: datetime
    mailed_at: datetime | None
    revoked_at: datetime | None


_OWN = [orders.c[name] for name in Order._fields if not name.startswith("org_")]
_COLUMNS = [*_OWN[:2], orders.c.org_sourced_id, orgs.c.name, orgs.c.type, *_OWN[2:]]
_CODE_COLUMNS = [access_codes.c[name] for name in CodeRow._fields]


def _select(*more: Any) -> Select[Any]:
    found = select(*more, *_COLUMNS).select_from(orders)
    return found.join(orgs, (orgs.c.sourced_id == orders.c.org_sourced_id) & (orgs.c.tenant_id == orders.c.tenant_id))


def add_order(connection: Connection, values: dict[str, Any], *, actor: str, at: datetime) -> str:
    """Keep an order and return its id."""
    row = {"id": new_id(), "created_by": actor, "created_at": at, **values}
    connection.execute(insert(orders), row)
    note(
        connection, at=at, actor=actor, action="order.added", subject=row["id"], tenant_id=values["tenant_id"],
        detail={"org": values["org_sourced_id"], "role": values["role"], "seats": values["seats"]},
    )  # fmt: skip
    return str(row["id"])


def find_order(connection: Connection, order_id: str) -> Order | None:
    """Return one order; for operators, and for callers that then ask whether it is theirs to see."""
    row = connection.execute(_select().where(orders.c.id == order_id)).first()
    return None if row is None else Order._make(row)


def list_orders(
    connection: Connection,
    *,
    tenants: Collection[str] | None = None,
    org_id: str | None = None,
    before: str | None = None,
    limit: int,
) -> list[Order]:
    """Return orders, newest first: of these tenants, of one org, older than `before`."""
    question = _select().order_by(orders.c.id.desc()).limit(limit)
    if tenants is not None:
        question = question.where(orders.c.tenant_id.in_(tenants))
    if org_id is not None:
        question = question.where(orders.c.org_sourced_id == org_id)
    if before is not None:
        question = question.where(orders.c.id < before)
    return [Order._make(row) for row in connection.execute(question)]


def live_orders_of_buyer(connection: Connection, email_key: str, at: datetime) -> list[Order]:
    """Return what was bought under this folded address and still counts; for a mail to that address alone."""
    question = _select().where(orders.c.buyer_email_key == email_key, *_alive(at)).order_by(orders.c.id)
    return [Order._make(row) for row in connection.execute(question)]


def live_orders_of_user(connection: Connection, tenant_id: str, user_id: str, at: datetime) -> list[Order]:
    """Return the orders that a person redeemed and that still count, newest first."""
    mine = (redemptions.c.order_id == orders.c.id, redemptions.c.tenant_id == tenant_id)
    theirs = _select().where(orders.c.tenant_id == tenant_id, *_alive(at)).join(redemptions, mine[0] & mine[1])
    found = theirs.where(redemptions.c.user_sourced_id == user_id).order_by(orders.c.id.desc())
    return [Order._make(row) for row in connection.execute(found)]


def add_code(connection: Connection, order: Order, code_hash: bytes, *, role: str, actor: str, at: datetime) -> str:
    """Keep another code of an order and return its id."""
    row = {"id": new_id(), "tenant_id": order.tenant_id, "order_id": order.id, "code_hash": code_hash, "role": role}
    connection.execute(insert(access_codes), {**row, "created_by": actor, "created_at": at})
    note(
        connection, at=at, actor=actor, action="access_code.added", subject=str(row["id"]),
        tenant_id=order.tenant_id, detail={"order": order.id, "role": role},
    )  # fmt: skip
    return str(row["id"])


def codes_of(connection: Connection, order: Order) -> list[CodeRow]:
    """Return an order's codes, newest first."""
    mine = (access_codes.c.tenant_id == order.tenant_id, access_codes.c.order_id == order.id)
    rows = connection.execute(select(*_CODE_COLUMNS).where(*mine).order_by(access_codes.c.id.desc()))
    return [CodeRow._make(row) for row in rows]


def note_mailed(connection: Connection, code_id: str, at: datetime) -> None:
    """Date the mail that carried a code."""
    connection.execute(update(access_codes).where(access_codes.c.id == code_id).values(mailed_at=at))


def revoke_codes(connection: Connection, order: Order, *, actor: str, at: datetime) -> None:
    """Make the codes of an order worthless; what they led to stays."""
    mine = (access_codes.c.tenant_id == order.tenant_id, access_codes.c.order_id == order.id)
    alive = update(access_codes).where(*mine, access_codes.c.revoked_at.is_(None))
    connection.execute(alive.values(revoked_at=at))
    note(connection, at=at, actor=actor, action="access_code.revoked", subject=order.id, tenant_id=order.tenant_id)


def revoke_order(connection: Connection, order: Order, *, actor: str, at: datetime) -> None:
    """End an order: its codes and what it entitles to."""
    mine = (orders.c.tenant_id == order.tenant_id, orders.c.id == order.id, orders.c.revoked_at.is_(None))
    if connection.execute(update(orders).where(*mine).values(revoked_at=at)).rowcount:
        note(connection, at=at, actor=actor, action="order.revoked", subject=order.id, tenant_id=order.tenant_id)


def grant_of(connection: Connection, code_hash: bytes) -> Grant | None:
    """Return what a code leads to, whatever became of it: one question for good codes and bad (attack E2)."""
    code = access_codes.c
    question = _select(code.id, code.role, code.revoked_at).join(
        access_codes, (code.order_id == orders.c.id) & (code.tenant_id == orders.c.tenant_id)
    )
    row = connection.execute(question.where(code.code_hash == code_hash)).first()
    return None if row is None else Grant(row[0], row[1], row[2], Order._make(row[3:]))


def take_seat(connection: Connection, order: Order, user_id: str, at: datetime) -> bool:
    """Redeem an order for a person, once; False when no seat is left. Two that want the last seat take turns."""
    row = {"tenant_id": order.tenant_id, "order_id": order.id, "user_sourced_id": user_id, "at": at}
    if not insert_or_ignore(connection, redemptions, ["order_id", "user_sourced_id"], row):
        return True
    free = (orders.c.tenant_id == order.tenant_id, orders.c.id == order.id)
    left = or_(orders.c.seats.is_(None), orders.c.seats_used < orders.c.seats)
    taken = update(orders).where(*free, left).values(seats_used=orders.c.seats_used + 1)
    return connection.execute(taken).rowcount == 1


def _alive(at: datetime) -> tuple[Any, ...]:
    return (orders.c.revoked_at.is_(None), orders.c.expires_at > at)
