"""Decides where a call may go: https to public addresses, unless the operator allowed the host by name."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

from gateway.outbound.failures import OutboundRefused

_PORTS = {"http": 80, "https": 443}

# Addresses that carry another inside: whoever relays them, the check would not see where they end.
_TUNNELS = tuple(
    IPv6Network(network)
    for network in (
        "::ffff:0:0/96",  # IPv4-mapped (RFC 4291)
        "64:ff9b::/96",  # NAT64 (RFC 6052)
        "64:ff9b:1::/48",  # NAT64, local use (RFC 8215)
        "2001::/32",  # Teredo (RFC 4380)
        "2002::/16",  # 6to4 (RFC 3056)
    )
)


class Guard:
    """`allow_hosts` holds exact `host` (any port) or `host:port` entries, compared without regard to case."""

    def __init__(self, allow_hosts: Collection[str]) -> None:
        self._allowed = frozenset(entry.strip().lower() for entry in allow_hosts)

    def allows(self, host: str, port: int) -> bool:
        """Say whether the operator named this host: then http, any address and this port are fine."""
        host = host.lower()
        spelled = f"[{host}]" if ":" in host else host
        return not self._allowed.isdisjoint({host, spelled, f"{spelled}:{port}"})

    def read_url(self, text: str) -> httpx.URL:
        """Return the URL if a call may go there, as far as its text tells, or raise OutboundRefused."""
        try:
            url = httpx.URL(text)
        except (httpx.InvalidURL, TypeError) as error:
            raise OutboundRefused("url", "") from error
        host = host_of(url)
        if not host or url.userinfo:
            raise OutboundRefused("url", host)
        if url.scheme not in _PORTS:
            raise OutboundRefused("scheme", host)
        port = _PORTS[url.scheme] if url.port is None else url.port
        if not 0 < port < 65536:
            raise OutboundRefused("url", host)
        if not self.allows(host, port):
            if url.scheme != "https":
                raise OutboundRefused("scheme", host)
            if port != _PORTS["https"]:
                raise OutboundRefused("port", host)
        return url

    def check_addresses(self, host: str, port: int, addresses: Collection[str]) -> None:
        """Raise OutboundRefused if one of the addresses is not public: a mixed answer is a trick, not an accident."""
        if not self.allows(host, port) and not all(is_public(address) for address in addresses):
            raise OutboundRefused("address", host)


def host_of(url: httpx.URL) -> str:
    """Return the host as it goes over the wire."""
    return url.raw_host.decode("ascii").lower()


def is_public(text: str) -> bool:
    """Say whether an address belongs to the public internet (IANA special-purpose registries, RFC 6890)."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and (
        address.scope_id is not None or address.is_site_local or any(address in network for network in _TUNNELS)
    ):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)
