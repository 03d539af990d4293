"""Sign-in with Clever: OAuth 2's code with Basic client authentication, an ID token where Clever enabled it.

https://dev.clever.com/docs/oauth-implementation and https://dev.clever.com/docs/oidc-implementation
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from providers.clever.check import check_client
from providers.clever.settings import CleverSettings
from providers.contract import (
    Context,
    Failure,
    Health,
    LaunchPerson,
    Role,
    SignedIn,
    SignInClient,
    SignInReturn,
    SignInStart,
    Untrusted,
)
from providers.kit.sign_in import ask, authorize_address, id_of, named, optional_text, redeem

_ROLES = {
    "student": Role.STUDENT,
    "teacher": Role.TEACHER,
    "district_admin": Role.DISTRICT_ADMINISTRATOR,
    "contact": Role.GUARDIAN,
}


class CleverSignIn:
    """The `sign_in` capability."""

    district_setting = "district_id"

    def client(self, settings: CleverSettings) -> SignInClient:
        """Return who we are to Clever. Its issuer is its address, byte for byte."""
        return SignInClient(
            issuer=settings.site_url.rstrip("/"),
            client_id=settings.client_id,
            authorize_url=settings.site("/oauth/authorize"),
            token_url=settings.site("/oauth/tokens"),
            key_set_url=settings.site("/oauth/certs"),
            district_id=settings.district_id or None,
        )

    def authorize_url(self, context: Context[CleverSettings], start: SignInStart) -> str:
        """Return Clever's page; it skips the school picker where the district is known. Clever has no PKCE."""
        extra = {"district_id": start.district_id, "confirmed": "false" if start.is_shared_device else None}
        return authorize_address(self.client(context.settings), start, pkce=False, extra=extra)

    def finish(self, context: Context[CleverSettings], returned: SignInReturn) -> SignedIn:
        """Exchange the code and ask who came: from the ID token where there is one, else from /me."""
        settings = context.settings
        answer = redeem(context, self.client(settings), settings.client_secret, returned, pkce=False)
        token = str(answer["access_token"])
        if isinstance(answer.get("id_token"), str):
            told = returned.prove(answer["id_token"])
            subject = id_of(told, "sub", "sso.subject_missing")
            district = id_of(told, "district", "sso.district_missing")
        else:
            told = named(ask(context, settings.data("/me"), token, "/me"), "data")
            subject = id_of(told, "id", "sso.subject_missing")
            district = id_of(told, "district", "sso.district_missing")
        if told.get("authorized_by", "district") != "district":
            # A teacher alone took the product from Clever's library: no district shares anything with us.
            raise Untrusted("sso.district_missing", "", "authorized by somebody else than the district")
        user = _user(context, token, subject)
        return SignedIn(
            district_id=district,
            subject=subject,
            person=_person(user, told, subject),
            roles=_roles(user, told, settings),
            name_district=lambda: _district_name(context, token, district),
        )

    def check(self, context: Context[CleverSettings]) -> Sequence[Health]:
        """Look at client ID, secret and district."""
        return check_client(context)


def _user(context: Context[CleverSettings], token: str, subject: str) -> Mapping[str, Any]:
    """Return the person with all roles; empty where the district's settings keep the record back."""
    try:
        return named(ask(context, context.settings.data(f"/users/{subject}"), token, "/users"), "data")
    except Failure as failure:
        context.log("clever.user_withheld", code=failure.code, detail=failure.detail)
        return _user_info(context, token)


def _user_info(context: Context[CleverSettings], token: str) -> Mapping[str, Any]:
    try:
        return ask(context, f"{context.settings.api_url.rstrip('/')}/userinfo", token, "/userinfo")
    except Failure as failure:
        context.log("clever.user_info_withheld", code=failure.code, detail=failure.detail)
        return {}


def _person(user: Mapping[str, Any], told: Mapping[str, Any], subject: str) -> LaunchPerson:
    name, roles = named(user, "name"), named(user, "roles")
    ids = [named(roles, role) for role in ("student", "teacher", "contact")]
    sis_ids = [*(optional_text(each, "sis_id") for each in ids), optional_text(named(roles, "staff"), "staff_id")]
    return LaunchPerson(
        given_name=optional_text(name, "first") or optional_text(told, "given_name"),
        middle_name=optional_text(name, "middle"),
        family_name=optional_text(name, "last") or optional_text(told, "family_name"),
        email=optional_text(user, "email") or optional_text(told, "email"),
        sourced_id=next(filter(None, sis_ids), None),
        roster_id=subject,
    )


def _roles(user: Mapping[str, Any], told: Mapping[str, Any], settings: CleverSettings) -> tuple[Role, ...]:
    """Return every role of a person; with an ID token or user info alone, the one of this sign-in."""
    held = list(named(user, "roles")) or [str(user.get("user_type") or told.get("user_type"))]
    words = {**_ROLES, "staff": Role(settings.staff_role)}
    return tuple(dict.fromkeys(words[role] for role in held if role in words))


def _district_name(context: Context[CleverSettings], token: str, district: str) -> str | None:
    try:
        told = ask(context, context.settings.data(f"/districts/{district}"), token, "/districts")
    except Failure:
        return None
    return optional_text(named(told, "data"), "name")


SIGN_IN = CleverSignIn()
