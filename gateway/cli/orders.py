"""`schoolgate orders`: what schools bought, and the access codes with which their staff make accounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import click

from gateway.cli.output import actor, as_json, lines, opened, show, table
from gateway.cli.spans import Span
from gateway.services.api.callers import Caller
from gateway.services.native.orders import ROLES, Customer, Made, NewOrder, state_of
from gateway.store import Connection
from gateway.store.native.orders import Order
from gateway.wiring import Gate
from providers.contract import Misconfigured

NEWEST = 100


@click.group()
def orders() -> None:
    """Orders: what schools bought, and access codes for their teachers and administrators."""


@orders.command("add")
@click.argument("buyer_email")
@click.option("--org", metavar="ID", help="The school or district.")
@click.option("--customer", metavar="NUMBER", help="Instead: your own number of it. Made with --name if it is new.")
@click.option("--name", help="What a new customer is called.")
@click.option("--type", "type_", type=click.Choice(["school", "district"]), default="school", show_default=True)
@click.option("--parent", metavar="ID", help="The district that a new customer belongs to.")
@click.option("--entitlement", "entitlements", multiple=True, help="A text for applications. Repeat it.")
@click.option("--role", type=click.Choice(ROLES), default=ROLES[0], show_default=True, help="What the code allows.")
@click.option("--seats", type=int, help="How many people may redeem it. Without it, as many as like.")
@click.option("--expires", type=Span(), default="365d", show_default=True, help="How long the order counts.")
@click.option("--reference", help="Your own number of the order.")
@click.option("--mail/--no-mail", default=True, show_default=True, help="Mail the access code to the buyer.")
@as_json
def add(buyer_email: str, org: str | None, customer: str | None, expires: timedelta, json_: bool, **given: Any) -> None:
    """Keep an order and print its access code, once. BUYER_EMAIL gets the code by mail."""
    if (org is None) == (customer is None):
        raise Misconfigured("order.org_missing", "Name the org by either --org or --customer.")
    named = org or Customer(customer or "", given["name"] or f"Customer {customer}", given["type_"], given["parent"])
    with opened() as gate:
        wanted = NewOrder(
            org=named,
            buyer_email=buyer_email,
            expires_at=gate.now() + expires,
            entitlements=given["entitlements"],
            role=given["role"],
            seats=given["seats"],
            reference=given["reference"],
            is_mailed=given["mail"],
        )
        _show_made(gate, json_, lambda caller, connection: gate.native.orders.add(caller, connection, wanted))


@orders.command("list")
@click.option("--org", metavar="ID", help="Only those of this school or district.")
@as_json
def list_(org: str | None, json_: bool) -> None:
    """List the newest orders."""
    with opened() as gate:
        found = gate.native.orders.every(_caller(), org_id=org, before=None, limit=NEWEST)
        documents = [_document(gate, each) for each in found]
    columns = ("id", "org_name", "state", "role", "used", "seats", "expires", "reference")
    show({"orders": documents}, json_, lambda: table(columns, [[each[name] for name in columns] for each in documents]))


@orders.command("show")
@click.argument("order")
@as_json
def show_(order: str, json_: bool) -> None:
    """Show one order and what became of its codes; the codes themselves can't be shown again."""
    with opened() as gate:
        found = gate.native.orders.find(_caller(), order)
        codes = [each._asdict() for each in gate.native.orders.codes(found)]
        document = _document(gate, found)
    columns = ("id", "role", "created_by", "created_at", "mailed_at", "revoked_at")

    def plain() -> None:
        lines(document)
        click.echo("")
        table(columns, [[each[name] for name in columns] for each in codes])

    show({**document, "codes": codes}, json_, plain)


@orders.command("resend")
@click.argument("order")
@as_json
def resend(order: str, json_: bool) -> None:
    """Mail the buyer another access code; those that are out stay good."""
    with opened() as gate:
        _show_made(
            gate,
            json_,
            lambda caller, connection: gate.native.orders.resend(caller, connection, order)._replace(code=None),
        )


@orders.command("reissue")
@click.argument("order")
@click.option("--mail/--no-mail", default=True, show_default=True, help="Mail the new code to the buyer.")
@as_json
def reissue(order: str, mail: bool, json_: bool) -> None:
    """Make an order's access codes worthless, and print a new one, once."""
    with opened() as gate:
        _show_made(
            gate,
            json_,
            lambda caller, connection: gate.native.orders.reissue(caller, connection, order, is_mailed=mail),
        )


@orders.command("revoke")
@click.argument("order")
@as_json
def revoke(order: str, json_: bool) -> None:
    """End an order: its codes open nothing, what it entitles to ends. People keep their accounts."""
    with opened() as gate:
        document = _document(gate, gate.native.orders.revoke(_caller(), order))
    show(document, json_, lambda: click.echo(f"{order} is revoked."))


def _caller() -> Caller:
    return Caller(actor())


def _show_made(gate: Gate, json_: bool, make: Callable[[Caller, Connection], Made]) -> None:
    with gate.store.transaction() as connection:
        made = make(_caller(), connection)
    document = {**_document(gate, made.order), "access_code": made.code}

    def plain() -> None:
        if made.code:
            click.echo(f"{made.code}\n\nThis is the access code. It is not shown again.")
        lines(_document(gate, made.order))

    show(document, json_, plain)


def _document(gate: Gate, order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "state": state_of(order, gate.now()),
        "org": order.org_sourced_id,
        "org_name": order.org_name,
        "reference": order.reference,
        "buyer_email": order.buyer_email,
        "entitlements": order.entitlements,
        "role": order.role,
        "seats": order.seats,
        "used": order.seats_used,
        "created": order.created_at,
        "expires": order.expires_at,
        "revoked": order.revoked_at,
    }
