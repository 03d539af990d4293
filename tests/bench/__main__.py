"""`python -m tests.bench`: what a launch costs here, beside a minimal tool on the same machine."""

from __future__ import annotations

import click

import providers


@click.group(invoke_without_command=True)
@click.option("--rounds", default=4, show_default=True, help="Measured rounds for each target and level.")
@click.option("--launches", default=400, show_default=True, help="Launches in a round.")
@click.option("--full", is_flag=True, help="Also with a million users and ten thousand registrations.")
@click.pass_context
def bench(context: click.Context, rounds: int, launches: int, full: bool) -> None:
    """Measure launches; `servers` compares WSGI servers instead."""
    if context.invoked_subcommand is None:
        from tests.bench.launches import measure

        measure(rounds, launches, full=full)


@bench.command()
@click.option("--rounds", default=3, show_default=True)
@click.option("--requests", default=1500, show_default=True)
@click.option("--only", default="", help="Measure only servers whose name contains this.")
def servers(rounds: int, requests: int, only: str) -> None:
    """Compare WSGI servers on an application that verifies one token (docs/adr/0003-wsgi-server.md)."""
    from tests.bench.servers import compare

    compare(rounds, requests, only)


@bench.command()
@click.option("--scores", default=30_000, show_default=True)
@click.option("--web", is_flag=True, help="Look at the web while a worker sends, instead.")
def grades(scores: int, web: bool) -> None:
    """Send scores through an LMS that fails one call in five and is down for ten minutes (docs/grades.md)."""
    from tests.bench.grades import measure, watch_the_web

    if web:
        watch_the_web(scores)
    else:
        measure(scores)


@bench.command()
@click.option("--changes", default=1000, show_default=True)
def events(changes: int) -> None:
    """How soon changes are in the feed and at a webhook, on both databases (docs/events.md)."""
    from tests.bench.events import measure

    measure(changes)


@bench.command("launches-during-sync")
@click.option("--students", default=100_000, show_default=True)
@click.option("--idle", default=400, show_default=True, help="Launches to measure before the sync.")
def launches_during_sync(students: int, idle: int) -> None:
    """Launch while a district's first roster comes in, on both databases (docs/benchmarks.md)."""
    from tests.bench.meanwhile import measure

    measure(students, idle)


@bench.command()
@click.option("--people", default="20000,100000", show_default=True, help="Sizes of districts.")
@click.option("--only", default="", help="Measure only this room.")
def pulls(people: str, only: str) -> None:
    """Read whole districts, beside plain HTTP and JSON for the same pages (docs/benchmarks.md)."""
    from tests.bench.pulls import measure

    sizes = tuple(int(size) for size in people.split(","))
    measure(
        sizes,
        (only,) if only else tuple(key for key, room in providers.rooms().items() if room.roster and room.sign_in),
    )


@bench.command("native-import")
@click.option("--rows", default=50_000, show_default=True)
@click.option("--database", default="", help="Address of an empty database; SQLite in a temporary folder without it.")
@click.option("--again", is_flag=True, help="Write the list too (half an hour for 50,000), and look at it again.")
def native_import(rows: int, database: str, again: bool) -> None:
    """Look at a school's list of students (docs/classes.md)."""
    from tests.bench.native_import import measure

    measure(rows, database, again=again)


if __name__ == "__main__":
    bench()
