"""From an accepted launch into the sample application, a stock OpenID Connect client, over real sockets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from gateway import create_app
from gateway.sample import create_sample
from gateway.services.applications import Wanted, register_application
from gateway.settings import load_settings
from gateway.store.applications import Application
from gateway.wiring import open_gate
from providers.kit.lti import claims as names
from tests.support.oidc_world import World, a_world

SAMPLE = "http://localhost:5001"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"


@dataclass
class Journey:
    """A browser in front of the sample application, and the gateway behind it."""

    world: World
    application: Application
    issuer: str
    browser: FlaskClient

    def click(self, *, anonymous: bool = False, **claims: Any) -> str:
        """Launch; return where the gateway sends the browser."""
        self.world.time = datetime.now(UTC)
        return self.world.launch(self.application, issuer=self.issuer, anonymous=anonymous, **claims).url

    def follow(self, url: str) -> TestResponse:
        """Follow redirects as a browser does, keeping the sample's cookie and none of the gateway's."""
        while url.startswith(SAMPLE):
            answer = self.browser.get(url, base_url=SAMPLE)
            if answer.status_code not in {302, 303}:
                return answer
            url = answer.location if "://" in answer.location else SAMPLE + answer.location
            if url.startswith(self.issuer):
                at_gateway = httpx.get(url)
                assert "set-cookie" not in at_gateway.headers
                url = at_gateway.headers["location"]
        raise AssertionError(url)


@pytest.fixture
def journey(database_url: str, tmp_path: Path) -> Iterator[Journey]:
    server = make_server("localhost", 0, lambda *_: [], threaded=True)
    issuer = f"http://localhost:{server.port}"
    gate = open_gate(
        load_settings(
            {
                "SCHOOLGATE_DATABASE_URL": database_url,
                "SCHOOLGATE_VAR": str(tmp_path),
                "SCHOOLGATE_PUBLIC_URL": issuer,
            }
        )
    )
    gate.keyring.ensure()
    server.app = create_app(gate)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        world = a_world(gate.store)
        wanted = Wanted("Sample", [f"{SAMPLE}/callback"], f"{SAMPLE}/login")
        told = register_application(gate.store, wanted, allow_http=False, actor="test", now=gate.now())
        sample = create_sample(
            issuer=issuer,
            client_id=told.application.id,
            client_secret=told.client_secret or "",
            own_url=SAMPLE,
            secret_key="for-this-test-only",
        )
        sample.testing = True
        yield Journey(world, told.application, issuer, sample.test_client())
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        gate.close()


def test_a_student_lands_signed_in_with_class_and_role(journey: Journey) -> None:
    said: dict[str, Any] = {names.ROLES: [LEARNER], names.MESSAGE_TYPE: "LtiResourceLinkRequest"}
    page = journey.follow(journey.click(**said))
    assert page.status_code == 200
    for told in ("Hello, Ada Ng!", "Student", "Algebra", "Opened a lesson", journey.world.student_id):
        assert told in page.text


def test_an_anonymous_person_lands_without_a_name(journey: Journey) -> None:
    page = journey.follow(journey.click(anonymous=True))
    assert "Hello!" in page.text
    assert "did not pass on your name" in page.text


def test_the_next_person_on_the_same_browser_replaces_the_first(journey: Journey) -> None:
    journey.follow(journey.click())
    page = journey.follow(journey.click(anonymous=True))
    assert "Ada" not in page.text


def test_the_samples_cookie_survives_in_a_third_party_frame(journey: Journey) -> None:
    url = journey.click()
    cookie = journey.browser.get(url, base_url=SAMPLE).headers["Set-Cookie"]
    for attribute in ("Secure", "HttpOnly", "SameSite=None", "Partitioned"):
        assert attribute in cookie


def test_a_used_link_says_to_open_it_again_from_the_lms(journey: Journey) -> None:
    url = journey.click()
    journey.follow(url)
    page = journey.follow(url)
    assert page.status_code == 403
    assert "open the application again from your school" in page.text


def test_a_browser_without_the_samples_cookie_is_told_so(journey: Journey) -> None:
    answer = journey.browser.get(journey.click(), base_url=SAMPLE)
    back = httpx.get(answer.location).headers["location"]
    journey.browser.delete_cookie("sample_session")
    page = journey.browser.get(back, base_url=SAMPLE)
    assert page.status_code == 400
    assert "kept no cookie" in page.text


def test_a_sign_in_started_by_a_stranger_is_refused(journey: Journey) -> None:
    url = re.sub("iss=[^&]*", "iss=https://evil.example", journey.click())
    assert journey.browser.get(url, base_url=SAMPLE).status_code == 400


def test_nobody_is_signed_in_at_first(journey: Journey) -> None:
    assert "Nobody is signed in" in journey.browser.get("/", base_url=SAMPLE).text


def test_the_gateway_is_asked_nothing_by_the_browser_but_to_authorize(journey: Journey) -> None:
    answer = journey.browser.get(journey.click(), base_url=SAMPLE)
    assert urlsplit(answer.location).path == "/oauth2/authorize"
    assert "code_challenge_method=S256" in (answer.location)
