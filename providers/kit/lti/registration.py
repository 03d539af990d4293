"""LTI Dynamic Registration 1.0 by the book: reading a platform's configuration, our request, and its answer.

https://www.imsglobal.org/spec/lti-dr/v1p0 on top of OpenID Connect Dynamic Client Registration 1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from providers.contract import BadData, OpenIdConfiguration, Placement, Tool, Wants
from providers.kit.lti.settings import ALGORITHMS

PLATFORM_CONFIGURATION: Final = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL_CONFIGURATION: Final = "https://purl.imsglobal.org/spec/lti-tool-configuration"

NAMES_ROLES_SCOPE: Final = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
LINE_ITEM_SCOPE: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
RESULT_SCOPE: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
SCORE_SCOPE: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
NOTICE_SCOPE: Final = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
GROUP_SCOPE: Final = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"
SERVICE_SCOPES: Final = (NAMES_ROLES_SCOPE, LINE_ITEM_SCOPE, RESULT_SCOPE, SCORE_SCOPE)

CLAIMS: Final = ("iss", "sub", "name", "given_name", "family_name", "email")
_LONGEST: Final = 2048


def read_configuration(url: str, document: Any) -> OpenIdConfiguration:
    """Check the shape of a platform's OpenID configuration that was read from `url`; nothing in it is believed.

    Raises:
        BadData: ``registration.configuration_invalid`` naming the member that is missing or of another shape.
    """
    if not isinstance(document, Mapping):
        raise _invalid("it is no JSON object")
    about = document.get(PLATFORM_CONFIGURATION)
    about = about if isinstance(about, Mapping) else {}
    return OpenIdConfiguration(
        url=url,
        issuer=_address(document, "issuer"),
        authorization_endpoint=_address(document, "authorization_endpoint"),
        token_endpoint=_address(document, "token_endpoint"),
        jwks_uri=_address(document, "jwks_uri"),
        registration_endpoint=_address(document, "registration_endpoint"),
        family_code=_text(about.get("product_family_code")),
        version=_text(about.get("version")),
        scopes=_texts(document.get("scopes_supported")),
        algorithms=_texts(document.get("id_token_signing_alg_values_supported")),
        token_audience=_text(document.get("authorization_server")) or None,
        messages=_messages(about.get("messages_supported")),
        variables=_texts(about.get("variables")),
        document=document,
    )


def tool_registration(tool: Tool, wants: Wants, platform: OpenIdConfiguration) -> dict[str, Any]:
    """Return the registration request by the book: only scopes and messages that the platform says it supports."""
    body: dict[str, Any] = {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": tool.login_url,
        "redirect_uris": [tool.launch_url],
        "client_name": tool.name,
        "jwks_uri": tool.key_set_url,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(supported_scopes(wants, platform)),
        "client_uri": tool.public_url,
    }
    if tool.icon_url:
        body["logo_uri"] = tool.icon_url
    body[TOOL_CONFIGURATION] = {
        "domain": tool.domain,
        "target_link_uri": tool.launch_url,
        "description": tool.description,
        "custom_parameters": dict(wants.custom),
        "claims": list(CLAIMS),
        "messages": [_message(tool, placement) for placement in supported_placements(wants, platform)],
    }
    return body


def read_registration(answer: Mapping[str, Any], platform: OpenIdConfiguration) -> dict[str, Any]:
    """Return the settings of a platform by the book, as `LtiSettings` reads them.

    Raises:
        BadData: ``registration.answer_invalid`` when the platform gave no client id.
    """
    return {
        "issuer": platform.issuer,
        "client_id": client_id(answer),
        "auth_login_url": platform.authorization_endpoint,
        "auth_token_url": platform.token_endpoint,
        "key_set_url": platform.jwks_uri,
        "deployment_ids": deployment_ids(answer),
        "auth_audience": platform.token_audience,
        "algorithms": algorithms(platform),
    }


def client_id(answer: Mapping[str, Any]) -> str:
    """Return the client id of an answer. Raises BadData (``registration.answer_invalid``) without one."""
    given = answer.get("client_id")
    if isinstance(given, int) and not isinstance(given, bool):  # JSON numbers for ids made of digits
        given = str(given)
    if not isinstance(given, str) or not given.strip() or len(given) > 255:
        raise BadData("registration.answer_invalid", "The learning system registered us but gave no client ID.")
    return given


def deployment_ids(answer: Mapping[str, Any]) -> list[str]:
    """Return the deployment that an answer brings; several platforms only tell it with the first launch."""
    about = answer.get(TOOL_CONFIGURATION)
    given = about.get("deployment_id") if isinstance(about, Mapping) else None
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    return [given] if isinstance(given, str) and given.strip() and "," not in given and len(given) <= 255 else []


def algorithms(platform: OpenIdConfiguration) -> list[str]:
    """Return how the platform may sign: RS256, which LTI demands, and what else it names and we can check."""
    return list(dict.fromkeys(["RS256", *(name for name in platform.algorithms if name in ALGORITHMS)]))


def supported_scopes(wants: Wants, platform: OpenIdConfiguration) -> list[str]:
    """Return the wanted scopes that the platform offers; asking for another one fails the whole registration."""
    return [scope for scope in wants.scopes if scope in platform.scopes]


def supported_placements(wants: Wants, platform: OpenIdConfiguration) -> list[Placement]:
    """Return the wanted placements whose message type the platform supports; all, where it does not say."""
    return [each for each in wants.placements if not platform.messages or each.message_type in platform.messages]


def _message(tool: Tool, placement: Placement) -> dict[str, Any]:
    message: dict[str, Any] = {
        "type": placement.message_type,
        "target_link_uri": tool.launch_url,
        "label": tool.name,
    }
    if placement.name is not None:
        message["placements"] = [placement.name]
    return message


def _address(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
        raise _invalid(f"{name} is missing or no address")
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in {"https", "http"} and bool(parts.hostname) and not parts.username
        is_address = is_address and parts.port != 0  # asking for it finds a port that is none
    except ValueError:
        is_address = False
    if not is_address or parts.fragment or " " in value:
        raise _invalid(f"{name} is missing or no address")
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= _LONGEST and value.isprintable() else ""


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _messages(value: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in value if isinstance(value, list) else ():
        if isinstance(each, str):  # an early form of the specification
            found[each] = ()
        elif isinstance(each, Mapping) and isinstance(each.get("type"), str):
            found[each["type"]] = found.get(each["type"], ()) + _texts(each.get("placements"))
    return found


def _invalid(why: str) -> BadData:
    return BadData(
        "registration.configuration_invalid", "The learning system's configuration is not one that LTI allows.", why
    )
