"""Asks PyLTI1p3's own message validators after ours: two readings of LTI Core must agree before anybody is let in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pylti1p3.exception import LtiException
from pylti1p3.message_validators import get_validators

from gateway.lti.catalogue import refusal
from providers.kit.lti import claims as names

_VALIDATORS = get_validators()  # type: ignore[no-untyped-call]


def check_second_opinion(claims: Mapping[str, Any]) -> None:
    """Run the library's validator for this message type. Raises Untrusted (``lti.message_invalid``) if it objects.

    The library does not know anonymous launches (Core 5.3.6.1); those rest on our own rules alone. It wants roles in a
    deep linking request too, where they are optional (Deep Linking 4.4): it is asked as if there were none.
    """
    if "sub" not in claims:
        return
    if names.ROLES not in claims:
        claims = {**claims, names.ROLES: []}
    for validator in _VALIDATORS:
        if validator.can_validate(claims):
            try:
                validator.validate(claims)
            except LtiException as objection:
                raise refusal("lti.message_invalid", str(objection)) from objection
            return
    raise refusal("lti.message_invalid", f"no validator for {claims[names.MESSAGE_TYPE]}")
