"""`schoolgate webhooks`: where applications are told of changes, and what became of each message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import click

from gateway.cli.output import actor, as_json, lines, opened, show, table
from gateway.services.events.shapes import ENTITIES, event_id, shown_type
from gateway.store.events.messages import FAILED, SENT, WAITING, WITHHELD, Message, list_messages
from gateway.store.events.webhooks import Webhook, list_webhooks

_TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


def document_of(webhook: Webhook) -> dict[str, Any]:
    """Return a webhook as commands show it; secrets are known to nobody."""
    return {
        "id": webhook.id,
        "application": webhook.application_id,
        "url": webhook.url,
        "events": [shown_type(each) for each in webhook.event_types] or "all",
        "status": webhook.status,
        "reason": webhook.status_reason,
        "failing_since": webhook.failing_since,
        "next_try": webhook.paused_until,
        "last_success": webhook.succeeded_at,
        "previous_secret_until": webhook.previous_secret_until,
        "created": webhook.created_at,
    }


@click.group()
def webhooks() -> None:
    """Receivers that are told of changes of the roster (Standard Webhooks)."""


@webhooks.command("add")
@click.argument("client_id")
@click.argument("url")
@click.option("--event", "types", multiple=True, help="user, or enrollment.deleted; repeat it. Without it, all.")
@as_json
def add(client_id: str, url: str, types: tuple[str, ...], json_: bool) -> None:
    """Tell an application of what changes from now on; print the signing secret, once."""
    with opened() as gate:
        webhook, secret = gate.events.webhooks.add(client_id, url, types, actor=actor())
    document = {**document_of(webhook), "secret": secret}
    show(document, json_, lambda: _print_once(document))


@webhooks.command("list")
@click.option("--app", "application", metavar="CLIENT_ID", help="Only this application's.")
@as_json
def list_(application: str | None, json_: bool) -> None:
    """List webhooks and how they are."""
    with opened() as gate:
        found = [document_of(each) for each in list_webhooks(gate.store, application)]
    columns = ("id", "application", "url", "status", "reason", "failing_since", "last_success")
    show({"webhooks": found}, json_, lambda: table(columns, [[each[name] for name in columns] for each in found]))


@webhooks.command("show")
@click.argument("webhook")
@as_json
def show_(webhook: str, json_: bool) -> None:
    """Show one webhook."""
    with opened() as gate:
        document = document_of(gate.events.webhooks.find(webhook))
    show(document, json_, lambda: lines(document))


@webhooks.command("rotate-secret")
@click.argument("webhook")
@click.option(
    "--overlap",
    default=24,
    show_default=True,
    type=click.IntRange(0, 720),
    help="Hours in which messages are signed with the old secret as well; 0 after it was stolen.",
)
@as_json
def rotate_secret(webhook: str, overlap: int, json_: bool) -> None:
    """Make a new signing secret and print it, once."""
    with opened() as gate:
        secret = gate.events.webhooks.rotate_secret(webhook, overlap=timedelta(hours=overlap), actor=actor())
        until = gate.events.webhooks.find(webhook).previous_secret_until
    document = {"id": webhook, "secret": secret, "previous_secret_until": until}
    show(document, json_, lambda: _print_once(document))


@webhooks.command("disable")
@click.argument("webhook")
@as_json
def disable(webhook: str, json_: bool) -> None:
    """Send no more, and remember where it stopped."""
    _switch(webhook, json_, on=False)


@webhooks.command("enable")
@click.argument("webhook")
@as_json
def enable(webhook: str, json_: bool) -> None:
    """Go on where it stopped."""
    _switch(webhook, json_, on=True)


@webhooks.command("test")
@click.argument("webhook")
@as_json
def test(webhook: str, json_: bool) -> None:
    """Send a test message now and say what the receiver answered."""
    with opened() as gate:
        outcome = gate.events.webhooks.test(webhook)
    document = {"id": webhook, "delivered": outcome.reason is None, "reason": outcome.reason}
    show(document, json_, lambda: click.echo(outcome.reason or "The receiver took it."))


@webhooks.command("deliveries")
@click.argument("webhook")
@click.option("--state", type=click.Choice([WAITING, SENT, FAILED, WITHHELD]), help="Only those.")
@click.option("--entity", metavar="SOURCED_ID", help="Only those of one object.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10000))
@as_json
def deliveries(webhook: str, state: str | None, entity: str | None, limit: int, json_: bool) -> None:
    """List the newest messages of a webhook and what became of them."""
    with opened() as gate:
        gate.events.webhooks.find(webhook)
        found = [
            _delivery(each) for each in list_messages(gate.store, webhook, state=state, sourced_id=entity, limit=limit)
        ]
    columns = ("event", "type", "sourced_id", "state", "attempts", "reason", "due", "sent")
    show({"deliveries": found}, json_, lambda: table(columns, [[each[name] for name in columns] for each in found]))


@webhooks.command("replay")
@click.argument("webhook")
@click.option("--since", type=_TIME, help="What happened from then on (UTC).")
@click.option("--until", type=_TIME, help="And before then (UTC).")
@click.option("--entity", metavar="SOURCED_ID", help="Only what happened to one object.")
@as_json
def replay(webhook: str, since: datetime | None, until: datetime | None, entity: str | None, json_: bool) -> None:
    """Send again what happened in a time or to one object; each message keeps its id."""
    with opened() as gate:
        number = gate.events.webhooks.replay(
            webhook, since=_utc(since), until=_utc(until), sourced_id=entity, actor=actor()
        )
    show({"id": webhook, "messages": number}, json_, lambda: click.echo(f"{number} messages are sent again."))


def _utc(time: datetime | None) -> datetime | None:
    return None if time is None else time.replace(tzinfo=UTC)


def _delivery(message: Message) -> dict[str, Any]:
    return {
        "event": event_id(message.change_id),
        "type": f"{ENTITIES[message.kind]}.{message.action}",
        "sourced_id": message.sourced_id,
        "org": message.tenant_id,
        "state": message.state,
        "attempts": message.attempts,
        "reason": message.reason,
        "due": message.due_at if message.state == WAITING else None,
        "sent": message.sent_at,
    }


def _print_once(document: dict[str, Any]) -> None:
    lines(document)
    click.echo("Keep the secret now: it is not shown again.")


def _switch(webhook: str, json_: bool, *, on: bool) -> None:
    with opened() as gate:
        document = document_of(gate.events.webhooks.switch(webhook, on=on, actor=actor()))
    show(document, json_, lambda: click.echo(f"{webhook} is {document['status']}."))
