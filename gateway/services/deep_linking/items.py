"""Content items held against the request: https://www.imsglobal.org/spec/lti-dl/v2p0 section 3."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Set
from datetime import datetime
from typing import Any, Final

from gateway.lti.target import origin_of
from gateway.services.deep_linking.markup import has_script
from providers.contract import BadData, DeepLinkingRequest

MOST = 100
_SENTENCE: Final = "The content that was chosen can't be added."
_REQUIRED: Final = {"link": "url", "file": "url", "image": "url", "html": "html", "ltiResourceLink": ""}
_EVERYWHERE: Final = frozenset({"type", "title", "text", "icon", "thumbnail"})
_OWN: Final = {
    "link": frozenset({"url", "embed", "window", "iframe"}),
    "file": frozenset({"url", "mediaType", "expiresAt"}),
    "image": frozenset({"url", "width", "height"}),
    "html": frozenset({"html"}),
    "ltiResourceLink": frozenset({"url", "window", "iframe", "custom", "lineItem", "available", "submission"}),
}
_TARGETS: Final = ("iframe", "window", "embed")
_ADDRESSES: Final = frozenset({"url", "src"})
_TIMES: Final = frozenset({"startDateTime", "endDateTime", "expiresAt"})
_SIZES: Final = frozenset({"width", "height"})
_LINE_ITEM: Final = frozenset({"scoreMaximum", "label", "resourceId", "tag", "gradesReleased", "submissionReview"})


class Check:
    """One answer's check. `launch_url` is our own launch address; `origins` those that a launch may lead to.

    `reserved` are the custom parameters, in lower case, by which the room learns the school's own ids: an item that
    sets one could speak for somebody else, since a link's parameters overrule the tool's.
    """

    def __init__(
        self,
        request: DeepLinkingRequest,
        *,
        launch_url: str,
        origins: Set[str],
        only_https: bool,
        reserved: Set[str] = frozenset(),
    ) -> None:
        self._request, self._launch_url, self._origins = request, launch_url, origins
        self._only_https, self._reserved = only_https, reserved

    def items(self, items: Any) -> list[dict[str, Any]]:
        """Return the items as they may be sent. An empty list means that nothing was chosen.

        Raises:
            BadData: ``deep_linking.…`` with the item and member at fault in its detail (attack A22).
        """
        if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
            raise BadData("deep_linking.item_invalid", _SENTENCE, "content_items is no list of objects")
        if len(items) > (MOST if self._request.accept_multiple else 1):
            raise BadData(
                "deep_linking.too_many_items",
                "More was chosen than can be added here at once.",
                f"{len(items)} items, and the platform takes {MOST if self._request.accept_multiple else 1}",
            )
        return [self._item(item, f"item {number}") for number, item in enumerate(items, 1)]

    def _item(self, item: Mapping[str, Any], where: str) -> dict[str, Any]:
        kind = item.get("type")
        if not isinstance(kind, str) or kind not in _REQUIRED or kind not in self._request.accept_types:
            raise BadData(
                "deep_linking.type_not_accepted",
                "This kind of content can't be added here.",
                f"{where}: its type is not among {', '.join(self._request.accept_types)}",
            )
        kept = {name: value for name, value in item.items() if value not in (None, {})}
        unknown = {name for name in kept if name not in _EVERYWHERE | _OWN[kind] and not _is_extension(name)}
        if unknown:
            raise _invalid(where, f"{', '.join(sorted(unknown))} is no member of {kind}")
        needed = _REQUIRED[kind]
        if needed and not isinstance(kept.get(needed), str):
            raise _invalid(where, f"{needed} is missing")
        self._check_presentation(kept, where)
        if kind == "ltiResourceLink":
            self._check_link(kept, where)
        return {name: self._value(name, value, f"{where}: {name}") for name, value in kept.items()}

    def _check_presentation(self, item: Mapping[str, Any], where: str) -> None:
        for target in _TARGETS:
            if target in item and target not in self._request.accept_targets:
                raise BadData(
                    "deep_linking.presentation_not_accepted",
                    "This content can't be shown here in the way that was chosen.",
                    f"{where}: {target} is not among {', '.join(self._request.accept_targets)}",
                )

    def _check_link(self, item: dict[str, Any], where: str) -> None:
        # Without an address some platforms call the link invalid; ours is what they would take themselves.
        item.setdefault("url", self._launch_url)
        if isinstance(item["url"], str) and origin_of(item["url"]) not in self._origins:
            raise BadData(
                "deep_linking.address_refused",
                "The content points to a place that is not ours.",
                f"{where}: a launch leads to this gateway or to the application's own addresses",
            )
        custom = item.get("custom", {})
        if not isinstance(custom, Mapping) or not all(isinstance(value, str) for value in custom.values()):
            raise _invalid(where, "custom must be an object of texts")
        if taken := sorted(name for name in custom if name.lower() in self._reserved):
            raise _invalid(where, f"custom may not set {', '.join(taken)}: the school's own ids come by that name")
        if self._request.accept_line_item is False:
            item.pop("lineItem", None)
        if "lineItem" in item:
            _check_line_item(item["lineItem"], where)

    def _value(self, name: str, value: Any, where: str) -> Any:
        """Check a member by its name, in whatever part of the item it stands."""
        if name == "custom":
            return dict(value)
        if isinstance(value, Mapping):
            return {
                inner: self._value(inner, each, f"{where}.{inner}") for inner, each in value.items() if each is not None
            }
        if name in _ADDRESSES:
            self._check_address(value, where)
        elif name in _RULES and not _RULES[name](value):
            raise _invalid(where, "has another form")
        return value

    def _check_address(self, value: Any, where: str) -> None:
        origin = origin_of(value) if isinstance(value, str) else None
        if origin is None or (self._only_https and not origin.startswith("https:")):
            raise BadData(
                "deep_linking.address_refused",
                "The content points to a place that is not safe.",
                f"{where}: must be an absolute https address",
            )


def _check_line_item(item: Any, where: str) -> None:
    most = item.get("scoreMaximum") if isinstance(item, Mapping) else None
    is_number = isinstance(most, int | float) and not isinstance(most, bool)
    if not is_number or not math.isfinite(most) or most <= 0:  # type: ignore[arg-type, operator]
        raise _invalid(where, "lineItem needs a scoreMaximum above 0")
    if unknown := {name for name in item if name not in _LINE_ITEM and not _is_extension(name)}:
        raise _invalid(where, f"{', '.join(sorted(unknown))} is no member of lineItem")


def _invalid(where: str, why: str) -> BadData:
    return BadData("deep_linking.item_invalid", _SENTENCE, f"{where}: {why}")


def _is_extension(name: str) -> bool:
    """Whether a member is somebody's own, which the specification (3.7) lets them name by a full address."""
    return name.startswith("https://") and origin_of(name) is not None


def _is_time(value: Any) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_harmless(value: Any) -> bool:
    return isinstance(value, str) and not has_script(value)


_RULES: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(_TIMES, _is_time),
    **dict.fromkeys(_SIZES, _is_size),
    **dict.fromkeys(("title", "text", "mediaType", "label", "resourceId", "tag", "targetName"), _is_text),
    "windowFeatures": _is_text,
    "html": _is_harmless,
}
