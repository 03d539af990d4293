"""The clock of a worker goes on after a failed round and stops when told."""

from __future__ import annotations

from threading import Event
from typing import Any, cast

import pytest

from gateway import housekeeper
from gateway.wiring import Gate


class _Stop(Event):
    """Is told to stop after so many rounds."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.rounds = rounds

    def wait(self, timeout: float | None = None) -> bool:
        self.rounds -= 1
        return self.rounds < 0


def _run(rounds: int) -> None:
    thread = housekeeper.start_housekeeper(cast(Gate, None), _Stop(rounds))
    thread.join(10)
    assert not thread.is_alive()


def test_each_round_keeps_house(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []
    monkeypatch.setattr(housekeeper, "keep_house", kept.append)
    _run(3)
    assert len(kept) == 3


def test_a_failed_round_is_logged_by_its_kind_and_the_next_one_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[str] = []

    def fail(_gate: Gate) -> int:
        raise RuntimeError("Sam Okafor")

    class _Log:
        def warning(self, event: str, **told: str) -> None:
            logged.append(f"{event} {told}")

    monkeypatch.setattr(housekeeper, "keep_house", fail)
    monkeypatch.setattr(housekeeper, "_log", _Log())
    _run(2)
    assert logged == ["housekeeping failed {'fault': 'RuntimeError'}"] * 2
