"""Who is in which class of a made-up district: the longest file, about five rows for each student."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from providers.kit.oneroster.district.ids import class_id, school_id, student_id, teacher_id
from providers.kit.oneroster.district.plan import HOMEROOM_EVERY, District, Student, is_at_two_schools, moved

_BULK: Final = ",,"
_SCHEDULED: Final = 4  # classes that a student has beside homeroom; one in ten has one less
_HALF_YEAR: Final = "2027-01-04"
_MOVED_ON: Final = "2026-11-02"

# Of the share of enrollments that a day changes: dates are changed, a class is left, a class is taken instead.
_CHANGED, _LEFT = 0.6, 0.8
_Change = tuple[bool, bool, int]  # still in the class; leaves it at half of the year; how often it was another class
_UNCHANGED: Final[_Change] = (True, False, 0)


def enrollments(district: District) -> Iterator[str]:
    """Yield teachers' rows class by class, then students' rows student by student."""
    yield from _teachers(district)
    days = [district.lot(f"enrollments of day {day}").random for day in range(2, district.day + 1)]
    change = _changes(days, district.change) if days and district.change else None
    homerooms = -(-district.classes_in_a_school // HOMEROOM_EVERY)
    groups = (district.classes_in_a_school - homerooms) // _SCHEDULED
    for student in district.present():
        if moved(student):
            yield _left_homeroom(student, homerooms, district.schools)
        for slot in range(1 + _SCHEDULED - (student.number % 10 == 7)):
            is_there, ends, again = change() if change else _UNCHANGED
            if is_there:
                school = _school_of(student, slot, district.schools)
                number = _class_number(student.bits, slot, again, homerooms, groups)
                begin = _MOVED_ON if slot == 0 and moved(student) else ""
                yield (
                    f"e/{student.number}-{slot}{f'/{again}' if again else ''},{_BULK}{class_id(school, number)},"
                    f"{school_id(school)},{student_id(student.number)},student,,{begin},{_HALF_YEAR if ends else ''}"
                )


def _changes(days: Sequence[Callable[[], float]], share: float) -> Callable[[], _Change]:
    """Return what says for one enrollment after the other what became of it until the last day."""

    def change() -> _Change:
        lots = [draw() / share for draw in days]
        ends = sum(lot < _CHANGED for lot in lots) % 2 == 1
        return not _CHANGED <= lots[-1] < _LEFT, ends, sum(_LEFT <= lot < 1 for lot in lots)

    return change


def _class_number(bits: int, slot: int, again: int, homerooms: int, groups: int) -> int:
    """Return a class within a school; each of a student's slots has classes of its own, so that none comes twice."""
    if slot == 0:
        return (bits + again) % homerooms * HOMEROOM_EVERY
    scheduled = ((bits >> 8) + slot * 3 + again) % groups * _SCHEDULED + slot - 1
    return scheduled + scheduled // (HOMEROOM_EVERY - 1) + 1  # homerooms are left out


def _school_of(student: Student, slot: int, schools: int) -> int:
    return (student.school + (slot == _SCHEDULED - 1 and is_at_two_schools(student))) % schools


def _left_homeroom(student: Student, homerooms: int, schools: int) -> str:
    school = (student.school + 1) % schools
    one = class_id(school, student.bits % homerooms * HOMEROOM_EVERY)
    person = student_id(student.number)
    return f"e/{student.number}-old,{_BULK}{one},{school_id(school)},{person},student,,2026-08-17,{_MOVED_ON}"


def _teachers(district: District) -> Iterator[str]:
    in_school, schools, teachers = district.classes_in_a_school, district.schools, district.teachers
    for school in range(schools):
        colleagues = range(school, teachers, schools)  # the teachers whose school this is
        org = school_id(school)
        for number in range(in_school):
            first = teacher_id(colleagues[number % len(colleagues)])
            one = class_id(school, number)
            yield f"e/t/{school}/{number},{_BULK}{one},{org},{first},teacher,true,,"
            if number % 20 == 7 and len(colleagues) > 1:
                second = teacher_id(colleagues[(number + 1) % len(colleagues)])
                yield f"e/t/{school}/{number}@2,{_BULK}{one},{org},{second},teacher,false,,"
