"""How `schoolgate serve` keeps the server alive, without starting one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import pytest
from granian.server.mp import MPServer

from gateway.cli.serve import MOST_STARTS_A_MINUTE, _keep_serving, server
from gateway.settings import SettingsInvalid

Call = Callable[..., Any]


class _Server:
    """Ends as it is told: returns, or exits with a code."""

    def __init__(self, end: BaseException | None) -> None:
        self.end = end

    def serve(self, spawn_target: Call) -> None:
        if self.end is not None:
            raise self.end


def _keep(ends: list[BaseException | None], seconds_between: float) -> int:
    """Keep serving until it ends; return the number of starts."""
    starts: list[float] = []

    def make() -> MPServer:
        starts.append(0)
        return cast(MPServer, _Server(ends[len(starts) - 1]))

    with suppress(SystemExit):
        _keep_serving(make, lambda: len(starts) * seconds_between)
    return len(starts)


def test_a_server_that_ends_is_not_started_again() -> None:
    assert _keep([None], 1) == 1


@pytest.mark.parametrize("code", [0, None])
def test_a_server_that_was_told_to_exit_is_not_started_again(code: int | None) -> None:
    assert _keep([SystemExit(code)], 1) == 1


def test_a_server_that_gave_up_is_started_again() -> None:
    assert _keep([SystemExit(1), SystemExit(1), None], 1) == 3


def test_a_server_that_never_stays_up_is_left_down() -> None:
    assert _keep([SystemExit(1)] * 99, 1) == MOST_STARTS_A_MINUTE


def test_a_server_that_gives_up_now_and_then_is_always_started_again() -> None:
    assert _keep([*[SystemExit(1)] * 50, None], 10) == 51


def test_the_server_has_what_was_asked_for() -> None:
    made = server("127.0.0.1", 8123, 3)
    assert (made.bind_addr, made.bind_port, made.workers) == ("127.0.0.1", 8123, 3)


@pytest.fixture
def _metrics(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The command changes this process's environment, as it owns it."""
    before = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    yield
    os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
    if before is not None:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = before


@pytest.mark.usefixtures("_metrics")
def test_serve_gives_the_workers_one_folder_for_their_figures(run: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int, int]] = []

    def keep(make: Callable[[], Any], _clock: Any) -> None:
        make()
        assert Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).is_dir()

    module = import_module("gateway.cli.serve")
    monkeypatch.setattr(module, "_keep_serving", keep)
    monkeypatch.setattr(module, "server", lambda *given: asked.append(given))
    assert "https://gate.example, listening on 127.0.0.1:8123" in run("serve", "--port", "8123")
    assert asked == [("127.0.0.1", 8123, 2)]
    assert not Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).exists()


def test_serve_shows_a_fault_before_any_worker_starts(run: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("gateway.cli.serve"), "_keep_serving", lambda *_: pytest.fail("started"))
    monkeypatch.setenv("SCHOOLGATE_MODE", "sometimes")
    with pytest.raises(SettingsInvalid):
        run("serve")
