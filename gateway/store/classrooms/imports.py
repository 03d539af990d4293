"""Lists of students on their way in: the file, sealed, the plan row by row, and how far the work is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, null, select, update

from gateway.store.engine import Store
from gateway.store.tables import student_import_rows, student_imports

READING, MAPPING, PLANNED, WRITING, WRITTEN, FAILED = "reading", "mapping", "planned", "writing", "written", "failed"
_BATCH = 1_000


class Import(NamedTuple):
    """One list. `counts` is action -> rows; `done` of `total` is how far its work is."""

    id: str
    tenant_id: str
    school_sourced_id: str
    uploader_sourced_id: str
    file_name: str
    encoding: str | None
    mapping: dict[str, int]
    state: str
    digest: str | None
    counts: dict[str, int]
    done: int
    total: int
    code: str | None
    sentence: str | None
    created_at: datetime
    passwords_at: datetime | None


class PlannedRow(NamedTuple):
    """What will happen, or happened, with one row."""

    row: int
    action: str
    user_sourced_id: str | None
    told: dict[str, Any]
    decision: str | None


_i, _r = student_imports.c, student_import_rows.c
_COLUMNS = [_i[name] for name in Import._fields]
_ROW = [_r[name] for name in PlannedRow._fields]


def add_import(store: Store, values: Mapping[str, Any]) -> None:
    """Keep an uploaded list."""
    with store.statements() as connection:
        connection.execute(insert(student_imports), {"counts": {}, "mapping": {}, **values})


def find_import(store: Store, tenant_id: str, uploader_id: str, import_id: str) -> Import | None:
    """Return a list; nobody but who uploaded it finds it."""
    return _find(store, *_mine(tenant_id, import_id), _i.uploader_sourced_id == uploader_id)


def import_of_job(store: Store, tenant_id: str, import_id: str) -> Import | None:
    """Return a list for the work that its uploader has asked for."""
    return _find(store, *_mine(tenant_id, import_id))


def _find(store: Store, *where: ColumnElement[bool]) -> Import | None:
    with store.statements() as connection:
        row = connection.execute(select(*_COLUMNS).where(*where)).first()
    return None if row is None else Import._make(row)


def imports_of(store: Store, tenant_id: str, uploader_id: str, most: int = 20) -> list[Import]:
    """Return a person's newest lists."""
    mine = (_i.tenant_id == tenant_id, _i.uploader_sourced_id == uploader_id)
    with store.statements() as connection:
        found = connection.execute(select(*_COLUMNS).where(*mine).order_by(_i.created_at.desc()).limit(most))
        return [Import._make(row) for row in found]


def sealed_file(store: Store, one: Import) -> str | None:
    """Return the sealed file, None when it is gone."""
    with store.statements() as connection:
        return connection.execute(select(_i.sealed_file).where(*_mine(one.tenant_id, one.id))).scalar()


def change_import(
    connection: Connection, one: Import, values: Mapping[str, Any], at: datetime, *, only_in: Sequence[str] = ()
) -> bool:
    """Change a list's state; with `only_in`, only from one of these, so that two clicks are one."""
    where = [*_mine(one.tenant_id, one.id), *([_i.state.in_(only_in)] if only_in else [])]
    return bool(connection.execute(update(student_imports).where(*where).values(changed_at=at, **values)).rowcount)


def clear_plan(store: Store, one: Import) -> None:
    """Forget a list's plan and what was decided about it: its rows may mean something else now."""
    with store.statements() as connection:
        connection.execute(delete(student_import_rows).where(*_rows(one)))


def add_planned(store: Store, one: Import, rows: Sequence[PlannedRow], done: int, at: datetime) -> None:
    """Add rows to a plan. Each call is its own transaction, so that a long list holds up nobody."""
    base = {"import_id": one.id, "tenant_id": one.tenant_id}
    with store.transaction() as connection:
        connection.execute(insert(student_import_rows), [base | row._asdict() for row in rows])
        change_import(connection, one, {"done": done}, at)


def planned_rows(
    store: Store, one: Import, action: str | None = None, *, after: int = 0, most: int = _BATCH
) -> list[PlannedRow]:
    """Return rows of a plan behind the row `after`, in the file's order."""
    where = [*_rows(one), _r.row > after, *([_r.action == action] if action else [])]
    with store.statements() as connection:
        found = connection.execute(select(*_ROW).where(*where).order_by(_r.row).limit(most))
        return [PlannedRow._make(row) for row in found]


def decide_rows(store: Store, one: Import, decisions: Mapping[int, str | None], at: datetime) -> None:
    """Keep what a person decided about rows in doubt."""
    with store.transaction() as connection:
        if not change_import(connection, one, {}, at, only_in=[PLANNED]):
            return
        for row, decision in decisions.items():
            mine = (*_rows(one), _r.row == row, _r.action == "doubt")
            connection.execute(update(student_import_rows).where(*mine).values(decision=decision))


def count_decided(store: Store, one: Import) -> int:
    """Return how many rows in doubt a person has decided to take."""
    question = select(func.count()).where(*_rows(one), _r.action == "doubt", _r.decision.isnot(None))
    with store.statements() as connection:
        return int(connection.execute(question).scalar_one())


def put_hashes(store: Store, one: Import, found: Mapping[int, tuple[str, str | None]], at: datetime, done: int) -> None:
    """Keep, by row, a password's hash and, where we made it, the sealed password; and how far the work is."""
    with store.transaction() as connection:
        for row, (password_hash, sealed) in found.items():
            change = update(student_import_rows).where(*_rows(one), _r.row == row)
            connection.execute(change.values(password_hash=password_hash, sealed_password=sealed))
        change_import(connection, one, {"done": done}, at)


def hashes_of(connection: Connection, one: Import, after: int, most: int = _BATCH) -> list[tuple[int, str]]:
    """Return hashes that are made, behind the row `after`."""
    question = select(_r.row, _r.password_hash).where(*_rows(one), _r.password_hash.isnot(None), _r.row > after)
    return [(row[0], row[1]) for row in connection.execute(question.order_by(_r.row).limit(most))]


class Handed(NamedTuple):
    """A made password, sealed, with the row that it belongs to."""

    row: int
    told: dict[str, Any]
    sealed_password: str


def hand_out(connection: Connection, one: Import, at: datetime) -> list[Handed]:
    """Return the made passwords and forget them, once: whoever asks second gets nothing (E10)."""
    mine = (*_mine(one.tenant_id, one.id), _i.passwords_at.is_(None), _i.state == WRITTEN)
    if not connection.execute(update(student_imports).where(*mine).values(passwords_at=at, changed_at=at)).rowcount:
        return []
    made = (*_rows(one), _r.sealed_password.isnot(None))
    found = connection.execute(select(_r.row, _r.told, _r.sealed_password).where(*made).order_by(_r.row))
    handed = [Handed._make(row) for row in found]
    connection.execute(update(student_import_rows).where(*made).values(sealed_password=null()))
    return handed


def has_made_passwords(store: Store, one: Import) -> bool:
    """Return whether there are made passwords that nobody has had yet."""
    question = select(_r.row).where(*_rows(one), _r.sealed_password.isnot(None)).limit(1)
    with store.statements() as connection:
        return connection.execute(question).first() is not None


def forget_imports(connection: Connection, before: datetime, batch: int) -> int:
    """Forget a batch of lists that nobody has touched since `before`: files, plans, passwords; return how many."""
    old = list(connection.execute(select(_i.id).where(_i.changed_at < before).limit(batch)).scalars())
    connection.execute(delete(student_import_rows).where(_r.import_id.in_(old)))
    connection.execute(delete(student_imports).where(_i.id.in_(old)))
    return len(old)


def _mine(tenant_id: str, import_id: str) -> tuple[ColumnElement[bool], ...]:
    return (_i.tenant_id == tenant_id, _i.id == import_id)


def _rows(one: Import) -> tuple[ColumnElement[bool], ...]:
    return (_r.tenant_id == one.tenant_id, _r.import_id == one.id)
