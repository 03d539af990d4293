"""A worker with work of its own for tests: ``python -m tests.support.working ADDRESS FOLDER``.

Each job writes lines into FOLDER/told: what it did, and in which process.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from subprocess import DEVNULL, Popen

from gateway.services.job_runs import JobRuns
from gateway.services.jobs import Job, Work
from gateway.settings import load_settings
from gateway.wiring import Gate, open_gate
from gateway.worker import run_worker

LEASE = timedelta(seconds=2)


def _work(folder: Path) -> Work:
    def tell(what: str) -> None:
        with (folder / "told").open("a") as told:
            told.write(f"{what} {os.getpid()}\n")

    def note(job: Job) -> None:
        tell(f"noted:{job.args['word']}")

    def die_once(job: Job) -> None:
        tell(f"tried:{job.attempt}")
        if job.attempt == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    def long(job: Job) -> float | None:
        tell("began")
        while not job.is_stopping() and not (folder / "enough").exists():
            time.sleep(0.02)
        tell("left" if job.is_stopping() else "ended")
        return 0 if job.is_stopping() else None

    handlers = {"note": note, "die_once": die_once, "long": long, "tick": lambda _job: tell("ticked")}
    return Work(handlers, every={"tick": 1} if (folder / "ticks").exists() else {})


def a_gate(address: str, folder: Path) -> Gate:
    """Open a gate on this database."""
    return open_gate(load_settings({"SCHOOLGATE_DATABASE_URL": address, "SCHOOLGATE_VAR": str(folder)}))


@contextmanager
def worker(address: str, folder: Path) -> Iterator[Popen[bytes]]:
    """Run a worker as a process of its own; it is told to stop at the end."""
    command = [sys.executable, "-m", "tests.support.working", address, str(folder)]
    process = Popen(command, stdout=DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def told(folder: Path, *words: str, within: float = 15) -> list[str]:
    """Return the lines so far, once each of `words` is among them."""
    ends = time.monotonic() + within
    while True:
        lines = (folder / "told").read_text().splitlines() if (folder / "told").exists() else []
        said = [line.split()[0] for line in lines]
        if all(said.count(word) >= words.count(word) for word in words):
            return lines
        assert time.monotonic() < ends, f"heard only {said}"
        time.sleep(0.02)


if __name__ == "__main__":
    gate = a_gate(sys.argv[1], Path(sys.argv[2]))
    run_worker(gate, JobRuns(gate.jobs, _work(Path(sys.argv[2])), lease=LEASE), threads=2)
    gate.close()
