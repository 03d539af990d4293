"""An open gate: when it is ready, and what it asks for at the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.ground import USER_AGENT, utc_now
from gateway.settings import load_settings
from gateway.wiring import open_gate
from keys.secret import SecretUnusable


def _environment(database_url: str, folder: Path) -> dict[str, str]:
    return {"SCHOOLGATE_DATABASE_URL": database_url, "SCHOOLGATE_VAR": str(folder)}


def test_a_developers_gate_makes_its_own_secret_once(sqlite_url: str, tmp_path: Path) -> None:
    settings = load_settings(_environment(sqlite_url, tmp_path / "var"))
    sealed = []
    for _ in range(2):
        gate = open_gate(settings)
        sealed.append(gate.sealer.seal(b"text", purpose="test", bound_to=b""))
        assert gate.sealer.open(sealed[0], purpose="test", bound_to=b"") == b"text"
        assert gate.is_ready()
        gate.close()


def test_a_gate_without_database_is_not_ready(tmp_path: Path) -> None:
    gate = open_gate(load_settings(_environment("postgresql://nobody@127.0.0.1:1/none", tmp_path)))
    assert not gate.is_ready()
    gate.close()


def test_a_secret_that_protects_nothing_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    environment = {**_environment(sqlite_url, tmp_path), "SCHOOLGATE_SECRET_KEY": "short"}
    with pytest.raises(SecretUnusable):
        open_gate(load_settings(environment))


def test_the_gate_says_who_it_is_and_knows_utc() -> None:
    assert USER_AGENT.startswith("Schoolgate/")
    assert utc_now().tzname() == "UTC"
