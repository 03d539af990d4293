"""LTI's claim names, in full as the specifications write them."""

from __future__ import annotations

_LTI = "https://purl.imsglobal.org/spec/lti/claim/"

MESSAGE_TYPE = f"{_LTI}message_type"
VERSION = f"{_LTI}version"
DEPLOYMENT_ID = f"{_LTI}deployment_id"
TARGET_LINK_URI = f"{_LTI}target_link_uri"
RESOURCE_LINK = f"{_LTI}resource_link"
ROLES = f"{_LTI}roles"
CONTEXT = f"{_LTI}context"
TOOL_PLATFORM = f"{_LTI}tool_platform"
CUSTOM = f"{_LTI}custom"
