"""Every row of a made-up district's files, as lines of CSV, one after the other and none kept.

Awkward but legal, as real districts are: people at two schools, moves in mid-year, co-teachers, guardians, blank and
shared e-mail addresses, names in any script, commas and quotes, ids with `/` and `@`, other systems' ids with `|`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from providers.kit.oneroster.district import names
from providers.kit.oneroster.district.enrollments import enrollments
from providers.kit.oneroster.district.ids import (
    class_id,
    course_id,
    guardian_id,
    school_id,
    student_id,
    teacher_id,
)
from providers.kit.oneroster.district.plan import (
    HOMEROOM_EVERY,
    District,
    Student,
    has_guardian,
    is_at_two_schools,
    moved,
)

DISTRICT: Final = "nf/district"
YEAR: Final = "sy-2026"
TERMS: Final = ("term/fall", "term/spring")
_BULK: Final = ",,"  # status and dateLastModified stay blank in a bulk file
_GRADES: Final = ("KG", *(f"{number:02}" for number in range(1, 13)))


def orgs(district: District) -> Iterator[str]:
    """Yield the district, a department and the schools."""
    yield f"{DISTRICT},{_BULK}Northfield District,district,NF-0,"
    yield f"nf/curriculum,{_BULK}Curriculum,department,,{DISTRICT}"
    for number in range(district.schools):
        place = names.PLACES[number % len(names.PLACES)]
        yield f"{school_id(number)},{_BULK}{place} School {number + 1},school,NF-{number + 1},{DISTRICT}"


def academic_sessions(_district: District) -> Iterator[str]:
    """Yield a school year, its two terms and their grading periods, and the summer's."""
    yield f"{YEAR},{_BULK}2026-2027,schoolYear,2026-08-01,2027-08-01,,2027"
    yield f"{TERMS[0]},{_BULK}Fall,term,2026-08-17,2027-01-01,{YEAR},2027"
    yield f"{TERMS[1]},{_BULK}Spring,term,2027-01-04,2027-06-12,{YEAR},2027"
    yield f"term/summer,{_BULK}Summer,term,2027-06-14,2027-07-31,{YEAR},2027"
    yield f"gp@1,{_BULK}Quarter 1,gradingPeriod,2026-08-17,2026-10-17,{TERMS[0]},2027"
    yield f"gp@2,{_BULK}Quarter 2,gradingPeriod,2026-10-19,2027-01-01,{TERMS[0]},2027"
    yield f"gp@3,{_BULK}Quarter 3,gradingPeriod,2027-01-04,2027-03-20,{TERMS[1]},2027"
    yield f"gp@4,{_BULK}Quarter 4,gradingPeriod,2027-03-22,2027-06-12,{TERMS[1]},2027"


def courses(_district: District) -> Iterator[str]:
    """Yield a course for each subject and grade, of the district, and homeroom."""
    for subject, code in names.SUBJECTS:
        for grade in _GRADES:
            about = f"{subject} {grade},{code}{grade},{grade},{DISTRICT},{subject},{code}"
            yield f"{course_id(code, grade)},{_BULK}{YEAR},{about}"
    yield f"{course_id('HR', 'all')},{_BULK}{YEAR},Homeroom,HR,,{DISTRICT},,"


def classes(district: District) -> Iterator[str]:
    """Yield the classes of each school: every fifth a homeroom, some for one term, most for both."""
    for school in range(district.schools):
        for number in range(district.classes_in_a_school):
            yield _class(school, number)


def _class(school: int, number: int) -> str:
    start = f"{class_id(school, number)},{_BULK}"
    end = f"{school_id(school)},"
    if number % HOMEROOM_EVERY == 0:
        title = f"Homeroom {number // HOMEROOM_EVERY + 1}"
        return f'{start}{title},,{course_id("HR", "all")},,homeroom,,{end}"{TERMS[0]},{TERMS[1]}",,,'
    subject, code = names.SUBJECTS[number % len(names.SUBJECTS)]
    grade = _GRADES[(number * 7 + school) % len(_GRADES)]
    title = f"{code} {grade} / {number}"
    terms = TERMS[number % 2] if number % 4 == 0 else f'"{TERMS[0]},{TERMS[1]}"'
    room = f"Room {number % 90 + 100}"
    course = course_id(code, grade)
    periods = '"1,3"' if number % 11 == 0 else str(number % 8 + 1)
    return f"{start}{title},{grade},{course},{code}-{number},scheduled,{room},{end}{terms},{subject},{code},{periods}"


def users(district: District) -> Iterator[str]:
    """Yield teachers, students and the guardians that some of them have."""
    for number in range(district.teachers):
        given, family = _name(number * 48271 + district.seed)
        user_id, school = teacher_id(number), school_id(number % district.schools)
        yield (
            f"{user_id},{_BULK}true,t{number},,{given},{family},,{number:06},t{number}@staff.northfield.example,,,,,,"
            f"t-{number},,,,{school},"
        )
    for student in district.present():
        yield _student(student)
        if has_guardian(student):
            given, family = _name(student.bits >> 5)
            yield (
                f"{guardian_id(student.number)},{_BULK}true,g{student.number},,{given},{family},,,"
                f"family{student.number}@mail.example,,+1-555-{student.number % 10_000:04},,,,,,,,,"
            )


def _student(student: Student) -> str:
    number, bits = student.number, student.bits
    given, family = _name(bits + student.version * 0x1_0000)
    email = _email(number, bits)
    agent = guardian_id(number) if has_guardian(student) else ""
    other = f"{{lunch:A|{number}}}" if bits >> 20 & 15 else f'"{{lunch:A|{number}}},{{bus:7/{number % 40}}}"'
    preferred = names.GIVEN[bits >> 24 & 31] if bits >> 30 & 15 == 0 else ""
    enabled = "false" if bits >> 34 & 255 == 0 else "true"
    return (
        f"{student_id(number)},{_BULK}{enabled},s{number},{other},{given},{family},,NF|{number},{email},,,{agent},"
        f"{_GRADES[number // 7 % 13]},,m-{number},{preferred},,,{school_id(student.school)},"
        f"{names.PRONOUNS[bits >> 42 & 7] if bits >> 42 & 7 < len(names.PRONOUNS) else ''}"
    )


def _name(lot: int) -> tuple[str, str]:
    given, family = names.GIVEN, names.FAMILY
    return given[(lot >> 2) % len(given)], family[(lot >> 9) % len(family)]


def _email(number: int, bits: int) -> str:
    """Return an address; one student in ten has none, one in 128 shares that of a sister or brother."""
    if number % 10 == 3:
        return ""
    return f"s{number - (bits >> 50 & 127 == 0 and number > 0)}@northfield.example"


def roles(district: District) -> Iterator[str]:
    """Yield everybody's roles: one primary role for each person and org."""
    yield from _staff_roles(district)
    schools = district.schools
    for student in district.present():
        user_id, own, other = student_id(student.number), student.school, (student.school + 1) % schools
        start = f"r/{student.number}"
        begin, end = ("2026-11-02", "") if moved(student) else ("", "")
        yield f"{start},{_BULK}{user_id},primary,student,{begin},{end},{school_id(own)},"
        if moved(student):
            yield f"{start}/old,{_BULK}{user_id},primary,student,2026-08-17,2026-11-02,{school_id(other)},"
        elif is_at_two_schools(student):
            yield f"{start}/two,{_BULK}{user_id},secondary,student,,,{school_id(other)},"
        if has_guardian(student):
            yield f"{start}/g,{_BULK}{guardian_id(student.number)},primary,guardian,,,{school_id(own)},"


def _staff_roles(district: District) -> Iterator[str]:
    for number in range(district.teachers):
        user_id, school = teacher_id(number), school_id(number % district.schools)
        yield f"r/t{number},{_BULK}{user_id},primary,teacher,,,{school},"
        if number < district.schools:
            yield f"r/t{number}/p,{_BULK}{user_id},secondary,principal,,,{school},"
    yield f"r/t0/d,{_BULK}{teacher_id(0)},secondary,districtAdministrator,,,{DISTRICT},"


ROWS: Final = {
    "orgs": orgs,
    "academicSessions": academic_sessions,
    "courses": courses,
    "classes": classes,
    "users": users,
    "roles": roles,
    "enrollments": enrollments,
}
