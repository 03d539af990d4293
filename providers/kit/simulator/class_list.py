"""Who is in a simulated course, and who came and went: what the member list is made of."""

from __future__ import annotations

from collections.abc import Iterable

from providers.kit.simulator.people import PEOPLE, Course, Person


class ClassList:
    """Members by course. Every change counts, so that differences since an earlier count can be told."""

    def __init__(self) -> None:
        self._members: dict[int, dict[int, Person]] = {}
        self._log: dict[int, list[tuple[Person, bool]]] = {}

    def members(self, course: Course) -> list[Person]:
        """Return who is in the course now."""
        return list(self._of(course).values())

    def enroll(self, course: Course, people: Iterable[Person]) -> None:
        """Add people to the course, or change what is known of them."""
        for person in people:
            self._of(course)[person.id] = person
            self._log.setdefault(course.id, []).append((person, True))

    def drop(self, course: Course, people: Iterable[Person]) -> None:
        """Take people out of the course."""
        for person in people:
            del self._of(course)[person.id]
            self._log.setdefault(course.id, []).append((person, False))

    def only(self, course: Course, people: Iterable[Person]) -> None:
        """Make these the members of the course, as if it had always been so."""
        self._members[course.id] = {person.id: person for person in people}

    def count(self, course: Course) -> int:
        """Return how many changes there were."""
        return len(self._log.get(course.id, []))

    def changes(self, course: Course, since: int) -> list[tuple[Person, bool]]:
        """Return who changed since that count, each once with their present state: still there, or gone."""
        changed = {person.id: (person, is_there) for person, is_there in self._log.get(course.id, [])[since:]}
        return list(changed.values())

    def _of(self, course: Course) -> dict[int, Person]:
        if course.id not in self._members:
            there = [person for person in PEOPLE.values() if course.id in person.kinds and person.signed_in]
            self._members[course.id] = {person.id: person for person in there}
        return self._members[course.id]
