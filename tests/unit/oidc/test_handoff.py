"""The way from a launch to the application's login URI."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from gateway.services.handoff import begin
from keys.sealing import fingerprint
from tests.support.oidc_world import ISSUER, NOON, an_application


def test_the_browser_goes_to_the_login_uri_with_issuer_hint_client_and_target() -> None:
    handoff = begin(an_application(), issuer=ISSUER, target_link_uri="https://app.example/unit/3", now=NOON)
    parts = urlsplit(handoff.url)
    assert (parts.netloc, parts.path) == ("app.example", "/login")
    assert parse_qs(parts.query) == {
        "iss": [ISSUER],
        "login_hint": [handoff.login_hint],
        "client_id": ["app"],
        "target_link_uri": ["https://app.example/unit/3"],
    }


def test_a_query_that_the_login_uri_has_is_kept() -> None:
    application = an_application(login_uri="https://app.example/?route=login&x")
    handoff = begin(application, issuer=ISSUER, target_link_uri=None, now=NOON)
    assert handoff.url.startswith("https://app.example/?route=login&x&iss=")


def test_a_hint_is_long_new_each_time_and_kept_as_a_hash() -> None:
    first, second = (begin(an_application(), issuer=ISSUER, target_link_uri=None, now=NOON) for _ in range(2))
    assert first.login_hint != second.login_hint
    assert len(first.login_hint) >= 43
    assert first.login_hint_hash == fingerprint(first.login_hint)
    assert first.login_hint not in repr(first.login_hint_hash)


def test_a_hint_lives_for_a_minute() -> None:
    handoff = begin(an_application(), issuer=ISSUER, target_link_uri=None, now=NOON)
    assert handoff.expires_at - NOON == timedelta(seconds=60)
