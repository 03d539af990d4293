"""Moodle's launches: its oddities end in this room."""

from __future__ import annotations

from typing import Any

import pytest

from providers.contract import Launch, VerifiedClaims
from providers.kit.lti import claims as names
from providers.kit.simulator import SigningKey, SimulatorConfig
from providers.moodle.launch import read_launch
from providers.moodle.settings import MoodleSettings
from providers.moodle.simulator import SimulatedMoodle

KEY = SigningKey.generate()
URL = "http://localhost:8000/lti/launch"


@pytest.fixture
def moodle() -> SimulatedMoodle:
    return SimulatedMoodle(SimulatorConfig("http://127.0.0.1:9001", "1", "2", URL, URL, URL), key=KEY)


def _read(claims: dict[str, Any]) -> Launch:
    return read_launch(VerifiedClaims(claims), MoodleSettings(base_url="http://127.0.0.1:9001", client_id="1"))


def test_login_name_comes_from_the_ext_claim(moodle: SimulatedMoodle) -> None:
    assert _read(moodle.launch_claims("sam")).person.username == "sam.okafor"


def test_login_name_is_unknown_when_moodle_leaves_it_out(moodle: SimulatedMoodle) -> None:
    moodle.switch(username=False)
    assert _read(moodle.launch_claims("sam")).person.username is None


@pytest.mark.parametrize("odd", [None, "x", [], {"user_username": 7}, {"user_username": ""}])
def test_odd_ext_claim_is_not_a_login_name(moodle: SimulatedMoodle, odd: Any) -> None:
    assert _read(moodle.launch_claims("sam", put={names.EXT: odd})).person.username is None


def test_idnumber_comes_even_when_names_are_never_shared(moodle: SimulatedMoodle) -> None:
    moodle.switch(names=False, emails=False)
    person = _read(moodle.launch_claims("sam")).person
    assert (person.name, person.email, person.sourced_id) == (None, None, "NF-1011")


def test_idnumber_that_a_teacher_typed_is_not_believed(moodle: SimulatedMoodle) -> None:
    moodle.switch(teacher_parameters=(("person_sourcedid", "NF-2012"), ("user_username", "boss")))
    launch = _read(moodle.launch_claims("sam"))
    assert launch.custom["person_sourcedid"] == "NF-2012"
    assert (launch.person.sourced_id, launch.person.username) == ("NF-1011", "sam.okafor")


def test_idnumber_of_the_course_is_that_of_course_and_section(moodle: SimulatedMoodle) -> None:
    context = _read(moodle.launch_claims("sam")).context
    assert context is not None
    assert (context.course_sourced_id, context.section_sourced_id) == ("NF-ALG-1", "NF-ALG-1")


def test_ids_are_numbers_as_text(moodle: SimulatedMoodle) -> None:
    launch = _read(moodle.launch_claims("sam"))
    assert launch.context is not None
    assert (launch.subject, launch.context.id) == ("11", "101")
