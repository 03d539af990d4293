"""What classes, codes and lists of students are made of, in one place, from what the gate gives here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gateway.services.classes.classes import Classes
from gateway.services.classes.codes import ClassCodes
from gateway.services.classes.joining import Joining
from gateway.services.classes.rights import Rights
from gateway.services.classes.students import Students
from gateway.services.jobs import Jobs
from gateway.services.native.parts import Native
from gateway.services.native_import.handing import Handing
from gateway.services.native_import.imports import Files, Imports
from gateway.services.native_import.password_rule import judge_listed_password, judge_typed_password
from gateway.services.native_import.students import JudgePassword
from gateway.services.native_import.writing import Writing
from gateway.store import Store
from keys.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Classrooms:
    """Thread-safe."""

    native: Native
    sealer: Sealer
    jobs: Jobs
    judge_listed: JudgePassword = judge_listed_password
    judge_typed: JudgePassword = judge_typed_password

    @property
    def store(self) -> Store:
        """The database."""
        return self.native.store

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock."""
        return self.native.now

    @property
    def rights(self) -> Rights:
        """Who sees what."""
        return Rights(self.store)

    @property
    def classes(self) -> Classes:
        """Classes as teachers keep them."""
        return Classes(self.store, self.rights, self.native.wall, self.now)

    @property
    def codes(self) -> ClassCodes:
        """Their codes."""
        return ClassCodes(self.store, self.classes, self.native.limiter, self.now)

    @property
    def joining(self) -> Joining:
        """How students come in by a code."""
        native = self.native
        return Joining(self.store, self.codes, native.wall, native.passwords, native.visits, self.judge_typed, self.now)

    @property
    def students(self) -> Students:
        """How they are added by hand."""
        native = self.native
        return Students(self.store, self.rights, native.wall, native.passwords, self.judge_typed, self.now)

    @property
    def imports(self) -> Imports:
        """How they are added by a file."""
        files = Files(self.store, self.sealer)
        return Imports(self.store, self.rights, self.native.wall, self.jobs, files, self.judge_listed, self.now)

    @property
    def writing(self) -> Writing:
        """The work of files."""
        return Writing(self.imports, self.native.passwords, self.native.wall, self.now)

    @property
    def handing(self) -> Handing:
        """What comes of files."""
        return Handing(self.imports, self.now)
