"""Orders: what a school bought, the access codes that lead to it, and the mails that carry them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from gateway.services.api.callers import Caller
from gateway.services.mail.mailing import Mailing
from gateway.services.native.access_codes import hash_of, new_access_code
from gateway.services.native.names import folded, read_email
from gateway.services.native.wall import Wall
from gateway.store import Connection, Store
from gateway.store.native.orders import (
    CodeRow,
    Order,
    add_code,
    add_order,
    codes_of,
    find_order,
    list_orders,
    revoke_codes,
    revoke_order,
)
from gateway.store.orgs import Org, insert_org, org_with_id, org_with_number
from providers.contract import BadData, Misconfigured

ROLES: Final = ("teacher", "siteAdministrator")
MOST_ENTITLEMENTS: Final = 50
LONGEST_ENTITLEMENT: Final = 200
MOST_SEATS: Final = 1_000_000


class Customer(NamedTuple):
    """An org by the publisher's own number; made when there is none yet, below `parent_id` or as a tenant."""

    number: str
    name: str
    type: str = "school"
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order to be kept. Its org is named by id, or by the customer's number."""

    org: str | Customer
    buyer_email: str
    expires_at: datetime
    entitlements: Sequence[str] = ()
    role: str = "teacher"
    seats: int | None = None
    reference: str | None = None
    is_mailed: bool = True


class Made(NamedTuple):
    """An order with a new code, which is known now and never again; None at an integrated school."""

    order: Order
    code: str | None


def state_of(order: Order, now: datetime) -> str:
    """Return `open`, `full` (no seat left), `revoked` or `expired`."""
    if order.revoked_at is not None:
        return "revoked"
    if now >= order.expires_at:
        return "expired"
    return "full" if order.seats is not None and order.seats_used >= order.seats else "open"


@dataclass(frozen=True, slots=True)
class Orders:
    """Thread-safe. Whoever calls sees the orders of the districts that it was granted."""

    store: Store
    wall: Wall
    mailing: Mailing
    now: Callable[[], datetime]

    def add(self, caller: Caller, connection: Connection, new: NewOrder) -> Made:
        """Keep an order in the caller's transaction, and make its access code; the mail leaves with it.

        Raises:
            BadData: ``native.email_invalid``, ``order.invalid``.
            Misconfigured: ``org.unknown``, also for an org that was not granted.
        """
        _check(new, self.now())
        org = self._org(caller, connection, new.org)
        values = {
            "tenant_id": org.tenant_id,
            "org_sourced_id": org.sourced_id,
            "reference": new.reference,
            "buyer_email": (email := read_email(new.buyer_email)),
            "buyer_email_key": folded(email),
            "entitlements": list(dict.fromkeys(new.entitlements)),
            "role": new.role,
            "seats": new.seats,
            "expires_at": new.expires_at,
        }
        order_id = add_order(connection, values, actor=caller.actor, at=self.now())
        order = self._found(caller, connection, order_id)
        return Made(order, self._code(connection, order, caller.actor, is_mailed=new.is_mailed))

    def every(self, caller: Caller, *, org_id: str | None, before: str | None, limit: int) -> list[Order]:
        """Return those that a caller may see, newest first, older than `before`."""
        application = caller.application
        tenants = None if application is None or application.all_tenants else application.tenants
        with self.store.statements() as connection:
            return list_orders(connection, tenants=tenants, org_id=org_id, before=before, limit=limit)

    def find(self, caller: Caller, order_id: str) -> Order:
        """Return one. Raises Misconfigured (``order.unknown``), also for one of somebody else's."""
        with self.store.statements() as connection:
            return self._found(caller, connection, order_id)

    def codes(self, order: Order) -> list[CodeRow]:
        """Return what is known of an order's codes."""
        with self.store.statements() as connection:
            return codes_of(connection, order)

    def resend(self, caller: Caller, connection: Connection, order_id: str) -> Made:
        """Mail the buyer another code; those that are out stay good. Raises as `find`, and ``order.over``."""
        order = self._open(caller, connection, order_id)
        return Made(order, self._code(connection, order, caller.actor, is_mailed=True))

    def reissue(self, caller: Caller, connection: Connection, order_id: str, *, is_mailed: bool = True) -> Made:
        """Make all codes of an order worthless and make a new one. Raises as `resend`."""
        order = self._open(caller, connection, order_id)
        revoke_codes(connection, order, actor=caller.actor, at=self.now())
        return Made(order, self._code(connection, order, caller.actor, is_mailed=is_mailed))

    def revoke(self, caller: Caller, order_id: str) -> Order:
        """End an order: its codes open nothing, and what it entitles to ends. People keep their accounts."""
        with self.store.transaction() as connection:
            order = self._found(caller, connection, order_id)
            revoke_order(connection, order, actor=caller.actor, at=self.now())
            return self._found(caller, connection, order_id)

    def mail_code(
        self, connection: Connection, order: Order, *, letter: str, to: str, role: str, actor: str, **values: str
    ) -> None:
        """Mail somebody a new code of an order that grants `role`."""
        code = new_access_code()
        code_id = add_code(connection, order, hash_of(code), role=role, actor=actor, at=self.now())
        told = {"code": code, "org": order.org_name, "until": _day(order.expires_at), **values}
        self.mailing.later(connection, letter, to, told, code_id=code_id)

    def _code(self, connection: Connection, order: Order, actor: str, *, is_mailed: bool) -> str | None:
        if self.wall.stands(connection, order.tenant_id, order.org_sourced_id):
            return None
        code = new_access_code()
        code_id = add_code(connection, order, hash_of(code), role=order.role, actor=actor, at=self.now())
        if is_mailed:
            seats = "" if order.seats is None else str(order.seats)
            told = {"code": code, "org": order.org_name, "until": _day(order.expires_at), "seats": seats}
            self.mailing.later(connection, "access_code", order.buyer_email, told, code_id=code_id)
        return code

    def _open(self, caller: Caller, connection: Connection, order_id: str) -> Order:
        order = self._found(caller, connection, order_id)
        if state_of(order, self.now()) in {"revoked", "expired"}:
            raise Misconfigured("order.over", "This order was revoked or has expired: keep a new one.")
        return order

    def _found(self, caller: Caller, connection: Connection, order_id: str) -> Order:
        order = find_order(connection, order_id)
        if order is None or not caller.may_see(order.tenant_id):
            raise Misconfigured("order.unknown", "There is no such order.")
        return order

    def _org(self, caller: Caller, connection: Connection, named: str | Customer) -> Org:
        """Return the org, made where a customer's number is new. An application makes no tenants unless it has all."""
        if isinstance(named, str):
            return self._granted(caller, org_with_id(connection, named))
        found = org_with_number(connection, named.number)
        if found is not None:
            return self._granted(caller, found)
        parent = self._granted(caller, org_with_id(connection, named.parent_id)) if named.parent_id else None
        if parent is None and caller.application is not None and not caller.application.all_tenants:
            raise _unknown_org()
        return self._granted(
            caller,
            insert_org(
                connection,
                name=named.name,
                type=named.type,
                parent=parent,
                customer_number=named.number,
                actor=caller.actor,
                at=self.now(),
            ),
        )

    def _granted(self, caller: Caller, org: Org | None) -> Org:
        if org is None or not caller.may_see(org.tenant_id):
            raise _unknown_org()
        return org


def _unknown_org() -> Misconfigured:
    return Misconfigured("org.unknown", "There is no such org: see schoolgate orgs list.")


def _check(new: NewOrder, now: datetime) -> None:
    """Raise BadData (``order.invalid``) with what is wrong."""
    wrong = ""
    if new.role not in ROLES:
        wrong = f"role must be one of {', '.join(ROLES)}"
    elif new.seats is not None and not 1 <= new.seats <= MOST_SEATS:
        wrong = f"seats must be 1 to {MOST_SEATS}"
    elif new.expires_at <= now:
        wrong = "expiry must lie in the future"
    elif len(new.entitlements) > MOST_ENTITLEMENTS or any(
        not 0 < len(each) <= LONGEST_ENTITLEMENT for each in new.entitlements
    ):
        wrong = f"entitlements must be at most {MOST_ENTITLEMENTS} texts of 1 to {LONGEST_ENTITLEMENT} characters"
    if wrong:
        raise BadData("order.invalid", "The order can't be kept like this.", wrong)


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"
