"""Sign-ins: what every room that has them must do, judged with its own simulated portal."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

import providers
from providers.contract import (
    Context,
    Failure,
    Misconfigured,
    Provider,
    SignedIn,
    SignInReturn,
    SignInStart,
    declared,
    read_settings,
)
from providers.contract import SignIn as Room
from providers.kit.simulator.loading import sign_in_simulator
from providers.kit.simulator.simulated_portal import CODES, PortalFault, SimulatedPortal
from tests.support.rostering import plain_context

ROOMS = sorted(key for key, room in providers.rooms().items() if room.sign_in)
FAULTS = [(key, fault) for key in ROOMS for fault in sign_in_simulator(key).PORTAL_FAULTS if fault in CODES]
REDIRECT = "https://gateway.example/sso/8b0c7f5e-0000-4000-8000-000000000001/callback"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PEOPLE = ["student", "teacher", "elsewhere"]


@dataclass(frozen=True)
class SignInRoom:
    """The room, its portal, and what it needs to reach that."""

    plate: Provider
    room: Room
    portal: SimulatedPortal
    context: Context[Any]

    def ask(self, **changes: Any) -> str:
        start = SignInStart(REDIRECT, "the-state", "the-nonce", CHALLENGE)
        return self.room.authorize_url(self.context, start._replace(**changes))

    def code_of(self, who: str) -> str:
        return _query(self.portal.sign_in(self.ask(), who))["code"]

    def finish(self, code: str, redirect_uri: str = REDIRECT, **settings: Any) -> SignedIn:
        context = replace(self.context, settings=replace(self.context.settings, **settings))
        return self.room.finish(context, SignInReturn(code, redirect_uri, VERIFIER, _claims))


@pytest.fixture(params=ROOMS)
def room(request: pytest.FixtureRequest) -> Iterator[SignInRoom]:
    with _room(request.param) as found:
        yield found


class _room:
    def __init__(self, key: str) -> None:
        self._plate = providers.room(key)
        self._simulated, self._plain = sign_in_simulator(key).simulate_sign_in(), plain_context()

    def __enter__(self) -> SignInRoom:
        portal, context = self._simulated.__enter__(), self._plain.__enter__()
        portal.register(REDIRECT)
        settings = read_settings(self._plate.settings, portal.settings)
        assert self._plate.sign_in
        return SignInRoom(self._plate, self._plate.sign_in, portal, context(settings))

    def __exit__(self, *fault: Any) -> None:
        self._plain.__exit__(*fault)
        self._simulated.__exit__(*fault)


def _query(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def _claims(token: str) -> Mapping[str, Any]:
    """Take the hall's place: it proves the token, which is judged elsewhere."""
    part = token.split(".")[1]
    told: Mapping[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return told


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
    asked = _query(address)
    assert (asked["state"], asked["redirect_uri"], asked["response_type"]) == ("s/+ ", REDIRECT, "code")
    assert asked["client_id"] == room.portal.settings["client_id"]
    assert room.portal.settings["client_secret"] not in address


def test_the_state_comes_back(room: SignInRoom) -> None:
    back = room.portal.sign_in(room.ask(), "student")
    assert back.startswith(f"{REDIRECT}?")
    assert _query(back)["state"] == "the-state"


def test_the_portals_own_page_brings_a_code_without_state(room: SignInRoom) -> None:
    back = room.portal.arrive("student")
    assert back.startswith(f"{REDIRECT}?")
    assert (_query(back).get("state"), bool(_query(back)["code"])) == (None, True)


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
    with _room(key) as room:
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
