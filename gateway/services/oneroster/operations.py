"""The 41 operations of OneRoster 1.2's Rostering service: their scopes follow from the path."""

from __future__ import annotations

from typing import Final

from gateway.services.oneroster.service import SCOPE, Operation, Service

BASE: Final = "/ims/oneroster/rostering/v1p2"
CORE: Final = SCOPE + "roster-core.readonly"
WHOLE: Final = SCOPE + "roster.readonly"
DEMOGRAPHICS: Final = SCOPE + "roster-demographics.readonly"

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


def _scopes(path: str) -> tuple[str, ...]:
    if path.startswith("/demographics"):
        return (DEMOGRAPHICS,)
    return (WHOLE, CORE) if path.count("/") == 1 or path.endswith("/{sourcedId}") else (WHOLE,)


OPERATIONS: Final = tuple(Operation(id, path, _scopes(path)) for id, path in _PATHS.items())
ROSTERING: Final = Service(
    title="OneRoster Rostering Service",
    base=BASE,
    # The binding and the certification guide disagree.
    names=("onerosterv1p2rostersservice_openapi3_v1p0.json", "imsorv1p2_rostering_openapi3_v1p0.json"),
    scopes={
        CORE: "Read collections and single objects, without demographics.",
        WHOLE: "Read everything but demographics.",
        DEMOGRAPHICS: "Read demographics.",
    },
    operations=OPERATIONS,
)
