"""Finds out whether a provider takes our client ID and secret, with a code that nobody has."""

from __future__ import annotations

from typing import Any

from providers.contract import BadData, Context, Failure, Health, SignInClient, SignInReturn
from providers.kit.sign_in.code_flow import ClientAuth, redeem

_ADVICE = {
    "sso.client_refused": "client_id and client_secret are refused: copy both anew.",
    "sso.provider_unavailable": "The portal has too much to do: try again later.",
}


def check_secret(
    context: Context[Any], client: SignInClient, secret: str, *, auth: ClientAuth = "basic", pkce: bool = True
) -> list[Health]:
    """Exchange a made-up code: a refused code is a good sign, a refused client is not."""
    returned = SignInReturn("no-code", "https://gateway.invalid/callback", "v" * 43, lambda _token: {})
    try:
        redeem(context, client, secret, returned, auth=auth, pkce=pkce)
    except BadData as failure:
        is_well = failure.code == "sso.code_refused"
        return [Health("client ID and secret", is_well, "The token address answers otherwise than a portal's.")]
    except Failure as failure:
        return [Health("client ID and secret", False, _ADVICE.get(failure.code, failure.sentence))]
    return [Health("client ID and secret", False, "The portal took a code that it never gave: compare its address.")]
