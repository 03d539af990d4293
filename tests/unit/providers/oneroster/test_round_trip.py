"""What is written is read again, and nothing that anybody sends breaks the reader."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from providers.contract import RECORD_OF, Kind
from providers.kit.oneroster import vocabulary
from providers.kit.oneroster.csv.columns import files_of
from providers.kit.oneroster.csv.faults import SENTENCES
from providers.kit.oneroster.csv.lines import Lines
from providers.kit.oneroster.csv.writer import write_package
from tests.support.packages import good, tell, write

ids = st.from_regex(r"[0-9A-Za-z._/@-]{1,30}", fullmatch=True)
# Anything that UTF-8 can write and a row can hold: no NUL, no line break.
texts = st.text(st.characters(exclude_characters="\0\r\n", codec="utf-8"), min_size=1, max_size=12)
maybe = st.none() | texts
items = st.lists(st.text("ABC 09-é", min_size=1, max_size=4).filter(lambda t: t == t.strip()), max_size=3).map(tuple)
dates = st.none() | st.dates().map(lambda date: date.isoformat())
words = st.from_regex(r"[A-Za-z0-9]{1,6}", fullmatch=True)
pairs = st.lists(st.tuples(words, words), max_size=2).map(tuple)


def _user(source_id: str, names: tuple[str, str], optional: list[str | None], more: tuple[Any, ...]) -> Any:
    record = RECORD_OF["users"](source_id, *names)
    keys = ("middle_name", "email", "identifier", "user_master_identifier", "pronouns", "phone", "sms")
    return record._replace(
        username=source_id,
        enabled_user=more[0],
        grades=more[1],
        agent_ids=more[2],
        user_ids=more[3],
        **dict(zip(keys, optional, strict=True)),
    )


users = st.lists(
    st.builds(
        _user,
        ids,
        st.tuples(texts, texts),
        st.lists(maybe, min_size=7, max_size=7),
        st.tuples(st.booleans(), items, st.lists(ids, max_size=2).map(tuple), pairs),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda user: user.source_id,
)
enrollments = st.lists(
    st.builds(
        RECORD_OF["enrollments"],
        ids, ids, ids, st.sampled_from(sorted(vocabulary.ENROLLMENT_ROLES)), ids, st.booleans(), dates, dates,
        st.just("active"),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda enrollment: enrollment.source_id,
)  # fmt: skip


def _read(records: dict[Kind, Any], name: str, **options: Any) -> dict[Kind, list[Any]]:
    with tempfile.TemporaryDirectory() as folder:
        write_package(records, Path(folder) / name, **options)
        told = tell(Path(folder) / name, "liberal")
    assert (told.faults, told.refused) == ([], None)
    return told.records


@settings(max_examples=60, deadline=None)
@given(users, enrollments, st.sampled_from(["p", "p.zip"]))
def test_records_that_were_written_are_read_again(users: list[Any], enrollments: list[Any], name: str) -> None:
    records: dict[Kind, Any] = {"users": users, "enrollments": enrollments}
    assert _read(records, name) == records


@settings(max_examples=20, deadline=None)
@given(users, st.lists(st.sampled_from(["active", "tobedeleted"]), min_size=8, max_size=8))
def test_a_delta_keeps_each_status(users: list[Any], statuses: list[str]) -> None:
    changed = [user._replace(status=status) for user, status in zip(users, statuses, strict=False)]
    assert _read({"users": changed}, "p", mode="delta") == {"users": changed}


def _tell_of(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write({**good(), name: data}, Path(folder))
        for mode in ("strict", "liberal"):
            told = tell(path, mode)
            assert told.refused in {None, "csv.refused"}
            assert told.codes <= SENTENCES.keys()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([f"{name}.csv" for name in (*files_of("1.2"), "manifest")]), st.binary(max_size=300))
def test_any_bytes_get_a_report(name: str, data: bytes) -> None:
    _tell_of(name, data)


cells = st.lists(
    st.sampled_from(['"', ",", "\n", "\r", "\0", "x", "u1", "é", "=1", "active", "true", "{a:b}"]), max_size=40
).map("".join)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(["users.csv", "classes.csv", "enrollments.csv"]), cells)
def test_any_rows_get_a_report(name: str, rows: str) -> None:
    _tell_of(name, good()[name] + rows.encode())


@settings(max_examples=80, deadline=None)
@given(cells, st.integers(1, 7))
def test_blocks_of_any_size_give_the_same_lines(rows: str, size: int) -> None:
    data = b"a,b\n" + rows.encode()
    assert _lines(_Slow(data, size)) == _lines(_Slow(data, len(data)))


class _Slow:
    """A file that gives a few bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data, self._size, self._at = data, size, 0

    def read(self, _most: int) -> bytes:
        self._at += self._size
        return self._data[self._at - self._size : self._at]


def _lines(file: Any) -> list[bytes]:
    return [line for block in Lines(file) for line in block]
