"""The launch, told in order: state, proof, standing, person and class, hand-off; every way out leaves a trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.lti.catalogue import refusal
from gateway.lti.state import cookie_name, open_state
from gateway.lti.verifier import KeySource, verify
from gateway.services.account_state import OrgState, UserState, check_account
from gateway.services.handoff import Handoff, begin
from gateway.services.launch_claims import launch_claims
from gateway.services.launch_record import Accepted, Arriving, write_refusal
from gateway.services.linking import Arrival, arrive, changes_of
from gateway.services.newcomers import Newcomers
from gateway.services.registrations import Registrations, endpoints_of
from gateway.services.room_settings import RoomSettings
from gateway.services.routing import Routing
from gateway.store import Connection, Store
from gateway.store.arrivals import Known, look_up
from gateway.store.launches import LaunchRow, record_launch, was_recorded
from gateway.store.people import Collision
from keys.sealing import Sealer
from providers.contract import Failure, Launch, VerifiedClaims
from providers.kit.lti import claims as names

TRIES = 10
_KNOWN_ERRORS = frozenset(
    {
        "access_denied",
        "invalid_request",
        "invalid_request_object",
        "invalid_scope",
        "launch_no_longer_valid",
        "login_required",
        "unauthorized_client",
        "unsupported_response_type",
    }
)


@dataclass(frozen=True, slots=True)
class Launches:
    """The verb of `/lti/launch`. Thread-safe."""

    store: Store
    registrations: Registrations
    rooms: RoomSettings
    routing: Routing
    newcomers: Newcomers
    key_sets: KeySource
    sealer: Sealer
    now: Callable[[], datetime]
    public_url: str

    def launch(self, form: Mapping[str, str], cookies: Mapping[str, str]) -> Accepted:
        """Prove a launch, know its person and class, and start the hand-off.

        Raises:
            LaunchRefused: with the failure and the reference of its trace.
        """
        arriving = Arriving(self.now())
        try:
            return self._launch(arriving, form, cookies)
        except Failure as failure:
            raise write_refusal(self.store, arriving, failure) from failure

    def _launch(self, arriving: Arriving, form: Mapping[str, str], cookies: Mapping[str, str]) -> Accepted:
        cookie = self._check_state(arriving, form, cookies)
        token = form.get("id_token")
        if not token:
            raise refusal("lti.token_missing")
        claims = self._prove(arriving, token)
        self.routing.refresh()
        with self.store.statements() as connection:
            known = self._stand(connection, arriving, claims)
            launch = self._read(arriving, claims, known)
            handoff = self._hand_off(arriving, launch, known)
            if changes_of(launch, known).is_nothing:
                arrival = Arrival(known.user_id, known.class_id, known.link_row_id)
                self._record(connection, arriving, launch, known, arrival, handoff)
                return Accepted(arriving.ref, handoff.url, cookie)
        self._store_new(arriving, claims, launch, handoff)
        return Accepted(arriving.ref, handoff.url, cookie)

    def _check_state(self, arriving: Arriving, form: Mapping[str, str], cookies: Mapping[str, str]) -> str:
        """Open the state and find out that this is the browser it was given to: the first rung of the ladder."""
        text = form.get("state")
        if "error" in form:
            self._note_registration(arriving, text)
            error = form["error"]
            raise refusal("lti.platform_error", error if error in _KNOWN_ERRORS else "another error code")
        if not text:
            raise refusal("lti.state_missing")
        state = open_state(text, self.sealer, int(arriving.at.timestamp()))
        arriving.registration_id = state.registration_id
        arriving.state = state
        arriving.trace.passed("state")
        name = cookie_name(text, is_https=self.public_url.startswith("https://"))
        if not state.is_browser(cookies.get(name)):
            # The cookie goes with the launch it protected: without it, a reload looks like another browser.
            if name not in cookies and was_recorded(self.store, state.nonce_hash):
                raise refusal("lti.replayed", "posted again after its cookie was spent")
            raise refusal("lti.browser_mismatch", "cookie differs" if name in cookies else "no cookie came back")
        arriving.trace.passed("browser", "partitioned cookie")
        return name

    def _note_registration(self, arriving: Arriving, text: str | None) -> None:
        """Find out whose refusal this is, so that the advice can be that LMS's own; a bad state says nothing."""
        with suppress(Failure):
            arriving.registration_id = open_state(text or "", self.sealer, int(arriving.at.timestamp())).registration_id

    def _prove(self, arriving: Arriving, token: str) -> VerifiedClaims:
        assert arriving.state is not None
        registration = self.registrations.with_id(arriving.state.registration_id)
        arriving.trace.passed("registration")
        claims = verify(
            token,
            state=arriving.state,
            endpoints=endpoints_of(registration),
            keys=self.key_sets,
            now=arriving.at.timestamp(),
            trace=arriving.trace,
        )
        arriving.message_type = str(claims[names.MESSAGE_TYPE])
        return claims

    def _stand(self, connection: Connection, arriving: Arriving, claims: VerifiedClaims) -> Known:
        """Look everything up and check that registration, deployment, school and person may come in (attack A19)."""
        known = look_up(connection, **_keys_of(arriving, claims))
        if known is None or known.registration_status != "active":
            raise refusal("lti.registration_disabled")
        if known.deployment_status is None and self._admit(arriving, claims):
            known = look_up(connection, **_keys_of(arriving, claims)) or known
        if known.deployment_status in {None, "pending"}:
            raise refusal("lti.deployment_pending")
        if known.deployment_status != "active":
            raise refusal("lti.deployment_disabled")
        if known.integration_status != "active":
            raise refusal("lti.registration_disabled", "its integration is switched off")
        check_account(_user_state(known), _org_states(known), now=arriving.at)
        return known

    def _admit(self, arriving: Arriving, claims: VerifiedClaims) -> bool:
        return self.newcomers.admit(str(arriving.registration_id), claims, arriving.at)

    def _read(self, arriving: Arriving, claims: VerifiedClaims, known: Known) -> Launch:
        arriving.trace.passed("deployment")
        plate = self.rooms.room(known.provider)
        if plate.launch is None:
            raise refusal("lti.registration_disabled", "its provider takes no LTI launches any more")
        settings = self.rooms.open(str(known.integration_id), plate, known.settings or {})
        launch = plate.launch.read_launch(claims, settings)
        arriving.trace.passed("account")
        return launch

    def _hand_off(self, arriving: Arriving, launch: Launch, known: Known) -> Handoff:
        application, target = self.routing.choose(
            tenant_id=str(known.tenant_id), application_id=known.application_id, target=launch.target_link_uri
        )
        arriving.trace.passed("hand-off")
        return begin(application, issuer=self.public_url, target_link_uri=target, now=arriving.at)

    def _store_new(self, arriving: Arriving, claims: VerifiedClaims, launch: Launch, handoff: Handoff) -> None:
        """Write new people and classes with their launch in one transaction; two that collide take turns."""
        for _ in range(TRIES):
            try:
                with self.store.transaction() as connection:
                    known = self._stand(connection, arriving, claims)
                    arrival = arrive(connection, launch, known, arriving.at)
                    self._record(connection, arriving, launch, known, arrival, handoff)
                return
            except Collision:
                continue
        raise refusal("lti.busy", f"{TRIES} collisions in a row")

    def _record(
        self,
        connection: Connection,
        arriving: Arriving,
        launch: Launch,
        known: Known,
        arrival: Arrival,
        handoff: Handoff,
    ) -> None:
        row = _accepted_row(arriving, launch, known, arrival, handoff)
        if not record_launch(connection, row):
            raise refusal("lti.replayed")


def _keys_of(arriving: Arriving, claims: VerifiedClaims) -> dict[str, Any]:
    context, link = claims.get(names.CONTEXT), claims.get(names.RESOURCE_LINK)
    return {
        "registration_id": arriving.registration_id,
        "deployment_id": claims[names.DEPLOYMENT_ID],
        "subject": claims.get("sub"),
        "context_id": context["id"] if context else None,
        "resource_link_id": link["id"] if link else None,
    }


def _accepted_row(arriving: Arriving, launch: Launch, known: Known, arrival: Arrival, handoff: Handoff) -> LaunchRow:
    return arriving.row(
        "accepted",
        tenant_id=known.tenant_id,
        integration_id=known.integration_id,
        deployment_row_id=known.deployment_row_id,
        user_sourced_id=arrival.user_id,
        class_sourced_id=arrival.class_id,
        resource_link_row_id=arrival.link_row_id,
        application_id=handoff.application_id,
        login_hint_hash=handoff.login_hint_hash,
        login_hint_expires_at=handoff.expires_at,
        claims=launch_claims(launch, known, arrival),
    )


def _user_state(known: Known) -> UserState | None:
    if known.user_id is None:
        return None
    return UserState(bool(known.user_enabled), str(known.user_status))


def _org_states(known: Known) -> tuple[OrgState, OrgState]:
    return (
        OrgState(known.tenant_suspended_at, known.tenant_licence_ends_at),
        OrgState(known.org_suspended_at, known.org_licence_ends_at),
    )
