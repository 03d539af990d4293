"""The roster of those whom a simulated platform's launches bring, so that both tell of the same people."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from providers.kit.simulator.people import COURSES, PEOPLE, Person
from providers.kit.simulator.roster_data import Record, Roster, made_up_roster, ref

_ROLES = {"student": "student", "teacher": "teacher"}
_SCHOOL = ref("org", "s-1")
Own = Callable[[int], int]


def cast_roster(user: Own, course: Own, class_: Own) -> Roster:
    """Return the students and teachers of the simulated school; numbers follow from launches' own."""
    roster = made_up_roster(0)
    subjects = {101: ("Mathematics", "Algebra I"), 102: ("Art", "Robotics Club"), 103: ("Art", "Chemistry")}
    model, section = roster["courses"][0], roster["classes"][0]
    roster["courses"] = [
        {**model, "sourcedId": str(course(number)), "title": title, "subjects": [subject]}
        for number, (subject, title) in subjects.items()
    ]
    roster["classes"] = [
        {
            **section,
            "sourcedId": str(class_(number)),
            "title": f"{title} A",
            "course": ref("course", str(course(number))),
            "school": _SCHOOL,
        }
        for number, (_, title) in subjects.items()
    ]
    cast = [each for each in PEOPLE.values() if each.sis_id and _role(each)]
    staff = [each for each in roster["users"] if each["roles"][0]["role"].endswith("Administrator")]
    roster["users"] = [*(_user(each, user) for each in cast), *staff]
    roster["enrollments"] = [found for each in cast for found in _enrollments(each, user, class_)]
    return roster


def _user(person: Person, user: Own) -> Record:
    return {
        **made_up_roster(1)["users"][0],
        "sourcedId": str(user(person.id)),
        "givenName": person.given_name,
        "familyName": person.family_name,
        "email": person.email,
        "username": person.key,
        "identifier": person.sis_id,
        "primaryOrg": _SCHOOL,
        "roles": [{"roleType": "primary", "role": _role(person), "org": _SCHOOL}],
    }


def _enrollments(person: Person, user: Own, class_: Own) -> Iterator[Record]:
    model = made_up_roster(1)["enrollments"][0]
    for number in COURSES:
        for kind in person.kinds.get(number, ()):
            if kind in _ROLES:
                yield {
                    **model,
                    "sourcedId": f"e-{person.id}-{number}",
                    "user": ref("user", str(user(person.id))),
                    "class": ref("class", str(class_(number))),
                    "school": _SCHOOL,
                    "role": _ROLES[kind],
                }


def _role(person: Person) -> str:
    """Return what somebody is at the school: a teacher anywhere is one there."""
    kinds = {kind for kinds in person.kinds.values() for kind in kinds}
    return next((role for role in ("teacher", "student") if role in kinds), "")
