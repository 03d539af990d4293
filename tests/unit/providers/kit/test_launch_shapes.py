"""Shapes of a launch by the book: what is an id, what is text, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from providers.contract import BadData, Launch, VerifiedClaims
from providers.kit.lti import claims as names
from providers.kit.lti import read_launch

LEAST = {names.MESSAGE_TYPE: names.RESOURCE_LINK_REQUEST, names.DEPLOYMENT_ID: "d", names.ROLES: []}
COURSE = "http://purl.imsglobal.org/vocab/lis/v2/course#"


def _read(**claims: Any) -> Launch:
    return read_launch(VerifiedClaims(LEAST | claims))


def _refused(name: str, value: Any) -> BadData:
    with pytest.raises(BadData) as refused:
        read_launch(VerifiedClaims(LEAST | {name: value}))
    return refused.value


def test_least_launch_is_read() -> None:
    launch = _read()
    assert (launch.subject, launch.context, launch.resource_link, launch.target_link_uri) == (None, None, None, None)


@pytest.mark.parametrize("name", [names.CONTEXT, names.RESOURCE_LINK])
@pytest.mark.parametrize("value", ["x", [], 7, {"title": "no id"}, {"id": ""}, {"id": 7}, {"id": "x" * 256}])
def test_object_without_a_proper_id_is_bad_data(name: str, value: Any) -> None:
    fault = _refused(name, value)
    assert fault.code == "lti.claim_shape"
    assert name in fault.detail


@pytest.mark.parametrize("name", [names.CONTEXT, names.RESOURCE_LINK])
@pytest.mark.parametrize("value", [None, {}])
def test_empty_object_is_absent(name: str, value: Any) -> None:
    launch = read_launch(VerifiedClaims(LEAST | {name: value}))
    assert launch.context is None
    assert launch.resource_link is None


def test_id_of_255_characters_is_kept() -> None:
    context = read_launch(VerifiedClaims(LEAST | {names.CONTEXT: {"id": "x" * 255}})).context
    assert context is not None
    assert len(context.id) == 255


@pytest.mark.parametrize("name", [names.MESSAGE_TYPE, names.DEPLOYMENT_ID])
@pytest.mark.parametrize("value", [None, "", 7, "a\0", "\ud800"])
def test_required_id_must_be_storable_text(name: str, value: Any) -> None:
    assert _refused(name, value).code == "lti.claim_shape"


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ([COURSE + "CourseSection"], (COURSE + "CourseSection",)),
        (["CourseOffering", "urn:lti:context-type:ims/lis/CourseOffering"], (COURSE + "CourseOffering",)),
        ("Group", (COURSE + "Group",)),
        (["Unknown", 7, None], ()),
        (None, ()),
    ],
)
def test_course_types_come_in_full_form(sent: Any, read: tuple[str, ...]) -> None:
    context = read_launch(VerifiedClaims(LEAST | {names.CONTEXT: {"id": "c", "type": sent}})).context
    assert context is not None
    assert context.types == read


def test_course_type_of_another_shape_is_bad_data() -> None:
    assert _refused(names.CONTEXT, {"id": "c", "type": {"a": 1}}).code == "lti.claim_shape"


@pytest.mark.parametrize("value", [[1], {"a": 1}])
def test_custom_value_that_is_no_text_is_bad_data(value: Any) -> None:
    assert _refused(names.CUSTOM, {"x": value}).code == "lti.custom_invalid"


def test_custom_numbers_and_flags_become_text() -> None:
    custom = read_launch(VerifiedClaims(LEAST | {names.CUSTOM: {"a": 7, "b": 1.5, "c": True, "d": False}})).custom
    assert custom == {"a": "7", "b": "1.5", "c": "true", "d": "false"}


def test_custom_parameters_lose_what_no_database_takes() -> None:
    custom = read_launch(VerifiedClaims(LEAST | {names.CUSTOM: {"a\0": "x\0y", "b\ud800": 7}})).custom
    assert custom == {"a": "xy", "b": "7"}


def test_names_lose_what_no_database_takes() -> None:
    person = _read(name=" S\0am \ud800O ").person
    assert person.name == "Sam O"


def test_unresolved_name_is_no_name() -> None:
    assert _read(given_name="$Person.name.given").person.given_name is None


def test_language_falls_back_to_the_frame() -> None:
    shown = VerifiedClaims(LEAST | {names.LAUNCH_PRESENTATION: {"locale": "fr"}})
    assert read_launch(shown).person.locale == "fr"
    assert _read(locale="de").person.locale == "de"


@pytest.mark.parametrize("value", [7, [], {}])
def test_target_that_is_no_text_is_bad_data(value: Any) -> None:
    assert _refused(names.TARGET_LINK_URI, value).code == "lti.claim_shape"


def test_message_claims_come_through() -> None:
    settings = {"deep_link_return_url": "https://lms.example/return", "data": "x"}
    launch = read_launch(VerifiedClaims(LEAST | {names.DEEP_LINKING_SETTINGS: settings}))
    assert launch.message == {names.DEEP_LINKING_SETTINGS: settings}


def test_failures_never_carry_the_value() -> None:
    fault = _refused(names.CONTEXT, {"id": ["Sam Okafor"]})
    assert "Sam" not in f"{fault} {fault.sentence} {fault.detail}"
