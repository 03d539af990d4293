"""Brings batches into staging: PostgreSQL's COPY, SQLite's executemany, the cursor saved with the rows."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, delete, update

from gateway.store.ids import new_id, new_ids
from gateway.store.rosters.rows import Unusable, columns_of, content_hash, content_hashes, staged_columns, values_of
from gateway.store.rosters.staging import ADDED, DELETED, UNREAD, Area
from providers.contract import KINDS, Batch, Fault, Kind
from providers.contract.roster import ACTIVE, RECORD_OF

# A cursor is saved after so many rows or seconds: each saving is a transaction.
_SAVE_ROWS, _SAVE_SECONDS = 20_000, 5.0
_PROGRESS = frozenset({"cursor", "position", "rows", "skipped"})  # what is remembered of a reading that was cut off
_UNKNOWN_HASH = -1  # of a record that is there but could not be read
_LONGEST_ID = 255
# The columns of a staged row: these, a record's values, and what the source says of it.
_HEAD = ("position", "source_id", "content_hash", "sourced_id", "fingerprint")
_VALUES = {kind: staged_columns(kind) for kind in KINDS}
_STATUS = {kind: record._fields.index("status") for kind, record in RECORD_OF.items()}


@dataclass(slots=True)
class Loader:
    """Writes one reading into its area. `rows` counts what was staged, by kind; `skipped` what could not be."""

    area: Area
    position: int = 0
    rows: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    skipped: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    _is_open: bool = False
    _unsaved: int = 0
    _saved_at: float = field(default_factory=time.monotonic)

    def add(self, batch: Batch) -> list[Fault]:
        """Stage a batch; return what is wrong with its records. Its cursor is saved with the rows, now or soon."""
        faults: list[Fault] = []
        every = [*_HEAD, *_VALUES[batch.kind], "action"]
        names, rows = self._made_at_once(batch) or (every, list(self._made(batch, faults)))
        self.put(self.area.tables.records[batch.kind], names, rows)
        unread = len(faults) + len(batch.unread)
        self.rows[batch.kind] += len(rows) - unread
        self.skipped[batch.kind] += len(faults) + sum(fault.is_skipped for fault in batch.faults)
        self._unsaved += len(rows)
        if batch.cursor is not None and self._is_time_to_save():
            self.remember(cursor=batch.cursor, position=self.position, rows=self.rows, skipped=self.skipped)
            self.finish()
        return faults

    def _is_time_to_save(self) -> bool:
        return self._unsaved >= _SAVE_ROWS or time.monotonic() - self._saved_at >= _SAVE_SECONDS

    def begin(self) -> None:
        """Open the transaction in which staging goes on."""
        if not self._is_open:
            self.area.connection.exec_driver_sql("BEGIN")
            self._is_open = True

    def remember(self, **facts: Any) -> None:
        """Remember this of the reading, together with the rows."""
        self.begin()
        self.area.remember(**facts)

    def start_over(self) -> None:
        """Forget all that was staged: the reading begins anew."""
        self.begin()
        connection, tables = self.area.connection, self.area.tables
        for table in (*tables.records.values(), tables.unseen):
            connection.execute(delete(table))
        kept = {name: value for name, value in self.area.facts().items() if name not in _PROGRESS}
        connection.execute(update(tables.progress).values(facts=kept))
        self.finish()
        self.position, self.rows, self.skipped = 0, dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0)

    def resume(self) -> str | None:
        """Take up the counts of a reading that was cut off; return its cursor."""
        facts = self.area.facts()
        if "cursor" not in facts:
            return None
        self.position, self.rows, self.skipped = facts["position"], facts["rows"], facts["skipped"]
        return str(facts["cursor"])

    def finish(self) -> None:
        """Commit what is staged."""
        if self._is_open:
            self.area.connection.exec_driver_sql("COMMIT")
        self._is_open, self._unsaved, self._saved_at = False, 0, time.monotonic()

    def abandon(self) -> None:
        """Take back what was staged since the last cursor."""
        if self._is_open:
            self.area.connection.exec_driver_sql("ROLLBACK")
        self._is_open = False

    def _made_at_once(self, batch: Batch) -> tuple[list[str], list[tuple[Any, ...]]] | None:
        """Return columns and rows of a batch in which nothing is unusable, ended or unread; None for any other."""
        if batch.unread or not batch.records:
            return None
        columns: list[Sequence[Any]] = list(zip(*batch.records, strict=True))
        ids, number = columns[0], len(batch.records)
        has_ids = all(ids) and max(map(len, ids)) <= _LONGEST_ID and not any(map(str.isspace, ids))
        if not has_ids or columns[_STATUS[batch.kind]].count(ACTIVE) != number:
            return None
        try:
            values = columns_of(batch.kind, columns)
        except (Unusable, TypeError):
            return None
        hashes = content_hashes(ids, values)
        if hashes is None:
            return None
        places = range(self.position + 1, self.position + 1 + number)
        self.position += number
        # What is blank in the whole batch, and what a new row says by itself, need not be carried along.
        told = zip(_VALUES[batch.kind], values, strict=True)
        made = {name: column for name, column in told if column.count(None) != number}
        head = (places, ids, hashes, new_ids(number), *([batch.fingerprints] if batch.fingerprints else []))
        names = [*_HEAD[: len(head)], *made]
        return names, list(zip(*head, *made.values(), strict=True))

    def _made(self, batch: Batch, faults: list[Fault]) -> Iterator[tuple[Any, ...]]:
        kind = batch.kind
        prints: Sequence[int | None] = batch.fingerprints or (None,) * len(batch.records)
        for record, fingerprint in zip(batch.records, prints, strict=True):
            self.position += 1
            source_id = record.source_id
            try:
                if not source_id or len(source_id) > _LONGEST_ID or source_id.isspace():
                    raise Unusable("sourcedId", "record.id_unusable", "sourcedId is blank or too long.", is_lost=True)
                if record.status != ACTIVE:
                    yield self._bare(kind, source_id, DELETED)
                    continue
                values = values_of(kind, record)
                hash_ = content_hash(source_id, values)
            except Unusable as fault:
                faults.append(Fault(kind, None, fault.column, fault.code, fault.message))
                if not fault.is_lost:
                    yield self._bare(kind, source_id, UNREAD)
                continue
            yield (self.position, source_id, hash_, new_id(), fingerprint, *values, ADDED)
        for source_id in batch.unread:
            self.position += 1
            yield self._bare(kind, source_id, UNREAD)

    def _bare(self, kind: Kind, source_id: str, action: str) -> tuple[Any, ...]:
        """Return the row of a record of which nothing but the id matters."""
        nothing = (None,) * len(_VALUES[kind])
        return (self.position, source_id, _UNKNOWN_HASH, new_id(), None, *nothing, action)

    def put(self, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Write rows into a staging table as fast as the database takes them."""
        if not rows:
            return
        self.begin()
        connection: Any = self.area.connection.connection.dbapi_connection
        if self.area.dialect == "sqlite":
            marks = ", ".join("?" * len(names))
            into = f"INSERT INTO {table.fullname} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names of our own
            connection.executemany(into, rows)
            return
        with connection.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
