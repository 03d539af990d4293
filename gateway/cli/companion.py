"""Keeps a worker process alive beside the web server, and ends it with it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Event, Thread

import click

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STOP_SECONDS = 25.0


def worker_command(threads: int) -> list[str]:
    """Return the command that starts a worker which ends when this process does."""
    program = "from gateway.cli import main; main()"
    return [sys.executable, "-c", program, "worker", "--threads", str(threads), "--parent", str(os.getpid())]


class Companion:
    """One process, started anew when it ends by itself: at once, then with growing pauses if it does so again."""

    def __init__(self, command: Sequence[str], first_pause: float = FIRST_PAUSE) -> None:
        self._command, self._first_pause = list(command), first_pause
        self._leaving = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._keep, name="companion", daemon=True)

    def __enter__(self) -> Companion:
        """Start it."""
        self._process = self._start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Tell it to stop, and wait for what it has in hand."""
        self._leaving.set()
        process = self._process
        if process is not None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
            process.kill()
        self._thread.join(STOP_SECONDS)

    def _start(self) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches the server alone, which ends both in order.
        return subprocess.Popen(self._command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603

    def _keep(self) -> None:
        pause = self._first_pause
        while self._process is not None:
            code = self._process.wait()
            if self._leaving.wait(0):
                return
            click.echo(f"The background worker ended by itself (exit code {code}); starting another.", err=True)
            if self._leaving.wait(pause):
                return
            pause = min(pause * 2, LONGEST_PAUSE)
            self._process = self._start()
