"""From a login hint to a session and a code: each step that may happen once is one atomic statement."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, insert, select, update

from gateway.store.engine import Store
from gateway.store.sessions import Session, end_session, read_session
from gateway.store.tables import authorization_codes, launches, sessions


@dataclass(frozen=True, slots=True)
class NewCode:
    """What an authorization code is bound to."""

    code_hash: bytes
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class UsedCode:
    """A code that was just used up, by this very call."""

    session_id: str
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Hint:
    """A login hint as an application brings it back, and the ids its session will have.

    With a salt people's subjects are the application's own (OpenID Connect Core 8.1).
    """

    hint_hash: bytes
    application_id: str
    session_id: str
    anonymous_subject: str
    pairwise_salt: bytes | None = None

    def subject_of(self, user_id: str | None) -> str:
        """Return what the application calls a person, always the same."""
        if user_id is None or self.pairwise_salt is None:
            return user_id or self.anonymous_subject
        return hmac.new(self.pairwise_salt, user_id.encode(), "sha256").hexdigest()


_USE_HINT = (
    update(launches)
    .where(
        launches.c.login_hint_hash == bindparam("hint_hash"),
        launches.c.application_id == bindparam("application"),
        launches.c.login_hint_used_at.is_(None),
        launches.c.login_hint_expires_at > bindparam("now", type_=launches.c.created_at.type),
    )
    .values(login_hint_used_at=bindparam("now", type_=launches.c.created_at.type))
    .returning(launches.c.ref, launches.c.tenant_id, launches.c.user_sourced_id, launches.c.created_at)
)
_USE_CODE = (
    update(authorization_codes)
    .where(
        authorization_codes.c.code_hash == bindparam("hash"),
        authorization_codes.c.application_id == bindparam("application"),
        authorization_codes.c.used_at.is_(None),
    )
    .values(used_at=bindparam("now", type_=authorization_codes.c.used_at.type))
    .returning(*(authorization_codes.c[name] for name in UsedCode.__slots__))
)


def open_session(
    store: Store, hint: Hint, code: NewCode, admit: Callable[[Session], None], now: datetime
) -> Session | None:
    """Use up the hint and keep session and code, all or nothing. Returns None when the hint opens nothing (any more).

    `admit` looks at the session before it is kept; what it raises takes everything back.
    """
    with store.transaction() as connection:
        parameters = {"hint_hash": hint.hint_hash, "application": hint.application_id, "now": now}
        launch = connection.execute(_USE_HINT, parameters).mappings().one_or_none()
        if launch is None:
            return None
        connection.execute(insert(sessions), _session_row(hint, launch))
        session = read_session(connection, hint.session_id)
        if session is None:
            raise LookupError("the launch's tenant is gone")
        admit(session)
        connection.execute(insert(authorization_codes), _code_row(hint, code))
    return session


def use_code(store: Store, code_hash: bytes, application_id: str, now: datetime) -> UsedCode | None:
    """Use up a code of this application; None when there is none or it was used before."""
    with store.statements() as connection:
        parameters = {"hash": code_hash, "application": application_id, "now": now}
        row = connection.execute(_USE_CODE, parameters).mappings().one_or_none()
        return None if row is None else UsedCode(**row)


def end_session_of_code(store: Store, code_hash: bytes, application_id: str, now: datetime) -> bool:
    """End the session a code was issued for and revoke its tokens. Returns whether there was such a code."""
    code = authorization_codes.c
    wanted = select(code.session_id).where(code.code_hash == code_hash, code.application_id == application_id)
    with store.transaction() as connection:
        session_id = connection.execute(wanted).scalar_one_or_none()
        if session_id is not None:
            end_session(connection, session_id, now)
    return session_id is not None


def _session_row(hint: Hint, launch: RowMapping) -> dict[str, Any]:
    return {
        "id": hint.session_id,
        "tenant_id": launch["tenant_id"],
        "application_id": hint.application_id,
        "subject": hint.subject_of(launch["user_sourced_id"]),
        "user_sourced_id": launch["user_sourced_id"],
        "launch_ref": launch["ref"],
        "created_at": launch["created_at"],
    }


def _code_row(hint: Hint, code: NewCode) -> dict[str, Any]:
    row = {name: getattr(code, name) for name in NewCode.__slots__}
    return {**row, "session_id": hint.session_id, "application_id": hint.application_id}
