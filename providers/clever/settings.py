"""What an operator fills in for a district on Clever."""

from __future__ import annotations

from dataclasses import dataclass

from providers.contract import setting


@dataclass(frozen=True, slots=True)
class CleverSettings:
    """One district. Client ID and secret are the application's own, the same for every district."""

    client_id: str = setting("Client ID", help="From your application's dashboard: Settings, General.")
    client_secret: str = setting("Client secret", help="From the same place, beside the client ID.", secret=True)
    district_id: str = setting(
        "District ID",
        help="24 characters; the district's page in your dashboard shows it. Empty while it is unknown.",
        default="",
    )
    staff_role: str = setting(
        "Role of school staff",
        help="What Clever's staff, who are no teachers, are to the product: siteAdministrator or aide.",
        kind="choice",
        choices=("siteAdministrator", "aide"),
        default="siteAdministrator",
    )
    events: bool = setting(
        "Use events",
        help="Reads changes between the nightly full readings; switch events on in the dashboard, too.",
        kind="yes_no",
        default=True,
    )
    page_size: int = setting(
        "Records per page",
        help="Clever gives at most 10000; fewer where its answers come too slowly.",
        kind="number",
        default=5000,
        minimum=100,
        maximum=10000,
    )
    site_url: str = setting(
        "Sign-in address",
        help="Where people sign in and where tokens are; only a simulator lives elsewhere.",
        kind="url",
        default="https://clever.com",
    )
    api_url: str = setting(
        "Data address", help="Where the roster is read.", kind="url", default="https://api.clever.com"
    )

    def site(self, path: str) -> str:
        """Return an address of the sign-in host."""
        return f"{self.site_url.rstrip('/')}{path}"

    def data(self, path: str) -> str:
        """Return an address of the data API, version 3.1 (https://dev.clever.com/docs/api-overview)."""
        return f"{self.api_url.rstrip('/')}/v3.1{path}"
