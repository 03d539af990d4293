"""What the sample application reads out of an ID token."""

from __future__ import annotations

from gateway.sample.people import MOST, Remembered, Visit
from gateway.sample.reading import read_person
from providers.kit.lti import claims as names

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"


def test_a_person_of_whom_nothing_is_known_still_has_a_page() -> None:
    person = read_person({"sub": "1"})
    assert (person.greeting, person.roles, person.class_title, person.message) == ("Hello!", [], None, None)


def test_roles_are_told_in_plain_words_each_once() -> None:
    uris = [f"{MEMBERSHIP}#Learner", f"{MEMBERSHIP}#Instructor", f"{MEMBERSHIP}/Instructor#TeachingAssistant"]
    assert read_person({"sub": "1", names.ROLES: [*uris, *uris, "odd"]}).roles == [
        "Student",
        "Teacher",
        "Teaching assistant",
        "odd",
    ]


def test_an_unknown_message_is_shown_as_it_is_called() -> None:
    assert read_person({"sub": "1", names.MESSAGE_TYPE: "LtiNew"}).message == "LtiNew"


def test_the_oldest_person_makes_room() -> None:
    people = Remembered()
    keys = [people.keep(Visit({"sub": str(number)}, "")) for number in range(MOST + 1)]
    assert people.recall(keys[0]) is None
    assert people.recall(keys[-1]) == Visit({"sub": str(MOST)}, "")
    assert people.recall(None) is None
