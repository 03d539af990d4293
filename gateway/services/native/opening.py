"""From a native sign-in into the application, by the same hand-off as launches: a login hint and OpenID Connect."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.lti.trace import Trace
from gateway.services.handoff import Handoff, begin
from gateway.services.launch_claims import SIGN_IN, school_claims
from gateway.services.native.visits import Visitor
from gateway.services.resuming import application_of, resumed
from gateway.services.routing import Routing
from gateway.store import Store
from gateway.store.applications import Application, load_applications
from gateway.store.ids import new_reference
from gateway.store.launches import ACCEPTED, LaunchRow, record_launch
from keys.sealing import fingerprint


@dataclass(frozen=True, slots=True)
class Opening:
    """Thread-safe."""

    store: Store
    routing: Routing
    now: Callable[[], datetime]
    public_url: str

    def applications(self, visitor: Visitor) -> Sequence[Application]:
        """Return what somebody may open."""
        return [each for each in load_applications(self.store) if each.is_active and each.may_see(visitor.tenant_id)]

    def open(self, visitor: Visitor, application_id: str) -> str:
        """Return the address at which this application takes its person.

        Raises:
            Misconfigured: ``handoff.no_application``: there is none of that id for this school.
        """
        return self._hand_off(visitor, application_id).url

    def resume(self, visitor: Visitor, resume: str) -> str:
        """Return the address at which the application's own request goes on. Raises as `open`."""
        handoff = self._hand_off(visitor, application_of(resume) or "")
        return resumed(self.public_url, resume, handoff.login_hint)

    def _hand_off(self, visitor: Visitor, application_id: str) -> Handoff:
        """Write the sign-in down as launches are, so that its trace, its claims and its session are found alike."""
        self.routing.refresh()
        application, _ = self.routing.choose(
            tenant_id=visitor.tenant_id, application_id=application_id, target=None, asked_by=application_id
        )
        at, trace = self.now(), Trace()
        for check in ("account", "hand-off"):
            trace.passed(check)
        handoff = begin(application, issuer=self.public_url, target_link_uri=None, now=at)
        row = LaunchRow(
            ref=new_reference(),
            created_at=at,
            nonce_hash=fingerprint(secrets.token_urlsafe(32)),  # nobody sent one: the session is what was proven
            registration_id=None,
            outcome=ACCEPTED,
            message_type=SIGN_IN,
            trace=trace.text(),
            tenant_id=visitor.tenant_id,
            user_sourced_id=visitor.user_id,
            application_id=application.id,
            login_hint_hash=handoff.login_hint_hash,
            login_hint_expires_at=handoff.expires_at,
            claims=school_claims([role for role, _ in visitor.holder.roles], visitor.holder.school_id),
        )
        with self.store.statements() as connection:
            record_launch(connection, row)
        return handoff
