"""Lines of the last reading are recognised and not read again; the bytes of the whole package even before that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from providers.contract import Batch, Finished, Kind, Unavailable
from providers.kit.oneroster.csv.options import Options
from providers.kit.oneroster.csv.package import open_package
from providers.kit.oneroster.csv.reader import Reading
from tests.support.packages import Files, good, replaced, write, zipped


@dataclass
class Memory:
    """What a hall remembers: which lines, of which kinds and shapes, brought records; and the digest."""

    digest: str | None = None
    shapes: set[tuple[tuple[Kind, ...], str]] = field(default_factory=set)
    known: set[int] = field(default_factory=set)

    def unknown(self, kinds: Sequence[Kind], shape: str, fingerprints: Iterable[Sequence[int]]) -> Set[int] | None:
        given = {each for block in fingerprints for each in block}
        is_known = (tuple(kinds), shape) in self.shapes
        self.shapes.add((tuple(kinds), shape))
        return given - self.known if is_known else None


def _read(path: Path, memory: Memory, **options: Any) -> tuple[dict[Kind, list[tuple[str, int | None]]], Finished]:
    found: dict[Kind, list[tuple[str, int | None]]] = {}
    with open_package(path, 10**8) as package:
        *batches, last = Reading(package, Options(**options), memory)
    assert isinstance(last, Finished)
    for batch in batches:
        assert isinstance(batch, Batch)
        prints = batch.fingerprints or [None] * len(batch.records)
        pairs = zip((record.source_id for record in batch.records), prints, strict=True)
        found.setdefault(batch.kind, []).extend(pairs)
        memory.known.update(each for each in batch.fingerprints if each is not None)
    return found, last


def _next(files: Files) -> Files:
    return replaced(files, "users.csv", ",Bób,", ",Rob,")


@pytest.mark.parametrize("pack", ["folder", "zip"])
def test_only_what_is_new_is_read(tmp_path: Path, pack: str) -> None:
    memory = Memory()
    paths = [
        write(files, tmp_path / str(n)) if pack == "folder" else zipped(files, tmp_path / f"{n}.zip")
        for n, files in enumerate((good(), _next(good())))
    ]
    first, _ = _read(paths[0], memory)
    second, last = _read(paths[1], memory)
    assert [source_id for source_id, _ in first["users"]] == ["u1", "u2"]
    assert {kind: [source_id for source_id, _ in found] for kind, found in second.items()} == {"users": ["u2"]}
    assert "users" in last.complete
    assert first["users"][1][1] != second["users"][0][1]


def test_the_same_bytes_are_not_read_at_all(tmp_path: Path) -> None:
    path = write(good(), tmp_path)
    _, first = _read(path, Memory())
    found, again = _read(path, Memory(digest=first.digest))
    assert (found, again.is_unchanged, again.digest) == ({}, True, first.digest)


def test_other_settings_are_another_digest(tmp_path: Path) -> None:
    path = write(good(), tmp_path)
    digests = {_read(path, Memory(), **each)[1].digest for each in ({}, {"on_bad_rows": "refuse"}, {"mode": "strict"})}
    assert len(digests) == 3


def test_another_header_or_type_of_org_makes_lines_new(tmp_path: Path) -> None:
    memory = Memory()
    _read(write(good("1.1"), tmp_path / "a"), memory)
    files = replaced(good("1.1"), "orgs.csv", "District,district", "District,school")
    second, _ = _read(write(files, tmp_path / "b"), memory)
    assert [source_id for source_id, _ in second["users"]] == ["u1", "u2"]


def test_the_roles_of_a_1_1_user_have_the_fingerprint_of_the_users_line(tmp_path: Path) -> None:
    found, _ = _read(write(good("1.1"), tmp_path), Memory())
    users = dict(found["users"])
    assert [print_ for _, print_ in found["roles"]] == [users["u1"], users["u1"], users["u2"]]


def test_a_line_that_could_not_be_read_is_read_each_time(tmp_path: Path) -> None:
    memory = Memory()
    files = replaced(good(), "users.csv", ",Bób,", ",B\0b,")
    for folder in ("a", "b"):
        found, last = _read(write(files, tmp_path / folder), memory)
        assert "users" not in last.complete
    assert found == {"users": []}


@pytest.mark.parametrize("deltas", [("users",)])
def test_lines_of_a_delta_are_all_read(tmp_path: Path, deltas: tuple[str, ...]) -> None:
    memory = Memory()
    path = write(good(deltas=deltas), tmp_path)
    for _ in range(2):
        found, _ = _read(path, memory)
        assert [source_id for source_id, _ in found["users"]] == ["u1", "u2"]
    assert not any("users" in kinds for kinds, _ in memory.shapes)


def test_a_cursor_of_another_package_is_not_taken(tmp_path: Path) -> None:
    with open_package(write(good(), tmp_path / "a"), 10**8) as package:
        (first, *_) = Reading(package, Options())
    assert isinstance(first, Batch)
    for cursor in (first.cursor, "x/0/0/0", "nonsense"):
        with (
            open_package(write(_next(good()), tmp_path / "b"), 10**8) as package,
            pytest.raises(Unavailable) as refused,
        ):
            list(Reading(package, Options(), resume=cursor))
        assert refused.value.code == "csv.changed"


def test_files_that_change_while_they_are_read_prove_nothing(tmp_path: Path) -> None:
    path = write(good(), tmp_path)
    with open_package(path, 10**8) as package:
        reading = iter(Reading(package, Options()))
        next(reading)
        (path / "users.csv").write_bytes(_next(good())["users.csv"] + b"\n")
        with pytest.raises(Unavailable) as refused:
            list(reading)
    assert refused.value.code == "csv.changed"
