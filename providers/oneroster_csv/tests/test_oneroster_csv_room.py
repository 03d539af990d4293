"""The room: settings become options, and what is wrong with the path is told in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from providers.contract import BadData, Batch, Context, Finished, Misconfigured, read_settings
from providers.kit.oneroster.district import District, write_district
from providers.oneroster_csv import PROVIDER, roster
from providers.oneroster_csv.settings import OneRosterCsvSettings


def _context(path: Path, **values: str) -> Context[Any]:
    """Return a context with nothing but settings: the room touches nothing else."""
    settings = read_settings(OneRosterCsvSettings, {"path": str(path), **values})
    nothing = cast(Any, None)
    return Context("integration-1", settings, nothing, nothing, nothing, nothing, nothing, nothing)


def _read(context: Context[Any]) -> tuple[int, Finished]:
    *batches, last = roster.read(context)
    assert isinstance(last, Finished)
    return sum(len(batch.records) for batch in batches if isinstance(batch, Batch)), last


@pytest.mark.parametrize("name", ["folder", "one.zip"])
@pytest.mark.parametrize("mode", ["strict", "liberal"])
def test_a_made_up_district_is_read_without_a_fault(tmp_path: Path, name: str, mode: str) -> None:
    written = write_district(District(300), tmp_path / name)
    count, last = _read(_context(tmp_path / name, mode=mode))
    assert count == sum(written.values())
    assert (last.faults, len(last.complete)) == ((), 7)


def test_check_opens_the_package(tmp_path: Path) -> None:
    write_district(District(50), tmp_path)
    assert [health.ok for health in roster.check(_context(tmp_path))] == [True] * 10


def test_check_names_what_is_missing(tmp_path: Path) -> None:
    write_district(District(50), tmp_path)
    (tmp_path / "classes.csv").unlink()
    advice = {health.check: health.advice for health in roster.check(_context(tmp_path)) if not health.ok}
    assert advice == {"all files": "A whole roster has classes.csv too."}


def test_what_the_manifest_calls_absent_is_not_missing(tmp_path: Path) -> None:
    write_district(District(50), tmp_path)
    (tmp_path / "classes.csv").unlink()
    manifest = (tmp_path / "manifest.csv").read_text()
    (tmp_path / "manifest.csv").write_text(manifest.replace("file.classes,bulk", "file.classes,absent"))
    assert all(health.ok for health in roster.check(_context(tmp_path)))


@pytest.mark.parametrize("mode", ["strict", "liberal"])
def test_check_names_a_column_that_nothing_can_do_without(tmp_path: Path, mode: str) -> None:
    write_district(District(50), tmp_path)
    (tmp_path / "enrollments.csv").write_text("sourcedId,role\ne1,student\n")
    (found,) = [health for health in roster.check(_context(tmp_path, mode=mode)) if not health.ok]
    assert found.check == "enrollments.csv"
    assert "(userSourcedId)" in found.advice


def test_check_says_that_the_path_is_wrong(tmp_path: Path) -> None:
    (health,) = roster.check(_context(tmp_path / "nothing"))
    assert not health.ok
    assert "setting path" in health.advice


def test_reading_nothing_is_misconfigured(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as refused:
        list(roster.read(_context(tmp_path / "nothing")))
    assert refused.value.code == "csv.path_missing"


def test_one_bad_row_refuses_the_whole_where_that_is_wanted(tmp_path: Path) -> None:
    write_district(District(50), tmp_path)
    with (tmp_path / "users.csv").open("a") as file:
        file.write("too,short\n")
    with pytest.raises(BadData) as refused:
        list(roster.read(_context(tmp_path, on_bad_rows="refuse")))
    assert refused.value.code == "csv.refused"
    assert _read(_context(tmp_path))[1].complete == frozenset(set(_read(_context(tmp_path))[1].complete) - {"users"})


def test_a_zip_larger_than_allowed_is_refused(tmp_path: Path) -> None:
    write_district(District(5_000), tmp_path / "one.zip")
    with pytest.raises(BadData) as refused:
        list(roster.read(_context(tmp_path / "one.zip", max_megabytes="1")))
    assert refused.value.code == "zip.size"


def test_path_becomes_absolute() -> None:
    assert Path(read_settings(OneRosterCsvSettings, {"path": "here"}).path).is_absolute()


def test_the_plate_offers_rosters_alone() -> None:
    assert PROVIDER.capabilities == ("roster",)
