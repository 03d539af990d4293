"""Deep linking from both ends: a platform that asks, an application that answers, a browser in between."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from werkzeug.test import TestResponse

from providers.kit.lti import claims as names
from providers.kit.simulator import COURSES, PEOPLE, SimulatedPlatform
from tests.support.launching import GATE, Launching, Outcome

RETURN = "https://lms.example/courses/101/content"
LESSON = {"type": "ltiResourceLink", "title": "Fractions", "custom": {"lesson": "fractions"}}
_JWT = re.compile(r'name="JWT" value="([^"]+)"')


@dataclass(frozen=True)
class Asked:
    """A request that arrived at the application: what its ID token says, and the access token that may answer."""

    world: Launching
    outcome: Outcome
    settings: dict[str, Any]
    access_token: str

    def answer(self, *items: Any, token: str = "", ref: str = "", **more: Any) -> TestResponse:
        """Answer as the application does."""
        return self.world.browser().post(
            f"/api/v1/deep-linking/{ref or self.outcome.ref}",
            json={"content_items": list(items), **more},
            headers={"Authorization": f"Bearer {token or self.access_token}"},
            base_url=GATE,
        )

    def send(self, answered: TestResponse) -> TestResponse:
        """Open the page to which the application sends the browser."""
        return self.world.browser().get(answered.get_json()["location"], base_url=GATE)


def jwt_of(page: TestResponse) -> str:
    """Return the signed answer that a page posts."""
    found = _JWT.search(page.text)
    assert found is not None, page.text
    return unescape(found[1])


def request(
    world: Launching,
    person: str = "tia",
    *,
    platform: SimulatedPlatform | None = None,
    return_url: str = RETURN,
    **changes: Any,
) -> Outcome:
    """Launch with a deep linking request; `changes` are put into its settings, or (None) taken away."""
    platform = platform or world.platform
    platform.deep_links.fetch_keys = lambda _url: world.gate.keyring.public_jwks()
    parameters = platform.deep_links.ask(PEOPLE[person], COURSES[101], return_url)
    settings = platform.deep_links.requested(parameters["lti_message_hint"])
    for name, value in changes.items():
        settings[name] = value
        if value is None:
            del settings[name]
    browser = world.browser()
    begun = browser.get("/lti/login", query_string=parameters, base_url=GATE)
    answer = platform.authorize(dict(parse_qsl(urlsplit(begun.location).query)))
    nonce = dict(parse_qsl(urlsplit(begun.location).query))["nonce"]
    return world.outcome(browser.post("/lti/launch", data=answer.fields, base_url=GATE), nonce)


def asked(world: Launching, person: str = "tia", **changes: Any) -> Asked:
    """Launch with a request and sign in to the application."""
    outcome = request(world, person, **changes)
    assert outcome.code == "accepted", outcome
    settings = world.told(outcome)[names.DEEP_LINKING_SETTINGS]
    return Asked(world, outcome, settings, world.tokens(outcome)["access_token"])
