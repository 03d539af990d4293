"""Takes the application's answer to a deep linking request, and signs it for the platform when its page opens."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from gateway.lti.target import origin_of
from gateway.services.deep_linking.items import Check
from gateway.services.oidc.house import House
from gateway.services.oidc.userinfo import bearer
from gateway.services.oidc.wire import Incoming
from gateway.services.registrations import Registrations
from gateway.services.room_settings import RoomSettings
from gateway.store.applications import find_application
from gateway.store.deep_linking import DeepLinkingRow, keep_answer, request_of_session, use_ticket
from keys.sealing import fingerprint
from providers.contract import BadData, DeepLinkingRequest, Refused
from providers.kit.lti import claims as names
from providers.kit.lti.deep_linking import read_deep_linking

TICKET_LIFETIME = timedelta(minutes=5)
TOKEN_LIFETIME = timedelta(minutes=5)
_CLAIM = "https://purl.imsglobal.org/spec/lti-dl/claim/"
_MESSAGES = ("msg", "log", "errormsg", "errorlog")
_LONGEST_MESSAGE = 1000
_AGAIN = "Please choose the content again, from your learning system."


class Sending(NamedTuple):
    """One signed answer, and where a page posts it as the form field `JWT` (Deep Linking 4.5)."""

    return_url: str
    token: str


@dataclass(frozen=True, slots=True)
class DeepLinkingAnswers:
    """The two steps of an answer. `sign` signs with the key that platforms know."""

    house: House
    registrations: Registrations
    rooms: RoomSettings
    sign: Callable[[Mapping[str, Any]], str]
    now: Callable[[], datetime]

    @property
    def public_url(self) -> str:
        """Our own address, without a trailing slash."""
        return self.house.issuer

    def answer(self, launch_ref: str, authorization: str | None, body: Any) -> str:
        """Keep the application's answer; return the one-time address to which it sends the browser.

        Raises:
            BearerRefused: the access token does not count.
            Refused: ``deep_linking.request_unknown``: not this person's, not this application's, or there is none.
            BadData: ``deep_linking.…``: what is wrong with the answer (attack A22).
        """
        session = bearer(self.house, Incoming("GET", {}, authorization)).session
        row = request_of_session(self.house.store, launch_ref, session.id)
        if row is None:
            raise Refused(
                "deep_linking.request_unknown", "This content was not asked for.", "no request of this token's launch"
            )
        now = self.now()
        if row.expires_at <= now:
            raise BadData("deep_linking.expired", f"The choice took longer than an hour. {_AGAIN}")
        answer = self._checked(body, row, self._origins(session.application_id))
        ticket = secrets.token_urlsafe(32)
        if not keep_answer(self.house.store, launch_ref, answer, fingerprint(ticket), now):
            raise BadData("deep_linking.already_answered", f"The content was added already. {_AGAIN}")
        return f"{self.public_url}/lti/deep-linking/{ticket}"

    def send(self, ticket: str) -> Sending:
        """Use the ticket up and sign the answer.

        Raises:
            BadData: ``deep_linking.ticket_spent``: used, older than five minutes, or never made.
            Refused: ``deep_linking.platform_disabled``.
        """
        now = self.now()
        row = use_ticket(self.house.store, fingerprint(ticket), now - TICKET_LIFETIME, now)
        if row is None:
            raise BadData("deep_linking.ticket_spent", f"This page works once and for five minutes. {_AGAIN}")
        registration = self.registrations.with_id(row.registration_id)
        if registration.status != "active":
            raise Refused("deep_linking.platform_disabled", "This connection is switched off.")
        request = read_deep_linking(row.settings)
        items = (row.answer or {})["content_items"]
        shape = self.rooms.room(registration.provider).deep_linking
        if shape is not None:
            items = [dict(item) for item in shape.shape_items(items, request)]
        claims = {
            "iss": registration.client_id,
            "aud": registration.issuer,
            **_response_claims(row, request, {**(row.answer or {}), "content_items": items}, now),
        }
        return Sending(request.return_url, self.sign(claims))

    def _checked(self, body: Any, row: DeepLinkingRow, origins: frozenset[str]) -> dict[str, Any]:
        if not isinstance(body, Mapping):
            raise BadData("deep_linking.item_invalid", "The answer can't be read.", "the body is no JSON object")
        request = read_deep_linking(row.settings)
        check = Check(
            request,
            launch_url=f"{self.public_url}/lti/launch",
            origins=origins,
            only_https=self.public_url.startswith("https://"),
            reserved=self._reserved(row.registration_id),
        )
        answer: dict[str, Any] = {"content_items": check.items(body.get("content_items", []))}
        for name in _MESSAGES:
            if isinstance(body.get(name), str):
                answer[name] = body[name][:_LONGEST_MESSAGE]
        return answer

    def _reserved(self, registration_id: str) -> frozenset[str]:
        """Return the custom parameters that the room itself asks the platform for."""
        registration = self.rooms.room(self.registrations.with_id(registration_id).provider).registration
        return frozenset(name.lower() for name in registration.wants.custom) if registration else frozenset()

    def _origins(self, application_id: str) -> frozenset[str]:
        """Return the origins to which a link of this application may lead, as routing will judge it at the launch."""
        application = find_application(self.house.store, application_id)
        addresses = (application.login_uri, *application.redirect_uris) if application else ()
        return frozenset(filter(None, map(origin_of, (self.public_url, *addresses))))


def _response_claims(
    row: DeepLinkingRow, request: DeepLinkingRequest, answer: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Return the claims of Deep Linking 4.5 and Security 5.2; a nonce though only some platforms ask for it."""
    claims: dict[str, Any] = {
        "iat": int(now.timestamp()),
        "exp": int((now + TOKEN_LIFETIME).timestamp()),
        "nonce": secrets.token_urlsafe(16),
        names.MESSAGE_TYPE: "LtiDeepLinkingResponse",
        names.VERSION: names.LTI_VERSION,
        names.DEPLOYMENT_ID: row.deployment_id,
        **{f"{_CLAIM}{name}": value for name, value in answer.items()},
    }
    if request.data is not None:
        claims[names.DEEP_LINKING_DATA] = request.data
    return claims
