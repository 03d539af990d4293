"""PKCE (RFC 7636) as we take it: S256 alone, and never missing where a client has no secret."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc7636 import CodeChallenge

METHODS = ("S256",)


class S256Challenge(CodeChallenge):
    """Authlib's extension without `plain`, which RFC 9700 2.1.1 advises against and RFC 7636 4.3 makes the default."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = list(METHODS)  # noqa: RUF012 - declared as Authlib does

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Raise InvalidRequestError unless the request's challenge may stand."""
        data = grant.request.payload.data
        if not data.get("code_challenge"):
            if data.get("code_challenge_method") or grant.request.client.application.is_public:
                raise InvalidRequestError("PKCE: send code_challenge with code_challenge_method S256")
        elif data.get("code_challenge_method") not in METHODS:
            raise InvalidRequestError("PKCE: code_challenge_method must be S256")
        super().validate_code_challenge(grant, redirect_uri)

    def get_authorization_code_challenge_method(self, _authorization_code: object) -> str:
        """Return the only method there is."""
        return METHODS[0]
