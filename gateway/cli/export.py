"""`schoolgate export oneroster-csv`: a roster as a OneRoster CSV package."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from gateway.cli.output import as_json, lines, opened, show
from gateway.services.oneroster.csv_out import CsvOut, since_of
from gateway.store.applications import Application, find_application
from providers.contract import Misconfigured


@click.group()
def export() -> None:
    """What is kept here, as files that others read."""


@export.command("oneroster-csv")
@click.option("--out", required=True, metavar="FILE", type=click.Path(path_type=Path), help="The zip to write.")
@click.option("--org", "tenants", multiple=True, metavar="ID", help="Only this district; repeat it. Without it, all.")
@click.option("--app", "client_id", help="What this application may see, in place of --org.")
@click.option("--since", metavar="TIME", help="Only what changed after this time (a delta package).")
@click.option("--for-spreadsheets", is_flag=True, help="Mark cells that a spreadsheet would calculate; changes them.")
@as_json
def oneroster_csv(
    out: Path, tenants: tuple[str, ...], client_id: str | None, since: str | None, for_spreadsheets: bool, json_: bool
) -> None:
    """Write rosters as OneRoster CSV 1.2.1, bulk or delta."""
    if tenants and client_id:
        raise click.UsageError("Name districts with --org or an application with --app, not both.")
    after: datetime | None = since_of({} if since is None else {"since": since})
    with opened() as gate:
        whose = Application("export", "export", None, (), "", not tenants, frozenset(tenants))
        if client_id is not None:
            found = find_application(gate.store, client_id)
            if found is None:
                raise Misconfigured("application.unknown", f"There is no application {client_id!r}.")
            whose = found
        rows = CsvOut(gate.roster_reading).write(whose, out, since=after, for_spreadsheets=for_spreadsheets)
    show({"path": str(out), "rows": rows}, json_, lambda: lines({"path": out, **rows}))
