"""Sign-ins: what every room that has them must do, judged with its own simulated portal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

import providers
from providers.contract import Failure, Misconfigured, declared
from providers.kit.simulator.loading import sign_in_simulator
from providers.kit.simulator.simulated_portal import CODES, PortalFault
from tests.conformance.sign_in_room import REDIRECT, SignInRoom, query_of, sign_in_room

ROOMS = sorted(key for key, room in providers.rooms().items() if room.sign_in)
FAULTS = [(key, fault) for key in ROOMS for fault in sign_in_simulator(key).PORTAL_FAULTS if fault in CODES]
PEOPLE = ["student", "teacher", "elsewhere"]


@pytest.fixture(params=ROOMS)
def room(request: pytest.FixtureRequest) -> Iterator[SignInRoom]:
    with sign_in_room(providers.room(request.param)) as found:
        yield found


def test_the_client_is_the_one_filled_in(room: SignInRoom) -> None:
    client = room.room.client(room.context.settings)
    assert client.client_id == room.portal.settings["client_id"]
    assert client.district_id == room.portal.settings[room.room.district_setting]
    assert client == room.room.client(room.context.settings)


def test_the_district_setting_is_one_of_the_rooms_own(room: SignInRoom) -> None:
    (field,) = [each for each in declared(room.plate.settings) if each.name == room.room.district_setting]
    assert (field.required, field.secret) == (False, False)  # a client may be set up before any district is known


def test_a_client_without_a_district_names_none(room: SignInRoom) -> None:
    settings = replace(room.context.settings, **{room.room.district_setting: ""})
    assert room.room.client(settings).district_id is None


def test_the_request_carries_what_was_given_and_no_secret(room: SignInRoom) -> None:
    address = room.ask(state="s/+ ", nonce="n-1")
    asked = query_of(address)
    assert (asked["state"], asked["redirect_uri"], asked["response_type"]) == ("s/+ ", REDIRECT, "code")
    assert asked["client_id"] == room.portal.settings["client_id"]
    assert room.portal.settings["client_secret"] not in address


def test_the_state_comes_back(room: SignInRoom) -> None:
    back = room.portal.sign_in(room.ask(), "student")
    assert back.startswith(f"{REDIRECT}?")
    assert query_of(back)["state"] == "the-state"


def test_the_portals_own_page_brings_a_code_without_state(room: SignInRoom) -> None:
    back = room.portal.arrive("student")
    assert back.startswith(f"{REDIRECT}?")
    assert (query_of(back).get("state"), bool(query_of(back)["code"])) == (None, True)


@pytest.mark.parametrize("who", PEOPLE)
def test_people_are_known_as_the_portal_says(room: SignInRoom, who: str) -> None:
    assert room.finish(room.code_of(who)) == room.portal.people[who]


def test_equal_local_ids_in_two_districts_are_two_people(room: SignInRoom) -> None:  # C5
    one, other = (room.finish(room.code_of(who)) for who in ("student", "elsewhere"))
    assert one.person.email == other.person.email
    assert one.district_id != other.district_id


def test_the_roster_of_the_room_calls_people_by_what_a_sign_in_says(room: SignInRoom) -> None:
    if room.plate.roster:
        assert room.finish(room.code_of("student")).person.roster_id


def test_a_code_is_good_once(room: SignInRoom) -> None:  # C2
    code = room.code_of("student")
    room.finish(code)
    with pytest.raises(Failure, match=r"sso\.code_refused"):
        room.finish(code)


def test_a_code_is_good_for_one_address(room: SignInRoom) -> None:  # G1
    with pytest.raises(Failure, match=r"sso\.code_refused"):
        room.finish(room.code_of("student"), "https://gateway.example/sso/another/callback")


def test_a_wrong_secret_names_the_client(room: SignInRoom) -> None:
    with pytest.raises(Misconfigured, match=r"sso\.client_refused"):
        room.finish(room.code_of("student"), client_secret="wrong")


@pytest.mark.parametrize(("key", "fault"), FAULTS)
def test_a_fault_of_the_portal_is_named_and_lets_nobody_in(key: str, fault: PortalFault) -> None:
    with sign_in_room(providers.room(key)) as room:
        code = room.code_of("student")
        room.portal.strike(fault)
        with pytest.raises(Failure) as failed:
            room.finish(code)
        assert failed.value.code in CODES[fault]


def test_all_is_well_with_good_settings(room: SignInRoom) -> None:
    found = room.room.check(room.context)
    assert found
    assert [health for health in found if not health.ok] == []


def test_a_check_names_the_setting_to_change(room: SignInRoom) -> None:
    context = replace(room.context, settings=replace(room.context.settings, client_secret="wrong"))
    (wrong,) = [health for health in room.room.check(context) if not health.ok]
    assert "client_secret" in wrong.advice
