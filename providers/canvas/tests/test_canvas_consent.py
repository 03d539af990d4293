"""Canvas's consent page: an administrator agrees once, and what comes of it reads the roster for ever."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from providers.canvas import roster
from providers.canvas.settings import CanvasSettings
from providers.canvas.simulator import rest_settings
from providers.canvas.simulator_api import KEY, KEY_SECRET, ApiSwitches, CanvasApi, create_api
from providers.canvas.simulator_consent import PATH, REDIRECT
from providers.contract import KINDS, read_settings
from providers.kit.simulator.serving import running
from tests.support.rostering import gather, plain_context

ASKED = {"client_id": KEY, "response_type": "code", "redirect_uri": REDIRECT, "state": "s-1"}


class Browser:
    """An administrator at the page."""

    def __init__(self, api: CanvasApi) -> None:
        self.api, self._client = api, create_api(api).test_client()

    def ask(self, **changes: str) -> Any:
        return self._client.get(PATH, query_string={**ASKED, **changes})

    def say(self, answer: str) -> dict[str, str]:
        told = self._client.post(PATH, data={**ASKED, "answer": answer})
        return dict(parse_qsl(urlsplit(str(told.location)).query))

    def redeem(self, code: str, **changes: str) -> Any:
        form = {"grant_type": "authorization_code", "client_id": KEY, "client_secret": KEY_SECRET}
        return self._client.post(
            "/login/oauth2/token", data={**form, "redirect_uri": REDIRECT, "code": code, **changes}
        )


@pytest.fixture
def browser() -> Browser:
    return Browser(CanvasApi())


def test_who_agrees_gets_a_refresh_token_that_reads_the_roster(browser: Browser) -> None:
    assert "Authorize" in browser.ask().text
    told = browser.say("Authorize")
    assert told["state"] == "s-1"
    answer = browser.redeem(told["code"]).get_json()
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3600)
    with running(lambda _: create_api(browser.api)) as base, plain_context() as context:
        settings = {"client_id": "1", **rest_settings(base), "rest_refresh_token": answer["refresh_token"]}
        read = gather(roster.read(context(read_settings(CanvasSettings, settings))))
    assert read.complete == frozenset(KINDS)


def test_who_does_not_agree_gives_nothing(browser: Browser) -> None:
    assert browser.say("Cancel") == {"error": "access_denied", "state": "s-1"}


def test_a_code_is_good_once_and_for_one_address(browser: Browser) -> None:
    first, second = browser.say("Authorize")["code"], browser.say("Authorize")["code"]
    assert [browser.redeem(first).status_code, browser.redeem(first).status_code] == [200, 400]
    assert browser.redeem(second, redirect_uri="https://elsewhere.example").status_code == 400


def test_an_address_that_is_not_the_keys_is_never_gone_to(browser: Browser) -> None:
    assert browser.ask(redirect_uri="https://elsewhere.example").status_code == 400
    assert browser.ask(client_id="nobody").status_code == 400


@pytest.mark.parametrize(
    ("switches", "error"), [({"key_on": False}, "unauthorized_client"), ({"scoped_key": True}, "invalid_scope")]
)
def test_a_key_that_is_off_or_wants_scopes_is_told_at_the_address(
    browser: Browser, switches: dict[str, Any], error: str
) -> None:
    browser.api.switches = replace(ApiSwitches(), **switches)
    assert f"error={error}" in str(browser.ask().location)
