"""How a district connects alone: it knows its own id, the client is the operator's and serves every district."""

from __future__ import annotations

from providers.contract import Registration

REGISTRATION = Registration(
    asks=("district_id",),
    hosts=("clever.com", "*.clever.com"),
    shared_client=True,
    borrows=("client_id", "client_secret", "staff_role", "events", "page_size", "site_url", "api_url"),
)
