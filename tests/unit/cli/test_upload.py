"""`schoolgate integrations upload` and `watch`, as an operator types them; progress on a terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.sync_progress import progress
from providers.contract import Misconfigured
from providers.kit.oneroster.district import District, write_district

Call = Callable[..., Any]


@pytest.fixture
def integration(read: Call, org: str) -> str:
    return str(read("integrations", "add", "oneroster_csv", "--org", org, "--set", "path=/srv/none")["id"])


@pytest.fixture
def package(tmp_path: Path) -> str:
    write_district(District(20), tmp_path / "sent.zip")
    return str(tmp_path / "sent.zip")


def test_upload_says_what_came_of_it(read: Call, run: Call, integration: str, package: str) -> None:
    document = read("integrations", "upload", integration, package)
    assert (document["status"], document["types"]["classes"]["added"]) == ("applied", 20)
    assert "unchanged. 0 rows written" in run("integrations", "upload", integration, package)


def test_a_removal_too_large_waits_for_a_person(read: Call, integration: str, package: str, tmp_path: Path) -> None:
    write_district(District(200), tmp_path / "first.zip")
    read("integrations", "upload", integration, str(tmp_path / "first.zip"))
    assert read("integrations", "upload", integration, package, code=3)["held"]


def test_watch_and_no_longer(read: Call, run: Call, integration: str, tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    document = read("integrations", "watch", integration, str(tmp_path / "drop"))
    assert document["watched_folder"] == str(tmp_path / "drop")
    assert read("integrations", "watch", integration, "--off")["watched_folder"] is None
    with pytest.raises(Misconfigured):
        run("integrations", "watch", integration)


def test_progress_is_silent_unless_somebody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(False, 10) as on_progress:
        on_progress({"users": 5})
    assert capsys.readouterr() == ("", "")


def test_progress_tells_rows_and_what_is_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    with progress(False, 2_000) as on_progress:
        on_progress({"users": 1_000})
        on_progress({"users": 2_000})
    assert "2,000 rows" in capsys.readouterr().err
