"""The settings of a deep linking request: https://www.imsglobal.org/spec/lti-dl/v2p0 section 4.4.1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.contract import BadData, DeepLinkingRequest
from providers.kit.lti.shapes import text


def read_deep_linking(claim: Any) -> DeepLinkingRequest:
    """Read the settings claim. Raises BadData ``lti.deep_linking_invalid``.

    Platforms send booleans as text, and media types as a list; both are read.
    """
    if not isinstance(claim, Mapping):
        raise _invalid("there are no settings")
    return_url = claim.get("deep_link_return_url")
    if not isinstance(return_url, str) or not return_url:
        raise _invalid("deep_link_return_url is missing")
    types = _texts(claim.get("accept_types"))
    if not types:
        raise _invalid("accept_types is missing")
    return DeepLinkingRequest(
        return_url=return_url,
        accept_types=types,
        accept_targets=_texts(claim.get("accept_presentation_document_targets")),
        accept_media_types=_texts(claim.get("accept_media_types")),
        accept_multiple=_flag(claim.get("accept_multiple")) is True,
        accept_line_item=_flag(claim.get("accept_lineitem")),
        auto_create=_flag(claim.get("auto_create")) is True,
        title=text(claim.get("title")),
        text=text(claim.get("text")),
        data=claim.get("data"),
    )


def _invalid(detail: str) -> BadData:
    return BadData("lti.deep_linking_invalid", "Your learning system did not say what may be added here.", detail)


def _texts(value: Any) -> tuple[str, ...]:
    listed = value.split(",") if isinstance(value, str) else value
    if not isinstance(listed, list):
        return ()
    return tuple(each.strip() for each in listed if isinstance(each, str) and each.strip())


def _flag(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None
