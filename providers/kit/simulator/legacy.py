"""The LTI 1.1 migration claim of a platform that once knew the tool by key and secret."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final, Literal

from providers.kit.lti import claims as names
from providers.kit.lti.legacy import LegacyKey, signature_of

OLD_KEY: Final = LegacyKey("old-tool-key", "old-tool-secret")
Legacy = Literal["none", "signed", "wrong_secret", "other_nonce", "unsigned", "keyless"]


def legacy_claim(claims: Mapping[str, Any], client_id: str, how: Legacy) -> dict[str, Any]:
    """Make the claim of this launch, and its signature, or a wrong one."""
    key = LegacyKey(OLD_KEY.consumer_key, "guessed") if how == "wrong_secret" else OLD_KEY
    nonce = "another-nonce" if how == "other_nonce" else claims["nonce"]
    signature = signature_of(
        key,
        deployment_id=claims[names.DEPLOYMENT_ID],
        issuer=claims["iss"],
        client_id=client_id,
        expires=claims["exp"],
        nonce=nonce,
    )
    claim = {
        "oauth_consumer_key": OLD_KEY.consumer_key,
        "oauth_consumer_key_sign": b64encode(signature).decode(),
        "user_id": f"old-{claims.get('sub', 'nobody')}",
        "resource_link_id": f"old-{(claims.get(names.RESOURCE_LINK) or {}).get('id', 'none')}",
    }
    without = {"unsigned": "oauth_consumer_key_sign", "keyless": "oauth_consumer_key"}.get(how)
    return {name: value for name, value in claim.items() if name != without}
