"""`schoolgate demo-data`: writes a district and says what is in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli.demo_data import demo_data


def test_it_says_what_it_wrote(tmp_path: Path) -> None:
    done = CliRunner().invoke(demo_data, ["--students", "20", "--out", str(tmp_path), "--json"])
    document = json.loads(done.output)
    assert document["rows"]["users"] >= 22
    assert (tmp_path / "users.csv").is_file()


def test_zip_is_one_file(tmp_path: Path) -> None:
    done = CliRunner().invoke(demo_data, ["--students", "20", "--out", str(tmp_path), "--zip"])
    assert "oneroster.zip" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["oneroster.zip"]


@pytest.mark.parametrize("change", ["5%", "0.05"])
def test_next_day_differs(tmp_path: Path, change: str) -> None:
    CliRunner().invoke(demo_data, ["--students", "200", "--out", str(tmp_path / "a")])
    CliRunner().invoke(demo_data, ["--students", "200", "--out", str(tmp_path / "b"), "--day", "2", "--change", change])
    assert (tmp_path / "a" / "users.csv").read_bytes() != (tmp_path / "b" / "users.csv").read_bytes()


@pytest.mark.parametrize("change", ["110%", "much", "-1%"])
def test_no_share_is_refused(tmp_path: Path, change: str) -> None:
    done = CliRunner().invoke(demo_data, ["--students", "20", "--out", str(tmp_path), "--change", change])
    assert done.exit_code == 2
    assert "is no share" in done.output
