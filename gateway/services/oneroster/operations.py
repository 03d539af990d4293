"""The 41 operations of OneRoster 1.2's Rostering service: collection, envelope and scopes follow from the path."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

BASE: Final = "/ims/oneroster/rostering/v1p2"
_SCOPE: Final = "https://purl.imsglobal.org/spec/or/v1p2/scope/"
CORE: Final = _SCOPE + "roster-core.readonly"
WHOLE: Final = _SCOPE + "roster.readonly"
DEMOGRAPHICS: Final = _SCOPE + "roster-demographics.readonly"

# The kind of a collection's objects -> what one of them is called.
SINGULAR: Final = {
    "academicSessions": "academicSession",
    "classes": "class",
    "courses": "course",
    "demographics": "demographics",
    "enrollments": "enrollment",
    "orgs": "org",
    "users": "user",
}
_KINDS: Final = {
    "terms": "academicSessions",
    "gradingPeriods": "academicSessions",
    "schools": "orgs",
    "students": "users",
    "teachers": "users",
}
_PATHS: Final = {
    "getAllAcademicSessions": "/academicSessions",
    "getAcademicSession": "/academicSessions/{sourcedId}",
    "getAllClasses": "/classes",
    "getStudentsForClass": "/classes/{classSourcedId}/students",
    "getTeachersForClass": "/classes/{classSourcedId}/teachers",
    "getClass": "/classes/{sourcedId}",
    "getAllCourses": "/courses",
    "getClassesForCourse": "/courses/{courseSourcedId}/classes",
    "getCourse": "/courses/{sourcedId}",
    "getAllDemographics": "/demographics",
    "getDemographics": "/demographics/{sourcedId}",
    "getAllEnrollments": "/enrollments",
    "getEnrollment": "/enrollments/{sourcedId}",
    "getAllGradingPeriods": "/gradingPeriods",
    "getGradingPeriod": "/gradingPeriods/{sourcedId}",
    "getAllOrgs": "/orgs",
    "getOrg": "/orgs/{sourcedId}",
    "getAllSchools": "/schools",
    "getClassesForSchool": "/schools/{schoolSourcedId}/classes",
    "getEnrollmentsForClassInSchool": "/schools/{schoolSourcedId}/classes/{classSourcedId}/enrollments",
    "getStudentsForClassInSchool": "/schools/{schoolSourcedId}/classes/{classSourcedId}/students",
    "getTeachersForClassInSchool": "/schools/{schoolSourcedId}/classes/{classSourcedId}/teachers",
    "getCoursesForSchool": "/schools/{schoolSourcedId}/courses",
    "getEnrollmentsForSchool": "/schools/{schoolSourcedId}/enrollments",
    "getStudentsForSchool": "/schools/{schoolSourcedId}/students",
    "getTeachersForSchool": "/schools/{schoolSourcedId}/teachers",
    "getTermsForSchool": "/schools/{schoolSourcedId}/terms",
    "getSchool": "/schools/{sourcedId}",
    "getAllStudents": "/students",
    "getStudent": "/students/{sourcedId}",
    "getClassesForStudent": "/students/{studentSourcedId}/classes",
    "getAllTeachers": "/teachers",
    "getTeacher": "/teachers/{sourcedId}",
    "getClassesForTeacher": "/teachers/{teacherSourcedId}/classes",
    "getAllTerms": "/terms",
    "getTerm": "/terms/{sourcedId}",
    "getClassesForTerm": "/terms/{termSourcedId}/classes",
    "getGradingPeriodsForTerm": "/terms/{termSourcedId}/gradingPeriods",
    "getAllUsers": "/users",
    "getUser": "/users/{sourcedId}",
    "getClassesForUser": "/users/{userSourcedId}/classes",
}


class Operation(NamedTuple):
    """One operation."""

    id: str
    path: str

    @property
    def segments(self) -> list[str]:
        """The path's parts; every second one stands for an id."""
        return self.path[1:].split("/")

    @property
    def is_single(self) -> bool:
        """Whether it answers with one object."""
        return self.path.endswith("{sourcedId}")

    @property
    def collection(self) -> str:
        """The collection that it reads."""
        return self.segments[-2 if self.is_single else -1]

    @property
    def kind(self) -> str:
        """The kind of its objects."""
        return _KINDS.get(self.collection, self.collection)

    @property
    def envelope(self) -> str:
        """The one member of its answer."""
        return SINGULAR[self.kind] if self.is_single else self.kind

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of which one is enough."""
        if self.collection == "demographics":
            return (DEMOGRAPHICS,)
        return (WHOLE, CORE) if len(self.segments) <= 2 else (WHOLE,)


class Call(NamedTuple):
    """An operation and the ids in its address: what it lies within, outermost first, and the object asked for."""

    operation: Operation
    within: tuple[tuple[str, str], ...]
    id: str | None


OPERATIONS: Final = tuple(Operation(id, path) for id, path in _PATHS.items())


@lru_cache
def _by_shape() -> dict[tuple[str | None, ...], Operation]:
    return {tuple(None if each[0] == "{" else each for each in one.segments): one for one in OPERATIONS}


def call_of(path: str) -> Call | None:
    """Return what an address (below `BASE`, without its first slash) asks, or None when there is no such operation."""
    parts = path.split("/")
    shape = tuple(None if number % 2 else part for number, part in enumerate(parts))
    operation = _by_shape().get(shape)
    if operation is None:
        return None
    pairs = tuple(zip(parts[::2], parts[1::2], strict=False))
    return Call(operation, pairs[:-1], pairs[-1][1]) if operation.is_single else Call(operation, pairs, None)
