"""Uploads and watched folders: kept safely, synced, moved away with a report; the same file twice changes nothing."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.settings import load_settings
from gateway.store.orgs import add_org
from gateway.store.rosters.runs import list_runs
from gateway.wiring import Gate, open_gate
from providers.contract import BadData, Misconfigured
from providers.kit.oneroster.district import District, write_district

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


@pytest.fixture
def gate(sqlite_url: str, tmp_path: Path) -> Iterator[Gate]:
    settings = load_settings({"SCHOOLGATE_DATABASE_URL": sqlite_url, "SCHOOLGATE_VAR": str(tmp_path / "var")})
    opened = open_gate(settings, now=Clock())
    yield opened
    opened.close()


def _add(gate: Gate, path: str) -> str:
    org = add_org(gate.store, name="N", type="district", parent=None, actor="test", at=NOW)
    return gate.integrations.add(
        "oneroster_csv", org_id=org.sourced_id, values={"path": path}, actor="t"
    ).integration_id


@pytest.fixture
def integration(gate: Gate) -> str:
    return _add(gate, "/nowhere/yet.zip")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    write_district(District(20), tmp_path / "sent.zip")
    return tmp_path / "sent.zip"


@pytest.fixture
def folder(gate: Gate, integration: str, tmp_path: Path) -> Path:
    (tmp_path / "drop").mkdir()
    gate.watched_folders.watch(integration, tmp_path / "drop", actor="t")
    return tmp_path / "drop"


def _path(gate: Gate, integration: str) -> Path:
    return Path(gate.integrations.find(integration).settings["path"])


def test_an_upload_is_kept_for_nobody_else_to_read_and_synced(gate: Gate, integration: str, package: Path) -> None:
    run = gate.packages.upload(integration, package, actor="t")
    kept = _path(gate, integration)
    assert (run.status, kept.read_bytes()) == ("applied", package.read_bytes())
    assert kept.is_relative_to(gate.settings.var)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_the_same_file_twice_changes_nothing(gate: Gate, integration: str, package: Path) -> None:  # E9
    gate.packages.upload(integration, package, actor="t")
    again = gate.packages.upload(integration, package, actor="t")
    assert (again.status, again.rows_written) == ("unchanged", 0)


def test_only_the_newest_uploads_are_kept(gate: Gate, integration: str, package: Path) -> None:
    for _ in range(5):
        gate.packages.upload(integration, package, actor="t")
    kept = sorted(_path(gate, integration).parent.iterdir())
    assert (len(kept), kept[-1]) == (3, _path(gate, integration))


def test_an_unusable_upload_changes_nothing(gate: Gate, integration: str, package: Path, tmp_path: Path) -> None:
    gate.packages.upload(integration, package, actor="t")
    before = _path(gate, integration)
    (tmp_path / "bad.zip").write_bytes(package.read_bytes()[:500])
    with pytest.raises(Misconfigured) as refused:
        gate.packages.upload(integration, tmp_path / "bad.zip", actor="t")
    assert refused.value.code == "upload.unusable"
    assert (_path(gate, integration), [*before.parent.iterdir()]) == (before, [before])


def test_a_package_refused_for_its_rows_changes_nothing(gate: Gate, package: Path, tmp_path: Path) -> None:
    org = add_org(gate.store, name="M", type="district", parent=None, actor="test", at=NOW)
    values = {"path": "/nowhere", "on_bad_rows": "refuse"}
    own = gate.integrations.add("oneroster_csv", org_id=org.sourced_id, values=values, actor="t").integration_id
    write_district(District(20), tmp_path / "rows")
    with (tmp_path / "rows" / "users.csv").open("a") as file:
        file.write("too,short\n")
    import shutil

    shutil.make_archive(str(tmp_path / "rows"), "zip", tmp_path / "rows")
    with pytest.raises(BadData):
        gate.packages.upload(own, tmp_path / "rows.zip", actor="t")
    assert _path(gate, own) == Path("/nowhere")


def test_a_preview_writes_nothing(gate: Gate, integration: str, package: Path) -> None:
    assert gate.packages.upload(integration, package, actor="t", preview=True).status == "preview"


def test_what_is_no_file_is_refused(gate: Gate, integration: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as refused:
        gate.packages.upload(integration, tmp_path / "nothing.zip", actor="t")
    assert refused.value.code == "upload.unreadable"


def test_a_room_that_reads_no_files_takes_none(gate: Gate, package: Path) -> None:
    org = add_org(gate.store, name="O", type="school", parent=None, actor="test", at=NOW)
    values = {
        "issuer": "https://lms.example", "client_id": "c", "auth_login_url": "https://lms.example/a",
        "key_set_url": "https://lms.example/k",
    }  # fmt: skip
    lms = gate.integrations.add("lti", org_id=org.sourced_id, values=values, actor="t").integration_id
    with pytest.raises(Misconfigured) as refused:
        gate.packages.upload(lms, package, actor="t")
    assert refused.value.code == "upload.not_offered"


def test_a_dropped_file_is_taken_once_it_has_stopped_growing(gate: Gate, folder: Path, package: Path) -> None:
    data = package.read_bytes()
    for part in (data[:100], data[:2000], data):
        (folder / "a.zip").write_bytes(part)
        assert gate.watched_folders.look() == 0
    assert (gate.watched_folders.look(), gate.watched_folders.look()) == (1, 0)
    assert not (folder / "a.zip").exists()


def test_a_taken_file_lies_in_done_with_a_report(gate: Gate, folder: Path, package: Path, integration: str) -> None:
    (folder / "a.zip").write_bytes(package.read_bytes())
    for _ in range(2):
        gate.watched_folders.look()
    moved, report = sorted((folder / "done").iterdir())
    document = json.loads(report.read_text())
    assert moved.name.endswith("-a.zip")
    assert (document["status"], document["held"]) == ("applied", False)
    (run,) = list_runs(gate.store, integration_id=integration, limit=5)
    assert run.actor == "watched folder"


def test_a_bad_file_lies_in_failed_with_the_reason(gate: Gate, folder: Path) -> None:
    (folder / "a.zip").write_bytes(b"no zip")
    for _ in range(2):
        gate.watched_folders.look()
    report = json.loads(next((folder / "failed").glob("*.json")).read_text())
    assert (report["code"], report["sentence"]) == ("upload.unusable", "The file is no zip.")


def test_files_still_being_sent_and_links_are_left_alone(gate: Gate, folder: Path, package: Path) -> None:
    (folder / ".a.zip").write_bytes(package.read_bytes())
    (folder / "notes.txt").write_text("hello")
    (folder / "link.zip").symlink_to(package)
    assert [gate.watched_folders.look() for _ in range(3)] == [0, 0, 0]


def test_a_paused_or_frozen_folder_is_not_taken_from(gate: Gate, folder: Path, package: Path, integration: str) -> None:
    (folder / "a.zip").write_bytes(package.read_bytes())
    gate.schedules.pause(integration, actor="t")
    assert [gate.watched_folders.look() for _ in range(3)] == [0, 0, 0]
    gate.schedules.resume(integration, actor="t")
    gate.schedules.freeze(integration, "2026-06-01..2026-08-01", allows="nothing", actor="t")
    assert [gate.watched_folders.look() for _ in range(3)] == [0, 0, 0]


def test_a_folder_that_vanished_harms_nobody(gate: Gate, folder: Path) -> None:
    import shutil

    shutil.rmtree(folder)
    assert gate.watched_folders.look() == 0


def test_a_folder_has_one_integration_and_must_exist(gate: Gate, folder: Path, tmp_path: Path) -> None:
    other = _add(gate, "/nowhere")
    for place in (folder, tmp_path / "nowhere"):
        with pytest.raises(Misconfigured) as refused:
            gate.watched_folders.watch(other, place, actor="t")
        assert refused.value.code == "watch.folder"


def test_watching_ends(gate: Gate, folder: Path, package: Path, integration: str) -> None:
    gate.watched_folders.watch(integration, None, actor="t")
    (folder / "a.zip").write_bytes(package.read_bytes())
    assert [gate.watched_folders.look() for _ in range(3)] == [0, 0, 0]
