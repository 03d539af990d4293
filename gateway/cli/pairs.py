"""`schoolgate integrations pair`: say whose ids are whose, so that people of launches meet their roster."""

from __future__ import annotations

import click

from gateway.cli.output import actor, as_json, opened, show, table
from gateway.services.pairing import MATCHES

_COLUMNS = ("launch_integration_id", "roster_integration_id", "match")


@click.command("pair")
@click.argument("launches")
@click.argument("roster")
@click.option(
    "--match",
    type=click.Choice(MATCHES),
    default="sis_id",
    show_default=True,
    help="What the signed SIS id equals in the roster: its sourcedId (sis_id) or its identifier.",
)
@as_json
def pair(launches: str, roster: str, match: str, json_: bool) -> None:
    """Say that SIS ids signed in the launches of LAUNCHES are ids of the roster of ROSTER; both are integrations."""
    with opened() as gate:
        found = gate.pairing.pair(launches, roster, match, actor=actor())
    said = "Paired. People and classes with the same id are joined from now on."
    show(found._asdict(), json_, lambda: click.echo(said))


@click.command("unpair")
@click.argument("launches")
@click.argument("roster")
@as_json
def unpair(launches: str, roster: str, json_: bool) -> None:
    """Take a pair back. What was joined by it stays."""
    with opened() as gate:
        gate.pairing.unpair(launches, roster, actor=actor())
    show({"paired": False}, json_, lambda: click.echo("No longer paired."))


@click.command("pairs")
@as_json
def pairs(json_: bool) -> None:
    """List the pairs."""
    with opened() as gate:
        found = [each._asdict() for each in gate.pairing.list()]
    rows = [[each[name] for name in _COLUMNS] for each in found]
    show({"pairs": found}, json_, lambda: table(_COLUMNS, rows))
