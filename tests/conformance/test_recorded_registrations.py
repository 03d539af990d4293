"""Registrations as each platform family has them, recorded in its room: what is sent, what comes of the answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

import providers
from gateway.services.connecting.links import Made
from gateway.store.tables import approvals, integrations
from providers.contract import Failure, LtiEndpoints, read_settings
from providers.kit.lti.registration import TOOL_CONFIGURATION
from tests.support.connecting import Inviting, inviting

_FOLDER = Path(providers.__file__).parent
RECORDED = sorted(_FOLDER.glob("*/tests/exchanges/*.json"))


@pytest.fixture(params=RECORDED, ids=lambda path: f"{path.parents[2].name}-{path.stem}")
def exchange(request: pytest.FixtureRequest) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(request.param.read_text())
    return {**read, "room": request.param.parents[2].name}


@pytest.fixture
def school(sqlite_url: str) -> Iterator[Inviting]:
    with inviting(sqlite_url) as one:
        yield one


def _play(school: Inviting, exchange: dict[str, Any]) -> tuple[Made, str]:
    """Let the recorded platform open our address; return the invite and what came of it."""
    answer, body = exchange["answer"], exchange["answer"]["body"]
    school.http.will("GET", exchange["configuration_url"], 200, exchange["configuration"])
    address = exchange["configuration"]["registration_endpoint"]
    school.http.will("POST", address, answer["status"], body.encode() if isinstance(body, str) else body)
    made = school.invite()
    try:
        done = school.register(made, url=exchange["configuration_url"], token=exchange["registration_token"]).connected
    except Failure as failure:
        return made, failure.code
    return made, "connected" if done.integration_id else "approval"


def test_every_room_with_dynamic_registration_has_a_recorded_exchange() -> None:
    dynamic = {key for key, plate in providers.rooms().items() if plate.registration and plate.registration.dynamic}
    assert dynamic <= {path.parents[2].name for path in RECORDED}


def test_it_ends_as_it_should(school: Inviting, exchange: dict[str, Any]) -> None:
    made, outcome = _play(school, exchange)
    assert outcome == exchange["outcome"]
    invite = school.now(made)
    assert (invite.used_at is None) is outcome.startswith("registration.")
    assert exchange.get("shown", "") in (invite.problem or {"detail": ""})["detail"]


def test_what_is_sent_is_what_this_family_takes(school: Inviting, exchange: dict[str, Any]) -> None:
    _play(school, exchange)
    token = exchange["registration_token"]
    for asked in school.http.asked:
        assert asked.headers.get("authorization") == (f"Bearer {token}" if token else None)
    sent = school.http.asked[-1].body
    wanted = exchange.get("asked", {})
    assert set(sent["scope"].split()) <= set(exchange["configuration"]["scopes_supported"])
    assert sent["scope"] == wanted.get("scope", sent["scope"])
    types = [message["type"] for message in sent[TOOL_CONFIGURATION]["messages"]]
    assert set(wanted.get("messages", types)) <= set(types)
    assert types.count("LtiDeepLinkingRequest") <= 1  # one platform takes the first of several, another the last


def test_the_answer_becomes_this_rooms_endpoints(school: Inviting, exchange: dict[str, Any]) -> None:
    _play(school, exchange)
    rows = [*school.world.rows(integrations), *school.world.rows(approvals)]
    for row in rows:
        assert row["provider"] == exchange["room"]
        found = asdict(_endpoints(row))
        expected = {name: _plain(value) for name, value in exchange["endpoints"].items()}
        assert {name: found[name] for name in expected} == expected
    assert len(rows) == (0 if exchange["outcome"].startswith("registration.") else 1)


def _endpoints(row: dict[str, Any]) -> LtiEndpoints:
    plate = providers.room(row["provider"])
    assert plate.launch is not None
    endpoints: LtiEndpoints = plate.launch.endpoints(read_settings(plate.settings, row["settings"]))
    return endpoints


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
