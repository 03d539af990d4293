"""What the provider says of itself: made from the same constants that the endpoints obey."""

from __future__ import annotations

from typing import Any

from gateway.services.api.scopes import API_SCOPES
from gateway.services.oidc.assertion import ALGORITHMS
from gateway.services.oidc.authorize import RESPONSE_MODES
from gateway.services.oidc.claims import EMAIL_CLAIMS, PROFILE_CLAIMS
from gateway.services.oidc.client import GRANT_TYPES, PROVING_METHODS, RESPONSE_TYPES, SCOPES
from gateway.services.oidc.machine_grant import MACHINE_SCOPES
from gateway.services.oidc.pkce import METHODS
from providers.kit.lti import claims as names

AUTHORIZE, TOKEN, USERINFO = "/oauth2/authorize", "/oauth2/token", "/oauth2/userinfo"
REVOKE, INTROSPECT, LOGOUT = "/oauth2/revoke", "/oauth2/introspect", "/oauth2/logout"
JWKS, CONFIGURATION = "/.well-known/jwks.json", "/.well-known/openid-configuration"
_OURS = ("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "sid")

_PROVEN_AT = ("token", "revocation", "introspection")


def discovery(issuer: str) -> dict[str, Any]:
    """Return the provider's metadata (OpenID Connect Discovery 1.0 section 3, RFC 8414, RFC 9207)."""
    return {
        "issuer": issuer,
        "authorization_endpoint": issuer + AUTHORIZE,
        "token_endpoint": issuer + TOKEN,
        "userinfo_endpoint": issuer + USERINFO,
        "revocation_endpoint": issuer + REVOKE,
        "introspection_endpoint": issuer + INTROSPECT,
        "end_session_endpoint": issuer + LOGOUT,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "jwks_uri": issuer + JWKS,
        "scopes_supported": [*SCOPES, *MACHINE_SCOPES, *API_SCOPES],
        "response_types_supported": list(RESPONSE_TYPES),
        "response_modes_supported": list(RESPONSE_MODES),
        "grant_types_supported": list(GRANT_TYPES),
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": [*PROVING_METHODS, "none"],
        **{f"{name}_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS) for name in _PROVEN_AT},
        "revocation_endpoint_auth_methods_supported": [*PROVING_METHODS, "none"],
        "introspection_endpoint_auth_methods_supported": list(PROVING_METHODS),
        "code_challenge_methods_supported": list(METHODS),
        "authorization_response_iss_parameter_supported": True,
        "claims_supported": [*_OURS, *PROFILE_CLAIMS, *EMAIL_CLAIMS, "entitlements", *_launch_claims()],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }


def _launch_claims() -> list[str]:
    return [names.MESSAGE_TYPE, names.ROLES, names.CONTEXT, names.RESOURCE_LINK, names.TARGET_LINK_URI, names.CUSTOM]
