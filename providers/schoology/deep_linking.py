"""What Schoology wants otherwise in an answer to deep linking: each link carries our parameters itself."""

from __future__ import annotations

from collections.abc import Sequence

from providers.contract import ContentItem, DeepLinkingRequest
from providers.schoology.launch import CUSTOM


def shape_items(items: Sequence[ContentItem], request: DeepLinkingRequest) -> Sequence[ContentItem]:  # noqa: ARG001 - the contract's shape
    """Put the room's custom parameters into each link; the application's own win.

    The app's and the district's parameters are not sent for links made by deep linking, the item's are replayed with
    every launch: without them nobody of these links would have an id of the district's.
    """
    return [_with_ids(item) if item.get("type") == "ltiResourceLink" else item for item in items]


def _with_ids(item: ContentItem) -> ContentItem:
    own = item.get("custom") or {}
    lowered = {name.lower() for name in own}
    return {**item, "custom": {**{name: value for name, value in CUSTOM.items() if name not in lowered}, **own}}
