"""A file of students is read whatever program wrote it, and what can't be read is said by row (E6, E7)."""

from __future__ import annotations

import csv
import io
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.services.native_import.encodings import CHOICES, choice_of
from gateway.services.native_import.sheet import MOST_BYTES, Sheet, open_sheet
from providers.contract import BadData

HEAD = "Given name,Family name,Username\n"
_cell = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters='"\ufeff'), max_size=9)
_table = st.lists(st.tuples(_cell, _cell, _cell), min_size=1, max_size=5)


def rows(sheet: Sheet) -> list[tuple[int, list[str], str | None]]:
    return [(each.number, each.cells, each.code) for each in sheet.rows()]


def a_file(table: list[tuple[str, ...]], delimiter: str, breaks: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=breaks, quoting=csv.QUOTE_ALL).writerows(table)
    return text.getvalue()


@settings(max_examples=60)
@given(
    _table,
    st.sampled_from(",;\t|"),
    st.sampled_from(["\r\n", "\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
)
def test_any_table_is_read_as_it_was_written(  # E6
    table: list[tuple[str, ...]], delimiter: str, breaks: str, codec: str
) -> None:
    named = [tuple(f"n{cell}" for cell in row) for row in table]
    head = ("Given name", "Family name", "Username")
    sheet = open_sheet(a_file([head, *named], delimiter, breaks).encode(codec))
    assert sheet.headings == head
    assert [tuple(cells) for _, cells, _ in rows(sheet)] == named


@settings(max_examples=150)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode), st.sampled_from([None, *CHOICES]))
def test_whatever_is_uploaded_is_read_or_refused_with_a_sentence(data: bytes, encoding: str | None) -> None:  # E6
    found = []
    with suppress(BadData):
        found = rows(open_sheet(data, encoding=encoding))
    assert all(number > 1 for number, _, _ in found)


@pytest.mark.parametrize(
    ("data", "codec", "name"),
    [
        ("Vorname;Nachname;Benutzername\r\nJörg;Groß;j\r\n".encode("cp1252"), "cp1252", "Jörg"),
        ("sep=;\r\nVorname;Nachname;Benutzername\r\nJörg;Groß;j\r\n".encode("utf-16"), "utf-16", "Jörg"),
        ("Vorname\tNachname\tBenutzername\rJörg\tGroß\tj\r".encode("utf-16-le"), "utf-16-le", "Jörg"),
    ],
)
def test_what_excel_saves_is_recognised(data: bytes, codec: str, name: str) -> None:  # E6
    sheet = open_sheet(data)
    assert (sheet.codec, rows(sheet)[0][1][0]) == (codec, name)


def test_another_encoding_can_be_chosen_by_hand() -> None:
    data = "Imię,Nazwisko,Login\nŁukasz,Żak,lz\n".encode("cp1250")
    sheet = open_sheet(data, encoding="cp1250")
    assert rows(sheet)[0][1] == ["Łukasz", "Żak", "lz"]
    assert choice_of(sheet.codec) == "cp1250"


def test_a_line_break_between_quotation_marks_belongs_to_its_cell() -> None:  # E6
    assert rows(open_sheet(f'{HEAD}"Ana\nMaria, M",Lopez,a\nB,C,d\n'.encode())) == [
        (2, ["Ana\nMaria, M", "Lopez", "a"], None),
        (3, ["B", "C", "d"], None),
    ]


def test_a_forgotten_quotation_mark_spoils_its_own_row_alone() -> None:  # E6
    found = rows(open_sheet(f'{HEAD}"Ana,Lopez,a\nB,C,d\nE,"F,g\nH,I,j\n'.encode()))
    assert [(number, code) for number, _, code in found] == [(2, "row.quotes"), (3, None), (4, "row.quotes"), (5, None)]


def test_a_quotation_mark_in_the_middle_of_a_cell_is_a_letter() -> None:
    assert rows(open_sheet(f'{HEAD}Ana "Ani,Lopez,a\n'.encode()))[0][1] == ['Ana "Ani', "Lopez", "a"]


def test_a_cell_of_five_megabytes_spoils_its_own_row_alone() -> None:  # E6
    found = rows(open_sheet(f"{HEAD}{'x' * 5_000_000},B,c\nD,E,f\n".encode()))
    assert [(number, code) for number, _, code in found] == [(2, "row.too_long"), (3, None)]


@pytest.mark.parametrize(
    "head", [b"," * 1_000_000, b'"' + b"a,\n" * 400_000, b'x"' * 500_000, b"\x00" * 900_000 + b"a"]
)
def test_memory_stays_small_whatever_comes(head: bytes) -> None:  # E6
    tracemalloc.start()
    with suppress(BadData):
        for _ in open_sheet(head).rows():
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "students.empty"),
        (b"\xef\xbb\xbf\r\n", "students.empty"),
        (b"PK\x03\x04....[Content_Types].xml", "students.workbook"),
        (b"\xd0\xcf\x11\xe0....", "students.workbook"),
        (b"PK\x03\x04....students.csv", "students.zip"),  # E7
        (b"<!DOCTYPE html><table>", "students.not_text"),
        (b"\n,,\n", "students.headings_missing"),
        (b"," * 1_000_000, "students.headings_too_wide"),  # E6
        (b"a" * (MOST_BYTES + 1), "students.too_large"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(data: bytes, code: str) -> None:
    with pytest.raises(BadData) as refused:
        open_sheet(data)
    assert refused.value.code == code


def test_more_rows_than_any_school_has_are_refused() -> None:
    sheet = open_sheet(b"a,b\n" + b"1,2\n" * 100_001)
    with pytest.raises(BadData, match="too_many_rows"):
        list(sheet.rows())


def test_rows_are_numbered_as_the_spreadsheet_numbers_them() -> None:
    sheet = open_sheet(f"sep=,\n\n{HEAD}\nA,B,c\n".encode())
    assert [number for number, _, _ in rows(sheet)] == [4]
