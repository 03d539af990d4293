"""What happens with each row: by what it says, who is there, and the rows before it (E9)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.services.native_import.columns import NAMES
from gateway.services.native_import.known import Known, OpenClass, Person, know
from gateway.services.native_import.plan import Outcome, Plan
from gateway.services.native_import.records import Record
from gateway.services.native_import.students import Reading, Student, grade_of, read_student

HERE = {
    name: place for place, name in enumerate(NAMES)
}  # given, family, middle, username, grade, number, password, class
ANA = Person("u-1", "ana@s.example", "Ana", "Lopez", None, "05", "00123")
MATHS, ART = OpenClass("c-1", "Maths 5a"), OpenClass("c-2", "Art; 5")


def read(*cells: str, row: int = 2) -> Reading:
    return read_student(Record(row, list(cells)), HERE, len(HERE))


def outcomes(*rows: tuple[str, ...], known: Known | None = None, taken: set[str] | None = None) -> list[Outcome]:
    plan = Plan(known or know([ANA], [MATHS, ART], {"c-1": frozenset({"u-1"})}))
    return [plan.outcome(read(*cells, row=at), taken or set()) for at, cells in enumerate(rows, 2)]


def told(outcome: Outcome) -> str:
    """Return the action with its reason."""
    reason = outcome.faults[0].code if outcome.faults else outcome.doubt
    return f"{outcome.action} {reason}" if reason else outcome.action


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("Ana", "Lopez", "", "ana@s.example", "5", "00123"), "same"),
        (("Ana", "Lopez", "", "ana@s.example"), "same"),  # a blank cell takes nothing away
        (("Ana", "Lopez", "", "ana@s.example", "", "123"), "same"),  # a spreadsheet ate the zeros
        (("Anna", "Lopez", "", "ana@s.example"), "changed"),
        (("Ana", "Lopez", "", "ana@s.example", "", "", "", "maths  5A"), "same"),  # is in it
        (("Ana", "Lopez", "", "ana@s.example", "", "", "", "Art; 5"), "changed"),
        (("Ana", "Lopez", "", "Ana@s.example"), "doubt case"),
        (("Bo", "Berg", "", "ana@s.example"), "doubt other_name"),
        (("Ana", "Lopez", "", "ana@s.example", "", "777"), "doubt other_number"),
        (("Bo", "Berg", "", "bo", "", "0123"), "doubt number"),
        (("ana", "LOPEZ", "", "al"), "doubt name"),
        (("Ana", "Lopez", "", "al", "", "777"), "new"),  # two numbers: two people
        (("Bo", "Berg", "", "bo"), "new"),
        (("Bo", "Berg", "", "taken"), "refused row.username_taken"),
        (("Bo", "Berg", "", "bo", "", "", "", "Latin"), "refused row.class_unknown"),
        (("Bo", "", "", "bo"), "refused row.needed"),
        (("Bo", "Berg", "", "b o"), "refused row.username_spaces"),
        (("Bo", "Berg", "", "b"), "refused row.username_short"),
        (("B\0o", "Berg", "", "bo"), "refused row.unreadable"),  # E6
        (("Bo", "Be\ufffdrg", "", "bo"), "refused row.unreadable"),  # E6
        (("B" * 101, "Berg", "", "bo"), "refused row.text_too_long"),
        (("Bo", "Berg", "", "bo", "", "1,23457E+11"), "refused row.number_shortened"),
        (("Bo", "Berg", "", "bo", "", "", "", "", "more"), "refused row.too_wide"),
    ],
)
def test_each_row_says_what_will_happen(cells: tuple[str, ...], expected: str) -> None:
    assert [told(each) for each in outcomes(cells, taken={"taken"})] == [expected]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (("Bo", "Berg", "", "bo"), "same"),
        (("Bo", "Berg", "", "bo", "", "", "", "Maths 5a"), "changed"),  # one row for each class
        (("Bo", "Berg", "", "bo", "6"), "refused row.twice_different"),
        (("Bo", "Berg", "", "BO"), "refused row.twice_case"),
        (("Bo", "Berg", "", "bb"), "doubt name_in_file"),
    ],
)
def test_a_student_who_stands_in_the_file_twice(second: tuple[str, ...], expected: str) -> None:
    first, again = outcomes(("Bo", "Berg", "", "bo"), second)
    assert (told(first), told(again), again.other_row) == ("new", expected, 2)


def test_a_student_number_belongs_to_one_row() -> None:
    _, again = outcomes(("Bo", "Berg", "", "bo", "", "77"), ("Cy", "Ray", "", "cy", "", "077"))
    assert (told(again), again.other_row) == ("refused row.number_twice", 2)


def test_one_cell_may_name_several_classes() -> None:
    (outcome,) = outcomes(("Bo", "Berg", "", "bo", "", "", "", "Maths 5a | Art; 5"), known=know([], [MATHS, ART]))
    assert told(outcome) == "refused row.class_unknown"  # "Art; 5" has the sign that parts
    (outcome,) = outcomes(
        ("Bo", "Berg", "", "bo", "", "", "", "Maths 5a|Art"), known=know([], [MATHS, OpenClass("c-3", "Art")])
    )
    assert outcome.class_ids == ("c-1", "c-3")


def test_two_classes_with_one_name_are_not_guessed_between() -> None:
    twice = know([], [MATHS, OpenClass("c-9", "Maths 5A")])
    assert (
        told(outcomes(("Bo", "Berg", "", "bo", "", "", "", "Maths 5a"), known=twice)[0])
        == "refused row.class_ambiguous"
    )


_name = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)


@settings(max_examples=80)
@given(st.lists(st.tuples(_name, _name, st.just(""), _name, st.sampled_from(["", "5"])), max_size=6))
def test_a_second_upload_of_any_file_finds_nothing_new(rows: list[tuple[str, ...]]) -> None:  # E9
    first = outcomes(*rows, known=know([]))
    made = [
        Person(f"u-{at}", student.username, student.given_name, student.family_name, None, student.grade, None)
        for at, (outcome, cells) in enumerate(zip(first, rows, strict=True))
        if outcome.action == "new" and (student := read(*cells).student)
    ]
    again = outcomes(*rows, known=know(made))
    assert all(
        now.action == "same" for now, before in zip(again, first, strict=True) if before.action in ("new", "same")
    )
    assert {each.action for each in again} <= {"same", "doubt", "refused"}


@settings(max_examples=100)
@given(st.lists(st.text(max_size=30), max_size=10))
def test_any_row_is_a_student_or_says_why_not(cells: list[str]) -> None:
    reading = read(*cells)
    assert (reading.student is None) == bool(reading.faults)


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("5", "05"),
        ("05", "05"),
        ("Grade 5", "05"),
        ("5th", "05"),
        ("5.", "05"),
        ("k", "KG"),
        ("CM2", "CM2"),
        ("14", "14"),
    ],
)
def test_grades_are_written_as_oneroster_writes_them(text: str, grade: str) -> None:
    assert grade_of(text) == grade


def test_cells_are_cleaned_of_what_nobody_sees() -> None:
    student = read("\u200b Ana\u00a0 Maria\n", "Lo\u0301pez\ufeff", "", "'=ana").student
    assert student is not None
    assert (student.given_name, student.family_name, student.username) == ("Ana Maria", "López", "=ana")  # E8


def test_of_a_refused_row_no_more_is_kept_than_is_shown() -> None:  # E6
    assert len(read("x" * 100_000, "Berg", "", "bo").values["givenName"]) == 61


def test_a_password_that_is_refused_names_its_column_and_is_not_shown() -> None:
    record = Record(2, ["Bo", "Berg", "", "bo", "", "", "123"])
    reading = read_student(record, HERE, len(HERE), lambda _password, _username: "row.password_short")
    assert (reading.faults[0].column, "password" in reading.values) == ("password", False)


def test_a_student_reads_the_same_whatever_row_it_stands_in() -> None:
    first, second = read("Bo", "Berg", "", "bo").student, read("Bo", "Berg", "", "bo", row=9).student
    assert isinstance(first, Student)
    assert second == first._replace(row=9)
    assert replace(know([ANA])).same_name(first) == ()
