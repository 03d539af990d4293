"""Ctrl-C in the terminal of `schoolgate serve`: it ends in order, and leaves no process behind."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from tests.bench.processes import BIN, free_port, start, stop

CTRL_C = b"\x03"
PATIENCE = 10  # below the 15 seconds after which the server kills a worker that does not end by itself
# The first terminal that the leader of a session opens becomes the session's own, and sends its Ctrl-C to the group.
_IN_TERMINAL = (
    "import os, sys; os.setsid(); os.dup2(os.open(sys.argv[1], os.O_RDWR), 0); os.execv(sys.argv[2], sys.argv[2:])"
)


class _Served:
    """`schoolgate serve` in the foreground of a terminal of its own."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path, screen: int) -> None:
        self.process, self.port, self._log, self._screen = process, port, log, screen

    def answers(self) -> bool:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200

    def is_interrupted(self) -> str:
        """Press Ctrl-C; return what was said once every process is gone."""
        family = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        assert len(family) >= 3  # itself, the worker beside it, and one that serves
        os.write(self._screen, CTRL_C)
        assert self.process.wait(PATIENCE) == 0
        _, left = psutil.wait_procs(family, timeout=0)
        assert left == []
        return self._log.read_text()


@pytest.fixture
def served(sqlite_url: str, tmp_path: Path) -> Iterator[_Served]:
    screen, line = pty.openpty()
    port, log = free_port(), tmp_path / "said"
    serve = [str(BIN / "schoolgate"), "serve", "--port", str(port), "--workers", "2"]
    env = {"SCHOOLGATE_DATABASE_URL": sqlite_url, "SCHOOLGATE_VAR": str(tmp_path)}
    process = start([sys.executable, "-c", _IN_TERMINAL, os.ttyname(line), *serve], port, env, log)
    yield _Served(process, port, log, screen)
    stop(process)
    os.close(line)
    os.close(screen)


def test_ctrl_c_ends_every_process(served: _Served) -> None:
    assert served.answers()
    assert "exit" not in served.is_interrupted()


def test_ctrl_c_while_the_workers_are_still_loading(served: _Served) -> None:
    assert "exit" not in served.is_interrupted()
