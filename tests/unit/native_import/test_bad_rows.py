"""Rows that were left out come back as a file that is safe to open and comes in again (E8)."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.services.native_import.bad_rows import REASON, rows_again, template
from gateway.services.native_import.headings import recognise
from gateway.services.native_import.sheet import Sheet, open_sheet

HEAD = "Given name,Family name,Username\n"


def written(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_rows_come_back_with_every_column_and_the_reason() -> None:
    sheet = open_sheet(f"{HEAD}Ana,Lopez,a\nBo,,b\n".encode())
    assert written(rows_again(sheet, {3: "Family name: empty"})) == [
        ["Given name", "Family name", "Username", REASON],
        ["Bo", "", "b", "Family name: empty"],
    ]


def test_the_file_of_rows_comes_in_again_and_grows_no_second_reason() -> None:
    sheet = open_sheet(f"{HEAD}Bo,,b\n".encode())
    again = open_sheet(rows_again(sheet, {2: "why"}))
    assert recognise(again.headings).is_certain
    assert open_sheet(rows_again(again, {2: "still"})).headings == again.headings


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_no_cell_of_an_export_is_a_formula(start: str) -> None:  # E8
    sheet = Sheet(f'a,b\n"{start}",x\n'.encode(), "utf-8", ",", 0, ("a", "b"), 1)
    cell = written(rows_again(sheet, {2: "why"}))[1][0]
    assert cell.startswith("'")


@given(st.sampled_from("=+-@"), st.text("abc=+-@' ", max_size=6))
def test_what_was_neutralised_comes_in_as_it_was(start: str, rest: str) -> None:  # E8
    sheet = Sheet(f'a,b\n"{start}{rest}",x\n'.encode(), "utf-8", ",", 0, ("a", "b"), 1)
    once = rows_again(sheet, {2: "why"})
    assert rows_again(open_sheet(once), {2: "why"}) == once


def test_the_template_is_recognised_and_opens_in_excel() -> None:
    data = template()
    assert data.startswith(b"\xef\xbb\xbf")
    assert len(recognise(open_sheet(data).headings).mapping) == 8
