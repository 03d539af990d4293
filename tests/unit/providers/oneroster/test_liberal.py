"""Liberal mode: what schools really send is taken with a warning; what can't be is skipped, counted and kept safe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from providers.contract import role_id
from tests.support.packages import ROSTER, Files, Told, good, replaced, spoiled, tell, write, zipped

U, E, M = "users.csv", "enrollments.csv", "manifest.csv"


def _tell(files: Files, folder: Path, **options: Any) -> Told:
    return tell(write(files, folder), "liberal", **options)


def test_a_good_package_has_no_warning(tmp_path: Path) -> None:
    told = _tell(good(), tmp_path)
    assert told.faults == []
    assert {kind: len(records) for kind, records in told.records.items()} == {
        "orgs": 2, "academicSessions": 2, "courses": 1, "classes": 1, "users": 2, "roles": 2, "enrollments": 1,
    }  # fmt: skip


def _reordered(files: Files) -> Files:
    lines = [line.split(",") for line in files[E].decode().splitlines()]
    return {**files, E: "".join(",".join(reversed(line)) + "\n" for line in lines).encode()}


def _without_column(files: Files, name: str, place: int) -> Files:
    lines = [line.split(",") for line in files[name].decode().splitlines()]
    return {**files, name: "".join(",".join(line[:place] + line[place + 1 :]) + "\n" for line in lines).encode()}


TAKEN: dict[str, tuple[Files, str | None]] = {
    "BOM": ({**good(), U: b"\xef\xbb\xbf" + good()[U]}, None),  # E6
    "UTF-16": ({**good(), U: good()[U].decode().encode("utf-16")}, "csv.utf16"),  # E6
    "UTF-16 LE without mark": ({**good(), U: good()[U].decode().encode("utf-16-le")}, "csv.utf16"),
    "UTF-16 BE without mark": ({**good(), U: good()[U].decode().encode("utf-16-be")}, "csv.utf16"),
    "Windows letters": ({**good(), U: good()[U].decode().encode("cp1252")}, "csv.cp1252"),  # E6
    "one row of Windows letters": ({**good(), U: good()[U].replace("ó".encode(), b"\xf3")}, "csv.cp1252"),
    "old Mac line ends": ({**good(), E: good()[E].replace(b"\n", b"\r")}, "csv.bare_cr"),
    "columns in another order": (_reordered(good()), "csv.header_order"),
    "no status column": (_without_column(good(), E, 1), "csv.column_missing"),
    "headers in capitals": (replaced(good(), U, "givenName", "GIVENNAME"), "csv.header_case"),
    "a column of one's own": (replaced(good(), U, "pronouns", "pets"), "csv.column_unknown"),
    "capital booleans": (spoiled(good(), U, "enabledUser", "TRUE"), "csv.boolean_form"),
    "status in a bulk file": (spoiled(good(), U, "status", "active"), "csv.bulk_status"),
    "date as dateLastModified": (spoiled(good(), U, "dateLastModified", "2026-09-01"), "csv.date_time"),
    "date with a time": (spoiled(good(), E, "beginDate", "2026-08-01T00:00:00Z"), "csv.date_form"),
    "no date at all": (spoiled(good(), E, "beginDate", "soon"), "csv.date"),
    "capital word": (spoiled(good(), E, "role", "Teacher"), "csv.word_case"),
    "1.1 word in 1.2": (spoiled(good(), "roles.csv", "role", "administrator"), "csv.word_other"),
    "aide in a class": (spoiled(good(), E, "role", "aide"), "csv.word_other"),
    "own class type": (spoiled(good(), "classes.csv", "classType", "block"), "csv.word_other"),
    "user ids without braces": (spoiled(good(), U, "userIds", "SIS:1"), "csv.user_ids"),
    "empty list item": (spoiled(good(), U, "grades", "09,,10"), "csv.list"),
    "blank user name": (spoiled(good(), U, "username", ""), "csv.required"),
    "id with a pipe": (spoiled(good(), U, "sourcedId", "u|1"), "csv.guid"),
    "subjects without codes": (spoiled(good(), "courses.csv", "subjectCodes", "02,03"), "csv.subject_codes"),
    "line break in a cell": (replaced(good(), U, ",Bób,", ',"B\nb",'), "csv.line_break"),
    "blank line": ({**good(), U: good()[U] + b"\n\n"}, "csv.blank_line"),
    "trailing commas": ({**good(), U: good()[U].rstrip() + b",,\n"}, "csv.row_long"),
    "no manifest": ({n: d for n, d in good().items() if n != M}, "csv.manifest_missing"),
    "footnote mark": (replaced(good(), M, "file.roles,", "file.roles*,"), "csv.manifest_property_starred"),
    "manifest in capitals": (replaced(good(), M, "propertyName", "PropertyName"), "csv.manifest_header"),
    "manifest saved by Excel": (replaced(good(), M, "version,1.0", "version,1"), "csv.manifest_version"),
    "version 1.2.1": (replaced(good(), M, "oneroster.version,1.2", "oneroster.version,1.2.1"), "csv.oneroster_version"),
    "readme beside": ({**good(), "readme.txt": b"hello"}, "csv.name_unknown"),
    "file name in capitals": ({**{n: d for n, d in good().items() if n != U}, "Users.csv": good()[U]}, "csv.name_case"),
}  # fmt: skip


@pytest.mark.parametrize("case", TAKEN)
def test_what_can_be_understood_is_taken_with_a_warning(tmp_path: Path, case: str) -> None:
    files, code = TAKEN[case]
    told = _tell(files, tmp_path)
    codes = told.codes | {fault.code for fault in (told.finished.faults if told.finished else ())}
    assert code in codes if code else codes == set()
    assert (told.lost, told.refused) == (set(), None)
    assert len(told.records["users"]) == 2
    assert told.finished is not None
    assert told.finished.complete == frozenset(ROSTER)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252", "utf-8-sig"])
def test_letters_are_the_same_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    told = _tell({**good(), U: good()[U].decode().encode(encoding)}, tmp_path)
    assert [(user.given_name, user.family_name) for user in told.records["users"]] == [("Ada", 'L"ace'), ("Bób", "Å")]


SKIPPED: dict[str, tuple[Files, str]] = {
    "NUL": (replaced(good(), U, ",Ada,", ",A\0da,"), "csv.nul"),  # E6
    "5 MB cell": (replaced(good(), U, ",Ada,", f",{'A' * 5_000_000},"), "csv.line_too_long"),  # E6
    "5 MB cell in quotes": (replaced(good(), U, ",Ada,", f',"{"A" * 5_000_000}",'), "csv.line_too_long"),
    "a million columns": (replaced(good(), U, ",Ada,", "," * 1_000_000), "csv.line_too_long"),  # E6
    "100,000 columns": (replaced(good(), U, ",Ada,", ",A" + "," * 100_000), "csv.row_long"),
    "short": (replaced(good(), U, ",ada,", ","), "csv.row_short"),
    "unclosed quote": (replaced(good(), U, ",Ada,", ',"Ada,'), "csv.quote_unclosed"),
    "text behind a quote": (replaced(good(), U, ",Ada,", ',"Ada"x,'), "csv.quote_misplaced"),
    "no letters of any encoding": ({**good(), U: good()[U].replace(b",Ada,", b",A\x81\xff,")}, "csv.utf8"),
}


@pytest.mark.parametrize("case", SKIPPED)
def test_a_row_that_can_not_be_read_costs_that_row_alone(tmp_path: Path, case: str) -> None:
    files, code = SKIPPED[case]
    told = _tell(files, tmp_path)
    assert told.lost == {code}
    assert [(fault.file, fault.row) for fault in told.faults if fault.is_skipped] == [(U, 2)]
    assert told.ids("users") == ["u2"]


@pytest.mark.parametrize("case", SKIPPED)
def test_nobody_is_called_gone_when_it_is_unknown_whose_row_was_lost(tmp_path: Path, case: str) -> None:
    told = _tell(SKIPPED[case][0], tmp_path)
    assert told.finished is not None
    assert told.finished.complete == set(ROSTER) - {"users"}


def test_whoever_has_a_bad_row_is_named_and_stays(tmp_path: Path) -> None:
    told = _tell(spoiled(good(), E, "role", "guest"), tmp_path)
    assert (told.ids("enrollments"), told.unread, told.lost) == ([], ["e1"], {"csv.word"})
    assert told.finished is not None
    assert "enrollments" in told.finished.complete


@pytest.mark.parametrize("source_id", ["", " u1", "u1 ", "u\t1", "x" * 256])
def test_a_row_without_a_usable_id_is_lost(tmp_path: Path, source_id: str) -> None:
    told = _tell(spoiled(good(), U, "sourcedId", source_id), tmp_path)
    assert told.ids("users") == ["u2"]
    assert told.finished is not None
    assert "users" not in told.finished.complete


@pytest.mark.parametrize("name", ["users", "roles", "enrollments"])
def test_an_empty_file_proves_nothing(tmp_path: Path, name: str) -> None:
    files = good()
    files[f"{name}.csv"] = files[f"{name}.csv"].splitlines()[0] + b"\n"
    told = _tell(files, tmp_path)
    assert "csv.no_rows" in told.codes
    assert told.finished is not None
    assert told.finished.complete == set(ROSTER) - {name}


def test_a_file_that_was_cut_off_proves_nothing(tmp_path: Path) -> None:
    told = _tell({**good(), U: good()[U][:-12]}, tmp_path)
    assert {"csv.cut_short", "csv.row_short"} <= told.codes
    assert told.finished is not None
    assert "users" not in told.finished.complete


def test_a_last_row_without_line_end_is_a_row(tmp_path: Path) -> None:
    told = _tell({**good(), U: good()[U].rstrip(b"\n")}, tmp_path)
    assert (told.faults, len(told.records["users"])) == ([], 2)


@pytest.mark.parametrize("files", [replaced(good(), U, "sourcedId,", "id,"), {**good(), U: b""}], ids=["id", "empty"])
def test_a_file_that_can_not_be_read_refuses_the_whole(tmp_path: Path, files: Files) -> None:
    told = _tell(files, tmp_path)
    assert (told.finished, told.refused) == (None, "csv.refused")
    assert told.lost <= {"csv.column_vital", "csv.header_missing"}


def test_a_missing_file_says_nothing_of_its_kind(tmp_path: Path) -> None:
    told = _tell({name: data for name, data in good().items() if name != U}, tmp_path)
    assert told.finished is not None
    assert told.finished.complete == set(ROSTER) - {"users"}


def test_a_file_that_the_manifest_calls_absent_is_left_alone(tmp_path: Path) -> None:
    told = _tell(replaced(good(), M, "file.users,bulk", "file.users,absent"), tmp_path)
    assert told.ids("users") == []
    assert told.finished is not None
    assert [fault.code for fault in told.finished.faults] == ["csv.file_undeclared"]


def test_without_a_manifest_a_switch_says_what_the_files_are(tmp_path: Path) -> None:
    files = {name: data for name, data in good().items() if name != M}
    told = _tell(files, tmp_path, without_manifest="delta")
    assert told.finished is not None
    assert (told.finished.mode, told.finished.complete) == ("delta", frozenset())


def test_one_bad_row_can_refuse_the_whole(tmp_path: Path) -> None:
    told = _tell(replaced(good(), U, ",ada,", ","), tmp_path, on_bad_rows="refuse")
    assert (told.finished, told.refused, told.lost) == (None, "csv.refused", {"csv.row_short"})


def test_warnings_alone_refuse_nothing(tmp_path: Path) -> None:
    assert _tell(spoiled(good(), U, "enabledUser", "TRUE"), tmp_path, on_bad_rows="refuse").refused is None


@pytest.mark.parametrize(
    ("status", "read"), [("inactive", "tobedeleted"), ("ToBeDeleted", "tobedeleted"), ("x", "active")]
)
def test_status_of_1_0_is_understood(tmp_path: Path, status: str, read: str) -> None:  # F7
    told = _tell(spoiled(good(), U, "status", status), tmp_path)
    assert told.records["users"][0].status == read
    assert told.lost == set()


def test_users_of_1_1_bring_their_roles(tmp_path: Path) -> None:
    told = _tell(good("1.1"), tmp_path)
    assert [(role.source_id, role.role, role.role_type) for role in told.records["roles"]] == [
        (role_id("u1", "s1", "siteAdministrator"), "siteAdministrator", "primary"),
        (role_id("u1", "d1", "districtAdministrator"), "districtAdministrator", "secondary"),
        (role_id("u2", "s1", "student"), "student", "primary"),
    ]
    assert told.finished is not None
    assert "roles" in told.finished.complete


def test_users_of_1_1_are_known_by_their_columns(tmp_path: Path) -> None:
    files = {name: data for name, data in good("1.1").items() if name != M}
    assert len(_tell(files, tmp_path).records["roles"]) == 3


def test_roles_are_not_gone_with_a_1_1_user_whose_row_is_bad(tmp_path: Path) -> None:
    files = spoiled(good("1.1"), U, "sourcedId", "u1")
    files = replaced(files, U, ",ada,", ",a\0da,")
    told = _tell(files, tmp_path)
    assert told.finished is not None
    assert not {"users", "roles"} & told.finished.complete


def test_frequent_warnings_are_told_twenty_times_and_then_counted(tmp_path: Path) -> None:
    files = good()
    line = files[E].splitlines()[1].decode()
    files[E] += "".join(line.replace("e1,", f"e{n},active") + "\n" for n in range(2, 102)).encode()
    told = _tell(files, tmp_path)
    found = [fault for fault in told.faults if fault.code == "csv.bulk_status"]
    assert len(found) == 21
    assert found[-1].message.startswith("80 more rows")
    assert len(told.records["enrollments"]) == 101


def test_a_zipped_folder_is_taken(tmp_path: Path) -> None:
    told = tell(zipped({f"export/{name}": data for name, data in good().items()}, tmp_path / "p.zip"), "liberal")
    assert told.finished is not None
    assert [fault.code for fault in told.finished.faults] == ["csv.in_folder"]
    assert len(told.records["users"]) == 2


def test_a_zipped_folder_is_a_fault_by_the_book(tmp_path: Path) -> None:
    told = tell(zipped({f"export/{name}": data for name, data in good().items()}, tmp_path / "p.zip"))
    assert (told.lost, told.refused) == ({"csv.in_folder"}, "csv.refused")


def test_what_a_mac_puts_into_a_zip_is_not_mentioned(tmp_path: Path) -> None:
    litter = {"__MACOSX/._users.csv": b"x", ".DS_Store": b"x"}
    assert tell(zipped({**good(), **litter}, tmp_path / "p.zip"), "liberal").faults == []


def test_changes_in_1_1_tell_roles_with_their_users_and_spare_what_they_cannot_know(tmp_path: Path) -> None:
    files = spoiled(good("1.1", names=("users",), deltas=("users",)), U, "role", "administrator")
    told = _tell(files, tmp_path, without_manifest="delta")
    assert told.finished is not None
    assert (told.finished.mode, told.finished.roles_with_users) == ("delta", True)
    asked = [each for each in told.records["roles"] if each.user_id == "u1"]
    assert {each.role for each in asked} == {"siteAdministrator"}  # of orgs that this package does not tell
    assert told.unread == [role_id("u1", each.org_id, "districtAdministrator") for each in asked]
