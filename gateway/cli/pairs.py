"""`schoolgate integrations pair`: say whose ids are whose, so that people of launches meet their roster."""

from __future__ import annotations

import click

from gateway.cli.matches import summary
from gateway.cli.output import actor, as_json, opened, show, table
from gateway.services.meeting import Joined
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
@click.option("--preview", is_flag=True, help="Show who would be joined at once; pair and write nothing.")
@as_json
def pair(launches: str, roster: str, match: str, preview: bool, json_: bool) -> None:
    """Say that SIS ids signed in the launches of LAUNCHES are ids of the roster of ROSTER; both are integrations.

    Who is there twice already is joined at once; whoever comes later when they come.
    """
    with opened() as gate:
        if preview:
            _tell_preview(gate.pairing.preview(launches, roster, match), json_)
            return
        found, met = gate.pairing.pair(launches, roster, match, actor=actor())
    told = {"joined": {"classes": met.joined.classes, "users": met.joined.users}, **met.doubtful._asdict()}
    said = "Paired. People and classes with the same id are joined from now on."
    show({**found._asdict(), **told}, json_, lambda: click.echo(f"{said}\n{summary(told)}"))


def _tell_preview(found: Joined, json_: bool) -> None:
    rows = [[each.source_id, each.row, each.rostered] for each in found.sample]
    names = ("roster_id", "user_or_class", "of_the_roster")
    sample = [dict(zip(names, row, strict=True)) for row in rows]
    document = {"would_join": {"classes": found.classes, "users": found.users}, "sample": sample}

    def plain() -> None:
        click.echo(f"Would join {found.users} people and {found.classes} classes. Nothing is written.")
        if rows:
            table(names, rows)

    show(document, json_, plain)


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
