"""The ids of a made-up district: as odd as the specification allows, and never a name in them."""

from __future__ import annotations


def school_id(number: int) -> str:
    """Return the id of a school."""
    return f"nf/school-{number + 1}"


def course_id(code: str, grade: str) -> str:
    """Return the id of a course."""
    return f"crs.{code}.{grade}"


def class_id(school: int, number: int) -> str:
    """Return the id of a class."""
    return f"cls/{school + 1}@{number}"


def teacher_id(number: int) -> str:
    """Return the id of a teacher."""
    return f"TCH_{number:06}"


def student_id(number: int) -> str:
    """Return the id of a student; capitals matter, so that nobody compares without them."""
    return f"stu/{number:07}" if number & 1 else f"STU/{number:07}"


def guardian_id(number: int) -> str:
    """Return the id of a student's guardian."""
    return f"guardian@{number}"
