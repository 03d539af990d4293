"""The students who are there already, findable by what a file may say of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gateway.services.native.names import folded as username_key
from gateway.services.native_import.students import Student


class Person(NamedTuple):
    """A student of the school as they are stored."""

    user_id: str
    username: str
    given_name: str
    family_name: str
    middle_name: str | None
    grade: str | None
    number: str | None


class OpenClass(NamedTuple):
    """A class that the uploader may fill."""

    class_id: str
    title: str


def folded(text: str) -> str:
    """Return text by which spellings are compared: without capitals and double spaces, letters composed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def name_key(given_name: str, family_name: str) -> str:
    """Return what two spellings of one name have in common."""
    return f"{folded(given_name)}\n{folded(family_name)}"


def number_key(number: str) -> str:
    """Return a student number without the zeros in front that spreadsheets lose."""
    return folded(number).lstrip("0") if number.isdigit() else folded(number)


@dataclass(frozen=True, slots=True)
class Known:
    """Who is at the school, what classes are open to the uploader, and who is in them."""

    by_username: Mapping[str, Person]
    by_number: Mapping[str, Sequence[Person]]
    by_name: Mapping[str, Sequence[Person]]
    classes: Mapping[str, Sequence[OpenClass]]
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)  # class -> users

    def same_name(self, student: Student) -> Sequence[Person]:
        """Return students of the school with this name."""
        return self.by_name.get(name_key(student.given_name, student.family_name), ())


def know(
    people: Iterable[Person], classes: Iterable[OpenClass] = (), members: Mapping[str, frozenset[str]] | None = None
) -> Known:
    """Put a school's people where they are found."""
    by_username: dict[str, Person] = {}
    by_number: dict[str, list[Person]] = {}
    by_name: dict[str, list[Person]] = {}
    for person in people:
        by_username[username_key(person.username)] = person
        by_name.setdefault(name_key(person.given_name, person.family_name), []).append(person)
        if person.number:
            by_number.setdefault(number_key(person.number), []).append(person)
    by_title: dict[str, list[OpenClass]] = {}
    for each in classes:
        by_title.setdefault(folded(each.title), []).append(each)
    return Known(by_username, by_number, by_name, by_title, members or {})
