"""Made-up districts: the same for the same seed, awkward but legal, and a next day with the chosen change."""

from __future__ import annotations

import csv
import hashlib
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from providers.kit.oneroster.district import District, write_district

Rows = dict[str, list[dict[str, str]]]


def _read(district: District, folder: Path) -> Rows:
    write_district(district, folder)
    return {
        path.stem: list(csv.DictReader(path.read_text("utf-8").splitlines(), strict=True)) for path in folder.iterdir()
    }


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    return _read(District(3000), tmp_path_factory.mktemp("district"))


@pytest.fixture(scope="module")
def next_day(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    return _read(District(3000, day=2, change=0.05), tmp_path_factory.mktemp("next-day"))


def _digest(folder: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir()))).hexdigest()


def test_size_is_as_asked(rows: Rows) -> None:
    students = [each for each in rows["roles"] if each["role"] == "student"]
    teachers = [each for each in rows["users"] if each["sourcedId"].startswith("TCH_")]
    assert len({each["userSourcedId"] for each in students}) == 3000
    assert (len(teachers), len(rows["classes"])) == (150, 300)
    assert 4.9 < len(rows["enrollments"]) / 3000 < 5.1


def test_the_same_seed_makes_the_same_files(tmp_path: Path) -> None:
    write_district(District(300, seed=7), tmp_path / "a")
    write_district(District(300, seed=7), tmp_path / "b")
    assert _digest(tmp_path / "a") == _digest(tmp_path / "b")


def test_the_same_seed_makes_the_same_zip(tmp_path: Path) -> None:
    write_district(District(300), tmp_path / "a.zip")
    write_district(District(300), tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_another_seed_makes_another_district(tmp_path: Path) -> None:
    write_district(District(300, seed=1), tmp_path / "a")
    write_district(District(300, seed=2), tmp_path / "b")
    assert _digest(tmp_path / "a") != _digest(tmp_path / "b")


def test_zip_and_folder_hold_the_same(tmp_path: Path) -> None:
    write_district(District(50), tmp_path / "folder")
    write_district(District(50), tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as package:
        held = {name: package.read(name) for name in package.namelist()}
    assert held == {path.name: path.read_bytes() for path in (tmp_path / "folder").iterdir()}


@pytest.mark.parametrize("file", ["orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments"])
def test_ids_come_once(rows: Rows, next_day: Rows, file: str) -> None:
    for found in (rows, next_day):
        ids = [each["sourcedId"] for each in found[file]]
        assert len(ids) == len(set(ids))


def test_nobody_is_twice_in_a_class_with_one_role(rows: Rows, next_day: Rows) -> None:
    for found in (rows, next_day):
        keys = Counter((each["userSourcedId"], each["classSourcedId"], each["role"]) for each in found["enrollments"])
        assert max(keys.values()) == 1


def test_awkward_people_are_there(rows: Rows) -> None:
    users, roles = rows["users"], Counter(each["userSourcedId"] for each in rows["roles"])
    emails = Counter(each["email"] for each in users if each["email"])
    assert any(not each["email"] for each in users)
    assert any(count > 1 for count in emails.values())
    assert any(not each["givenName"].isascii() for each in users)
    assert any(each["agentSourcedIds"] for each in users)
    assert any("," in each["familyName"] for each in users)
    assert any("|" in each["identifier"] for each in users)
    assert any(roles[each["sourcedId"]] > 1 for each in users if each["sourcedId"].startswith(("stu/", "STU/")))


def test_awkward_classes_are_there(rows: Rows) -> None:
    teachers = Counter(each["classSourcedId"] for each in rows["enrollments"] if each["role"] == "teacher")
    assert any(count == 2 for count in teachers.values())
    assert {each["classType"] for each in rows["classes"]} == {"homeroom", "scheduled"}
    assert any("," in each["termSourcedIds"] for each in rows["classes"])
    assert any(each["endDate"] for each in rows["enrollments"])


@pytest.mark.parametrize("file", ["users", "enrollments"])
def test_next_day_changes_the_chosen_share(rows: Rows, next_day: Rows, file: str) -> None:
    before = {each["sourcedId"]: each for each in rows[file]}
    after = {each["sourcedId"]: each for each in next_day[file]}
    gone, added = before.keys() - after.keys(), after.keys() - before.keys()
    changed = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    assert gone
    assert added
    assert changed
    assert 0.03 < len(gone | added | changed) / len(before) < 0.08


def test_who_left_comes_back_the_day_after(rows: Rows, next_day: Rows, tmp_path: Path) -> None:
    third = _read(District(3000, day=3, change=0.05), tmp_path)
    left = {each["sourcedId"] for each in rows["users"]} - {each["sourcedId"] for each in next_day["users"]}
    back = {each["sourcedId"] for each in third["users"]} & left
    assert len(back) > 0.8 * len(left)


def test_no_change_is_no_change(tmp_path: Path) -> None:
    write_district(District(300, day=1), tmp_path / "a")
    write_district(District(300, day=2, change=0), tmp_path / "b")
    assert _digest(tmp_path / "a") == _digest(tmp_path / "b")


@pytest.mark.parametrize("wrong", [{"students": 0}, {"students": 1, "day": 0}, {"students": 1, "change": 1.5}])
def test_impossible_districts_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="a district has"):
        District(**wrong)


def test_the_smallest_district_has_everything(tmp_path: Path) -> None:
    found = _read(District(1), tmp_path)
    assert len(found["enrollments"]) > 0
    assert len(found["orgs"]) == 4
