"""Exports that a spreadsheet doesn't calculate (E8)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.kit.oneroster.csv.neutral import neutral, neutral_row, plain


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_formula_becomes_text(start: str) -> None:
    assert neutral(f"{start}1+1") == f"'{start}1+1"


def test_everything_else_stays() -> None:
    assert neutral_row(["O'Brien", "", None, "1-2", "'quoted"]) == ["O'Brien", "", "", "1-2", "'quoted"]


@given(st.text())
def test_no_text_starts_a_formula_and_each_comes_back(text: str) -> None:
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    if not text.startswith("'"):
        assert plain(neutral(text)) == text
