"""The certification suite's deep linking request: no target, media types as one text, no link, and roles or none."""

from __future__ import annotations

import pytest

from providers.kit.lti import claims as names
from tests.support.launching import Launching

SETTINGS = {
    "accept_types": ["link", "file", "html", "ltiResourceLink", "image"],
    "accept_media_types": "image/:::asterisk:::,text/html",
    "accept_presentation_document_targets": ["iframe", "window", "embed"],
    "accept_multiple": True,
    "auto_create": True,
    "title": "This is the default title",
    "text": "This is the default text",
    "data": "909708",
    "deep_link_return_url": "https://ltiadvantagevalidator.example/deeplink",
}
REQUEST = {names.MESSAGE_TYPE: names.DEEP_LINKING_REQUEST, names.DEEP_LINKING_SETTINGS: SETTINGS}


@pytest.mark.parametrize("without", [(), (names.ROLES,), (names.CONTEXT,)])
def test_the_suites_request_is_accepted(certified: Launching, without: tuple[str, ...]) -> None:
    missing = [names.RESOURCE_LINK, names.TARGET_LINK_URI, *without]
    outcome = certified.launch("tia", put=REQUEST, remove=missing)
    assert outcome.code == "accepted"
    told = certified.told(outcome)[names.DEEP_LINKING_SETTINGS]
    assert told["title"] == "This is the default title"
    assert "data" not in told


def test_a_deep_link_with_another_target_than_the_login_is_refused(certified: Launching) -> None:
    outcome = certified.launch("tia", put={**REQUEST, names.TARGET_LINK_URI: "https://elsewhere.example"})
    assert (outcome.status, outcome.code) == (401, "lti.target_mismatch")
