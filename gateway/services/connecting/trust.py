"""Whether a platform's addresses belong together, or an operator must look at them first (attack B3)."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from providers.contract import LtiEndpoints, Registration


class Reason(NamedTuple):
    """Why an operator must look: a stable code, and one sentence for people."""

    code: str
    sentence: str


def host_of(address: str) -> str:
    """Return the host in lower case, with its port unless that is https's own: plain http is another place."""
    parts = urlsplit(address)
    port = parts.port or (80 if parts.scheme == "http" else 443)
    return f"{parts.hostname or ''}" if port == 443 else f"{parts.hostname or ''}:{port}"


def origin_of(address: str) -> str:
    """Return scheme, host and port as browsers write an origin."""
    parts = urlsplit(address)
    is_usual = parts.port in {None, {"http": 80, "https": 443}.get(parts.scheme)}
    return f"{parts.scheme}://{parts.hostname or ''}{'' if is_usual else f':{parts.port}'}"


def strange_hosts(endpoints: LtiEndpoints, registration: Registration, configuration_url: str | None) -> list[Reason]:
    """Name the addresses on hosts that prove nothing for this platform.

    The platform's own host is that of its configuration or, when values were typed in, of its issuer. Its endpoints may
    also live on the provider's own hosts; its issuer only if the configuration does too.
    """
    issuer = _as_place(endpoints.issuer)
    own = host_of(configuration_url or issuer)
    places = {
        "issuer": issuer,
        "login address": endpoints.auth_login_url,
        "key set address": endpoints.key_set_url,
        "token address": endpoints.auth_token_url,
    }
    issuer_may = registration.is_own_host(own)
    reasons = []
    for name, address in places.items():
        host = host_of(address) if address else own
        known = registration.is_own_host(host) and (name != "issuer" or issuer_may)
        if host != own and not known:
            reasons.append(Reason("host_elsewhere", f"The {name} is at {host}, not at {own}."))
    return reasons


def _as_place(issuer: str) -> str:
    """Read an issuer as https: it is a name, never fetched, and a site behind a proxy may write its own with http."""
    return issuer.replace("http://", "https://", 1) if urlsplit(issuer).port is None else issuer
