"""private_key_jwt: a client proves itself by a short-lived token that it signed, good once (RFC 7523 2.2, 3)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from authlib.oauth2.rfc6749 import InvalidClientError
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gateway.services.oidc.client import Client
from gateway.services.oidc.house import House
from gateway.services.oidc.wire import ProtocolRequest
from gateway.store.api_answers import claim_answer
from keys.sealing import fingerprint

TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS: Final = ("RS256", "PS256", "ES256")
LONGEST: Final = timedelta(hours=1)
LEEWAY: Final = timedelta(seconds=60)
_LONGEST_TEXT: Final = 8192
Find = Callable[[str], Client | None]


def authenticate(house: House, find: Find, request: ProtocolRequest) -> Client | None:
    """Return the client that a request's assertion proves; None when it brings none.

    Raises:
        InvalidClientError: it proves nobody. Whatever is wrong looks the same from outside.
    """
    data = request.payload.data
    if "client_assertion" not in data:
        return None
    try:
        if data.get("client_assertion_type") != TYPE:
            raise ValueError
        client, claims = _verified(find, data["client_assertion"], data.get("client_id"))
        _use(house, client, claims)
    except (JoseError, ValueError, TypeError, KeyError, OverflowError) as fault:
        raise InvalidClientError(description="The client assertion proves nothing", status_code=401) from fault
    return client


def _verified(find: Find, text: str, named: str | None) -> tuple[Client, Mapping[str, Any]]:
    """Return the client and the claims that its key has signed. Raises ValueError or what joserfc raises."""
    if len(text) > _LONGEST_TEXT:
        raise ValueError
    said = json.loads(jws.extract_compact(text.encode()).payload)
    client = find(str(said["sub"]))
    if client is None or client.application.jwks is None or named not in {None, client.get_client_id()}:
        raise ValueError
    keys = KeySet.import_key_set(dict(client.application.jwks))  # type: ignore[arg-type]  # its shape was checked
    signed = jws.deserialize_compact(text, keys, algorithms=list(ALGORITHMS))
    claims: Mapping[str, Any] = json.loads(signed.payload)
    return client, claims


def _use(house: House, client: Client, claims: Mapping[str, Any]) -> None:
    """Check who says it, to whom and until when, and use the assertion up. Raises ValueError."""
    id, now = client.get_client_id(), house.now()
    to = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    until = datetime.fromtimestamp(float(claims["exp"]), UTC)
    since = datetime.fromtimestamp(float(claims.get("nbf", 0)), UTC)
    ours = {house.issuer, *(f"{house.issuer}/oauth2/{each}" for each in ("token", "revoke", "introspect"))}
    if claims["iss"] != id or claims["sub"] != id or not ours & set(to):
        raise ValueError
    if not now - LEEWAY < until < now + LONGEST + LEEWAY or since > now + LEEWAY:
        raise ValueError
    if not isinstance(claims["jti"], str) or not claims["jti"]:
        raise ValueError
    key = fingerprint(f"client_assertion\n{id}\n{claims['jti']}")
    with house.store.transaction() as connection:
        if not claim_answer(connection, key, key, at=now, until=until + LEEWAY):
            raise ValueError  # it came before
