"""Remembering ids in little space."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from providers.kit.rest.seen import Seen


@given(st.lists(st.text(min_size=1, max_size=4)))
def test_it_behaves_as_a_set(texts: list[str]) -> None:
    seen, known = Seen(), set[str]()
    for text in texts:
        assert seen.add(text) is (text not in known)
        known.add(text)
    assert len(seen) == len(known)


def test_a_hundred_thousand_ids_take_less_than_five_megabytes() -> None:
    seen = Seen()
    for number in range(100_000):
        seen.add(f"id-{number}")
    assert len(seen) == 100_000
    assert not seen.add("id-77777")
    assert len(seen._slots) * 8 < 5_000_000
