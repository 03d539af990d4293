"""`schoolgate worker`: background work on a machine of its own, and `schoolgate jobs`: what there is to do."""

from __future__ import annotations

import os

import click

from gateway.cli.output import as_json, opened, show, table
from gateway.logs import set_up_logs
from gateway.services.job_runs import JobRuns
from gateway.store.jobs import list_jobs
from gateway.work import work_of
from gateway.worker import run_worker

THREADS = 4
threads_option = click.option(
    "--threads", default=THREADS, show_default=True, type=click.IntRange(1, 64), help="Jobs done at the same time."
)


@click.command()
@threads_option
@click.option("--parent", type=int, hidden=True, help="Ends when this process is gone.")
def worker(threads: int, parent: int | None) -> None:
    """Do background work until told to stop (SIGTERM or Ctrl-C); what is unfinished then, another worker takes up.

    `schoolgate serve` runs one beside the web. Start more of these on more machines, with the same settings.
    """
    with opened() as gate:
        set_up_logs(as_json=gate.settings.is_production)
        click.echo(f"Schoolgate works in the background with {threads} threads, process {os.getpid()}", err=True)
        run_worker(gate, JobRuns(gate.jobs, work_of(gate)), threads=threads, parent=parent)


@click.group()
def jobs() -> None:
    """Background work: what waits, runs or failed."""


@jobs.command("list")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@as_json
def list_(limit: int, json_: bool) -> None:
    """List background work, the next due first; failed work is kept for a month."""
    with opened() as gate:
        found = list_jobs(gate.store, limit=limit)
    columns = ("job", "work", "state", "due", "attempts", "fault")
    rows = [(one.id, one.name, one.state, one.due_at, one.attempts, one.fault) for one in found]
    show({"jobs": [one._asdict() for one in found]}, json_, lambda: table(columns, rows))
