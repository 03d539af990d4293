"""Looks at ClassLink without changing anything and says in plain words which setting to change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from providers.classlink.roles import own_words
from providers.classlink.settings import ClassLinkSettings
from providers.contract import BadData, Context, Failure, Health, Misconfigured, SignInClient, SignInReturn
from providers.kit.sign_in import redeem

_CLIENT: Final = "client ID and secret"
_ADVICE: Final = {
    "sso.client_refused": "client_id and client_secret are refused: copy both anew from the Partner Portal.",
    "sso.answer_invalid": "site_url answers as no ClassLink does: set it to https://launchpad.classlink.com.",
    "http.not_json": "site_url leads to a page for people: set it to https://launchpad.classlink.com.",
    "http.unreachable": "site_url names a host that can't be reached: set it to https://launchpad.classlink.com.",
    "http.address_refused": "site_url leads where we don't call: set it to https://launchpad.classlink.com.",
    "sso.provider_unavailable": "ClassLink can't answer now: try again later.",
}


def check_client(context: Context[ClassLinkSettings], client: SignInClient) -> list[Health]:
    """Say whether ClassLink takes client ID and secret, and whether the settings for people can be read."""
    return [_client(context, client), *_words(context.settings), *_tenant(context.settings)]


def _client(context: Context[ClassLinkSettings], client: SignInClient) -> Health:
    """Offer a code that nobody gave: a client that is known hears that the code is wrong, and no other thing."""
    nobody = SignInReturn("schoolgate-check", context.settings.site("/"), "", _prove_nothing)
    try:
        redeem(context, client, context.settings.client_secret, nobody, auth="body", pkce=False)
    except BadData as failure:
        if failure.code == "sso.code_refused":
            return Health(_CLIENT, True)
        return Health(_CLIENT, False, advice_of(failure))
    except Failure as failure:
        return Health(_CLIENT, False, advice_of(failure))
    return Health(_CLIENT, False, "site_url takes a code that nobody gave: set it to https://launchpad.classlink.com.")


def _words(settings: ClassLinkSettings) -> list[Health]:
    try:
        own_words(settings.role_words)
    except Misconfigured as failure:
        return [Health("words for roles", False, failure.sentence)]
    return []


def _tenant(settings: ClassLinkSettings) -> list[Health]:
    if not settings.tenant_id or settings.tenant_id.isdecimal():
        return []
    return [Health("tenant", False, "tenant_id is a number; the word in LaunchPad's address is not it.")]


def advice_of(failure: Failure) -> str:
    """Return what to change for a failure."""
    return _ADVICE.get(failure.code, failure.sentence)


def _prove_nothing(_token: str) -> Mapping[str, Any]:
    return {}
