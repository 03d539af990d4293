"""One reading of a Canvas: accounts, terms, courses with their sections and members, and people in the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from providers.canvas import records
from providers.canvas.api import Api, Gone, Listing
from providers.canvas.settings import CanvasSettings
from providers.contract import Batch, Context, CourseRecord, Finished, Kind, OrgRecord, Refused, RoleRecord, role_id
from providers.kit.rest.steps import Mark, Step, Steps
from providers.kit.rest.values import identifier, number

_STATES: Final = "&".join(f"state[]={state}" for state in ("active", "invited", "inactive", "completed"))
Told = Mapping[str, Any]


class Reading:
    """Canvas tells what people are course by course, so who is what at which school is kept until people are read."""

    def __init__(self, context: Context[Any]) -> None:
        self._settings: CanvasSettings = context.settings
        self._api, self._steps = Api(context), Steps(None, goes_on=False)
        self._root = ""
        self._schools: dict[str, str] = {}  # account -> the school it is, or lies in
        self._terms: set[str] = set()  # those with dates
        self._roles: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)  # user -> (school, role)
        self._agents: defaultdict[str, set[str]] = defaultdict(set)  # student -> observers
        self._members: set[str] = set()

    def run(self) -> Iterator[Batch | Finished]:
        """Yield batches and in the end what they prove."""
        steps: tuple[tuple[Kind, Callable[[int], Iterator[Batch | Mark]]], ...] = (
            ("orgs", self._read_orgs),
            ("academicSessions", self._read_terms),
            ("courses", self._read_courses),
            ("users", self._read_users),
        )
        yield from self._steps.run([Step(kind, read) for kind, read in steps])

    def _read_orgs(self, _at: int) -> Iterator[Batch]:
        root = self._api.one(f"accounts/{self._settings.rest_account}")
        self._root = identifier(root.get("id")) or ""
        listing = self._api.all(f"accounts/{self._root}/sub_accounts", query="recursive=true")
        below = [each for page in listing.pages() for each in page]
        self._judge(listing, "orgs")
        top = records.read_org({**root, "parent_account_id": None}, "district" if below else "school")
        self._schools[self._root] = self._root
        yield Batch("orgs", [each for each in (top, *self._sub_accounts(below)) if each is not None])

    def _sub_accounts(self, told: list[Told]) -> Iterator[OrgRecord | None]:
        """Those right below the root are schools, what is below these are their departments."""
        parents = {identifier(each.get("id")): identifier(each.get("parent_account_id")) for each in told}
        for each in told:
            own = school = identifier(each.get("id"))
            seen = set()
            while school is not None and parents.get(school) not in (None, self._root) and school not in seen:
                seen.add(school)
                school = parents.get(school)
            self._schools[str(own)] = school or self._root
            yield records.read_org(each, "school" if own == school else "department")

    def _read_terms(self, _at: int) -> Iterator[Batch]:
        listing = self._api.all(
            f"accounts/{self._root}/terms", under="enrollment_terms", query="workflow_state[]=active"
        )
        for page in listing.pages():
            found = [made for told in page if (made := records.read_session(told))]
            self._terms |= {each.source_id for each in found}
            yield Batch("academicSessions", found)
        self._judge(listing, "academicSessions")

    def _read_courses(self, _at: int) -> Iterator[Batch]:
        """Read each course with its sections and members: no list has them all."""
        listing = self._api.all(f"accounts/{self._root}/courses")
        for page in listing.pages():
            read = [(told, records.read_course(told, self._school(told))) for told in page]
            courses = [(told, made) for told, made in read if made is not None]
            yield Batch("courses", [made for _, made in courses])
            for told, course in courses:
                yield from self._inside(told, course)
        self._judge(listing, "courses", "classes", "enrollments", "roles")

    def _school(self, told: Told) -> str:
        return self._schools.get(identifier(told.get("account_id")) or "", self._root)

    def _inside(self, told: Told, course: CourseRecord) -> Iterator[Batch]:
        term = identifier(told.get("enrollment_term_id"))
        terms = (term,) if term in self._terms and term is not None else ()
        students: dict[str, int] = {}
        try:
            sections = self._api.all(f"courses/{course.source_id}/sections", query="include[]=total_students")
            for page in sections.pages():
                made = [(each, records.read_class(each, course, terms)) for each in page]
                students |= {one.source_id: number(each.get("total_students")) or 0 for each, one in made if one}
                yield Batch("classes", [one for _, one in made if one])
            self._judge(sections, "classes", "enrollments", "roles")
            yield from self._members_of(course, students)
        except Gone:
            for kind in _OF_COURSES:
                self._steps.doubt(kind, "a course went away while it was read")

    def _members_of(self, course: CourseRecord, students: Mapping[str, int]) -> Iterator[Batch]:
        listing = self._api.all(f"courses/{course.source_id}/enrollments", query=_STATES)
        came: defaultdict[str, set[str]] = defaultdict(set)
        for page in listing.pages():
            for told in page:
                self._note(told, str(course.org_id), came)
            made = (records.read_enrollment(told, str(course.org_id)) for told in page)
            yield Batch("enrollments", [each for each in made if each is not None])
        self._judge(listing, "enrollments", "roles")
        if self._settings.compare_counts and any(len(came[own]) < told for own, told in students.items()):
            for kind in ("enrollments", "roles"):
                self._steps.doubt(kind, "Canvas counts more students in a section than came")

    def _note(self, told: Told, school: str, came: Mapping[str, set[str]]) -> None:
        """Keep what an enrollment says of a person; what is over says nothing any more."""
        user, kind = identifier(told.get("user_id")), str(told.get("type"))
        role = records.ROLES.get(kind, (None, None))[1]
        if user is None or role is None or told.get("enrollment_state") not in records.HERE:
            return
        self._members.add(user)
        self._roles[user].add((school, role))
        if role == "student":
            came[identifier(told.get("course_section_id")) or ""].add(user)
        if role == "parent" and (student := identifier(told.get("associated_user_id"))):
            self._agents[student].add(user)

    def _read_users(self, _at: int) -> Iterator[Batch]:
        self._note_administrators()
        listing, here = self._api.all(f"accounts/{self._root}/users", query="include[]=email"), set()
        for page in listing.pages():
            agents = [tuple(sorted(self._agents.get(identifier(told.get("id")) or "", ()))) for told in page]
            made = [records.read_user(told, of) for told, of in zip(page, agents, strict=True)]
            users = [each for each in made if each is not None]
            here |= {each.source_id for each in users}
            yield Batch("users", users)
            yield Batch("roles", [role for each in users for role in self._roles_of(each.source_id)])
        self._judge(listing, "users", "roles")
        if not self._members <= here:
            for kind in _PEOPLE:
                self._steps.doubt(kind, "classes have members who are in no list of people")

    def _note_administrators(self) -> None:
        for account in self._schools:
            if self._schools[account] != account:
                continue
            role = "districtAdministrator" if account == self._root and len(self._schools) > 1 else "siteAdministrator"
            listing = self._api.all(f"accounts/{account}/admins")
            try:
                for page in listing.pages():
                    for told in page:
                        user = told.get("user")
                        if isinstance(user, Mapping) and (own := identifier(user.get("id"))):
                            self._roles[own].add((account, role))
                self._judge(listing, "roles")
            except Refused as failure:
                if failure.code != "rest.forbidden":
                    raise
                self._steps.doubt("roles", "the token may not see who administers the accounts")

    def _roles_of(self, user: str) -> Iterator[RoleRecord]:
        for place, (school, role) in enumerate(sorted(self._roles.get(user, ()))):
            yield RoleRecord(role_id(user, school, role), user, school, role, "secondary" if place else "primary")

    def _judge(self, listing: Listing, *kinds: Kind) -> None:
        for kind in kinds if listing.doubt else ():
            self._steps.doubt(kind, listing.doubt)


_OF_COURSES: Final[tuple[Kind, ...]] = ("classes", "enrollments", "roles")
_PEOPLE: Final[tuple[Kind, ...]] = ("users", "roles")
