"""A package of CSV files, in a folder or a zip: which files it holds, safely opened; nothing else is ever touched."""

from __future__ import annotations

import hashlib
import stat
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from providers.contract import BadData, Misconfigured, Unavailable
from providers.kit.oneroster.csv.zipped import inspected

SUFFIX: Final = ".csv"
_PIECE: Final = 1024 * 1024
# What operating systems and people leave beside the files; a liberal reader says nothing of it.
LITTER: Final = ("__MACOSX/", ".", "Thumbs.db", "desktop.ini")


class Package(ABC):
    """`files` maps a file's name without .csv to its place; `others` are the names of whatever else is there."""

    files: Mapping[str, str]
    others: tuple[str, ...]
    has_folder: bool  # the files were not at the root

    @abstractmethod
    def open(self, name: str) -> IO[bytes]:
        """Open one of `files`."""

    @abstractmethod
    def size(self, name: str) -> int:
        """Return how long one of `files` is said to be."""

    @abstractmethod
    def signature(self) -> str:
        """Return what changes when somebody writes to the package, cheap to ask for."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """Open one of `files`; whatever is wrong with how it was packed is told as BadData (``zip.broken``)."""
        try:
            with self.open(name) as file:
                yield file
        except (BadZipFile, zlib.error, EOFError, NotImplementedError) as fault:
            raise BadData("zip.broken", "The zip is damaged: make it anew.", type(fault).__name__) from fault
        except OSError as fault:
            raise Unavailable("csv.unreadable", "A file of the package can't be read.", str(fault.strerror)) from fault

    def digest(self, salt: str) -> str:
        """Return a name of the exact bytes of all files; `salt` is whatever else decides what they mean."""
        found = hashlib.sha256(salt.encode())
        for name in sorted(self.files):
            found.update(f"\0{name}\0".encode())
            size = 0
            with self.opened(name) as file:
                while piece := file.read(_PIECE):
                    found.update(piece)
                    size += len(piece)
            if size != self.size(name):
                raise BadData(
                    "zip.wrong_size", "A file of the package is not as long as the package says: make it anew."
                )
        return found.hexdigest()


class Folder(Package):
    """Plain files of a folder; links and anything in further folders are left alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        found = sorted(each.name for each in path.iterdir() if stat.S_ISREG(each.lstat().st_mode))
        self.files = {name.removesuffix(SUFFIX): name for name in found if name.endswith(SUFFIX)}
        self.others = tuple(name for name in found if not name.endswith(SUFFIX) and not name.startswith(LITTER))
        self.has_folder = False

    def open(self, name: str) -> IO[bytes]:
        return (self._path / self.files[name]).open("rb")

    def size(self, name: str) -> int:
        return (self._path / self.files[name]).stat().st_size

    def signature(self) -> str:
        states = [(name, (self._path / place).stat()) for name, place in sorted(self.files.items())]
        text = repr([(name, each.st_size, each.st_mtime_ns) for name, each in states])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def close(self) -> None:
        """Nothing is held open."""


class Zip(Package):
    """A zip that `inspected` has found safe to open."""

    def __init__(self, path: Path, largest: int) -> None:
        self._path = path
        self._zip: ZipFile
        self._zip, entries = inspected(path, largest)
        wanted = [entry for entry in entries if not entry.filename.startswith(LITTER) and "/." not in entry.filename]
        below = {entry.filename.rpartition("/")[0] for entry in wanted if entry.filename.endswith(SUFFIX)}
        # Somebody zipped the folder instead of the files in it: all lie in the same one.
        self.has_folder = len(below) == 1 and below != {""}
        prefix = f"{below.pop()}/" if self.has_folder else ""
        own = {entry.filename.removeprefix(prefix): entry for entry in wanted}
        self._entries: dict[str, ZipInfo] = {
            name.removesuffix(SUFFIX): entry for name, entry in own.items() if name.endswith(SUFFIX) and "/" not in name
        }
        self.files = {name: entry.filename for name, entry in self._entries.items()}
        self.others = tuple(name for name in own if name.removesuffix(SUFFIX) not in self._entries)

    def open(self, name: str) -> IO[bytes]:
        return self._zip.open(self._entries[name])

    def size(self, name: str) -> int:
        return self._entries[name].file_size

    def signature(self) -> str:
        state = self._path.stat()
        return hashlib.sha256(f"{state.st_size} {state.st_mtime_ns}".encode()).hexdigest()[:16]

    def close(self) -> None:
        self._zip.close()


@contextmanager
def open_package(path: Path, largest: int) -> Iterator[Package]:
    """Open a folder or a zip whose files are together at most `largest` bytes.

    Raises:
        Misconfigured: ``csv.path_missing``, ``csv.path_kind``.
        BadData: ``zip.*``: what is wrong with the zip.
    """
    try:
        is_folder = path.is_dir()
        if not is_folder and not path.exists():
            raise Misconfigured("csv.path_missing", "There is no such file or folder: compare the setting path.")
        if not is_folder and not path.is_file():
            raise Misconfigured("csv.path_kind", "The setting path must name a folder or a zip file.")
        package: Package = Folder(path) if is_folder else Zip(path, largest)
    except OSError as fault:
        raise Misconfigured(
            "csv.path_unreadable", "The file or folder of the setting path can't be read: check its permissions."
        ) from fault
    try:
        yield package
    finally:
        package.close()
