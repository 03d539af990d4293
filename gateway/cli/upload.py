"""`schoolgate integrations upload`: hand a package over by hand."""

from __future__ import annotations

from pathlib import Path

import click

from gateway.cli.output import actor, as_json, opened
from gateway.cli.sync_progress import expected_rows, progress
from gateway.cli.syncs import HELD_EXIT, tell
from gateway.store.rosters.runs import HELD


@click.command("upload")
@click.argument("integration")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--preview", is_flag=True, help="Show what would change; write nothing but the preview's own line.")
@as_json
def upload(integration: str, file: Path, preview: bool, json_: bool) -> None:
    """Keep a copy of FILE, make it INTEGRATION's package from now on, and sync it. Exit codes as `syncs run`."""
    with opened() as gate, progress(json_, expected_rows(gate.store, integration)) as on_progress:
        done = gate.packages.upload(integration, file, actor=actor(), preview=preview, on_progress=on_progress)
    tell(done, json_)
    if done.status == HELD:
        raise SystemExit(HELD_EXIT)
