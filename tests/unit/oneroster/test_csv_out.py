"""Whole districts as OneRoster CSV: what goes out comes in again by our own reader, in bulk and as a delta (E8)."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Literal

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from gateway.cli.export import export
from gateway.services.oneroster.csv_out import CsvOut
from gateway.store.tables import users
from providers.contract import Misconfigured
from tests.support.oidc_world import an_application
from tests.support.packages import tell
from tests.support.providing import GATE, Providing, said
from tests.support.rosters import with_changed

_PATH = f"{GATE}/ims/oneroster/csv/v1p2/oneroster.zip"


def _rows(data: bytes, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return list(csv.DictReader(io.StringIO(package.read(f"{name}.csv").decode(), newline="")))


def _told(data: bytes, mode: Literal["strict", "liberal"] = "liberal") -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "oneroster.zip")
        path.write_bytes(data)
        return tell(path, mode)


def test_a_district_that_went_out_comes_in_again(world: Providing) -> None:
    answer = world.get(_PATH)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    told = _told(answer.data, "liberal")
    assert (told.refused, told.faults) == (None, [])
    for kind in ("orgs", "users", "classes", "enrollments"):
        ids = {each.source_id for each in told.records[kind]}
        shown = {each["sourcedId"]: each for each in world.items(f"/{kind}", filter="status='active'")}
        assert ids <= {*shown}
    odd = next(each for each in told.records["users"] if each.source_id == world.id_of("odd"))
    assert (odd.given_name, odd.grades) == ("Zoë", ("09",))
    kid = next(each for each in told.records["users"] if each.source_id == world.id_of("kid"))
    assert (kid.agent_ids, kid.user_ids, kid.enabled_user) == ((world.id_of("mum"),), (("state", "77"),), False)


def test_bulk_says_no_status_and_leaves_out_who_left(world: Providing) -> None:
    people = _rows(world.get(_PATH).data, "users")
    assert {(each["status"], each["dateLastModified"]) for each in people} == {("", "")}
    assert "Lea" not in {each["givenName"] for each in people}


def test_a_delta_has_what_changed_with_who_left(world: Providing) -> None:
    leaver = next(each for each in world.items("/users") if each["givenName"] == "Lea")
    before = sorted(each["dateLastModified"] for each in world.items("/users"))[0]
    people = _rows(world.get(_PATH, since=before).data, "users")
    (found,) = [each for each in people if each["sourcedId"] == leaver["sourcedId"]]
    assert (found["status"], len(found["dateLastModified"])) == ("tobedeleted", 24)
    later = world.get(_PATH, since="2099-01-01T00:00:00Z").data
    with zipfile.ZipFile(io.BytesIO(later)) as package:
        assert package.namelist() == ["manifest.csv"]
    assert said(world.get(_PATH, since="yesterday")) == (400, "invaliddata")


def test_only_what_was_granted_goes_out(world: Providing) -> None:  # J1, H3
    tenant = world.south.org.tenant_id
    token = world.application(f"csv-{world.gate.store.dialect}", all_tenants=False, tenants=frozenset({tenant}))
    assert {each["sourcedId"] for each in _rows(world.get(_PATH, token).data, "users")} == {*world.ids("/users", token)}
    core = world.token("https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly")
    assert said(world.get(_PATH, core)) == (403, "forbidden")


texts = st.text(st.characters(exclude_characters="\0\r\n", codec="utf-8"), min_size=1, max_size=12).filter(str.strip)


@settings(max_examples=8, deadline=None)
@given(names=st.lists(st.tuples(texts, texts), min_size=2, max_size=2))
def test_any_names_come_back(sqlite_world: Providing, names: list[tuple[str, str]]) -> None:
    world = sqlite_world
    with world.gate.store.statements() as connection:
        for id, (given_name, family_name) in zip(("odd", "mum"), names, strict=True):
            mine = update(users).where(users.c.sourced_id == world.id_of(id))
            connection.execute(mine.values(given_name=given_name, family_name=family_name))
    told = _told(world.get(_PATH).data, "liberal")
    found = {each.source_id: (each.given_name, each.family_name) for each in told.records["users"]}
    assert [found[world.id_of(id)] for id in ("odd", "mum")] == names


def test_for_spreadsheets_no_cell_is_calculated(world: Providing, tmp_path: Path) -> None:  # E8
    roster = with_changed(world.north.room.roster, "users", "mum", given_name="=1+1", phone="+1 555")
    assert world.north.sync(roster).status == "applied"
    found = {}
    for marked in (False, True):
        path = tmp_path / f"{marked}.zip"
        CsvOut(world.gate.roster_reading).write(an_application(), path, for_spreadsheets=marked)
        rows = {each["sourcedId"]: each for each in _rows(path.read_bytes(), "users")}
        found[marked] = rows[world.id_of("mum")]
    assert (found[False]["givenName"], found[False]["phone"]) == ("=1+1", "+1 555")
    assert (found[True]["givenName"], found[True]["phone"]) == ("'=1+1", "'+1 555")


def test_the_command_writes_a_district(world: Providing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLGATE_DATABASE_URL", world.gate.settings.database_url)
    monkeypatch.setenv("SCHOOLGATE_VAR", str(tmp_path))
    out = ["oneroster-csv", "--out", str(tmp_path / "out.zip"), "--json"]
    active = world.ids("/users", world.token(), filter="status='active'")
    for more, count in (([], len(active)), (["--org", "nobody"], 0)):
        told = json.loads(CliRunner().invoke(export, [*out, *more], catch_exceptions=False).output)
        assert told["rows"].get("users", 0) == count
    assert json.loads(CliRunner().invoke(export, [*out, "--app", "app"], catch_exceptions=False).output)["rows"]
    assert CliRunner().invoke(export, [*out, "--app", "app", "--org", "x"]).exit_code == 2
    with pytest.raises(Misconfigured, match=r"application\.unknown"):
        CliRunner().invoke(export, [*out, "--app", "nobody"], catch_exceptions=False)
