"""What a room is given: its settings opened, a log that tells no secrets, a signature by the tool's key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from gateway.services.room_context import RoomLog
from tests.support.launching import Launching, launching


@pytest.fixture
def world(sqlite_url: str) -> Iterator[Launching]:
    with launching(sqlite_url) as world:
        yield world


def test_a_context_carries_the_integrations_settings_and_clock(world: Launching) -> None:
    context = world.gate.contexts.open(world.gate.integrations.find(world.integration_id))
    assert context.integration_id == world.integration_id
    assert context.settings.client_id == "client-1"
    assert context.now() == world.clock()


def test_a_context_signs_with_the_tools_key(world: Launching) -> None:
    world.gate.keyring.ensure()
    context = world.gate.contexts.open(world.gate.integrations.find(world.integration_id))
    assert world.gate.keyring.verify("lti", context.sign({"iss": "client-1"})) == {"iss": "client-1"}


# J3
def test_a_log_line_names_its_integration_and_no_secret() -> None:
    with capture_logs() as logged:
        RoomLog("i-1", ("s3cret",))("roster.read", pages=3, url="https://x/?key=s3cret", who="sam@school.example")
    assert logged == [
        {
            "event": "roster.read",
            "log_level": "info",
            "integration": "i-1",
            "pages": 3,
            "url": "https://x/?key=(hidden)",
            "who": "(hidden)",
        }
    ]


@pytest.mark.parametrize("token", ["eyJhbGciOi.eyJpc3MiOiJ4.c2ln", "Bearer abc.def-123"])
def test_a_token_that_slips_into_a_log_is_hidden(token: str) -> None:
    with capture_logs() as logged:
        RoomLog("i-1", ())("asked", answer=token)
    assert token.removeprefix("Bearer ") not in str(logged)
