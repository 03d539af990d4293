"""What an operator fills in for a district on ClassLink."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from providers.contract import setting

SITE = "https://launchpad.classlink.com"


@dataclass(frozen=True, slots=True)
class ClassLinkSettings:
    """One tenant. Client and partner token are the application's own, the same for every tenant."""

    client_id: str = setting("Client ID", help="From your application in the Partner Portal: OAuth2 configuration.")
    client_secret: str = setting("Client secret", help="From the same place, beside the client ID.", secret=True)
    tenant_id: str = setting(
        "Tenant ID",
        help="A number; the district tells it, and View By Tenant in the Partner Portal shows it. Empty while unknown.",
        default="",
        example="2222",
    )
    role_words: tuple[str, ...] = setting(
        "Words for roles",
        help="What roles of the district's own mean, as Word=role; ClassLink's own words are understood.",
        kind="list",
        default=(),
        example="Counselor=aide, Principal=siteAdministrator",
    )
    checks_id_token: bool = setting(
        "Check ID tokens",
        help="Proves with ClassLink's keys that a sign-in was meant for this browser; leave it on.",
        kind="yes_no",
        default=True,
    )
    partner_token: str = setting(
        "Partner token",
        help="Only for rosters: the API key of your application in the Partner Portal.",
        secret=True,
        default="",
    )
    roster_access: Literal["proxy", "direct"] = setting(
        "Roster access",
        help="Through ClassLink's proxy, or directly at the district's Roster Server.",
        kind="choice",
        choices=("proxy", "direct"),
        default="proxy",
    )
    endpoint_url: str = setting(
        "Roster Server address",
        help="Only for direct access: the endpoint behind the key icon. Empty: the partner token looks it up.",
        kind="url",
        default="",
        example="https://district.rosterserver.com",
    )
    roster_key: str = setting("Roster Server key", help="Only for direct access: the key beside it.", default="")
    roster_secret: str = setting(
        "Roster Server secret", help="Only for direct access: the secret beside it.", secret=True, default=""
    )
    signature_method: Literal["HMAC-SHA256", "HMAC-SHA1"] = setting(
        "Roster Server signature",
        help="Only for direct access; where SHA-256 is refused, SHA-1 is tried.",
        kind="choice",
        choices=("HMAC-SHA256", "HMAC-SHA1"),
        default="HMAC-SHA256",
    )
    proxy_path: Literal["auto", "short", "published"] = setting(
        "Proxy path",
        help="ClassLink's proxy has two: /ID/ims/… and /proxy/v1p0/ID/ims/…; auto tries one after the other.",
        kind="choice",
        choices=("auto", "short", "published"),
        default="auto",
    )
    page_size: int = setting(
        "Records per page",
        help="ClassLink advises 10000; it shrinks by itself where that is too heavy.",
        kind="number",
        default=10000,
        minimum=100,
        maximum=10000,
    )
    site_url: str = setting("Sign-in address", help="Where people sign in.", kind="url", default=SITE)
    api_url: str = setting(
        "Profile address", help="Where we ask who came.", kind="url", default="https://nodeapi.classlink.com"
    )
    proxy_url: str = setting(
        "Proxy address",
        help="Where the roster proxy is; older contracts have https://oneroster-proxy.classlink.io.",
        kind="url",
        default="https://oneroster-proxy.apis.classlink.com",
    )

    def site(self, path: str) -> str:
        """Return an address of LaunchPad."""
        return f"{self.site_url.rstrip('/')}{path}"

    def api(self, path: str) -> str:
        """Return an address of the profile API."""
        return f"{self.api_url.rstrip('/')}{path}"

    def proxy(self, path: str) -> str:
        """Return an address of the roster proxy."""
        return f"{self.proxy_url.rstrip('/')}{path}"
