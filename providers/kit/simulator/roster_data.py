"""A small made-up district as OneRoster 1.2 tells it in JSON."""

from __future__ import annotations

from typing import Any, Final

Record = dict[str, Any]
Roster = dict[str, list[Record]]

MODIFIED: Final = "2026-09-01T06:00:00.000Z"
_ENDPOINTS: Final = {"org": "orgs", "academicSession": "academicSessions", "course": "courses", "class": "classes"}


def made_up_roster(students: int = 30) -> Roster:
    """Return a district of two schools, each with half of the students, two classes and one teacher for each."""
    people = [_student(number) for number in range(students)]
    staff = [_person(f"t-{school}", "teacher", f"s-{school}") for school in (1, 2)]
    staff.append(_person("a-1", "districtAdministrator", "d-1"))
    staff.append(_person("a-2", "siteAdministrator", "s-1"))
    return {
        "orgs": [
            _base("d-1", name="Northfield District", type="district", identifier="0001", parent=None),
            *(
                _base(f"s-{n}", name=f"School {n}", type="school", identifier=f"000{n}", parent=ref("org", "d-1"))
                for n in (1, 2)
            ),
        ],
        "academicSessions": [
            _session("y-27", "2026-27", "schoolYear", "2026-08-01", "2027-07-31", None),
            _session("t-1", "Autumn", "term", "2026-08-01", "2027-01-15", "y-27"),
            _session("g-1", "Weeks 1 to 9", "gradingPeriod", "2026-08-01", "2026-10-03", "t-1"),
        ],
        "courses": [_course("c-math", "Mathematics"), _course("c-art", "Art")],
        "classes": [_class(school, course) for school in (1, 2) for course in ("math", "art")],
        "users": [*people, *staff],
        "enrollments": _enrollments(students),
    }


def ref(kind: str, source_id: str) -> Record:
    """Return a reference as the book has it; its address leads nowhere, since nobody should follow it."""
    path = _ENDPOINTS.get(kind, f"{kind}s")
    return {"href": f"https://elsewhere.example/{path}/{source_id}", "sourcedId": source_id, "type": kind}


def school_of(student: int) -> int:
    """Return the number of a student's school."""
    return 1 + student % 2


def _base(source_id: str, **members: Any) -> Record:
    own = {"sourcedId": source_id, "status": "active", "dateLastModified": MODIFIED}
    return own | {name: value for name, value in members.items() if value is not None}


def _session(source_id: str, title: str, kind: str, start: str, end: str, parent: str | None) -> Record:
    return _base(
        source_id,
        title=title,
        type=kind,
        startDate=start,
        endDate=end,
        schoolYear="2027",
        parent=ref("academicSession", parent) if parent else None,
    )


def _course(source_id: str, title: str) -> Record:
    return _base(
        source_id, title=title, courseCode=title[:3].upper(), org=ref("org", "d-1"), grades=["09"], subjects=[title]
    )


def _class(school: int, course: str) -> Record:
    return _base(
        f"k-{school}-{course}",
        title=f"{course.title()} at {school}",
        classType="scheduled",
        course=ref("course", f"c-{course}"),
        school=ref("org", f"s-{school}"),
        terms=[ref("academicSession", "t-1")],
        periods=["1"],
    )


def _student(number: int) -> Record:
    person = _person(f"p-{number}", "student", f"s-{school_of(number)}")
    return person | {
        "grades": ["09"],
        "identifier": f"{100_000 + number}",
        "userIds": [{"type": "SIS", "identifier": str(number)}],
    }


def _person(source_id: str, role: str, org: str) -> Record:
    return _base(
        source_id,
        enabledUser="true",
        givenName="Given",
        familyName=f"Family {source_id}",
        username=source_id,
        email=f"{source_id}@school.example",
        primaryOrg=ref("org", org),
        roles=[{"roleType": "primary", "role": role, "org": ref("org", org)}],
        password="never to be read",  # noqa: S106 - providers really send one
    )


def _enrollments(students: int) -> list[Record]:
    found = []
    for number in range(students):
        school = school_of(number)
        found += [_enrollment(f"p-{number}", "student", school, course) for course in ("math", "art")]
    found += [
        _enrollment(f"t-{school}", "teacher", school, course) | {"primary": "true"}
        for school in (1, 2)
        for course in ("math", "art")
    ]
    return found


def _enrollment(user: str, role: str, school: int, course: str) -> Record:
    return _base(
        f"e-{user}-{course}",
        user=ref("user", user),
        school=ref("org", f"s-{school}"),
        role=role,
        primary="false",
        beginDate="2026-08-01",
        **{"class": ref("class", f"k-{school}-{course}")},
    )
