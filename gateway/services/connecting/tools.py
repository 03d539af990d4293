"""What this gateway is to the platform that an invite is about: its addresses, under the product's name."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from gateway.store import Store
from gateway.store.applications import load_applications
from gateway.store.invites import Invite
from providers.contract import Tool

_NAMELESS = "Schoolgate"


@dataclass(frozen=True, slots=True)
class Tools:
    """Makes the `Tool` of an invite."""

    store: Store
    public_url: str

    def of(self, invite: Invite) -> Tool:
        """Return the tool under the name of the application that the invite's launches will go to."""
        name = self._product(invite)
        return Tool(
            name=name,
            description=f"Opens {name} with your school's own sign-in and classes.",
            public_url=self.public_url,
            domain=urlsplit(self.public_url).netloc,
            login_url=f"{self.public_url}/lti/login",
            launch_url=f"{self.public_url}/lti/launch",
            key_set_url=f"{self.public_url}/.well-known/jwks.json",
        )

    def _product(self, invite: Invite) -> str:
        open_doors = [
            each for each in load_applications(self.store) if each.is_active and each.may_see(invite.tenant_id)
        ]
        named = [each for each in open_doors if invite.application_id in {None, each.id}]
        return named[0].name if named else _NAMELESS
