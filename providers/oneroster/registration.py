"""How a OneRoster provider is connected: its address and credentials are copied by hand."""

from __future__ import annotations

from typing import Final

from providers.contract import Registration, Wants

REGISTRATION: Final = Registration(
    asks=("base_url", "auth", "token_url", "client_id", "client_secret", "scope", "version", "user_endpoints"),
    wants=Wants(placements=()),
)
