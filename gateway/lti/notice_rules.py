"""What a notice must carry (https://www.imsglobal.org/spec/lti-pns/v1p0/main/), and a copied course's beyond that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from gateway.lti.catalogue import refusal
from gateway.lti.message_rules import is_id
from gateway.lti.trace import Trace
from providers.contract import VerifiedClaims
from providers.kit.lti import claims as names

MOST_ORIGINS: Final = 100


class Notice(NamedTuple):
    """One proven notice. `context_id` and `origins` are those of a course's copy, as the platform calls them."""

    id: str
    type: str
    deployment_id: str
    expires_at: float
    context_id: str | None = None
    origins: tuple[str, ...] = ()


def check_notice(claims: Mapping[str, Any], trace: Trace) -> None:
    """Check the claims of a notice. Raises the failure of the first broken rule."""
    version, deployment, notice = claims.get(names.VERSION), claims.get(names.DEPLOYMENT_ID), claims.get(names.NOTICE)
    if version != names.LTI_VERSION:
        raise refusal("lti.version_wrong" if version is not None else "lti.version_missing")
    trace.passed("version")
    if not is_id(deployment):
        raise refusal("lti.deployment_missing")
    if not isinstance(notice, dict) or not is_id(notice.get("id")) or not is_id(notice.get("type")):
        raise refusal("lti.notice_invalid", "the notice claim has no id or no type")
    trace.passed("notice", notice["type"])
    if notice["type"] == names.CONTEXT_COPY_NOTICE:
        _check_copy(claims)
    trace.passed("claims")


def read_notice(claims: VerifiedClaims) -> Notice:
    """Return the notice that proven claims tell of."""
    notice = claims[names.NOTICE]
    read = Notice(notice["id"], notice["type"], claims[names.DEPLOYMENT_ID], float(claims["exp"]))
    if read.type != names.CONTEXT_COPY_NOTICE:
        return read
    context_id = claims[names.CONTEXT]["id"]
    told = claims.get(names.ORIGIN_CONTEXTS) or ()
    origins = [each for each in dict.fromkeys(told) if each != context_id]
    return read._replace(context_id=context_id, origins=tuple(origins[:MOST_ORIGINS]))


def _check_copy(claims: Mapping[str, Any]) -> None:
    """A course into which nothing known was imported has no origins; else they are a list of ids."""
    context, origins = claims.get(names.CONTEXT), claims.get(names.ORIGIN_CONTEXTS)
    if not isinstance(context, dict) or not is_id(context.get("id")):
        raise refusal("lti.claim_shape", "context needs an id of at most 255 characters")
    if origins is not None and not (isinstance(origins, list) and all(map(is_id, origins))):
        raise refusal("lti.claim_shape", "origin_contexts is not a list of ids")
