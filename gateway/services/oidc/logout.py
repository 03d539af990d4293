"""Signing out: asked for by the application's page (RP-initiated), or told to its server (back-channel)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gateway.services.handoff import with_query
from gateway.services.oidc.house import House
from gateway.services.oidc.wire import Answer, Incoming
from gateway.store.applications import Application, find_application
from gateway.store.ids import new_id
from gateway.store.sessions import Session, find_session
from gateway.store.tokens import end_session_of
from providers.contract import Http, Misconfigured, Refused, Unavailable

EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TOKEN_LIFETIME = timedelta(minutes=2)
_AT_THE_APPLICATION = "Please use the sign-out of the application that you opened, or close its page."


def end(house: House, incoming: Incoming) -> Answer | None:
    """End the session that the ID token names; return the way back to the application, or None for our own page.

    https://openid.net/specs/openid-connect-rpinitiated-1_0.html: an expired hint is good, a hint that we did not sign
    is nothing. Without one nobody is known here: no cookie of ours is in any browser.

    Raises:
        Refused: ``oidc.sign_out_malformed``, ``oidc.logout_hint_missing``, ``oidc.logout_hint_invalid``,
            ``oidc.logout_uri_unknown`` (signed out all the same, and not sent on: attack G7).
    """
    asked = {name: values[0] for name, values in incoming.values.items() if values}
    if incoming.repeated() or not incoming.is_clean():
        raise Refused("oidc.sign_out_malformed", f"This sign-out can't be read. {_AT_THE_APPLICATION}")
    claims = _proven(house, asked)
    end_session_of(house.store, str(claims["sid"]), house.now(), tell=False)
    back = asked.get("post_logout_redirect_uri")
    if not back:
        return None
    application = find_application(house.store, str(claims["aud"]))
    if application is None or back not in application.post_logout_redirect_uris:
        raise Refused(
            "oidc.logout_uri_unknown",
            "You are signed out here. The application wanted to go on at an address that is not registered for it.",
            f"client {claims['aud']}: post_logout_redirect_uri must equal a registered one, character for character",
        )
    parameters = {"state": asked["state"]} if "state" in asked else {}
    return Answer(303, location=with_query(back, parameters) if parameters else back)


def _proven(house: House, asked: Mapping[str, str]) -> Mapping[str, Any]:
    if not asked.get("id_token_hint"):
        raise Refused("oidc.logout_hint_missing", f"We can't tell who is to be signed out. {_AT_THE_APPLICATION}")
    claims = house.signer.verify(asked["id_token_hint"]) or {}
    is_ours = claims.get("iss") == house.issuer and claims.get("sid") and claims.get("aud")
    if not is_ours or asked.get("client_id", claims["aud"]) != claims["aud"]:
        raise Refused("oidc.logout_hint_invalid", f"We can't tell who is to be signed out. {_AT_THE_APPLICATION}")
    return claims


@dataclass(frozen=True, slots=True)
class BackchannelLogout:
    """Tells an application's server that a session has ended.

    https://openid.net/specs/openid-connect-backchannel-1_0.html
    """

    house: House
    http: Http

    def tell(self, session_id: str) -> None:
        """Tell it, unless session or address are gone.

        Raises:
            Unavailable: ``oidc.logout_not_heard``: its server failed, and wants to be told again.
            Misconfigured: ``oidc.logout_refused``: it answers that this is no logout it knows.
            What `Http` raises.
        """
        session = find_session(self.house.store, session_id)
        application = find_application(self.house.store, session.application_id) if session else None
        if session is None or application is None or not application.backchannel_logout_uri:
            return
        token = self.house.sign(self._claims(session, application), "logout+jwt")
        form = {"logout_token": token}
        status = self.http.request("POST", application.backchannel_logout_uri, form=form).status
        if status in {200, 204}:
            return
        if status == 400:
            raise Misconfigured("oidc.logout_refused", "The application refuses a sign-out.", f"app {application.id}")
        raise Unavailable("oidc.logout_not_heard", "The application does not hear of a sign-out.", f"status {status}")

    def _claims(self, session: Session, application: Application) -> dict[str, Any]:
        now = self.house.now()
        return {
            "iss": self.house.issuer,
            "aud": application.id,
            "sub": session.subject,
            "sid": session.id,
            "iat": int(now.timestamp()),
            "exp": int((now + LOGOUT_TOKEN_LIFETIME).timestamp()),
            "jti": new_id(),
            "events": {EVENT: {}},
        }
