"""How far an invited school is: what the page that waits shows, made of the invite, its approval and its launches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from gateway.lti.trace import FAILED, read_trace
from gateway.services.advice import administrator_sentence
from gateway.services.connecting.trust import host_of
from gateway.services.logins import OTHER_CLIENT, UNKNOWN
from gateway.services.room_settings import RoomSettings
from gateway.store import Store
from gateway.store.approvals import approval_of
from gateway.store.integrations import Integration, find_integration
from gateway.store.invites import Invite, note_connected
from gateway.store.launches import ACCEPTED, LaunchRecord, newest_launch
from gateway.store.registrations import integrations_of, registration_with
from providers.contract import Provider

# open: nothing done yet. approval, rejected: an operator's turn, or his no. waiting: registered, no launch came in.
# stuck: a launch came and was not let in. connected: one was. Of a system with rosters and no launches: looking: a
# worker is at it. unready: it found something to change. connected: it found all well.
State = Literal["open", "approval", "rejected", "waiting", "stuck", "looking", "unready", "connected"]
_LOOK_BACK: Final = timedelta(days=1)


class Check(NamedTuple):
    """One check of a launch in plain words."""

    sentence: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """What the page shows. `advice` says what to change in that very system; `reference` finds the trace."""

    state: State
    plate: Provider | None = None
    checks: tuple[Check, ...] = ()
    sentence: str = ""
    advice: str = ""
    code: str = ""
    reference: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def stamp(self) -> str:
        """A text that changes when the page must."""
        return f"{self.state} {self.reference}"


# What a passed check means to somebody who never read the specification; others are left out.
WORDS: Final = {
    "state": "The launch answers a sign-in that began here",
    "browser": "It comes from the browser that began it",
    "registration": "Your system is registered here",
    "signature": "The launch is signed with your system's own key",
    "issuer": "Your system's name (issuer) is right",
    "audience": "The client ID is right",
    "times": "The clocks agree",
    "nonce": "The launch was not used before",
    "message type": "The kind of launch is one we support",
    "target": "The link leads to us",
    "person": "Your system says who opened it",
    "roles": "Your system says in which role",
    "deployment": "The deployment belongs to your school",
    "account": "Your school's account is in order",
    "client": "Your portal is registered here",
    "code": "Your portal says that the sign-in is its own",
    "identity": "Your portal says who signed in",
    "district": "The district is yours",
    "hand-off": "The product is ready to take over",
}


@dataclass(frozen=True, slots=True)
class Watching:
    """Thread-safe."""

    store: Store
    rooms: RoomSettings
    now: Callable[[], datetime]

    def progress(self, invite: Invite) -> Progress:
        """Return how far the invite is; the first launch that came in is noted in passing."""
        if invite.used_at is None:
            return Progress("open")
        integration = find_integration(self.store, invite.integration_id) if invite.integration_id else None
        if integration is None:
            return self._approval(invite)
        plate = self.rooms.room(integration.provider)
        if plate.launch is None and plate.sign_in is None:  # nothing will arrive by itself
            if plate.roster is not None:
                return self._first_look(invite, plate)
            return self._connected(invite, plate, ())
        return self._launches(invite, integration, plate)

    def _approval(self, invite: Invite) -> Progress:
        approval = approval_of(self.store, invite.id)
        if approval is None:
            return Progress("open")
        reasons = tuple(str(reason["sentence"]) for reason in approval.evidence["reasons"])
        state: State = "rejected" if approval.status == "rejected" else "approval"
        return Progress(state, self.rooms.room(approval.provider), reasons=reasons)

    def _first_look(self, invite: Invite, plate: Provider) -> Progress:
        if invite.findings is None and invite.connected_at is None:
            return Progress("looking", plate)
        checks = tuple(Check(_told(check, advice), ok) for check, ok, advice in invite.findings or ())
        return Progress("unready" if invite.connected_at is None else "connected", plate, checks)

    def _launches(self, invite: Invite, integration: Integration, plate: Provider) -> Progress:
        assert invite.used_at is not None
        since = max(invite.used_at, self.now() - _LOOK_BACK)
        registration_id = str(integration.registration_id)
        alone = len(integrations_of(self.store, registration_id)) == 1
        record = newest_launch(self.store, registration_id, integration.id, since, refusals_too=alone)
        if record is None or self._is_anothers(record, registration_id, plate):
            return self._connected(invite, plate, ()) if invite.connected_at else Progress("waiting", plate)
        steps = read_trace(record.trace)
        checks = tuple(Check(WORDS[step], outcome != FAILED) for step, outcome, _ in steps if step in WORDS)
        if record.outcome == ACCEPTED:
            return self._connected(invite, plate, checks, record.ref)
        if invite.connected_at is not None:
            return self._connected(invite, plate, ())
        advice = administrator_sentence(record.outcome, plate.key, self.rooms)
        passed = tuple(check for check in checks if check.ok)
        said = self._said(record, registration_id)
        return Progress("stuck", plate, passed, said, advice, record.outcome, record.ref)

    def _is_anothers(self, record: LaunchRecord, registration_id: str, plate: Provider) -> bool:
        """Whether a login that only resembles the registration is from another school under the same issuer."""
        registration = registration_with(self.store, registration_id)
        if record.outcome != UNKNOWN or registration is None or plate.registration is None:
            return False
        is_shared = plate.registration.is_own_host(host_of(registration.issuer))
        return is_shared and _detail(record) == OTHER_CLIENT

    def _said(self, record: LaunchRecord, registration_id: str) -> str:
        """Say which of issuer and client ID was filled in otherwise than the system sends it."""
        registration = registration_with(self.store, registration_id)
        if record.outcome != UNKNOWN or registration is None:
            return ""
        if _detail(record) == OTHER_CLIENT:
            return f"Your system sends another client ID than the one that stands here: {registration.client_id}"
        return f"Your system calls itself otherwise (issuer) than it stands here: {registration.issuer}"

    def _connected(self, invite: Invite, plate: Provider, checks: tuple[Check, ...], reference: str = "") -> Progress:
        if invite.connected_at is None:
            with self.store.transaction() as connection:
                note_connected(connection, invite, self.now())
        return Progress("connected", plate, checks, reference=reference)


def _detail(record: LaunchRecord) -> str:
    """Return what the failed step of a trace adds to its code."""
    return next((note.partition(": ")[2] for _, outcome, note in read_trace(record.trace) if outcome == FAILED), "")


def _told(check: str, advice: str) -> str:
    return f"{check[:1].upper()}{check[1:]}{': ' if advice else ''}{advice}"
