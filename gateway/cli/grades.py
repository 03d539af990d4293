"""`schoolgate grades`: scores on their way to LMSs, why one did not arrive, and sending it again."""

from __future__ import annotations

import click

from gateway.cli.output import as_json, lines, opened, show, table
from gateway.store.gradebook import WITHDRAWN
from gateway.store.grades import find_score, list_scores
from gateway.store.outbox import FAILED, KEPT, SENT, WAITING
from providers.contract import Misconfigured


@click.group()
def grades() -> None:
    """Scores on their way from applications to LMSs."""


@grades.command("list")
@click.option("--state", type=click.Choice([WAITING, SENT, FAILED, KEPT, WITHDRAWN]), help="Only these.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10000))
@as_json
def list_(state: str | None, limit: int, json_: bool) -> None:
    """List scores, the newest first."""
    with opened() as gate:
        found = list_scores(gate.store, state=state, limit=limit)
    columns = ("score", "at", "state", "reason", "attempts", "class", "user")
    rows = [
        (one.id, one.created_at, one.state, one.reason, one.attempts, one.class_sourced_id, one.user_sourced_id)
        for one in found
    ]
    show({"scores": [one._asdict() for one in found]}, json_, lambda: table(columns, rows))


@grades.command("show")
@click.argument("score", type=int)
@as_json
def show_(score: int, json_: bool) -> None:
    """Show one score and what became of it."""
    with opened() as gate:
        found = find_score(gate.store, score)
    if found is None:
        raise Misconfigured("score.unknown", f"There is no score {score}.")
    show(found._asdict(), json_, lambda: lines({k: v for k, v in found._asdict().items() if v is not None}))


@grades.command("resend")
@click.argument("scores", type=int, nargs=-1)
@click.option("--reason", help="All that ended for this reason, for example grades.refused.")
@as_json
def resend(scores: tuple[int, ...], reason: str | None, json_: bool) -> None:
    """Send scores again that failed or were kept. One that a later score has followed stays."""
    with opened() as gate:
        classes = gate.gradebook.resend(ids=list(scores), reason=reason)
    show({"classes": classes}, json_, lambda: click.echo(f"Scores of {classes} classes are sent again."))


@grades.command("results")
@click.argument("client_id")
@click.argument("line_item")
@as_json
def results(client_id: str, line_item: str, json_: bool) -> None:
    """Ask the LMS what it has for an application's LINE_ITEM now, beside what was sent."""
    with opened() as gate:
        found = gate.grade_reading.results(client_id, line_item)
    columns = ("user", "score", "maximum", "sent")
    rows = [[getattr(each, name) for name in columns] for each in found]
    show({"results": [each._asdict() for each in found]}, json_, lambda: table(columns, rows))
