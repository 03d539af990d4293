"""`schoolgate check-roster`, as an operator types it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from gateway.cli.check_roster import check_roster
from tests.support.packages import good, spoiled, write, zipped


def test_a_good_package_is_good(tmp_path: Path) -> None:
    done = CliRunner().invoke(check_roster, [str(zipped(good(), tmp_path / "p.zip"))])
    assert done.exit_code == 0
    assert "p.zip: good. Read: 2 orgs" in done.output


def test_every_fault_is_told_with_its_place(tmp_path: Path) -> None:
    path = write(spoiled(good(), "users.csv", "enabledUser", "TRUE"), tmp_path / "p")
    done = CliRunner().invoke(check_roster, [str(path)])
    assert done.exit_code == 1
    assert "lost  users.csv:2:enabledUser: The value must be true or false. (csv.boolean)" in done.output
    liberal = CliRunner().invoke(check_roster, [str(path), "--mode", "liberal"])
    assert (liberal.exit_code, "warning  users.csv:2:enabledUser" in liberal.output) == (0, True)


def test_the_log_names_each_package(tmp_path: Path) -> None:
    good_one, none = zipped(good(), tmp_path / "a.zip"), tmp_path / "b.zip"
    none.write_bytes(b"no zip")
    done = CliRunner().invoke(check_roster, [str(good_one), str(none), "--json"])
    first, second = json.loads(done.output)["packages"]
    assert (first["package"], first["ok"], first["records"]["users"]) == ("a.zip", True, 2)
    assert (second["ok"], second["refused"], second["sentence"]) == (False, "zip.none", "The file is no zip.")
    assert done.exit_code == 1
