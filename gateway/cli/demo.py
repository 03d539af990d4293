"""`schoolgate demo`: a school, a gateway and an application on this machine, to try out in a browser."""

from __future__ import annotations

import os
import signal
from threading import Event

import click


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The start page's port.")
def demo(port: int) -> None:
    """Show a whole sign-in on this machine: a simulated school system, the gateway and a sample application."""
    # Here, because no other command may load a simulator.
    from gateway.demo import DemoFailed, run_demo

    ended = Event()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda *_: ended.set())
    try:
        run_demo(port, say=click.echo, pause=ended.wait, environment=os.environ)
    except DemoFailed as failed:
        raise click.ClickException(str(failed)) from failed
