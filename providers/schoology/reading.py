"""One reading of a Schoology: buildings, grading periods, courses with their sections, people, members of sections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from providers.contract import KINDS, BadData, Batch, ClassRecord, Context, CourseRecord, Fault, Finished, Kind, Refused
from providers.kit.rest.steps import Mark, Step, Steps
from providers.kit.rest.values import identifier, text
from providers.schoology import records
from providers.schoology.api import Api, Gone, Listing
from providers.schoology.roles import ADMINISTRATOR, Roles, own_words, read_roles
from providers.schoology.settings import SchoologySettings

_SECTIONS_AT_ONCE: Final = 20
_LIMITED: Final = "the key sees a part of the school only: grading periods are refused to it"
Told = Mapping[str, Any]
Made = Callable[[Told], Any]


class Reading:
    """Keeps in memory what one list needs of another: the sections, and who is an administrator."""

    def __init__(self, context: Context[Any], resume: str | None) -> None:
        self._settings: SchoologySettings = context.settings
        self._api, self._steps = Api(context), Steps(resume)
        self._root = ""
        self._sections: dict[int, str] = {}  # section -> its building
        self._administrators: set[str] | None = None

    def run(self) -> Iterator[Batch | Finished]:
        """Yield batches and in the end what they prove."""
        self._root = find_root(self._api)
        steps: tuple[tuple[Kind, Callable[[int], Iterator[Batch | Mark]]], ...] = (
            ("orgs", self._read_orgs),
            ("academicSessions", self._read_sessions),
            ("classes", self._read_courses),
            ("users", self._read_users),
            ("enrollments", self._read_members),
        )
        yield from self._steps.run([Step(kind, read) for kind, read in steps])

    def _read_orgs(self, _at: int) -> Iterator[Batch]:
        listing = self._api.all(f"schools/{self._root}/buildings", "building", is_counted=False)
        buildings = [each for page in listing.pages() for each in page]
        made = self._batch("orgs", buildings, lambda told: records.read_org(told, self._root, "school"))
        self._judge(listing, "orgs")
        # A school without buildings is no district.
        kind = "district" if buildings else "school"
        root = self._batch(
            "orgs", [self._api.one(f"schools/{self._root}")], lambda told: records.read_org(told, None, kind)
        )
        yield Batch("orgs", [*root.records, *made.records], [*root.faults, *made.faults])

    def _read_sessions(self, _at: int) -> Iterator[Batch]:
        listing = self._api.all("gradingperiods", "gradingperiods")
        try:
            for page in listing.pages():
                yield self._batch("academicSessions", page, records.read_session)
        except Refused as failure:
            if failure.code != "rest.forbidden":
                raise
            for kind in KINDS:
                self._steps.doubt(kind, _LIMITED)
        else:
            self._judge(listing, "academicSessions")

    def _read_courses(self, _at: int) -> Iterator[Batch]:
        """Read each course with its sections: no list has all sections."""
        listing = self._api.all("courses", "course")
        for page in listing.pages():
            courses = self._batch("courses", page, lambda told: records.read_course(told, self._root))
            yield courses
            classes = [batch for course in courses.records for batch in self._classes_of(course)]
            yield Batch("classes", [each for batch in classes for each in batch.records], _faults(classes))
        self._judge(listing, "courses", "classes")

    def _classes_of(self, course: CourseRecord) -> Iterator[Batch]:
        past = "?include_past=1" if self._settings.include_past else ""
        listing = self._api.all(f"courses/{course.source_id}/sections{past}", "section")
        try:
            for page in listing.pages():
                batch = self._batch("classes", page, lambda told: records.read_class(told, course, self._root))
                for each in batch.records:
                    self._note_section(each)
                yield batch
        except Gone:
            self._steps.doubt("classes", "a course went away while its sections were read")
        else:
            self._judge(listing, "classes")

    def _note_section(self, section: ClassRecord) -> None:
        if section.source_id.isdecimal():
            self._sections[int(section.source_id)] = section.school_id

    def _read_users(self, _at: int) -> Iterator[Batch]:
        roles = self._roles()
        self._administrators = set()
        listing = self._api.all("users", "user")
        for page in listing.pages():
            users = self._batch("users", page, lambda told: records.read_user(told, self._root))
            words = {records.user_id(told): self._word(told, roles) for told in page}
            yield Batch("users", users.records, [*users.faults, *_unknown_roles(page, words)])
            found = [
                role
                for told in page
                if (user := records.read_user(told, self._root)) and (word := words[user.source_id])
                for role in records.read_user_roles(told, user, word, self._root)
            ]
            yield Batch("roles", found)
        self._judge(listing, "users", "roles")

    def _word(self, told: Told, roles: Roles) -> str | None:
        word = roles.get(identifier(told.get("role_id")) or "")
        if word == ADMINISTRATOR and self._administrators is not None:
            self._administrators.add(str(records.user_id(told)))
        return word

    def _roles(self) -> Roles:
        listing = self._api.all("roles", "role", is_counted=False)
        return read_roles([each for page in listing.pages() for each in page], own_words(self._settings.role_words))

    def _read_members(self, at: int) -> Iterator[Batch | Mark]:
        self._learn()
        sections = sorted(section for section in self._sections if section > at)
        for start in range(0, len(sections), _SECTIONS_AT_ONCE):
            some = sections[start : start + _SECTIONS_AT_ONCE]
            batches = [batch for section in some for batch in self._members_of(section)]
            yield Batch("enrollments", [each for batch in batches for each in batch.records], _faults(batches))
            yield Mark(some[-1])

    def _members_of(self, section: int) -> Iterator[Batch]:
        school, administrators = self._sections[section], self._administrators or set()

        def read(told: Told) -> Any:
            word = ADMINISTRATOR if records.user_id(told) in administrators else None
            return records.read_enrollment(told, str(section), school, word)

        listing = self._api.all(f"sections/{section}/enrollments", "enrollment")
        try:
            for page in listing.pages():
                yield self._batch("enrollments", [told for told in page if records.is_member(told)], read)
        except Gone:
            self._steps.doubt("enrollments", "a section went away while its members were read")
        else:
            self._judge(listing, "enrollments")

    def _learn(self) -> None:
        """Learn again what a reading that goes on in the middle has read before."""
        if not self._sections:
            for _ in self._read_courses(-1):
                pass
        if self._administrators is None:
            for _ in self._read_users(-1):
                pass

    def _batch(self, kind: Kind, told: Iterable[Told], make: Made) -> Batch:
        """Return what can be read; the rest is there, so its kind proves nobody gone."""
        made: list[Any] = []
        faults: list[Fault] = []
        for each in told:
            record = make(each)
            if record is None:
                self._steps.doubt(kind, "a record that is there can't be read")
                message = "lacks its id or its dates: it was left out"
                faults.append(
                    Fault(f"/{kind}/{identifier(each.get('id'))}", None, None, "schoology.unreadable", message)
                )
            else:
                made.append(record)
        return Batch(kind, made, faults)

    def _judge(self, listing: Listing, *kinds: Kind) -> None:
        for kind in kinds if listing.doubt else ():
            self._steps.doubt(kind, listing.doubt)


def find_root(api: Api) -> str:
    """Return the school that stands above all: that of the key's owner, or else of the first user there is.

    Raises Refused, Unavailable, BadData (``schoology.school_unknown``).
    """
    try:
        school = identifier(api.one("users/me").get("school_id"))
    except (Refused, Gone):  # an app's key has no owner
        school = None
    if school is None:
        first = next(api.all("users", "user").pages(), [])
        school = next((found for each in first if (found := identifier(each.get("school_id")))), None)
    if school is None:
        raise BadData("schoology.school_unknown", "Schoology names no school: the key sees nobody.")
    return school


def _unknown_roles(page: Iterable[Told], words: Mapping[str | None, str | None]) -> list[Fault]:
    return [
        Fault(
            f"/users/{records.user_id(told)}",
            None,
            "role_id",
            "schoology.role_unknown",
            f"has a role that no word fits ({text(told.get('role_id'))}): set role_words",
            is_skipped=False,
        )
        for told in page
        if words.get(records.user_id(told)) is None
    ]


def _faults(batches: Iterable[Batch]) -> list[Fault]:
    return [fault for batch in batches for fault in batch.faults]
