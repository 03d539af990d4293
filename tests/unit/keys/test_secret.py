"""The sealing secret: given, kept, or made once however many processes start."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from keys.secret import SecretMissing, SecretUnusable, find_secrets

A, B = "a" * 32, "b" * 40


def find(path: Path) -> tuple[bytes, ...]:
    return find_secrets(None, path, production=False)


def test_a_given_secret_is_used(tmp_path: Path) -> None:
    assert find_secrets(A, tmp_path / "secret", production=True) == (A.encode(),)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", [f"{A},{B}", f"{A} {B}", f"{A}\n{B}\n", f" {A}, {B}"])
def test_several_given_secrets_keep_their_order(tmp_path: Path, text: str) -> None:
    assert find_secrets(text, tmp_path / "secret", production=True) == (A.encode(), B.encode())


@pytest.mark.parametrize("text", ["short", f"{A},short", ","])
def test_a_short_secret_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SecretUnusable, match="32"):
        find_secrets(text, tmp_path / "secret", production=False)


@pytest.mark.parametrize("unset", [None, "", "  \n"])
def test_production_refuses_when_unset(tmp_path: Path, unset: str | None) -> None:
    (tmp_path / "secret").write_text(A)
    with pytest.raises(SecretMissing):
        find_secrets(unset, tmp_path / "secret", production=True)


def test_the_first_start_makes_a_secret_only_we_can_read(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret"
    (secret,) = find(path)
    assert len(secret) >= 43
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret"]


def test_the_next_start_finds_the_same_secret(tmp_path: Path) -> None:
    assert find(tmp_path / "secret") == find(tmp_path / "secret")


def test_an_empty_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "secret").touch()
    with pytest.raises(SecretUnusable):
        find(tmp_path / "secret")


def test_many_threads_at_once_find_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(find, [tmp_path / "secret"] * 64))
    assert len(found) == 1


def test_processes_at_once_find_one_secret(tmp_path: Path) -> None:
    with get_context("spawn").Pool(3) as pool:
        found = set(pool.map(find, [tmp_path / "secret"] * 3, chunksize=1))
    assert len(found) == 1


def test_a_start_that_loses_the_race_takes_the_winners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret"
    path.write_text(A)
    monkeypatch.setattr(Path, "exists", lambda self: False)
    assert find(path) == (A.encode(),)
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret"]
