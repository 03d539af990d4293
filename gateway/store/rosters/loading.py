"""Brings batches into staging: PostgreSQL's COPY, SQLite's executemany, the cursor saved with the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

from gateway.store.ids import new_id
from gateway.store.rosters.rows import VALUES, Unusable, content_hash
from gateway.store.rosters.shapes import SHAPES
from gateway.store.rosters.staging import Area
from providers.contract import KINDS, Batch, Fault, Kind

_COMMIT_EVERY = 200_000  # rows; a reading without cursors starts again anyway
_LONGEST_ID = 255


@dataclass(slots=True)
class Loader:
    """Writes one reading into its area. `rows` counts what was staged, by kind; `skipped` what could not be."""

    area: Area
    position: int = 0
    rows: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    skipped: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    _open: int = 0

    def add(self, batch: Batch) -> list[Fault]:
        """Stage a batch; return what is wrong with its records. A batch with a cursor is safe when this returns."""
        faults: list[Fault] = []
        rows = list(self._made(batch, faults))
        if not self._open:
            self.area.connection.exec_driver_sql("BEGIN")
        self._write(self.area.tables.records[batch.kind], rows)
        self.rows[batch.kind] += len(rows)
        self.skipped[batch.kind] += len(faults) + sum(fault.is_skipped for fault in batch.faults)
        self._open += len(rows) + 1
        if batch.cursor is not None:
            self.area.remember(cursor=batch.cursor, position=self.position, rows=self.rows, skipped=self.skipped)
        if batch.cursor is not None or self._open > _COMMIT_EVERY:
            self.finish()
        return faults

    def resume(self) -> str | None:
        """Take up the counts of a reading that was cut off; return its cursor."""
        facts = self.area.facts()
        if "cursor" not in facts:
            return None
        self.position, self.rows, self.skipped = facts["position"], facts["rows"], facts["skipped"]
        return str(facts["cursor"])

    def finish(self) -> None:
        """Commit what is staged."""
        if self._open:
            self.area.connection.exec_driver_sql("COMMIT")
            self._open = 0

    def abandon(self) -> None:
        """Take back what was staged since the last cursor."""
        if self._open:
            self.area.connection.exec_driver_sql("ROLLBACK")
            self._open = 0

    def _made(self, batch: Batch, faults: list[Fault]) -> Iterator[tuple[Any, ...]]:
        values_of = VALUES[batch.kind]
        prints: Sequence[int | None] = batch.fingerprints or (None,) * len(batch.records)
        for record, fingerprint in zip(batch.records, prints, strict=True):
            self.position += 1
            source_id = record.source_id
            try:
                if not source_id or len(source_id) > _LONGEST_ID or source_id.isspace():
                    raise Unusable(
                        "sourcedId", "record.id_unusable", "sourcedId is blank or longer than 255 characters."
                    )
                if record.status != "active":
                    values = _nothing(batch.kind)
                    yield (self.position, source_id, True, 0, None, new_id(), *values)
                    continue
                values = values_of(record)
                yield (self.position, source_id, False, content_hash(source_id, values), fingerprint, new_id(), *values)
            except Unusable as fault:
                faults.append(Fault(batch.kind, None, fault.column, fault.code, fault.message))

    def _write(self, table: Table, rows: list[tuple[Any, ...]]) -> None:
        if not rows:
            return
        names = [column.name for column in table.columns][:-2]
        connection: Any = self.area.connection.connection.dbapi_connection
        if self.area.dialect == "sqlite":
            marks = ", ".join("?" * len(names))
            into = f"INSERT INTO {table.fullname} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names of our own
            connection.executemany(into, rows)
            return
        with connection.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _nothing(kind: Kind) -> tuple[None, ...]:
    """Return the values of a record that its source deleted: none matters."""
    shape = SHAPES[kind]
    return (None,) * (len(shape.fields) + len(shape.references) + (kind == "classes"))
