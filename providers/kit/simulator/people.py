"""The people and courses of a simulated school."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["student", "teacher", "assistant", "designer", "observer", "administrator", "preview", "nobody"]


@dataclass(frozen=True, slots=True)
class Course:
    """A course and the one link to the tool in it."""

    id: int
    code: str
    title: str
    sis_id: str
    link_title: str
    deployment_id: str = ""  # set where a teacher added the tool to this course alone


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the school; `kinds` says what they are, course by course."""

    key: str
    id: int
    given_name: str
    family_name: str
    says: str
    kinds: Mapping[int, tuple[Kind, ...]] = field(default_factory=dict)
    sis_id: str = ""
    signed_in: bool = True
    shares_name: bool = True

    @property
    def name(self) -> str:
        """Full name."""
        return f"{self.given_name} {self.family_name}"

    @property
    def email(self) -> str:
        """Made-up address in a domain that can't exist (RFC 2606)."""
        return f"{self.given_name}.{self.family_name}@northfield.example".lower()


ALGEBRA: Final = Course(101, "ALG-1", "Algebra I", "NF-ALG-1", "Number lines")
ROBOTICS: Final = Course(102, "ROB", "Robotics Club", "NF-ROB", "Build a line follower")
CHEMISTRY: Final = Course(103, "CHEM", "Chemistry", "NF-CHEM", "Acids and bases", "103:added-by-a-teacher")
COURSES: Final = {course.id: course for course in (ALGEBRA, ROBOTICS, CHEMISTRY)}

_CAST: Final = (
    Person("sam", 11, "Sam", "Okafor", "Student", dict.fromkeys(COURSES, ("student",)), "NF-1011"),
    Person("tia", 12, "Tia", "Lindqvist", "Teacher", dict.fromkeys(COURSES, ("teacher",)), "NF-2012"),
    Person(
        "robin",
        13,
        "Robin",
        "Vega",
        "Student in Algebra I, teacher of the Robotics Club",
        {101: ("student",), 102: ("teacher",)},
        "NF-2013",
    ),
    Person("ada", 14, "Ada", "Moreau", "Teaching assistant", {101: ("assistant",)}, "NF-2014"),
    Person("oli", 15, "Oli", "Haas", "Parent, watching a child's course", {101: ("observer",)}),
    Person("dee", 16, "Dee", "Kimura", "Designs the course, does not teach it", {101: ("designer",)}, "NF-2016"),
    Person(
        "pat",
        17,
        "Pat",
        "Quiet",
        "Student of a school that shares no names",
        {101: ("student",)},
        shares_name=False,
    ),
    Person("max", 18, "Max", "Duarte", "Teacher and student of the same course", {101: ("teacher", "student")}),
    Person("preview", 19, "Test", "Student", "The teacher's student preview", {101: ("preview",)}),
    Person("boss", 20, "Bo", "Salo", "School administrator without a role in the course", {101: ("administrator",)}),
    Person(
        "guest",
        0,
        "",
        "",
        "Anonymous visitor of a public course",
        {101: ("nobody",)},
        signed_in=False,
        shares_name=False,
    ),
)
PEOPLE: Final = {person.key: person for person in _CAST}
