"""Roster records: ids that can't be mistaken for each other, every kind with its record."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from providers.contract import KINDS, RECORD_OF, Token, role_id

ids = st.text(min_size=1)


def test_every_kind_has_a_record_that_starts_with_its_id() -> None:
    assert tuple(RECORD_OF) == KINDS
    assert {record._fields[0] for record in RECORD_OF.values()} == {"source_id"}


@given(st.tuples(ids, ids, ids), st.tuples(ids, ids, ids))
def test_two_roles_have_one_id_only_when_they_are_the_same(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert (role_id(*one) == role_id(*other)) == (one == other)


def test_ids_with_separators_in_them_stay_apart() -> None:
    assert role_id("a|1:b", "c", "d") != role_id("a", "b|1:c", "d")


def test_a_token_does_not_show_itself() -> None:
    assert "secret" not in repr(Token("secret-value", 3600))
