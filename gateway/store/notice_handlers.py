"""Which deployments send us notices: what was asked of each, when to ask again, and how it ended."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from gateway.store.engine import Store
from gateway.store.tables import deployments


class Handler(NamedTuple):
    """One deployment's notice handler. `asked` is the service's address and ours, None when it offers no service."""

    deployment_row_id: str
    deployment_id: str
    status: str
    registration_id: str
    integration_id: str | None
    asked: str | None
    registered_at: datetime | None
    fault: str | None


_COLUMNS = (
    deployments.c.id,
    deployments.c.deployment_id,
    deployments.c.status,
    deployments.c.registration_id,
    deployments.c.integration_id,
    deployments.c.notices_asked,
    deployments.c.notices_registered_at,
    deployments.c.notices_fault,
)
_IS_NEWS = deployments.c.notices_asked.is_distinct_from(bindparam("wanted")) | (
    deployments.c.notices_due_at <= bindparam("now")
)


def ask_handler(store: Store, row_id: str, *, wanted: str, now: datetime, again_at: datetime) -> bool:
    """Note that a handler is to be registered; False when that was noted already, by a launch at the same moment."""
    ask = update(deployments).where(deployments.c.id == bindparam("row_id"), _IS_NEWS)
    ask = ask.values(notices_asked=wanted, notices_due_at=again_at, notices_registered_at=None)
    with store.statements() as connection:
        return connection.execute(ask, {"row_id": row_id, "wanted": wanted, "now": now}).rowcount == 1


def find_handler(store: Store, row_id: str) -> Handler | None:
    """Return one deployment's handler."""
    with store.statements() as connection:
        row = connection.execute(select(*_COLUMNS).where(deployments.c.id == row_id)).first()
    return None if row is None else Handler._make(row)


def handlers_of(store: Store, integration_id: str) -> list[Handler]:
    """Return the handlers of an integration's active deployments whose platform offers notices."""
    own = (deployments.c.integration_id == integration_id) & (deployments.c.status == "active")
    question = select(*_COLUMNS).where(own, deployments.c.notices_asked.isnot(None)).order_by(deployments.c.created_at)
    with store.statements() as connection:
        return [Handler._make(row) for row in connection.execute(question)]


def note_handler(store: Store, handler: Handler, *, registered_at: datetime | None, fault: str | None) -> None:
    """Keep how asking ended, unless something else is asked for by now; what is registered is not asked for again."""
    own = (deployments.c.id == handler.deployment_row_id) & (deployments.c.notices_asked == handler.asked)
    values = {"notices_registered_at": registered_at, "notices_fault": fault}
    if registered_at is not None:
        values["notices_due_at"] = None
    with store.statements() as connection:
        connection.execute(update(deployments).where(own).values(**values))
