"""Schoology's deep links carry the parameters that the app's own configuration would lose."""

from __future__ import annotations

from typing import Any

from providers.contract import ContentItem, DeepLinkingRequest, VerifiedClaims
from providers.kit.simulator import SigningKey, SimulatorConfig
from providers.schoology.deep_linking import shape_items
from providers.schoology.launch import CUSTOM, read_launch
from providers.schoology.settings import SchoologySettings
from providers.schoology.simulator import SimulatedSchoology

REQUEST = DeepLinkingRequest("https://app.schoology.example/return", ("ltiResourceLink", "link"), ("iframe",))
URL = "http://localhost:8000/lti/launch"


def _custom(item: dict[str, Any]) -> dict[str, Any]:
    (shaped,) = shape_items([item], REQUEST)
    return dict(shaped["custom"])


def test_link_carries_the_rooms_parameters() -> None:
    assert _custom({"type": "ltiResourceLink"}) == CUSTOM


def test_applications_own_parameters_win_whatever_their_case() -> None:
    custom = _custom({"type": "ltiResourceLink", "custom": {"page": "7", "Section_ID": "mine"}})
    assert (custom["page"], custom["Section_ID"]) == ("7", "mine")
    assert "section_id" not in custom


def test_web_link_stays_as_it_is() -> None:
    item: ContentItem = {"type": "link", "url": "https://a.example"}
    assert shape_items([item], REQUEST) == [item]


def test_launch_of_a_deep_link_tells_the_districts_ids() -> None:
    schoology = SimulatedSchoology(SimulatorConfig(URL, "1", "1-2", URL, URL, URL), key=SigningKey.generate())
    custom = _custom({"type": "ltiResourceLink", "custom": {"page": "7"}})
    schoology.switch(deep_linked=True, item_custom=tuple(custom.items()))
    launch = read_launch(VerifiedClaims(schoology.launch_claims("sam")), SchoologySettings(client_id="1"))
    assert (launch.person.sourced_id, launch.custom["page"]) == ("NF-1011", "7")
