"""An operator's way into the console: a one-time link made on the gateway's own machine, and the session it opens."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from gateway.services.api.callers import Caller
from gateway.services.forms import form_token
from gateway.store import Store
from gateway.store.operator_sessions import (
    add_sign_in,
    begin_session,
    end_session,
    end_sessions,
    find_session,
    is_good_link,
    note_seen,
)
from keys.sealing import fingerprint
from providers.contract import Misconfigured, Refused

LINK: Final = timedelta(minutes=10)
LONGEST: Final = timedelta(hours=8)
IDLE: Final = timedelta(hours=1)
_LONGEST_NAME: Final = 100
_OLD_LINK = (
    "This link was used, is older than ten minutes, or is not one of ours. Run schoolgate operators sign-in again."
)


class AtTheConsole(NamedTuple):
    """An operator whose browser is signed in. `form_token` must come back with every form that it posts."""

    name: str
    form_token: str

    @property
    def caller(self) -> Caller:
        """Who acts, for services and the audit log."""
        return Caller(f"operator:{self.name}")


@dataclass(frozen=True, slots=True)
class OperatorSessions:
    """Thread-safe."""

    store: Store
    now: Callable[[], datetime]

    def link(self, name: str, *, actor: str) -> str:
        """Return the token of a one-time link for an operator. Raises Misconfigured (``operator.name``)."""
        if not 0 < len(name.strip()) <= _LONGEST_NAME or not name.isprintable():
            raise Misconfigured("operator.name", "Name the operator: it stands in the audit log.")
        token, at = secrets.token_urlsafe(32), self.now()
        add_sign_in(self.store, fingerprint(token), name.strip(), expires_at=at + LINK, actor=actor, at=at)
        return token

    def look_at(self, token: str) -> None:
        """Raise Refused (``operator.link``) unless a link would open. A mail scanner that looks uses nothing up."""
        if not is_good_link(self.store, fingerprint(token), self.now()):
            raise Refused("operator.link", _OLD_LINK)

    def sign_in(self, token: str, before: str | None) -> str:
        """Use a link up; return the secret of a new session, in place of the one `before` (attack J2, fixation).

        Raises:
            Refused: ``operator.link``.
        """
        secret, at = secrets.token_urlsafe(32), self.now()
        if begin_session(self.store, fingerprint(token), fingerprint(secret), expires_at=at + LONGEST, at=at) is None:
            raise Refused("operator.link", _OLD_LINK)
        if before:
            end_session(self.store, fingerprint(before), at=at)
        return secret

    def visit(self, secret: str | None) -> AtTheConsole:
        """Return who a browser's cookie stands for. Raises Refused (``operator.session``)."""
        session_hash, at = fingerprint(secret or ""), self.now()
        session = find_session(self.store, session_hash)
        if session is None or session.ended_at is not None or at >= min(session.expires_at, session.seen_at + IDLE):
            raise Refused(
                "operator.session", "You are not signed in. Run schoolgate operators sign-in and open its link."
            )
        note_seen(self.store, session_hash, session, at)
        return AtTheConsole(session.name, form_token(secret or ""))

    def sign_out(self, secret: str) -> None:
        """End a session."""
        end_session(self.store, fingerprint(secret), at=self.now())

    def sign_out_all(self, name: str | None, *, actor: str) -> int:
        """End every session and link of one operator or (None) of all; return how many sessions ended."""
        return end_sessions(self.store, name, actor=actor, at=self.now())
