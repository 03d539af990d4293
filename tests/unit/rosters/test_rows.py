"""A batch made column by column is what its records are one by one."""

from __future__ import annotations

from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.store.ids import new_ids
from gateway.store.rosters.rows import Unusable, columns_of, content_hash, content_hashes, values_of
from providers.contract import KINDS, EnrollmentRecord, Kind, UserRecord
from providers.contract.roster import RECORD_OF

_TEXTS = st.sampled_from(["", "a", "b" * 16, "c" * 17, "d" * 33, "2026-08-31", "20260831", "x\0y", "\ud800", "Zoë"])
_ANY: dict[Any, st.SearchStrategy[Any]] = {
    str: _TEXTS,
    str | None: st.none() | _TEXTS,
    bool: st.booleans(),
    tuple[str, ...]: st.lists(_TEXTS, max_size=2).map(tuple),
    tuple[tuple[str, str], ...]: st.lists(st.tuples(_TEXTS, _TEXTS), max_size=2).map(tuple),
}


def _records(kind: Kind) -> st.SearchStrategy[Any]:
    hints = get_type_hints(RECORD_OF[kind])
    return st.builds(RECORD_OF[kind], **{name: _ANY[hint] for name, hint in hints.items()})


_BATCHES = st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.just(kind), st.lists(_records(kind), min_size=1)))


@given(_BATCHES)
@settings(max_examples=200)
def test_a_batch_is_what_its_records_are_one_by_one(batch: tuple[Kind, list[Any]]) -> None:
    kind, records = batch
    at_once = _at_once(kind, records)
    try:
        values = [values_of(kind, record) for record in records]
        hashes = [content_hash(record.source_id, each) for record, each in zip(records, values, strict=True)]
    except Unusable:
        assert at_once is None
    else:
        assert at_once == (list(zip(*zip(*values, strict=True), strict=True)), hashes)


def _at_once(kind: Kind, records: list[Any]) -> tuple[list[Any], list[int]] | None:
    columns = list(zip(*records, strict=True))
    try:
        values = columns_of(kind, columns)
    except Unusable:
        return None
    hashes = content_hashes(columns[0], values)
    return None if hashes is None else (list(zip(*values, strict=True)), hashes)


@pytest.mark.parametrize(
    ("kind", "record", "hash_"),
    [
        (
            "users",
            UserRecord("u", "Ada", grades=("09",), user_ids=(("Fed", "1"),), primary_org_id="s"),
            3424386283995457552,
        ),
        ("enrollments", EnrollmentRecord("e", "u", "c", "student", "s", begin_date="2026-08-31"), 1866957313845410169),
    ],
)
def test_a_content_keeps_its_number(kind: Kind, record: Any, hash_: int) -> None:
    """Another number makes every record of every district count as changed: then `rows.VERSION` must say so too."""
    assert content_hash(record.source_id, values_of(kind, record)) == hash_


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
def test_a_list_with_a_sign_that_is_no_text_spoils_its_record_alone(sign: str) -> None:
    with pytest.raises(Unusable) as told:
        values_of("users", UserRecord("u", grades=(f"0{sign}",)))
    assert (told.value.code, told.value.column, told.value.is_lost) == ("record.not_text", "grades", False)
    assert values_of("users", UserRecord("u", grades=("\\u0000",)))


def test_ids_drawn_together_are_different_and_in_order() -> None:
    ids = new_ids(1000) + new_ids(1000)
    assert len(set(ids)) == 2000
    assert ids[:1000] == sorted(ids[:1000])
    assert {len(each) for each in ids} == {36}
