"""How a district connects alone: it knows its tenant's number; client and partner token serve every district."""

from __future__ import annotations

from providers.contract import Registration

REGISTRATION = Registration(
    asks=("tenant_id",),
    hosts=("classlink.com", "*.classlink.com", "*.classlink.io"),
    shared_client=True,
    borrows=(
        *("client_id", "client_secret", "checks_id_token", "partner_token", "proxy_path", "page_size"),
        *("site_url", "api_url", "proxy_url"),
    ),
)
