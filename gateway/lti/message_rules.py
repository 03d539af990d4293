"""LTI Core's rules for the message: what each message type must carry, and what we say of those we don't take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gateway.lti.catalogue import refusal
from gateway.lti.state import State
from gateway.lti.target import origin_of
from gateway.lti.trace import Trace
from providers.contract import LtiEndpoints
from providers.kit.lti import claims as names
from providers.kit.lti.deep_linking import read_deep_linking

Claims = Mapping[str, Any]
_LONGEST_ID = 255
_REQUIRED = (
    names.MESSAGE_TYPE,
    names.VERSION,
    names.DEPLOYMENT_ID,
    names.TARGET_LINK_URI,
    names.ROLES,
)
_OPTIONAL_IN_DEEP_LINKING = (names.TARGET_LINK_URI, names.ROLES)  # Deep Linking 4.4 requires neither


def check_message(claims: Claims, state: State, endpoints: LtiEndpoints, trace: Trace) -> str:
    """Check the message and return its type (Core 5.3-5.4). Raises the failure of the first broken rule."""
    _check_presence(claims)
    message_type = _check_type_and_version(claims)
    trace.passed("message type", message_type)
    deployment = claims.get(names.DEPLOYMENT_ID)
    if not isinstance(deployment, str) or not is_id(deployment):
        raise refusal("lti.deployment_missing")
    if not state.allows_deployment(deployment):
        raise refusal("lti.deployment_mismatch")
    _check_target(claims, state)
    trace.passed("target")
    _check_subject(claims, endpoints)
    trace.passed("person", "anonymous" if "sub" not in claims else "")
    _check_roles(claims)
    trace.passed("roles")
    _check_objects(claims)
    SUPPORTED[message_type](claims)
    trace.passed("claims")
    return message_type


def is_id(value: object) -> bool:
    """Return whether a value is a usable LTI id: 1-255 ASCII characters."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_ID and value.isascii() and not value.isspace()


def _check_presence(claims: Claims) -> None:
    """Name everything that lacks at once; a single missing claim has a code of its own further down."""
    missing = [name for name in _REQUIRED if claims.get(name) is None]
    if missing and _is_deep_linking(claims):
        missing = [name for name in missing if name not in _OPTIONAL_IN_DEEP_LINKING]
    if len(missing) > 1:
        raise refusal("lti.claims_missing", ", ".join(name.rpartition("/")[2] for name in missing))


def _check_type_and_version(claims: Claims) -> str:
    message_type, version = claims.get(names.MESSAGE_TYPE), claims.get(names.VERSION)
    if not isinstance(message_type, str) or not message_type:
        raise refusal("lti.message_type_missing")
    if version is None:
        raise refusal("lti.version_missing")
    if version != "1.3.0":
        raise refusal("lti.version_wrong")
    if message_type not in SUPPORTED:
        raise refusal("lti.message_type_unsupported", explain_unsupported(message_type))
    return message_type


def _check_target(claims: Claims, state: State) -> None:
    target = claims.get(names.TARGET_LINK_URI)
    if target is None and _is_deep_linking(claims):
        return
    if not isinstance(target, str) or not target:
        raise refusal("lti.target_missing")
    if not state.is_target(target):
        raise refusal("lti.target_mismatch")


def _check_subject(claims: Claims, endpoints: LtiEndpoints) -> None:
    if "sub" not in claims:
        if not endpoints.allow_anonymous:
            raise refusal("lti.subject_missing")
    elif not is_id(claims["sub"]):
        raise refusal("lti.subject_invalid")


def _check_roles(claims: Claims) -> None:
    roles = claims.get(names.ROLES)
    if roles is None and _is_deep_linking(claims):
        return
    if roles is None:
        raise refusal("lti.roles_missing")
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise refusal("lti.roles_invalid")


def _check_objects(claims: Claims) -> None:
    context = claims.get(names.CONTEXT)
    if context is not None and not (isinstance(context, dict) and is_id(context.get("id"))):
        raise refusal("lti.claim_shape", "context needs an id of at most 255 characters")
    custom = claims.get(names.CUSTOM)
    if custom is None:
        return
    if not isinstance(custom, dict) or not all(isinstance(value, str | int | float) for value in custom.values()):
        raise refusal("lti.custom_invalid")


def _check_resource_link(claims: Claims) -> None:
    link = claims.get(names.RESOURCE_LINK)
    if not isinstance(link, dict) or not is_id(link.get("id")):
        raise refusal("lti.resource_link_missing")


def _check_submission_review(claims: Claims) -> None:
    """https://www.imsglobal.org/spec/lti-ags/v2p0#submission-review-message"""
    _check_resource_link(claims)
    grades = claims.get(names.GRADES)
    if not isinstance(grades, dict) or not isinstance(grades.get("lineitem"), str) or not grades["lineitem"]:
        raise refusal("lti.submission_review_invalid", "the grades claim names no lineitem")
    _check_for_user(claims)


def _check_data_privacy(claims: Claims) -> None:
    if claims.get(names.RESOURCE_LINK) is not None or claims.get(names.CONTEXT) is not None:
        raise refusal("lti.claim_shape", "a data privacy launch belongs to no course and no link")
    _check_for_user(claims)


def _check_for_user(claims: Claims) -> None:
    about = claims.get(names.FOR_USER)
    if not isinstance(about, dict) or not is_id(about.get("user_id")):
        raise refusal("lti.for_user_missing")


def _check_deep_linking(claims: Claims) -> None:
    request = read_deep_linking(claims.get(names.DEEP_LINKING_SETTINGS))
    if origin_of(request.return_url) is None:
        raise refusal("lti.deep_linking_invalid", "deep_link_return_url is no absolute web address")


def _is_deep_linking(claims: Claims) -> bool:
    return claims.get(names.MESSAGE_TYPE) == names.DEEP_LINKING_REQUEST


# Every launch that this version carries to the application, with the check of what only it must have.
SUPPORTED: dict[str, Callable[[Claims], None]] = {
    names.RESOURCE_LINK_REQUEST: _check_resource_link,
    names.SUBMISSION_REVIEW_REQUEST: _check_submission_review,
    names.DATA_PRIVACY_REQUEST: _check_data_privacy,
    names.DEEP_LINKING_REQUEST: _check_deep_linking,
}

_ELSEWHERE = {
    "LtiEulaRequest": "belongs to asset processors",
    "LtiReportReviewRequest": "belongs to asset processors",
    "LtiAssetProcessorSettingsRequest": "belongs to asset processors",
    "LtiContextLaunchRequest": "an emerging message that no certified platform requires",
    "LtiHelloWorldNotice": "a notice between servers, not a launch",
    "LtiContextCopyNotice": "a notice between servers, not a launch",
    "LtiAssetProcessorSubmissionNotice": "a notice between servers, not a launch",
    "LtiDeepLinkingResponse": "an answer from a tool, not a launch",
    "LtiStartProctoring": "belongs to proctoring tools",
    "LtiStartAssessment": "belongs to proctoring tools",
    "LtiEndAssessment": "belongs to proctoring tools",
}


def explain_unsupported(message_type: str) -> str:
    """Return what a message type is, for the trace; an unknown one is not repeated, it could hold anything."""
    if message_type in _ELSEWHERE:
        return f"{message_type}: {_ELSEWHERE[message_type]}"
    return "no message type of the LTI specifications"
