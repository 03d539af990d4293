"""Zips that want to harm, and files that want to fill the memory (E6, E7)."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from providers.contract import BadData, Failure, Misconfigured
from providers.kit.oneroster.csv.options import Options
from providers.kit.oneroster.csv.package import open_package
from providers.kit.oneroster.csv.reader import Reading
from tests.support.packages import Files, good, replaced, tell, write, zipped

LARGEST = 100_000_000


def _code(path: Path) -> str:
    with pytest.raises(BadData) as refused, open_package(path, LARGEST) as package:
        list(Reading(package, Options()))
    assert "/" not in refused.value.sentence
    return refused.value.code


def _zip(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in entries:
            package.writestr(name, data)
    return path


def _link() -> zipfile.ZipInfo:
    link = zipfile.ZipInfo("users.csv")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    return link


NAMES: dict[str, str] = {
    "../users.csv": "zip.name",
    "a/../../users.csv": "zip.name",
    "/etc/users.csv": "zip.name",
    "C:/users.csv": "zip.name",
    "..\\users.csv": "zip.name",
    "more.zip": "zip.nested",
    "users.csv.GZ": "zip.nested",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leads_elsewhere_or_into_another_archive_is_refused(tmp_path: Path, name: str) -> None:  # E7
    assert _code(_zip(tmp_path / "p.zip", ("orgs.csv", b"x"), (name, b"x"))) == NAMES[name]


def test_a_link_is_refused(tmp_path: Path) -> None:  # E7
    assert _code(_zip(tmp_path / "p.zip", (_link(), b"/etc/passwd"))) == "zip.link"


@pytest.mark.parametrize("other", ["users.csv", "Users.CSV"])
def test_two_files_of_one_name_are_refused(tmp_path: Path, other: str) -> None:  # E7
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("users.csv", b"x")
        info = zipfile.ZipInfo("xsers.csv")
        package.writestr(info, b"y")
    path.write_bytes(path.read_bytes().replace(b"xsers.csv", other.encode()))
    assert _code(path) == "zip.twice"


def test_too_many_files_are_refused(tmp_path: Path) -> None:  # E7
    assert _code(_zip(tmp_path / "p.zip", *((f"{n}.csv", b"") for n in range(201)))) == "zip.entries"


def test_a_directory_that_claims_to_be_huge_is_not_read(tmp_path: Path) -> None:  # E7
    path = zipped(good(), tmp_path / "p.zip")
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, data.rfind(b"PK\5\6") + 12, 0xFFFFFFF0)
    path.write_bytes(data)
    assert _code(path) == "zip.entries"


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:  # E7
    assert _code(_zip(tmp_path / "p.zip", ("users.csv", b"," * 20_000_000))) == "zip.bomb"


def test_more_than_the_largest_package_is_refused(tmp_path: Path) -> None:  # E7
    many = [(f"{name}.csv", b"abc" * 20_000_000) for name in ("users", "roles")]
    assert _code(_zip(tmp_path / "p.zip", *many)) == "zip.size"


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:  # E7
    path = zipped(good(), tmp_path / "p.zip")
    data = bytearray(path.read_bytes())
    at = -1
    while (at := data.find(b"PK\1\2", at + 1)) >= 0:
        data[at + 8] |= 1
    path.write_bytes(data)
    assert _code(path) == "zip.encrypted"


def test_an_odd_way_of_packing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as package:
        package.writestr("users.csv", b"x")
    assert _code(path) == "zip.method"


@pytest.mark.parametrize("change", [-40, 40])
def test_a_wrong_size_is_refused(tmp_path: Path, change: int) -> None:  # E7
    path = zipped(good(), tmp_path / "p.zip")
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\1\2", data.find(b"PK\1\2") + 1)  # the second file's entry in the directory
    size = struct.unpack_from("<L", data, at + 24)[0]
    struct.pack_into("<L", data, at + 24, size + change)
    path.write_bytes(data)
    assert _code(path) in {"zip.broken", "zip.wrong_size"}


def test_files_over_each_other_are_refused(tmp_path: Path) -> None:  # E7
    path = _zip(tmp_path / "p.zip", ("orgs.csv", b"x" * 50), ("users.csv", b"y" * 50))
    data = bytearray(path.read_bytes())
    second = data.find(b"PK\1\2", data.find(b"PK\1\2") + 1)
    struct.pack_into("<L", data, second + 42, 3)
    path.write_bytes(data)
    assert _code(path) == "zip.overlap"


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _scratched(data: bytes) -> bytes:
    return data[:60] + b"\xff" * 20 + data[80:]


@pytest.mark.parametrize("spoil", [_cut, _scratched, lambda data: b"PK", lambda data: b"PK" + b"\0" * 100])
def test_a_damaged_zip_is_refused(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = zipped(good(), tmp_path / "p.zip")
    path.write_bytes(spoil(path.read_bytes()))
    assert _code(path) == "zip.broken"


@pytest.mark.parametrize("data", [b"", b"sourcedId,status\n", b"\x1f\x8b"])
def test_what_is_no_zip_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "p.zip").write_bytes(data)
    assert _code(tmp_path / "p.zip") == "zip.none"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Misconfigured), open_package(tmp_path / "pipe", LARGEST):
        pass


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:  # E7
    (tmp_path / "elsewhere.csv").write_bytes(good()["users.csv"])
    folder = write({name: data for name, data in good().items() if name != "users.csv"}, tmp_path / "package")
    (folder / "users.csv").symlink_to(tmp_path / "elsewhere.csv")
    told = tell(folder, "liberal")
    assert told.ids("users") == []


HUGE: dict[str, Files] = {
    "one cell of 30 MB": replaced(good(), "users.csv", ",Ada,", f",{'A' * 30_000_000},"),
    "one quoted cell of 30 MB": replaced(good(), "users.csv", ",Ada,", f',"{"A" * 30_000_000}",'),
    "a quote that swallows 30 MB": replaced(good(), "users.csv", ",Ada,", ',"Ada,' + "B\n" * 15_000_000),
    "30 million columns": replaced(good(), "users.csv", ",Ada,", "," * 30_000_000),
    "a header of 30 million columns": replaced(good(), "users.csv", ",pronouns", "," * 30_000_000),
}


@pytest.mark.parametrize("case", ["one cell of 30 MB", "30 million columns", "a header of 30 million columns"])
def test_memory_stays_bounded_whatever_a_file_holds(tmp_path: Path, case: str) -> None:  # E6
    path = write(HUGE[case], tmp_path)
    tracemalloc.start()
    try:
        tell(path, "liberal")
        assert tracemalloc.get_traced_memory()[1] < 16_000_000
    finally:
        tracemalloc.stop()


def test_a_forgotten_quote_costs_its_own_row_alone(tmp_path: Path) -> None:  # E6
    files = good()
    line = files["enrollments.csv"].splitlines()[1].decode()
    rows = "".join(line.replace("e1,", f"e{n},") + "\n" for n in range(2, 20_000))
    files["enrollments.csv"] += (line.replace("e1,", 'e0,"') + "\n" + rows).encode()
    told = tell(write(files, tmp_path), "liberal")
    assert len(told.records["enrollments"]) == 19_999
    assert {fault.code for fault in told.faults} == {"csv.quote_unclosed"}


def test_two_forgotten_quotes_cost_two_rows(tmp_path: Path) -> None:  # E6
    files = good()
    line = files["enrollments.csv"].splitlines()[1].decode()
    spoiled = {5, 12}
    rows = "".join(line.replace("e1,", f"e{n},{chr(34) if n in spoiled else ''}") + "\n" for n in range(2, 20))
    files["enrollments.csv"] += rows.encode()
    told = tell(write(files, tmp_path), "liberal")
    assert len(told.records["enrollments"]) == 17


def test_every_refusal_is_one_of_the_five(tmp_path: Path) -> None:
    rubbish = io.BytesIO(b"PK\3\4" + bytes(range(256)) * 20).getvalue()
    (tmp_path / "p.zip").write_bytes(rubbish)
    with pytest.raises(Failure), open_package(tmp_path / "p.zip", LARGEST):
        pass
