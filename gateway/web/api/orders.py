"""`/api/v1/orders`: what schools bought, kept by publishers' programs, with the access codes that lead to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from flask import Blueprint, Response, jsonify
from msgspec import Meta

from gateway.services.api.callers import Caller
from gateway.services.api.scopes import ORDERS, ORDERS_READ
from gateway.services.native.orders import (
    LONGEST_ENTITLEMENT,
    MOST_ENTITLEMENTS,
    MOST_SEATS,
    Customer,
    Made,
    NewOrder,
    Orders,
    state_of,
)
from gateway.store import Connection
from gateway.store.native.orders import CodeRow, Order
from gateway.web.api.guard import Api, read_body, read_query
from gateway.web.api.paging import Page, listed

DEFAULT_DAYS = 365
_Text = Annotated[str, Meta(min_length=1, max_length=200)]


class NewCustomer(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """An org by the publisher's own number, and what it is made of when there is none yet."""

    number: _Text
    name: _Text
    type: Literal["school", "district"] = "school"
    parent_sourced_id: _Text | None = None


class OrderBody(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """What a POST asks for: one of `orgSourcedId` and `customer` names the org."""

    buyer_email: Annotated[str, Meta(min_length=3, max_length=254)]
    org_sourced_id: _Text | None = None
    customer: NewCustomer | None = None
    entitlements: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=LONGEST_ENTITLEMENT)]], Meta(max_length=MOST_ENTITLEMENTS)
    ] = []
    role: Literal["teacher", "siteAdministrator"] = "teacher"
    seats: Annotated[int, Meta(ge=1, le=MOST_SEATS)] | None = None
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    reference: _Text | None = None
    send_mail: bool = True

    def __post_init__(self) -> None:
        """Check that exactly one org is named."""
        if (self.org_sourced_id is None) == (self.customer is None):
            raise ValueError("name the org by either orgSourcedId or customer")


class Reissue(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """How a new code reaches people."""

    send_mail: bool = True


def order_endpoints(api: Api, orders: Orders, public_url: str) -> Blueprint:
    """Return the endpoints."""
    endpoints = api.room("orders")

    @endpoints.post("")
    @api.guard(ORDERS)
    def make(caller: Caller) -> Response:
        wanted = _new(read_body(OrderBody), orders.now())

        def made(connection: Connection) -> dict[str, Any]:
            return _told(orders.add(caller, connection, wanted), orders.now())

        response = api.once(caller, 201, made)
        response.headers["Location"] = f"{public_url}/api/v1/orders/{response.get_json()['order']['id']}"
        return response

    _add_looking(endpoints, api, orders)
    _add_codes(endpoints, api, orders)
    return endpoints


def _add_looking(endpoints: Blueprint, api: Api, orders: Orders) -> None:
    """Add what shows orders and ends them."""

    @endpoints.get("")
    @api.guard(ORDERS_READ)
    def every(caller: Caller) -> Response:
        page = read_query(Page)
        found = orders.every(caller, org_id=page.org_sourced_id, before=page.before, limit=page.limit + 1)
        return listed("orders", found, page, lambda each: _document(each, orders.now()))

    @endpoints.get("/<order_id>")
    @api.guard(ORDERS_READ)
    def one(caller: Caller, order_id: str) -> Response:
        order = orders.find(caller, order_id)
        codes = [_code(each) for each in orders.codes(order)]
        return jsonify({"order": {**_document(order, orders.now()), "codes": codes}})

    @endpoints.post("/<order_id>/revoke")
    @api.guard(ORDERS)
    def revoke(caller: Caller, order_id: str) -> Response:
        return jsonify({"order": _document(orders.revoke(caller, order_id), orders.now())})


def _add_codes(endpoints: Blueprint, api: Api, orders: Orders) -> None:
    """Add what makes further codes."""

    def again(caller: Caller, make: Callable[[Connection], Made]) -> Response:
        return api.once(caller, 200, lambda connection: _told(make(connection), orders.now()))

    @endpoints.post("/<order_id>/resend")
    @api.guard(ORDERS)
    def resend(caller: Caller, order_id: str) -> Response:
        return again(caller, lambda connection: orders.resend(caller, connection, order_id)._replace(code=None))

    @endpoints.post("/<order_id>/reissue")
    @api.guard(ORDERS)
    def reissue(caller: Caller, order_id: str) -> Response:
        wanted = read_body(Reissue)
        return again(
            caller, lambda connection: orders.reissue(caller, connection, order_id, is_mailed=wanted.send_mail)
        )


def _new(body: OrderBody, now: datetime) -> NewOrder:
    given = body.customer
    org: str | Customer = body.org_sourced_id or ""
    if given is not None:
        org = Customer(given.number, given.name, given.type, given.parent_sourced_id)
    return NewOrder(
        org=org,
        buyer_email=body.buyer_email,
        expires_at=body.expires_at or now + timedelta(days=DEFAULT_DAYS),
        entitlements=body.entitlements,
        role=body.role,
        seats=body.seats,
        reference=body.reference,
        is_mailed=body.send_mail,
    )


def _told(made: Made, now: datetime) -> dict[str, Any]:
    return {"order": {**_document(made.order, now), **({"accessCode": made.code} if made.code else {})}}


def _document(order: Order, now: datetime) -> dict[str, Any]:
    return {
        "id": order.id,
        "state": state_of(order, now),
        "orgSourcedId": order.org_sourced_id,
        "orgName": order.org_name,
        "reference": order.reference,
        "buyerEmail": order.buyer_email,
        "entitlements": order.entitlements,
        "role": order.role,
        "seats": order.seats,
        "seatsUsed": order.seats_used,
        "createdAt": order.created_at.isoformat(),
        "expiresAt": order.expires_at.isoformat(),
    }


def _code(code: CodeRow) -> dict[str, Any]:
    return {
        "id": code.id,
        "state": "revoked" if code.revoked_at else "open",
        "role": code.role,
        "createdAt": code.created_at.isoformat(),
        "mailedAt": code.mailed_at.isoformat() if code.mailed_at else None,
    }
