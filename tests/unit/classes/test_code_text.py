"""A class code is read however a child types it, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.services.classes.code_text import LETTERS, new_code, read_code, shown


@pytest.mark.parametrize(
    "typed",
    [
        "KMTR-4HXW",
        "kmtr4hxw",
        "  k m t r - 4 h x w ",
        "KMTR–4HXW",
        "Code: KMTR-4HXW",
        "“kmtr 4hxw”.",
        "https://school.example/code#KMTR-4HXW",
        "ＫＭＴＲ４ＨＸＷ",
        "КМТР-4НXW".replace("Р", "R"),  # letters of a Cyrillic keyboard
        "KMTR4HXW\n",
    ],
)
def test_a_code_is_read_however_it_is_written(typed: str) -> None:
    assert read_code(typed) == "KMTR4HXW"


@pytest.mark.parametrize("typed", ["", "KMTR-4HX", "KMTR-4HXWW", "hello world", "OOOO-OOOO", "a" * 10_000])
def test_what_is_no_code_is_not_taken_for_one(typed: str) -> None:
    assert read_code(typed) is None


def test_letters_that_are_never_in_a_code_are_read_as_their_likeness() -> None:
    assert read_code("SZBV-4HXW") == read_code("528U-4HXW")


def test_no_two_letters_of_a_code_look_alike() -> None:
    assert set(LETTERS).isdisjoint("0OQ1IL258UAE")
    assert len(set(LETTERS)) == 24


@given(st.sampled_from(["{}", " {} ", "Code {}", "({})"]), st.booleans())
def test_every_code_that_is_made_is_read_again(form: str, lower: bool) -> None:
    code = new_code()
    text = form.format(shown(code))
    assert read_code(text.lower() if lower else text) == code


@given(st.text(max_size=40))
def test_whatever_is_typed_a_code_has_eight_letters_of_ours(typed: str) -> None:
    found = read_code(typed)
    assert found is None or (len(found) == 8 and set(found) <= set(LETTERS))
