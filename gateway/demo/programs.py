"""The gateway as a program of its own, started, waited for and stopped by the demo."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from gateway.demo.failure import DemoFailed

PATIENCE_SECONDS = 30.0
STOP_SECONDS = 10.0
_LAST_LINES = 5


class Program:
    """A running `schoolgate serve`."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self._process, self._port, self._log = process, port, log

    def check(self) -> None:
        """Raise DemoFailed when the program has ended by itself."""
        code = self._process.poll()
        if code is not None:
            last = "\n".join(self._log.read_text(errors="replace").splitlines()[-_LAST_LINES:])
            raise DemoFailed(
                f"The gateway ended by itself (exit code {code}). Its last words, from {self._log}:\n{last}"
            )

    def is_ready_in_time(self, pause: Callable[[float], bool]) -> bool:
        """Wait for the first good answer; False when `pause`, which waits some seconds, says that it is to end."""
        for _ in range(int(PATIENCE_SECONDS / 0.1)):
            if pause(0.1):
                return False
            self.check()
            if self._is_ready():
                return True
        raise DemoFailed(f"The gateway did not start within {PATIENCE_SECONDS:.0f} seconds; see {self._log}.")

    def _is_ready(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """End it, running requests first, and then whatever is left of its workers: nothing stays behind."""
        if self._process.poll() is None:
            self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@contextmanager
def gateway_running(port: int, config: Path, log: Path, environment: Mapping[str, str]) -> Iterator[Program]:
    """Serve the gateway with this configuration file, and with no other setting of the caller's environment."""
    own = {name: value for name, value in environment.items() if not name.startswith("SCHOOLGATE_")}
    command = [str(Path(sys.executable).with_name("schoolgate")), "serve", "--port", str(port), "--workers", "1"]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # a Ctrl-C reaches the demo alone, which ends all parts in order
            env=own | {"SCHOOLGATE_CONFIG": str(config)},
        )
    program = Program(process, port, log)
    try:
        yield program
    finally:
        program.stop()
