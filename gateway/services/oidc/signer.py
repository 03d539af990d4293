"""The provider's signature, from the keyring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keys.keyring import Keyring
from keys.own_tokens import TokenRefused


@dataclass(frozen=True, slots=True)
class KeyringSigner:
    """A `house.Signer` over the keys that sign ID tokens."""

    keyring: Keyring

    def sign(self, claims: Mapping[str, Any], typ: str = "JWT") -> str:
        """Return the signed claims."""
        return self.keyring.sign("oidc", claims, typ)

    def verify(self, token: str) -> Mapping[str, Any] | None:
        """Return the claims of an ID token of ours, with any published key."""
        try:
            return self.keyring.verify("oidc", token)
        except TokenRefused:
            return None
