"""A roster as a room reads it: records in OneRoster 1.2's words, in batches, and a proof that the reading is whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple, Protocol, TypeVar

from providers.contract.context import Context

Kind = Literal["orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments"]

# Each kind may refer to those before it. A reader may bring them in any order; the hall writes them in this one.
KINDS: Final[tuple[Kind, ...]] = ("orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments")

ACTIVE: Final = "active"
TO_BE_DELETED: Final = "tobedeleted"


class OrgRecord(NamedTuple):
    """OneRoster Org. `source_id` is the source's own sourcedId, byte for byte; so is every `…_id` below."""

    source_id: str
    name: str
    type: str
    identifier: str | None = None
    parent_id: str | None = None
    status: str = ACTIVE


class AcademicSessionRecord(NamedTuple):
    """OneRoster AcademicSession. Dates are ISO 8601 (`2026-08-31`); `end_date` is exclusive."""

    source_id: str
    title: str
    type: str
    start_date: str
    end_date: str
    parent_id: str | None = None
    school_year: str | None = None
    org_id: str | None = None
    status: str = ACTIVE


class CourseRecord(NamedTuple):
    """OneRoster Course."""

    source_id: str
    title: str
    course_code: str | None = None
    school_year_id: str | None = None
    org_id: str | None = None
    grades: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    subject_codes: tuple[str, ...] = ()
    status: str = ACTIVE


class ClassRecord(NamedTuple):
    """OneRoster Class: what a school calls a class or section."""

    source_id: str
    title: str
    school_id: str
    course_id: str | None = None
    class_code: str | None = None
    class_type: str = "scheduled"
    location: str | None = None
    term_ids: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    subject_codes: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    status: str = ACTIVE


class UserRecord(NamedTuple):
    """OneRoster User, without roles (records of their own) and without passwords (never read)."""

    source_id: str
    given_name: str | None = None
    family_name: str | None = None
    middle_name: str | None = None
    username: str | None = None
    email: str | None = None
    identifier: str | None = None
    user_master_identifier: str | None = None
    enabled_user: bool = True
    preferred_given_name: str | None = None
    preferred_middle_name: str | None = None
    preferred_family_name: str | None = None
    pronouns: str | None = None
    phone: str | None = None
    sms: str | None = None
    grades: tuple[str, ...] = ()
    agent_ids: tuple[str, ...] = ()
    primary_org_id: str | None = None
    user_ids: tuple[tuple[str, str], ...] = ()  # (type, identifier)
    status: str = ACTIVE


class RoleRecord(NamedTuple):
    """OneRoster Role of a user at an org. Where the source gives it no id, `role_id` makes a stable one."""

    source_id: str
    user_id: str
    org_id: str
    role: str
    role_type: str = "secondary"
    begin_date: str | None = None
    end_date: str | None = None
    status: str = ACTIVE


class EnrollmentRecord(NamedTuple):
    """OneRoster Enrollment of a user in a class."""

    source_id: str
    user_id: str
    class_id: str
    role: str
    school_id: str | None = None
    primary: bool = False
    begin_date: str | None = None
    end_date: str | None = None
    status: str = ACTIVE


Record = OrgRecord | AcademicSessionRecord | CourseRecord | ClassRecord | UserRecord | RoleRecord | EnrollmentRecord

RECORD_OF: Final[Mapping[Kind, type[Any]]] = {
    "orgs": OrgRecord,
    "academicSessions": AcademicSessionRecord,
    "courses": CourseRecord,
    "classes": ClassRecord,
    "users": UserRecord,
    "roles": RoleRecord,
    "enrollments": EnrollmentRecord,
}


def role_id(user_id: str, org_id: str, role: str) -> str:
    """Return a stable id for a role that its source did not name; lengths keep ids with any sign in them apart."""
    return f"{len(user_id)}:{user_id}|{len(org_id)}:{org_id}|{role}"


class Fault(NamedTuple):
    """One thing that is wrong in what was read: where (`row` counts from 1, the header is row 1) and what.

    `message` is for the school's administrator and quotes no personal data. `is_skipped`: the record was left out
    (otherwise it was accepted with a warning).
    """

    file: str
    row: int | None
    column: str | None
    code: str
    message: str
    is_skipped: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one kind, at most a few thousand. `cursor`, where given, resumes the reading after this batch.

    `fingerprints`, for a reader that uses `Recall`, run beside `records`: that of the line a record came from, or None
    for one that must be read anew each time. `unread` are the ids of records that are there but had to be left out:
    they are not gone, and stay as they were. `restarts`: the source moved while it was read, and the reading begins
    anew: nothing that came before this batch counts any more.
    """

    kind: Kind
    records: Sequence[Any]
    faults: Sequence[Fault] = ()
    cursor: str | None = None
    fingerprints: Sequence[int | None] = ()
    unread: Sequence[str] = ()
    restarts: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """The last thing a reader yields, and only when it came to a proven end; without it nothing may be called gone.

    `mode` is what was read: everything, or the changes since. `complete` names the kinds of which every record was seen
    (counts agreed, the last page was reached, the envelope was there): only of those may missing records be called
    gone. `counts` is how many records the source says it has, where it says so. `since` is what to give to the next
    delta reading. `roles_with_users`: of changes, whoever is told is told with all their roles, and a role that is not
    told with its user any more is gone. `faults` are those that belong to no batch. `digest` names the source's exact
    bytes, where it has any; `is_unchanged`: it is `Recall.digest` again, and nothing was read.
    """

    mode: Literal["full", "delta"]
    complete: frozenset[Kind]
    counts: Mapping[Kind, int] = field(default_factory=dict)
    since: str | None = None
    faults: Sequence[Fault] = ()
    digest: str | None = None
    is_unchanged: bool = False
    roles_with_users: bool = False


class Recall(Protocol):
    """What the hall remembers of the last reading that it applied, for a source whose lines can be told apart unparsed.

    A fingerprint is 64 bits of a good hash of a line's bytes, as a signed number. A line that was read, applied and
    still stands is recognised by it: the reader parses and brings only the others.
    """

    @property
    def digest(self) -> str | None:
        """`Finished.digest` of the last reading, if it was applied whole and nothing was changed since."""
        ...

    def unknown(self, kinds: Sequence[Kind], shape: str, fingerprints: Iterable[Sequence[int]]) -> Set[int] | None:
        """Take the fingerprints of all lines that tell of `kinds`, and return those the reader must parse and bring.

        `shape` names whatever else decides what a line means: the reader's version, its settings, the header. None:
        too little is recognised, bring every line. A line that was not given counts as no longer there.
        """
        ...


@dataclass(frozen=True, slots=True)
class Health:
    """One thing that `check` looked at: `advice` is plain words that name the setting to change when not ok."""

    check: str
    ok: bool
    advice: str = ""


S = TypeVar("S")


class Roster(Protocol):
    """Capability: rosters. A reader raises one of the five failures; it never guesses that nothing is left.

    `check` looks at address, credentials and permissions without changing anything. `read` brings everything, or, with
    `since` (an earlier `Finished.since`), the changes if the source can tell them; with `resume` (an earlier
    `Batch.cursor`) it goes on after that batch. A reader may leave `recall` aside.

    `is_set_up` says whether an integration's settings are meant to bring a roster at all: in a room that has launches
    too, those for the roster may be left out. Where they are, nothing is read, and nothing is wrong.
    """

    def is_set_up(self, settings: Any) -> bool:
        """Say whether these settings are meant to bring a roster."""
        ...

    def check(self, context: Context[Any]) -> Sequence[Health]:
        """Say what is well and which setting to change."""
        ...

    def read(
        self,
        context: Context[Any],
        *,
        since: str | None = None,
        resume: str | None = None,
        recall: Recall | None = None,
    ) -> Iterator[Batch | Finished]:
        """Read the roster."""
        ...
