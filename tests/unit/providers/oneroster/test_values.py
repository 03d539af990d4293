"""The shapes of values: what the specification allows, and what else can be understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.kit.oneroster import values


@pytest.mark.parametrize("text", ["a", "A-1_b.2/c@d", "x" * 255])
def test_guids(text: str) -> None:
    assert values.is_guid(text)
    assert values.is_usable_id(text)


@pytest.mark.parametrize("text", ["", "x" * 256, " a", "a ", "a\tb", "a\nb", "a\0b"])
def test_neither_guids_nor_ids(text: str) -> None:
    assert not values.is_guid(text)
    assert not values.is_usable_id(text)


@pytest.mark.parametrize("text", ["a|b", "a b", "{7}", "ü"])
def test_ids_of_other_systems_can_be_used(text: str) -> None:
    assert not values.is_guid(text)
    assert values.is_usable_id(text)


@pytest.mark.parametrize("text", ["2023-02-30", "2023-2-3", "20230203", "٢٠٢٣-٠٢-٠٣", "2023-02-03\n", ""])
def test_not_a_date(text: str) -> None:
    assert values.read_date(text) is None
    assert values.read_liberal_date(text) is None


@pytest.mark.parametrize("text", ["2023-02-28", "2023-02-28T00:00:00.000Z", "2023-02-28 00:00"])
def test_dates_with_a_time_can_be_understood(text: str) -> None:
    assert values.read_liberal_date(text) == "2023-02-28"


@pytest.mark.parametrize("text", ["2/28/2023", "2023-02-28X", "28.02.2023"])
def test_nobody_guesses_a_date(text: str) -> None:
    assert values.read_liberal_date(text) is None


@pytest.mark.parametrize("text", ["2023-02-28", "2023-02-28T07:15:00Z", "2023-02-28T07:15:00.000+01:00"])
def test_moments_that_only_a_liberal_reader_takes(text: str) -> None:
    assert not values.is_date_time(text)
    assert values.is_liberal_date_time(text)


@pytest.mark.parametrize("text", ["2023-02-28T25:00:00.000Z", "yesterday", ""])
def test_no_moments(text: str) -> None:
    assert not values.is_date_time(text)
    assert not values.is_liberal_date_time(text)


def test_moment_by_the_book() -> None:
    assert values.is_date_time("2023-02-28T07:15:00.000Z")


@pytest.mark.parametrize("text", ["True", "FALSE", "1", "0", "Yes", "n"])
def test_booleans_that_only_a_liberal_reader_takes(text: str) -> None:
    assert values.read_boolean(text) is None
    assert values.read_liberal_boolean(text) is not None


def test_booleans_by_the_book() -> None:
    assert (values.read_boolean("true"), values.read_boolean("false")) == (True, False)


@pytest.mark.parametrize(
    ("text", "status"),
    [("", "active"), ("Active", "active"), ("inactive", "tobedeleted"), ("toBeDeleted", "tobedeleted"), ("gone", None)],
)
def test_status(text: str, status: str | None) -> None:
    assert values.read_liberal_status(text) == status


@pytest.mark.parametrize("text", ["0", "-12", "+3"])
def test_whole_numbers(text: str) -> None:
    assert values.is_integer(text)
    assert values.is_float(text)


@pytest.mark.parametrize("text", ["", "1,5", "1.2.3", "nan", "inf", "0x1", "1_000", "."])
def test_no_numbers(text: str) -> None:
    assert not values.is_integer(text)
    assert not values.is_float(text)


@pytest.mark.parametrize("text", ["1.5", ".5", "1.", "1e3"])
def test_floats(text: str) -> None:
    assert values.is_float(text)
    assert not values.is_integer(text)


def test_years() -> None:
    assert values.is_year("2026")
    assert not values.is_year("26")


ASK = (
    values.is_guid,
    values.is_usable_id,
    values.read_date,
    values.read_liberal_date,
    values.is_liberal_date_time,
    values.read_liberal_boolean,
    values.read_liberal_status,
    values.is_float,
)


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    for ask in ASK:
        ask(text)
