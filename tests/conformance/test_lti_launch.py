"""LTI launches: what every room that has them must do, judged with its own simulated platform."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.contract import BadData, EnrollmentRole, Role
from providers.kit.lti import claims as names
from providers.kit.simulator import PEOPLE
from providers.kit.simulator.loading import lti_simulator
from providers.kit.simulator.people import ALGEBRA, ROBOTICS
from tests.conformance.launch_room import CONFIG, LaunchRoom

S, T, P, A = (EnrollmentRole.STUDENT, EnrollmentRole.TEACHER, EnrollmentRole.PROCTOR, EnrollmentRole.ADMINISTRATOR)

WHO_IS_WHAT: list[tuple[str, int, tuple[Role, ...], tuple[EnrollmentRole, ...]]] = [
    ("sam", 101, (Role.STUDENT,), (S,)),
    ("tia", 101, (Role.TEACHER,), (T,)),
    ("ada", 101, (Role.AIDE,), (P,)),
    ("robin", 101, (Role.STUDENT,), (S,)),
    ("robin", 102, (Role.TEACHER,), (T,)),
    ("max", 101, (Role.STUDENT, Role.TEACHER), (S, T)),
    ("oli", 101, (Role.GUARDIAN,), ()),
    ("dee", 101, (), ()),
    ("boss", 101, (), ()),
    ("guest", 101, (), ()),
]


@pytest.mark.parametrize(("who", "course", "person", "enrollment"), WHO_IS_WHAT)
def test_roles_are_those_in_this_course(
    room: LaunchRoom, who: str, course: int, person: tuple[Role, ...], enrollment: tuple[EnrollmentRole, ...]
) -> None:
    roles = room.read(room.platform.launch_claims(who, course)).roles
    assert (roles.person, roles.enrollment) == (person, enrollment)


def test_school_administrator_gets_no_right_in_the_course(room: LaunchRoom) -> None:
    roles = room.read(room.platform.launch_claims("boss")).roles
    assert roles.enrollment == ()
    assert roles.context_uris == ()


def test_subject_is_kept_byte_for_byte(room: LaunchRoom) -> None:
    odd = " Ünïque\u200a"
    assert room.read(room.platform.launch_claims("sam", put={"sub": odd})).subject == odd


@pytest.mark.parametrize("blank", ["", " ", "\t", 7, [], {}, "x" * 256, "a\0b"])
def test_blank_or_broken_subject_is_refused(room: LaunchRoom, blank: Any) -> None:
    with pytest.raises(BadData) as refused:
        room.read(room.platform.launch_claims("sam", put={"sub": blank}))
    assert refused.value.code == "lti.subject_invalid"


def test_anonymous_person_has_no_subject(room: LaunchRoom) -> None:
    assert room.read(room.platform.launch_claims("guest")).subject is None


def test_person_is_named_as_the_platform_says(room: LaunchRoom) -> None:
    person = room.read(room.platform.launch_claims("sam")).person
    assert (person.given_name, person.family_name, person.name) == ("Sam", "Okafor", "Sam Okafor")
    assert person.email == "sam.okafor@northfield.example"
    assert person.sourced_id == "NF-1011"


def test_person_has_only_an_id_when_the_school_shares_no_names(room: LaunchRoom) -> None:
    launch = room.read(room.platform.launch_claims("pat"))
    assert launch.subject == room.platform.subject(PEOPLE["pat"])
    assert {launch.person.name, launch.person.given_name, launch.person.email, launch.person.sourced_id} == {None}


def test_empty_names_are_no_names(room: LaunchRoom) -> None:
    empty = {"name": "", "given_name": " ", "family_name": None, "email": "", "picture": False}
    person = room.read(room.platform.launch_claims("sam", put=empty)).person
    assert {person.name, person.given_name, person.family_name, person.email, person.picture} == {None}


def test_student_preview_is_marked(room: LaunchRoom) -> None:
    assert room.read(room.platform.launch_claims("preview")).roles.is_test_user
    assert not room.read(room.platform.launch_claims("sam")).roles.is_test_user


def test_course_is_read(room: LaunchRoom) -> None:
    context = room.read(room.platform.launch_claims("sam", 102)).context
    assert context is not None
    assert (context.id, context.title, context.label) == (room.platform.context_id(ROBOTICS), "Robotics Club", "ROB")
    assert context.types == tuple(room.platform.context(ROBOTICS)["type"])


def test_launch_without_a_course_is_read(room: LaunchRoom) -> None:
    launch = room.read(room.platform.launch_claims("tia", None))
    assert launch.context is None
    assert launch.roles.person == (Role.TEACHER,)


def test_course_without_a_title_keeps_its_id(room: LaunchRoom) -> None:
    room.platform.switch(titles=False)
    context = room.read(room.platform.launch_claims("sam")).context
    assert context is not None
    assert (context.id, context.title, context.label) == (room.platform.context_id(ALGEBRA), None, None)


def test_resource_link_and_target_are_read(room: LaunchRoom) -> None:
    launch = room.read(room.platform.launch_claims("sam"))
    assert launch.resource_link is not None
    assert launch.resource_link.id == room.platform.resource_link(ALGEBRA)["id"]
    assert (launch.target_link_uri, launch.deployment_id) == (CONFIG.target_link_uri, CONFIG.deployment_id)


def test_numbers_in_custom_parameters_become_text(room: LaunchRoom) -> None:
    room.platform.switch(numeric_custom=True)
    custom = room.read(room.platform.launch_claims("sam")).custom
    assert custom
    assert all(isinstance(value, str) for value in custom.values())


def test_unresolved_variables_are_left_out(room: LaunchRoom) -> None:
    sent = {"a": "$Person.sourcedId", "b": "", "c": "$5.00", "d": None, "e": "$Any.user.globalId"}
    custom = room.read(room.platform.launch_claims("sam", put={names.CUSTOM: sent})).custom
    assert custom == {"b": "", "c": "$5.00"}


def test_unknown_claims_are_ignored(room: LaunchRoom) -> None:
    plain = room.platform.launch_claims("sam", nonce="n")
    assert room.read({**plain, "https://vendor.example/claim/new": {"deep": [1, None]}}) == room.read(plain)


def test_service_claims_come_through_untouched(room: LaunchRoom) -> None:
    service = {"context_memberships_url": "https://lms.example/Members?A=b", "service_versions": ["2.0"]}
    launch = room.read(room.platform.launch_claims("tia", put={names.NAMES_ROLES: service}))
    assert launch.services[names.NAMES_ROLES] == service


def test_reading_changes_nothing_and_repeats(room: LaunchRoom) -> None:
    claims = room.platform.launch_claims("max")
    before = copy.deepcopy(claims)
    assert room.read(claims) == room.read(claims)
    assert claims == before


def test_endpoints_are_those_filled_in(room: LaunchRoom) -> None:
    found, filled = room.launch.endpoints(room.settings), room.platform.settings()
    assert (found.issuer, found.client_id) == (filled["issuer"], filled["client_id"])
    assert (found.auth_login_url, found.key_set_url) == (filled["auth_login_url"], filled["key_set_url"])
    assert found.auth_token_url == filled["auth_token_url"]
    assert found.deployment_ids == (filled["deployment_ids"],)
    assert found == room.launch.endpoints(room.settings)


def test_signatures_are_asymmetric(room: LaunchRoom) -> None:
    algorithms = room.launch.endpoints(room.settings).algorithms
    assert algorithms
    assert all(algorithm[:2] in {"RS", "PS", "ES"} for algorithm in algorithms)


def test_guests_are_kept_out_by_default(room: LaunchRoom) -> None:
    assert room.launch.endpoints(room.settings).allow_anonymous is False


def test_simulator_shows_pages_and_keys_of_its_own(room: LaunchRoom) -> None:
    client = lti_simulator(room.plate.key).create_simulator(CONFIG, platform=room.platform).test_client()
    assert 'src="/courses/101/launch?as=tia"' in client.get("/courses/101?as=tia").text
    assert client.get(room.platform.paths.key_set).json == room.platform.key_set()


def test_every_switch_is_named_and_has_a_default(room: LaunchRoom) -> None:
    assert type(room.platform).default_switches() == type(room.platform.switches)()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
SHAPES = JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(("id", "type", "title", "label", "errors"), JSON))
OPTIONAL = (
    "name", "given_name", "family_name", "email", "picture", "locale", "sub",
    names.CONTEXT, names.RESOURCE_LINK, names.ROLES, names.CUSTOM, names.LIS, names.LAUNCH_PRESENTATION,
    names.TOOL_PLATFORM, names.TARGET_LINK_URI, names.EXT, names.FOR_USER, names.GRADES, names.LTI1P1,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(odd=st.dictionaries(st.sampled_from(OPTIONAL), SHAPES, min_size=1, max_size=4))
def test_oddities_are_read_or_named_as_bad_data(room: LaunchRoom, odd: dict[str, Any]) -> None:
    allowed = {"lti.claim_shape", "lti.subject_invalid", "lti.roles_invalid", "lti.custom_invalid"}
    assert _outcome(room, room.platform.launch_claims("sam", put=odd)) in allowed | {"read"}


def _outcome(room: LaunchRoom, claims: dict[str, Any]) -> str:
    try:
        custom = room.read(claims).custom
    except BadData as fault:
        return fault.code
    return "read" if all(isinstance(value, str) for value in custom.values()) else "custom is not text"
