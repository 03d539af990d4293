"""Deep linking: a teacher chooses content, and a platform is answered in the form that it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

ContentItem = Mapping[str, Any]  # https://www.imsglobal.org/spec/lti-dl/v2p0 section 3


@dataclass(frozen=True, slots=True)
class DeepLinkingRequest:
    """What a platform accepts (Deep Linking 2.0, 4.4). `accept_line_item` is None where the platform does not say.

    `data` is the platform's own, None when it sent none; it goes back as it came.
    """

    return_url: str
    accept_types: tuple[str, ...]
    accept_targets: tuple[str, ...]
    accept_media_types: tuple[str, ...] = ()
    accept_multiple: bool = False
    accept_line_item: bool | None = None
    auto_create: bool = False
    title: str | None = None
    text: str | None = None
    data: Any = None


class DeepLinking(Protocol):
    """Capability: what this platform wants otherwise in an answer. A room without it answers by the book. Pure."""

    def shape_items(self, items: Sequence[ContentItem], request: DeepLinkingRequest) -> Sequence[ContentItem]:
        """Return the items, checked against the request already, as this platform takes them."""
        ...
