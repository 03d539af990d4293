"""The worker beside the web is kept alive, and ends with it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from gateway.cli.companion import Companion, worker_command


def _program(told: Path, then: str) -> list[str]:
    return [sys.executable, "-c", f"import os, time; open({str(told)!r}, 'a').write(f'{{os.getpid()}} '); {then}"]


def _starts(told: Path, count: int) -> list[int]:
    for _ in range(500):
        if told.exists() and len(told.read_text().split()) >= count:
            break
        time.sleep(0.02)
    return [int(each) for each in told.read_text().split()]


def test_a_worker_that_ends_by_itself_is_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Companion(_program(tmp_path / "told", "os._exit(3)"), first_pause=0.01):
        assert len(set(_starts(tmp_path / "told", 3))) >= 3
    assert "exit code 3" in capsys.readouterr().err


def test_no_worker_stays_behind(tmp_path: Path) -> None:
    with Companion(_program(tmp_path / "told", "time.sleep(60)")):
        (pid,) = _starts(tmp_path / "told", 1)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_worker_is_told_whose_companion_it_is() -> None:
    command = worker_command(3)
    assert command[command.index("--threads") + 1] == "3"
    assert int(command[command.index("--parent") + 1]) == os.getpid()
