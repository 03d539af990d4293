"""The authorization endpoint: the login hint says who, and the answer goes straight back; without one it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, overload

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError, InvalidScopeError, UnsupportedResponseTypeError

from gateway.services.handoff import with_query
from gateway.services.oidc.client import RESPONSE_TYPES
from gateway.services.oidc.house import House
from gateway.services.oidc.server import Server
from gateway.services.oidc.wire import Answer, Incoming, ProtocolRequest
from gateway.services.resuming import request_to_keep
from gateway.services.sign_in_ways import Way
from gateway.store.applications import Application
from providers.contract import Refused

RESPONSE_MODES = ("query", "form_post")
# OpenID Connect Core 3.1.2.6 has an error of its own for each parameter that may not be passed over in silence.
_NOT_SUPPORTED = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}
_WHERE_TO_BEGIN = "Please open the application again from your school's LMS, and tell its maker if it happens again."


class Choosing(NamedTuple):
    """A sign-in that the application began itself: the person says first where they go to school."""

    application: Application
    ways: Sequence[Way]
    resume: str
    has_native: bool


class Ways(Protocol):
    """The ways in which an application's people may sign in."""

    def of(self, application: Application) -> Sequence[Way]:
        """Return them; none where its schools have no portal."""
        ...

    def has_native(self, application: Application) -> bool:
        """Return whether some of them sign in with a username."""
        ...


@overload
def authorize(house: House, incoming: Incoming) -> Answer: ...


@overload
def authorize(house: House, incoming: Incoming, ways: Ways) -> Answer | Choosing: ...


def authorize(house: House, incoming: Incoming, ways: Ways | None = None) -> Answer | Choosing:
    """Return the redirect back to the application, or what to ask its person.

    Raises:
        Refused: the client or its address is not proven, so the answer is a page and never a redirect (attack G1).
    """
    server, request = Server(house), ProtocolRequest(incoming)
    redirect_uri = _proven_redirect(server, request, incoming)
    try:
        _check_request(request, incoming)
        grant = server.get_authorization_grant(request)
        grant.validate_authorization_request()
        if ways is not None and (choosing := _choosing(server, request, ways)) is not None:
            return choosing
        parameters = grant.create_authorization_response(redirect_uri, None)
    except OAuth2Error as error:
        parameters = {"error": error.error, "error_description": error.get_error_description()}
    return _back(house, redirect_uri, parameters, request)


def _choosing(server: Server, request: ProtocolRequest, ways: Ways) -> Choosing | None:
    """Return the choice of a request that names nobody and may be shown a page; None goes on as ever."""
    data = request.payload.data
    client = server.query_client(data["client_id"])
    if data.get("login_hint") or "none" in data.get("prompt", "").split() or client is None:
        return None
    resume, found = request_to_keep(data), ways.of(client.application)
    has_native = ways.has_native(client.application)
    return Choosing(client.application, found, resume, has_native) if resume and (found or has_native) else None


def _proven_redirect(server: Server, request: ProtocolRequest, incoming: Incoming) -> str:
    repeated = {"client_id", "redirect_uri"} & set(incoming.repeated())
    if repeated or not incoming.is_clean():
        raise Refused("oidc.request_malformed", f"This sign-in request can't be read. {_WHERE_TO_BEGIN}")
    client_id, redirect_uri = (request.payload.data.get(name) for name in ("client_id", "redirect_uri"))
    client = server.query_client(client_id) if client_id else None
    if client is None:
        raise Refused("oidc.client_unknown", f"This application is not known here. {_WHERE_TO_BEGIN}")
    if not redirect_uri or not client.check_redirect_uri(redirect_uri):
        raise Refused(
            "oidc.redirect_uri_unknown",
            f"The application asked to be answered at an address that is not registered for it. {_WHERE_TO_BEGIN}",
            f"client {client_id}: redirect_uri must equal a registered one, character for character",
        )
    return redirect_uri


def _check_request(request: ProtocolRequest, incoming: Incoming) -> None:
    """Raise the error to send back. Descriptions never repeat what was sent: it may not be plain ASCII."""
    data = request.payload.data
    if repeated := incoming.repeated():
        known = [name for name in repeated if name.isascii() and name.isidentifier()]
        raise InvalidRequestError(f"Sent more than once: {', '.join(known)}")
    for name, error in _NOT_SUPPORTED.items():
        if name in data:
            raise OAuth2Error(f"{name} is not supported", error=error)
    if not request.payload.response_type:
        raise InvalidRequestError("response_type is missing")
    if request.payload.response_type not in RESPONSE_TYPES:
        raise UnsupportedResponseTypeError("other than code")
    if data.get("response_mode", "query") not in RESPONSE_MODES:
        raise InvalidRequestError("response_mode must be query or form_post")
    if "openid" not in (request.payload.scope or "").split():
        raise InvalidScopeError("scope must have openid")
    prompts = data.get("prompt", "").split()
    if "none" in prompts and len(prompts) > 1:
        raise InvalidRequestError("prompt none stands alone")


def _back(house: House, redirect_uri: str, parameters: dict[str, str], request: ProtocolRequest) -> Answer:
    sent = {name: value for name, value in parameters.items() if value}
    if request.payload.state is not None:
        sent["state"] = request.payload.state
    sent["iss"] = house.issuer  # RFC 9207 2: in every response, errors too (attack G2)
    if request.payload.data.get("response_mode") == "form_post":
        return Answer(200, form=(redirect_uri, sent))
    # RFC 9700 4.12: 303, so that no browser posts the request on to the application.
    return Answer(303, location=with_query(redirect_uri, sent))
