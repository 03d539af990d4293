"""The applications behind the gateway, as their table keeps them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, select, update

from gateway.store.application_tokens import ApplicationToken
from gateway.store.audit import note
from gateway.store.engine import Store
from gateway.store.tables import application_tenants, application_tokens, applications, orgs

ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Application:
    """One application: an OpenID Connect client. `id` is its client id; no `secret_hash` means a public client.

    `tenants` are the sourcedIds of the root orgs it may see, and only count when `all_tenants` is false.
    `session_hours` is how long after a sign-in its refresh tokens still bring new ones. `api_scopes` are those that an
    operator granted of /api/v1. `jwks` are its public keys when it proves itself by signature, and `pairwise_salt`
    makes its people's subjects when they are its own.
    """

    id: str
    name: str
    secret_hash: bytes | None
    redirect_uris: tuple[str, ...]
    login_uri: str
    all_tenants: bool
    tenants: frozenset[str]
    status: str = ACTIVE
    session_hours: int = 12
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str | None = None
    previous_secret_hash: bytes | None = None
    previous_secret_until: datetime | None = None
    api_scopes: tuple[str, ...] = ()
    jwks: Mapping[str, Any] | None = None
    pairwise_salt: bytes | None = None

    def secret_hashes(self, now: datetime) -> tuple[bytes, ...]:
        """Return the hashes of the secrets that count now: the newest, and during a rotation the one before."""
        overlaps = self.previous_secret_until is not None and self.previous_secret_until > now
        return tuple(filter(None, (self.secret_hash, self.previous_secret_hash if overlaps else None)))

    @property
    def is_active(self) -> bool:
        """Whether it may sign anyone in."""
        return self.status == ACTIVE

    @property
    def is_public(self) -> bool:
        """Whether it can keep no secret, so that PKCE is all that binds a code to it."""
        return self.secret_hash is None and self.jwks is None

    def may_see(self, tenant_id: str) -> bool:
        """Return whether people of this tenant may be handed to it (attack G4)."""
        return self.all_tenants or tenant_id in self.tenants


_FIND = select(applications).where(applications.c.id == bindparam("id"))
_TOKEN = application_tokens.c
_OF_TOKEN = (
    select(applications, _TOKEN.scope, _TOKEN.expires_at)
    .join(application_tokens, _TOKEN.application_id == applications.c.id)
    .where(_TOKEN.token_hash == bindparam("token_hash"))
)
_GRANTED = select(application_tenants.c.tenant_id).where(application_tenants.c.application_id == bindparam("id"))


def load_applications(store: Store) -> list[Application]:
    """Return every application, disabled ones too, oldest first."""
    with store.statements() as connection:
        ordered = select(applications).order_by(applications.c.created_at, applications.c.id)
        found = connection.execute(ordered).mappings().all()
        granted: dict[str, set[str]] = {}
        for row in connection.execute(select(application_tenants)):
            granted.setdefault(row.application_id, set()).add(row.tenant_id)
    return [_application(row, granted.get(row["id"], ())) for row in found]


def find_application(store: Store, id: str) -> Application | None:
    """Return the application with this client id, compared byte for byte, or None."""
    with store.statements() as connection:
        row = connection.execute(_FIND, {"id": id}).mappings().one_or_none()
        if row is None:
            return None
        granted = () if row["all_tenants"] else connection.execute(_GRANTED, {"id": id}).scalars().all()
        return _application(row, granted)


def application_of_token(store: Store, token_hash: bytes) -> tuple[ApplicationToken, Application] | None:
    """Return a token of an application's own, which may have expired, and the application."""
    with store.statements() as connection:
        row = connection.execute(_OF_TOKEN, {"token_hash": token_hash}).mappings().one_or_none()
        if row is None:
            return None
        granted = () if row["all_tenants"] else connection.execute(_GRANTED, {"id": row["id"]}).scalars().all()
    return ApplicationToken(row["id"], row["scope"], row["expires_at"]), _application(row, granted)


def add_application(store: Store, application: Application, now: datetime, *, actor: str = "gateway") -> None:
    """Keep a new application and the tenants granted to it. Raises IntegrityError when a tenant does not exist."""
    with store.transaction() as connection:
        add_application_on(connection, application, now, actor=actor)


def add_application_on(connection: Connection, application: Application, now: datetime, *, actor: str) -> None:
    """The same, in the caller's transaction."""
    row = {**asdict(application), "created_at": now}
    row |= {name: list(row[name]) for name in ("redirect_uris", "post_logout_redirect_uris", "api_scopes")}
    grants = [{"application_id": application.id, "tenant_id": each} for each in sorted(row.pop("tenants"))]
    connection.execute(applications.insert().values(row))
    if grants:
        connection.execute(application_tenants.insert(), grants)
    note(connection, at=now, actor=actor, action="application.added", subject=application.id)


def change_application(
    store: Store,
    id: str,
    changes: Mapping[str, Any],
    *,
    action: str,
    actor: str,
    now: datetime,
    told: Mapping[str, Any] | None = None,
) -> None:
    """Change columns of an application; the audit line names them, and their values only where `told` has them."""
    with store.transaction() as connection:
        change_application_on(connection, id, changes, action=action, actor=actor, now=now, told=told)


def change_application_on(
    connection: Connection,
    id: str,
    changes: Mapping[str, Any],
    *,
    action: str,
    actor: str,
    now: datetime,
    told: Mapping[str, Any] | None = None,
) -> None:
    """The same, in the caller's transaction."""
    connection.execute(update(applications).where(applications.c.id == id).values(**changes))
    detail = {"changed": sorted(changes), **(told or {})}
    note(connection, at=now, actor=actor, action=action, subject=id, detail=detail)


def set_tenants(store: Store, id: str, tenants: Collection[str] | None, *, actor: str, now: datetime) -> None:
    """Grant an application exactly these tenants, or (None) all, present and future."""
    mine = application_tenants.c.application_id == id
    with store.transaction() as connection:
        all_tenants = update(applications).where(applications.c.id == id).values(all_tenants=tenants is None)
        connection.execute(all_tenants)
        connection.execute(delete(application_tenants).where(mine))
        if tenants:
            grants = [{"application_id": id, "tenant_id": each} for each in sorted(tenants)]
            connection.execute(application_tenants.insert(), grants)
        detail = {"tenants": "all" if tenants is None else sorted(tenants)}
        note(connection, at=now, actor=actor, action="application.granted", subject=id, detail=detail)


def unknown_tenants(store: Store, ids: Collection[str]) -> set[str]:
    """Return those of these ids that are no tenant: no org at the top of its tree."""
    wanted = select(orgs.c.sourced_id).where(orgs.c.sourced_id.in_(ids), orgs.c.tenant_id == orgs.c.sourced_id)
    with store.statements() as connection:
        return set(ids) - set(connection.execute(wanted).scalars())


def _application(row: RowMapping, tenants: Collection[str]) -> Application:
    return Application(
        id=row["id"],
        name=row["name"],
        secret_hash=row["secret_hash"],
        redirect_uris=tuple(row["redirect_uris"]),
        login_uri=row["login_uri"],
        all_tenants=row["all_tenants"],
        tenants=frozenset(tenants),
        status=row["status"],
        session_hours=row["session_hours"],
        post_logout_redirect_uris=tuple(row["post_logout_redirect_uris"]),
        backchannel_logout_uri=row["backchannel_logout_uri"],
        previous_secret_hash=row["previous_secret_hash"],
        previous_secret_until=row["previous_secret_until"],
        api_scopes=tuple(row["api_scopes"]),
        jwks=row["jwks"],
        pairwise_salt=row["pairwise_salt"],
    )
