"""`python -m tests.bench`: what a launch costs here, beside a minimal tool on the same machine."""

from __future__ import annotations

import click


@click.group(invoke_without_command=True)
@click.pass_context
def bench(context: click.Context) -> None:
    """Measure launches; `servers` compares WSGI servers instead."""


@bench.command()
@click.option("--rounds", default=3, show_default=True)
@click.option("--requests", default=1500, show_default=True)
@click.option("--only", default="", help="Measure only servers whose name contains this.")
def servers(rounds: int, requests: int, only: str) -> None:
    """Compare WSGI servers on an application that verifies one token (docs/adr/0003-wsgi-server.md)."""
    from tests.bench.servers import compare

    compare(rounds, requests, only)


if __name__ == "__main__":
    bench()
