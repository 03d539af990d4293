"""A gate and a room's own simulated portal, which it asks over a real socket; browsers go to and fro between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask.testing import FlaskClient
from sqlalchemy import select

from gateway.store.applications import add_application
from gateway.store.tables import launches
from keys.sealing import fingerprint
from providers.kit.simulator.loading import sign_in_simulator
from providers.kit.simulator.simulated_portal import SimulatedPortal
from tests.support.key_stores import Clock
from tests.support.launching import GATE, Launching, Outcome, launching
from tests.support.oidc_world import an_application


@dataclass
class AtPortal:
    """One district of the portal, joined to an org."""

    launching: Launching
    portal: SimulatedPortal
    provider: str
    integration_id: str = ""
    registration_id: str = ""

    def join(self, settings: Mapping[str, Any]) -> str:
        """Join a district to an org of its own, and return the integration."""
        added = self.launching.gate.integrations.add(
            self.provider, org_id=self.launching.add_org(), values=settings, actor="test"
        )
        self.integration_id = self.integration_id or added.integration_id
        self.registration_id = str(added.registration_id)
        return added.integration_id

    def click(self, who: str, browser: FlaskClient | None = None) -> Outcome:
        """Choose the product in the portal, with a code that nobody asked for and all that follows."""
        browser = browser or self.launching.browser()
        answer = browser.get(self._own(self.portal.arrive(who)), base_url=GATE)
        assert answer.status_code == 302, answer.text
        return self.come_back(answer.location, who, browser)

    def start(self, who: str, browser: FlaskClient | None = None, **query: str) -> Outcome:
        """Open the school's start address."""
        browser = browser or self.launching.browser()
        answer = browser.get(f"/sso/{self.integration_id}/start", query_string=query, base_url=GATE)
        assert answer.status_code == 302, answer.text
        return self.come_back(answer.location, who, browser)

    def come_back(self, authorize: str, who: str, browser: FlaskClient) -> Outcome:
        """Be recognised by the portal and come back."""
        answer = browser.get(self._own(self.portal.sign_in(authorize, who)), base_url=GATE)
        outcome = self.launching.outcome(answer) if answer.status_code != 303 else None
        if outcome is not None:
            return outcome
        hint = fingerprint(dict(parse_qsl(urlsplit(answer.location).query))["login_hint"])
        with self.launching.store.statements() as connection:
            ref = connection.execute(select(launches.c.ref).where(launches.c.login_hint_hash == hint)).scalar_one()
        return Outcome(303, "accepted", str(ref), answer)

    def sync(self) -> str:
        """Read the roster, a day later, and return how it ended."""
        self.launching.clock.move(days=1)
        return self.launching.gate.syncs.run(self.integration_id, actor="test", full=True).status

    def user_of(self, outcome: Outcome) -> str | None:
        """Return whom a sign-in let in."""
        assert outcome.code == "accepted", outcome
        return self.launching.record(outcome).user_sourced_id

    def _own(self, address: str) -> str:
        assert address.startswith(f"{GATE}/sso/{self.registration_id}/callback?"), address
        return address.removeprefix(GATE)


@contextmanager
def at_portal(
    provider: str,
    database_url: str,
    *,
    joined: bool = True,
    clock: Clock | None = None,
    simulated: AbstractContextManager[SimulatedPortal] | None = None,
) -> Iterator[AtPortal]:
    """Yield a gate with one application and, unless `joined` is false, the portal's district."""
    with (
        simulated or sign_in_simulator(provider).simulate_sign_in() as portal,
        launching(database_url, joined=False, clock=clock, SCHOOLGATE_ALLOW_HOSTS="127.0.0.1") as world,
    ):
        add_application(world.store, an_application(), world.clock())
        made = AtPortal(world, portal, provider)
        if joined:
            made.join(portal.settings)
            portal.register(f"{GATE}/sso/{made.registration_id}/callback")
        yield made
