"""Strict mode: a good package has no fault, and one wrong thing gives the one code that stands for it (facts 6.3)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.kit.oneroster.csv import ids as ids_module
from providers.kit.oneroster.csv.columns import Version, files_of
from tests.support.packages import MOMENT, ROSTER, Files, good, replaced, spoiled, tell, write, zipped

U, M = "users.csv", "manifest.csv"


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("names", [None, ROSTER], ids=["all files", "the roster"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_good_package_has_no_fault(tmp_path: Path, version: Version, names: tuple[str, ...] | None, end: str) -> None:
    files = good(version, names=names, end=end)
    if names:  # the profile that a role names is in a file that this package doesn't have
        files = {name: data.replace(b"s1,p1", b"s1,") for name, data in files.items()}
    told = tell(write(files, tmp_path))
    assert (told.faults, told.refused) == ([], None)
    assert told.finished is not None
    assert len(told.finished.complete) == 7


@pytest.mark.parametrize("deltas", [tuple(files_of("1.2")), ("users", "roles")], ids=["delta", "mixed"])
def test_a_good_delta_package_has_no_fault(tmp_path: Path, deltas: tuple[str, ...]) -> None:
    told = tell(zipped(good(deltas=deltas), tmp_path / "p.zip"))
    assert (told.faults, told.refused) == ([], None)
    assert told.finished is not None
    assert told.finished.mode == ("full" if len(deltas) == 2 else "delta")
    assert told.finished.complete == set(ROSTER) - set(deltas)


def test_a_delta_says_what_may_be_deleted(tmp_path: Path) -> None:
    files = spoiled(good(deltas=("users",)), U, "status", "tobedeleted")
    told = tell(write(files, tmp_path))
    assert [user.status for user in told.records["users"]] == ["tobedeleted", "active"]


def test_columns_of_ones_own_may_stand_behind_all_others(tmp_path: Path) -> None:
    files = good()
    files["orgs.csv"] = b"".join(
        line + (b",metadata.size\n" if number == 0 else b",12\n")
        for number, line in enumerate(files["orgs.csv"].splitlines())
    )
    assert tell(write(files, tmp_path)).faults == []


def _without(name: str) -> Files:
    return {other: data for other, data in good().items() if other != name}


def _lines(name: str, *, cut: slice) -> Files:
    return {**good(), name: b"".join(line + b"\n" for line in good()[name].splitlines()[cut])}


PACKAGES: dict[str, tuple[Files, str]] = {
    "no manifest": (_without(M), "csv.manifest_missing"),
    "manifest header": (replaced(good(), M, "propertyName,value", "propertyName,propertyValue"), "csv.manifest_header"),
    "manifest row": (replaced(good(), M, "file.orgs,bulk", "file.orgs,bulk,x"), "csv.manifest_row"),
    "property missing": (replaced(good(), M, "file.orgs,bulk\n", ""), "csv.manifest_property_missing"),
    "property twice": (
        replaced(good(), M, "file.orgs,bulk\n", "file.orgs,bulk\nfile.orgs,bulk\n"),
        "csv.manifest_property_twice",
    ),
    "property unknown": (
        replaced(good(), M, "file.orgs,bulk\n", "file.orgs,bulk\nfile.pets,bulk\n"),
        "csv.manifest_property_unknown",
    ),
    "property starred": (replaced(good(), M, "file.roles,", "file.roles*,"), "csv.manifest_property_starred"),
    "mode": (replaced(good(), M, "file.orgs,bulk", "file.orgs,full"), "csv.manifest_mode"),
    "manifest version": (replaced(good(), M, "manifest.version,1.0", "manifest.version,1"), "csv.manifest_version"),
    "no manifest version": (
        replaced(good(), M, "manifest.version,1.0\n", ""),
        "csv.manifest_property_missing",
    ),
    "version": (replaced(good(), M, "oneroster.version,1.2", "oneroster.version,1.2.1"), "csv.oneroster_version"),
    "file missing": (_without("orgs.csv"), "csv.file_missing"),
    "file undeclared": (replaced(good(), M, "file.orgs,bulk", "file.orgs,absent"), "csv.file_undeclared"),
    "file unknown": ({**good(), "pets.csv": b"sourcedId\n1\n"}, "csv.name_unknown"),
    "other file": ({**good(), "readme.txt": b"hello"}, "csv.name_unknown"),
    "name in capitals": (
        {**_without(U), "Users.csv": good()[U]},
        "csv.name_case",
    ),
    "UTF-16": ({**good(), U: good()[U].decode().encode("utf-16")}, "csv.utf16"),
    "no UTF-8": (replaced(good(), U, "Ada", "Ada").copy() | {U: good()[U].replace("ó".encode(), b"\xf3")}, "csv.utf8"),
    "unclosed quote": (replaced(good(), U, ",Ada,", ',"Ada,'), "csv.quote_unclosed"),
    "text behind a quote": (replaced(good(), U, ",Ada,", ',"Ada"x,'), "csv.quote_misplaced"),
    "quote in a bare cell": (replaced(good(), U, ",Bób,", ',B"ó"b,'), "csv.quote_misplaced"),
    "line break": (replaced(good(), U, ",Bób,", ',"B\nb",'), "csv.line_break"),
    "bare CR": (replaced(good(), U, ",Bób,", ",B\rb,"), "csv.bare_cr"),
    "NUL": (replaced(good(), U, ",Bób,", ",B\0b,"), "csv.nul"),
    "blank line": ({**good(), U: good()[U] + b"\n"}, "csv.blank_line"),
    "row short": (replaced(good(), U, ",ada,", ","), "csv.row_short"),
    "row long": (replaced(good(), U, ",ada,", ",ada,,"), "csv.row_long"),
    "line too long": (replaced(good(), U, ",Bób,", f",{'B' * 200_000},"), "csv.line_too_long"),
    "no rows": (_lines("demographics.csv", cut=slice(0, 1)), "csv.no_rows"),
    "empty file": ({**good(), U: b""}, "csv.header_missing"),
    "header order": (replaced(good(), U, "givenName,familyName", "familyName,givenName"), "csv.header_order"),
    "header case": (replaced(good(), U, "givenName,", "givenname,"), "csv.header_case"),
    "header missing": (replaced(good(), U, ",pronouns", ""), "csv.column_missing"),
    "vital header missing": (replaced(good(), U, "sourcedId,", "sourced,"), "csv.column_vital"),
    "header twice": (replaced(good(), U, ",pronouns", ",pronouns,pronouns"), "csv.header_twice"),
    "header empty": (replaced(good(), U, ",pronouns", ",pronouns,"), "csv.header_empty"),
    "header unknown": (replaced(good(), U, ",pronouns", ",pronouns,pets"), "csv.column_unknown"),
    "header endless": (replaced(good(), U, ",pronouns", ",pronouns" + "," * 1_500), "csv.header_too_wide"),
    "header of a million columns": (replaced(good(), U, ",pronouns", "," * 1_000_000), "csv.header_too_wide"),
    "metadata in the middle": (replaced(good(), U, ",phone,", ",metadata.x,phone,"), "csv.metadata_place"),
    "metadata without a name": (replaced(good(), U, ",pronouns", ",pronouns,metadata."), "csv.metadata_name"),
}


@pytest.mark.parametrize("case", PACKAGES)
def test_a_spoiled_package_has_the_code_of_what_is_wrong(tmp_path: Path, case: str) -> None:
    files, code = PACKAGES[case]
    told = tell(write(files, tmp_path))
    assert code in told.lost
    assert told.refused in {None, "csv.refused"}


# file, column, value -> code; the cell is in the file's second row.
CELLS: list[tuple[str, str, str, str]] = [
    (U, "givenName", "", "csv.required"),
    (U, "sourcedId", "", "csv.required"),
    (U, "sourcedId", "x" * 256, "csv.guid"),
    (U, "sourcedId", "a b", "csv.guid"),
    (U, "sourcedId", "a|b", "csv.guid"),
    (U, "agentSourcedIds", "u1,,u2", "csv.list"),
    (U, "agentSourcedIds", "u1,u 2", "csv.guid"),
    (U, "grades", "09,", "csv.list"),
    (U, "userIds", "SIS:1", "csv.user_ids"),
    (U, "userIds", "{SIS:1:2}", "csv.user_ids"),
    (U, "userIds", "{SIS}", "csv.user_ids"),
    (U, "enabledUser", "TRUE", "csv.boolean"),
    (U, "enabledUser", "1", "csv.boolean"),
    (U, "status", "active", "csv.bulk_status"),
    (U, "dateLastModified", MOMENT, "csv.bulk_status"),
    ("academicSessions.csv", "startDate", "2023-02-30", "csv.date"),
    ("academicSessions.csv", "startDate", "08/01/2026", "csv.date"),
    ("academicSessions.csv", "schoolYear", "26", "csv.year"),
    ("academicSessions.csv", "type", "quarter", "csv.word"),
    ("orgs.csv", "type", "School", "csv.word"),
    ("orgs.csv", "type", "ext:", "csv.word"),
    ("roles.csv", "role", "administrator", "csv.word"),
    ("roles.csv", "roleType", "ext:third", "csv.word"),
    ("enrollments.csv", "role", "aide", "csv.word"),
    ("enrollments.csv", "primary", "False", "csv.boolean"),
    ("courses.csv", "subjectCodes", "02,03", "csv.subject_codes"),
    ("demographics.csv", "sex", "f", "csv.word"),
    ("categories.csv", "weight", "0.5", "csv.integer"),
    ("lineItems.csv", "resultValueMax", "ten", "csv.float"),
    ("lineItems.csv", "resultValueMin", "11", "csv.values_swapped"),
    ("results.csv", "scoreStatus", "graded", "csv.word"),
    ("results.csv", "score", "10.6", "csv.score_range"),
    ("results.csv", "score", "-1", "csv.score_range"),
    ("results.csv", "studentSourcedId", "u2", "csv.result_student"),
    ("lineItemLearningObjectiveIds.csv", "learningObjectiveId", "urn:1", "csv.case_id"),
    ("resultLearningObjectiveIds.csv", "source", "case", "csv.case_id"),
    ("scoreScales.csv", "scoreScaleValue", "A:90", "csv.pairs"),
    ("resources.csv", "roles", "student,dean", "csv.word"),
    ("resources.csv", "importance", "high", "csv.word"),
    ("lineItemLearningObjectiveIds.csv", "source", "isbn", "csv.word"),
    ("classes.csv", "schoolSourcedId", "d1", "csv.reference_school"),
    ("enrollments.csv", "schoolSourcedId", "d1", "csv.reference_school"),
    ("courses.csv", "schoolYearSourcedId", "t1", "csv.reference_year"),
    ("roles.csv", "orgSourcedId", "d1", "csv.primary_org_role"),
    ("userProfiles.csv", "userSourcedId", "u2", "csv.profile_of_other"),
    ("demographics.csv", "sourcedId", "u9", "csv.demographics_user"),
]


@pytest.mark.parametrize(("name", "column", "value", "code"), CELLS, ids=[f"{c[0]} {c[1]} {c[2][:9]}" for c in CELLS])
def test_a_spoiled_cell_has_the_code_of_what_is_wrong(
    tmp_path: Path, name: str, column: str, value: str, code: str
) -> None:
    told = tell(write(spoiled(good(), name, column, value), tmp_path))
    assert code in told.lost
    where = {(fault.row, fault.column) for fault in told.faults if fault.code == code and fault.file == name}
    assert where == {(2, column)} or code in {"csv.primary_org_role", "csv.profile_of_other", "csv.case_id"}


DELTA_CELLS = [
    ("status", "", "csv.delta_status"),
    ("status", "inactive", "csv.status"),
    ("dateLastModified", "", "csv.delta_status"),
    ("dateLastModified", "2026-09-01", "csv.date_time"),
    ("dateLastModified", "2026-09-01T06:00:00Z", "csv.date_time"),
]


@pytest.mark.parametrize(("column", "value", "code"), DELTA_CELLS)
def test_a_delta_needs_status_and_moment(tmp_path: Path, column: str, value: str, code: str) -> None:
    files = spoiled(good(deltas=("users",)), U, column, value)
    assert tell(write(files, tmp_path)).lost == {code}


FOREIGN_KEYS = [
    (f"{name}.csv", column.name) for name, columns in files_of("1.2").items() for column in columns if column.refers_to
]


@pytest.mark.parametrize(("name", "column"), FOREIGN_KEYS, ids=[f"{name} {column}" for name, column in FOREIGN_KEYS])
def test_a_reference_to_nothing_is_told_for_each_foreign_key(tmp_path: Path, name: str, column: str) -> None:
    told = tell(write(spoiled(good(), name, column, "nothing"), tmp_path))
    assert ("csv.reference", name, 2, column) in {(each.code, each.file, each.row, each.column) for each in told.faults}


def test_a_delta_may_refer_to_what_only_the_receiver_has(tmp_path: Path) -> None:
    files = spoiled(good(deltas=("enrollments",)), "enrollments.csv", "userSourcedId", "elsewhere")
    assert tell(write(files, tmp_path)).faults == []


@pytest.mark.parametrize("name", [f"{name}.csv" for name in files_of("1.2")])
def test_the_same_id_twice_is_told_for_each_file(tmp_path: Path, name: str) -> None:
    files = good()
    files[name] += files[name].splitlines()[1] + b"\n"
    told = tell(write(files, tmp_path))
    assert "csv.id_twice" in told.lost


def test_two_primary_roles_at_one_org_are_told(tmp_path: Path) -> None:
    files = good()
    files["roles.csv"] += files["roles.csv"].splitlines()[1].replace(b"r1,", b"r3,") + b"\n"
    assert tell(write(files, tmp_path)).lost == {"csv.primary_role_twice"}


def test_a_result_is_of_its_line_items_class(tmp_path: Path) -> None:
    files = good()
    files["classes.csv"] += files["classes.csv"].splitlines()[1].replace(b"k1,", b"k2,") + b"\n"
    told = tell(write(spoiled(files, "results.csv", "classSourcedId", "k2"), tmp_path))
    assert [(each.code, each.column, each.row) for each in told.faults] == [("csv.result_class", "classSourcedId", 2)]


def test_who_is_enrolled_is_left_to_the_receiver_of_a_delta(tmp_path: Path) -> None:
    files = spoiled(good(deltas=("enrollments",)), "results.csv", "studentSourcedId", "u2")
    assert tell(write(files, tmp_path)).faults == []


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(2, 9)), max_size=40),
    st.lists(st.sampled_from("abcdefgh"), max_size=12),
    st.integers(1, 5),
)
def test_ids_on_disk_answer_as_a_list_does(own: list[tuple[str, int]], others: list[str], chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ids_module, "_CHUNK", chunk)
        mine, theirs = ids_module.Ids(), ids_module.Ids()
        for at in range(0, len(own), 3):
            mine.add([text for text, _ in own[at : at + 3]], [row for _, row in own[at : at + 3]])
        theirs.add(others, range(len(others)))
        letters = [text for text, _ in own]
        assert [*mine.rows_twice()] == [row for at, (text, row) in enumerate(own) if text in letters[:at]]
        assert [*mine.rows_outside(theirs)] == [row for text, row in own if text not in others]
        assert [text in mine for text in "abcdefgh"] == [text in letters for text in "abcdefgh"]
        mine.close()
        theirs.close()


def test_all_faults_of_a_row_are_told(tmp_path: Path) -> None:
    files = spoiled(spoiled(good(names=("users",)), U, "givenName", ""), U, "enabledUser", "yes")
    found = {(fault.column, fault.code) for fault in tell(write(files, tmp_path)).faults if fault.row == 2}
    assert found == {("givenName", "csv.required"), ("enabledUser", "csv.boolean")}


def test_no_report_quotes_the_data(tmp_path: Path) -> None:
    files = spoiled(good(), U, "userIds", "Secret Person")
    assert "Secret" not in repr(tell(write(files, tmp_path)).faults)
