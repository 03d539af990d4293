"""Deep linking: what a room makes of content items, its own simulated platform takes and plays back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from providers.contract import ContentItem, Launch
from providers.kit.lti import claims as names
from providers.kit.lti.deep_linking import read_deep_linking
from providers.kit.simulator.deep_links import Added, AnswerRefused
from providers.kit.simulator.people import ALGEBRA, PEOPLE
from providers.kit.simulator.tokens import compact
from tests.conformance.launch_room import CONFIG, LaunchRoom
from tests.support.lti_services import tool_key

LINK = {"type": "ltiResourceLink", "title": "Chapter 7", "url": CONFIG.target_link_uri, "custom": {"page": "7"}}


def _answered(room: LaunchRoom, *items: ContentItem) -> list[Added]:
    links = room.platform.deep_links
    links.fetch_keys = lambda _url: {"keys": [tool_key().jwk()]}
    asked = links.ask(PEOPLE["tia"], ALGEBRA, "https://lms.example/return")
    settings = links.requested(asked["lti_message_hint"])
    shape = room.plate.deep_linking
    shaped = shape.shape_items(items, read_deep_linking(settings)) if shape else items
    now = int(room.platform.now().timestamp())
    claims: Mapping[str, Any] = {
        "iss": CONFIG.client_id,
        "aud": CONFIG.issuer,
        "iat": now,
        "exp": now + 60,
        "nonce": f"n-{asked['lti_message_hint']}",
        names.MESSAGE_TYPE: "LtiDeepLinkingResponse",
        names.VERSION: names.LTI_VERSION,
        names.DEPLOYMENT_ID: CONFIG.deployment_id,
        names.DEEP_LINKING_DATA: settings["data"],
        names.CONTENT_ITEMS: [dict(item) for item in shaped],
    }
    return links.take(compact(claims, tool_key()))[1]


def _launch(room: LaunchRoom, added: Added) -> Launch:
    links, person = room.platform.deep_links, PEOPLE["sam"]
    hint = links.open(person, ALGEBRA, added)["lti_message_hint"]
    return room.read(room.platform.launch_claims(person, ALGEBRA, **links.changes(hint)))


def test_a_link_is_taken_and_its_launch_says_which_it_is(room: LaunchRoom) -> None:
    (added,) = _answered(room, LINK)
    launch = _launch(room, added)
    assert launch.resource_link is not None
    assert (launch.resource_link.title, launch.custom["page"]) == ("Chapter 7", "7")


def test_a_link_loses_nothing_that_a_launch_tells_of_a_person(room: LaunchRoom) -> None:
    (added,) = _answered(room, LINK)
    plain, linked = room.read(room.platform.launch_claims("sam")), _launch(room, added)
    assert (linked.person, linked.context) == (plain.person, plain.context)


def test_content_that_was_not_asked_for_is_refused_by_the_platform(room: LaunchRoom) -> None:
    room.platform.switch(accept_types=("ltiResourceLink",))
    with pytest.raises(AnswerRefused):
        _answered(room, {"type": "image", "url": "https://a.example/i.png"})


def test_a_link_without_an_address_may_be_refused(room: LaunchRoom) -> None:
    room.platform.switch(link_needs_url=True)
    with pytest.raises(AnswerRefused, match="Invalid Link"):
        _answered(room, {"type": "ltiResourceLink", "title": "x"})
