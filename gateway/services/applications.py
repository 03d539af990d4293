"""Registers applications: their client id and secret, and the addresses they may be answered at."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gateway.store import Connection, Store
from gateway.store.applications import Application, add_application_on, unknown_tenants
from keys.sealing import fingerprint
from providers.contract import Misconfigured

_NEVER_IN_ADDRESSES = '\\"<>`{}|^\x7f'


@dataclass(frozen=True, slots=True)
class Wanted:
    """An application to register. Without `tenants` it may see every tenant, present and future.

    `session_hours` is how long after a sign-in its refresh tokens still bring new ones.
    """

    name: str
    redirect_uris: Sequence[str]
    login_uri: str
    is_public: bool = False
    tenants: Collection[str] = ()
    session_hours: int = 12
    post_logout_redirect_uris: Sequence[str] = ()
    backchannel_logout_uri: str | None = None
    jwks: Mapping[str, Any] | None = None
    is_pairwise: bool = False


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered application with its secret, which is known now and never again (None: it has none)."""

    application: Application
    client_secret: str | None


def register_application(store: Store, wanted: Wanted, *, allow_http: bool, actor: str, now: datetime) -> Registered:
    """Check and keep a new application. `allow_http` lets plain http in on hosts other than this machine.

    Raises:
        Misconfigured: an address or a tenant can't be accepted; the sentence says which and why.
    """
    check_wanted(store, wanted, allow_http)
    with store.transaction() as connection:
        return keep_application(connection, wanted, actor=actor, now=now)


def keep_application(connection: Connection, wanted: Wanted, *, actor: str, now: datetime) -> Registered:
    """Keep a new application that was checked."""
    secret = None if wanted.is_public or wanted.jwks is not None else secrets.token_urlsafe(32)
    application = Application(
        id=f"app_{secrets.token_hex(12)}",
        name=wanted.name.strip(),
        secret_hash=None if secret is None else fingerprint(secret),
        redirect_uris=tuple(dict.fromkeys(wanted.redirect_uris)),
        login_uri=wanted.login_uri,
        all_tenants=not wanted.tenants,
        tenants=frozenset(wanted.tenants),
        session_hours=wanted.session_hours,
        post_logout_redirect_uris=tuple(dict.fromkeys(wanted.post_logout_redirect_uris)),
        backchannel_logout_uri=wanted.backchannel_logout_uri,
        jwks=wanted.jwks,
        pairwise_salt=secrets.token_bytes(32) if wanted.is_pairwise else None,
    )
    add_application_on(connection, application, now, actor=actor)
    return Registered(application, secret)


def check_wanted(store: Store, wanted: Wanted, allow_http: bool) -> None:
    """Raise Misconfigured for the first thing that can't be accepted."""
    if not wanted.name.strip():
        raise Misconfigured("application.name_missing", "The application needs a name.")
    if not wanted.redirect_uris:
        raise Misconfigured("application.redirect_uri_missing", "The application needs a redirect URI.")
    if wanted.jwks is not None:
        check_keys(wanted.jwks)
    for kind, address in _addresses(wanted):
        if fault := address_fault(address, allow_http=allow_http):
            raise Misconfigured(f"application.{kind}_uri_invalid", f"The {kind} URI {address!r} {fault}.")
    if unknown := unknown_tenants(store, wanted.tenants):
        names = ", ".join(sorted(unknown))
        raise Misconfigured(
            "application.org_unknown", f"Not an org at the top of a tree, so it can't be granted: {names}."
        )


def check_keys(jwks: Mapping[str, Any]) -> None:
    """Raise Misconfigured (``application.keys_invalid``) unless these are public keys that can sign for a client."""
    try:
        given = list(jwks["keys"])
        is_fine = bool(given) and all(each["kty"] in {"RSA", "EC"} and "d" not in each for each in given)
        KeySet.import_key_set({"keys": given if is_fine else []})
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        is_fine = False
    if not is_fine:
        raise Misconfigured(
            "application.keys_invalid", "Give a JSON Web Key Set with public RSA or EC keys, and no other."
        )


def _addresses(wanted: Wanted) -> list[tuple[str, str]]:
    """Return every address with what it is for."""
    found = [("redirect", each) for each in wanted.redirect_uris] + [("login", wanted.login_uri)]
    found += [("post_logout_redirect", each) for each in wanted.post_logout_redirect_uris]
    return found + ([("backchannel_logout", wanted.backchannel_logout_uri)] if wanted.backchannel_logout_uri else [])


def address_fault(address: str, *, allow_http: bool) -> str | None:
    """Return what is wrong with an address of an application, as the end of a sentence, or None.

    OpenID Connect Registration 2, RFC 6749 3.1.2, RFC 9700 2.1: absolute, encrypted, compared as it is written.
    """
    parts = urlsplit(address)
    odd = not address.isascii() or any(letter <= " " or letter in _NEVER_IN_ADDRESSES for letter in address)
    faults = {
        "has characters that a web address can't have": odd,
        "is not an absolute http or https address": parts.scheme not in {"http", "https"} or not parts.hostname,
        "names a user, which browsers drop": "@" in parts.netloc,
        "has a fragment (#…)": "#" in address,
        "has a wildcard, but addresses are compared character for character: register each one": "*" in address,
        "must start with https:// (plain http is for this machine only)": parts.scheme == "http"
        and not (allow_http or _is_this_machine(parts.hostname or "")),
    }
    return next((fault for fault, found in faults.items() if found), None)


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
