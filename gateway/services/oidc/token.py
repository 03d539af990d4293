"""The token endpoint: a code for an access token and an ID token, once; a refresh token for the next ones."""

from __future__ import annotations

import binascii
from collections.abc import Callable
from typing import Any, cast

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError, OAuth2Error
from authlib.oauth2.rfc6749.util import extract_basic_authorization

from gateway.services.oidc.house import House
from gateway.services.oidc.server import Server
from gateway.services.oidc.wire import Answer, Incoming


def exchange(house: House, incoming: Incoming) -> Answer:
    """Return the tokens, or the error of RFC 6749 5.2."""
    server = Server(house)
    return checked(server, incoming, lambda: server.create_token_response(incoming))


def checked(server: Server, incoming: Incoming, answer: Callable[[], Any]) -> Answer:
    """Return `answer()`, unless a request of a client with its credentials can't be read."""
    try:
        _check_request(incoming)
    except OAuth2Error as error:
        return cast(Answer, server.handle_error_response(None, error))
    return cast(Answer, answer())


def _check_request(incoming: Incoming) -> None:
    if not incoming.is_clean() or incoming.repeated():
        raise InvalidRequestError("A parameter was sent twice or can't be read")
    ways = {"client_secret", "client_assertion"} & {*incoming.values}
    if len(ways) + bool(incoming.authorization) > 1:
        raise InvalidRequestError("Use one way to authenticate, not two")  # RFC 6749 2.3
    try:
        user, password = extract_basic_authorization({"Authorization": incoming.authorization})
    except (ValueError, binascii.Error) as fault:
        raise InvalidClientError("Authorization can't be read", status_code=401) from fault
    if "\0" in f"{user}{password}":
        raise InvalidClientError("Authorization can't be read", status_code=401)
