"""`schoolgate serve`: the gateway on granian's worker processes (docs/adr/0003-wsgi-server.md)."""

from __future__ import annotations

import os
import signal
import tempfile
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from time import monotonic
from typing import Any

import click
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from gateway.cli.companion import Companion, worker_command
from gateway.cli.output import opened
from gateway.cli.worker import threads_option

MOST_STARTS_A_MINUTE = 10


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes; one per core.")
@click.option("--no-worker", is_flag=True, help="Do no background work here: `schoolgate worker` does it elsewhere.")
@threads_option
def serve(host: str, port: int, workers: int, no_worker: bool, threads: int) -> None:
    """Serve the gateway until it is told to stop (SIGTERM or Ctrl-C); running requests are finished first."""
    with opened() as gate:  # every fault in the settings shows here, once, before any worker starts
        click.echo(f"Schoolgate at {gate.settings.public_url}, listening on {host}:{port}", err=True)
    with tempfile.TemporaryDirectory(prefix="schoolgate-metrics-") as metrics:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics
        with ExitStack() as stack:
            if not no_worker:
                stack.enter_context(Companion(worker_command(threads)))
            _keep_serving(lambda: server(host, port, workers), monotonic)


def _keep_serving(make: Callable[[], MPServer], clock: Callable[[], float]) -> None:
    """Start the server anew when it gives up: it does when one worker dies twice within 5.5 seconds."""
    starts: deque[float] = deque(maxlen=MOST_STARTS_A_MINUTE)
    while True:
        starts.append(clock())
        try:
            make().serve(spawn_target=work)
            return
        except SystemExit as end:
            is_loop = len(starts) == MOST_STARTS_A_MINUTE and clock() - starts[0] < 60
            if end.code in {0, None} or is_loop:
                raise


def work(*given: Any) -> None:
    """Be one worker, which only the server ends: Ctrl-C reaches the whole group, and being told twice would hang it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until granian has its own, for a worker that is still loading
    MPServer._spawn_wsgi_worker(*given)


def server(host: str, port: int, workers: int) -> MPServer:
    """Return the configured server; a worker that dies is replaced."""
    return MPServer(
        "gateway.serving:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=4,
        backlog=1024,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=15,
        log_level=LogLevels.warning,
        log_access=False,
        websockets=False,
    )
