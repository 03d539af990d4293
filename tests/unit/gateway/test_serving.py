"""What a worker loads."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import serving
from gateway.wiring import Gate
from tests.support.launching import GATE, SECRET_KEY


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, sqlite_url: str, tmp_path: Path) -> Iterator[list[Gate]]:
    """The gates whose clock was started; what the worker changes in its process is put back."""
    started: list[Gate] = []
    for name, value in {"DATABASE_URL": sqlite_url, "VAR": str(tmp_path), "SECRET_KEY": SECRET_KEY}.items():
        monkeypatch.setenv(f"SCHOOLGATE_{name}", value)
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    monkeypatch.setattr(serving, "set_up_logs", lambda *, as_json: None)
    monkeypatch.setattr(serving, "start_housekeeper", started.append)
    before = gc.get_threshold()
    yield started
    gc.set_threshold(*before)
    gc.unfreeze()
    for gate in started:
        gate.close()


def test_a_worker_is_ready_with_keys_and_its_clock(opened: list[Gate]) -> None:
    browser = serving.application().test_client()
    assert len(opened) == 1
    assert browser.get("/readyz", base_url=GATE).status_code == 200
    assert len(browser.get("/.well-known/jwks.json", base_url=GATE).get_json()["keys"]) == 4
