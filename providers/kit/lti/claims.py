"""The claims of LTI 1.3 and LTI Advantage by their full names, as the specifications write them."""

from __future__ import annotations

from typing import Final

_LTI = "https://purl.imsglobal.org/spec/lti/claim/"

# https://www.imsglobal.org/spec/lti/v1p3 section 5.3 (required) and 5.4 (optional)
MESSAGE_TYPE: Final = _LTI + "message_type"
VERSION: Final = _LTI + "version"
DEPLOYMENT_ID: Final = _LTI + "deployment_id"
TARGET_LINK_URI: Final = _LTI + "target_link_uri"
RESOURCE_LINK: Final = _LTI + "resource_link"
ROLES: Final = _LTI + "roles"
CONTEXT: Final = _LTI + "context"
TOOL_PLATFORM: Final = _LTI + "tool_platform"
ROLE_SCOPE_MENTOR: Final = _LTI + "role_scope_mentor"
LAUNCH_PRESENTATION: Final = _LTI + "launch_presentation"
LIS: Final = _LTI + "lis"
CUSTOM: Final = _LTI + "custom"
EXT: Final = _LTI + "ext"
FOR_USER: Final = _LTI + "for_user"
LTI1P1: Final = _LTI + "lti1p1"
LEGACY_USER_ID: Final = _LTI + "lti11_legacy_user_id"

# https://www.imsglobal.org/spec/lti-pns/v1p0/main/: server to server, no person is at it
NOTICES: Final = _LTI + "platformnotificationservice"
NOTICE: Final = _LTI + "notice"
ORIGIN_CONTEXTS: Final = _LTI + "origin_contexts"
CONTEXT_COPY_NOTICE: Final = "LtiContextCopyNotice"
HELLO_WORLD_NOTICE: Final = "LtiHelloWorldNotice"

# https://www.imsglobal.org/spec/lti-dl/v2p0
DEEP_LINKING_SETTINGS: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
CONTENT_ITEMS: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items"
DEEP_LINKING_DATA: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/data"

# The services' claims: lti-nrps v2p0, lti-ags v2p0, the groups draft and basic outcomes.
NAMES_ROLES: Final = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
GRADES: Final = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
GROUPS: Final = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"
BASIC_OUTCOMES: Final = "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome"

SERVICE_CLAIMS: Final = (NAMES_ROLES, GRADES, GROUPS, BASIC_OUTCOMES, NOTICES)
MESSAGE_CLAIMS: Final = (DEEP_LINKING_SETTINGS, FOR_USER)

RESOURCE_LINK_REQUEST: Final = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST: Final = "LtiDeepLinkingRequest"
SUBMISSION_REVIEW_REQUEST: Final = "LtiSubmissionReviewRequest"
DATA_PRIVACY_REQUEST: Final = "DataPrivacyLaunchRequest"
LTI_VERSION: Final = "1.3.0"
