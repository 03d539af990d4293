"""Sign-in with ClassLink: OAuth 2's code with the secret in the body, then /v2/my/info, which says who came.

https://developer.classlink.com/docs/obtaining-bearer-tokens and https://developer.classlink.com/reference/v2myinfo
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from providers.classlink.check import check_client
from providers.classlink.roles import own_words, read_roles
from providers.classlink.settings import ClassLinkSettings
from providers.contract import (
    Context,
    Health,
    LaunchPerson,
    SignedIn,
    SignInClient,
    SignInReturn,
    SignInStart,
    Untrusted,
)
from providers.kit.sign_in import ask, authorize_address, id_of, optional_text, redeem

_SCOPES: Final = "openid profile email oneroster"
_NO_IDS: Final = frozenset({"0", "-1"})


class ClassLinkSignIn:
    """The `sign_in` capability."""

    district_setting = "tenant_id"

    def client(self, settings: ClassLinkSettings) -> SignInClient:
        """Return who we are to ClassLink. Its issuer is LaunchPad's address, byte for byte."""
        return SignInClient(
            issuer=settings.site_url.rstrip("/"),
            client_id=settings.client_id,
            authorize_url=settings.site("/oauth2/v2/auth"),
            token_url=settings.site("/oauth2/v2/token"),
            key_set_url=settings.site("/oauth2/v2/jwks"),
            district_id=settings.tenant_id or None,
        )

    def authorize_url(self, context: Context[ClassLinkSettings], start: SignInStart) -> str:
        """Return LaunchPad's page. It documents neither PKCE nor a parameter that names the district."""
        return authorize_address(self.client(context.settings), start, pkce=False, extra={"scope": _SCOPES})

    def finish(self, context: Context[ClassLinkSettings], returned: SignInReturn) -> SignedIn:
        """Exchange the code, ask who came, and hold an ID token that came along against the answer."""
        settings = context.settings
        words = own_words(settings.role_words)
        answer = redeem(context, self.client(settings), settings.client_secret, returned, auth="body", pkce=False)
        told = ask(context, settings.api("/v2/my/info"), str(answer["access_token"]), "/v2/my/info")
        tenant, subject, sourced_id = (
            _number_of(told, "TenantId", "sso.district_missing"),
            key_of(told),
            sourced_id_of(told),
        )
        if settings.checks_id_token and isinstance(answer.get("id_token"), str):
            _compare(returned.prove(answer["id_token"]), told)
        return SignedIn(
            district_id=tenant,
            subject=subject,
            person=person_of(told, sourced_id),
            roles=read_roles(told, words),
            name_district=lambda: optional_text(told, "Tenant"),
            earlier_subject=earlier_key_of(told),
        )

    def check(self, context: Context[ClassLinkSettings]) -> Sequence[Health]:
        """Look at client ID, secret and the words for roles."""
        return check_client(context, self.client(context.settings))


def sourced_id_of(told: Mapping[str, Any]) -> str | None:
    """Return the SourcedId, byte for byte, or None: it is blank for good where a district has no Roster Server.

    Raises Untrusted (``sso.subject_missing``) for one that is there and no id: taking the UserId then would hide it.
    """
    value = told.get("SourcedId")
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return id_of(told, "SourcedId", "sso.subject_missing")


def key_of(told: Mapping[str, Any]) -> str:
    """Return what a person is known by in their tenant: a SourcedId may look like a UserId, so each says which it is.

    Raises Untrusted (``sso.subject_missing``) where there is neither.
    """
    sourced_id = sourced_id_of(told)
    return f"user:{_number_of(told, 'UserId', 'sso.subject_missing')}" if sourced_id is None else f"sis:{sourced_id}"


def earlier_key_of(told: Mapping[str, Any]) -> str | None:
    """Return what somebody with a SourcedId was known by while their district had no Roster Server."""
    value = told.get("UserId")
    is_number = isinstance(value, int | str) and str(value).isdecimal() and str(value) not in _NO_IDS
    return f"user:{value}" if is_number and sourced_id_of(told) is not None else None


def _number_of(told: Mapping[str, Any], name: str, code: str) -> str:
    value = id_of(told, name, code)
    if value.strip() in _NO_IDS:
        raise Untrusted(code, "", f"{name} is no id")
    return value


def _compare(claims: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """Hold that code and access token are about one person; the claim is ClassLink's own number for them."""
    if id_of(claims, "sub", "sso.subject_missing") != id_of(told, "UserId", "sso.subject_missing"):
        raise Untrusted("sso.id_token_untrusted", "", "ID token and profile are about different people")


def person_of(told: Mapping[str, Any], sourced_id: str | None) -> LaunchPerson:
    """Return what a profile says of a person; the e-mail address may be made up, and is contact data alone."""
    return LaunchPerson(
        given_name=optional_text(told, "FirstName"),
        family_name=optional_text(told, "LastName"),
        name=optional_text(told, "DisplayName"),
        email=optional_text(told, "Email"),
        picture=optional_text(told, "ImagePath"),
        username=optional_text(told, "LoginId"),
        sourced_id=sourced_id,
        roster_id=sourced_id,
    )


SIGN_IN = ClassLinkSignIn()
