"""One kind's turn in a plan."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, and_

from gateway.store.rosters.shapes import Shape
from gateway.store.rosters.staging import Area
from gateway.store.tables import roster_records
from providers.contract import Fault, Kind

MOST_FAULTS = 1000
_r = roster_records.c


@dataclass(frozen=True, slots=True)
class Step:
    """One kind's turn: `staged` is its staging table."""

    connection: Connection
    area: Area
    shape: Shape
    staged: Table

    @property
    def known(self) -> ColumnElement[bool]:
        """The mapping's rows of this kind."""
        return known_of(self.area, self.shape.kind)


def known_of(area: Area, kind: Kind) -> ColumnElement[bool]:
    return and_(_r.roster_source_id == area.source.id, _r.kind == kind)


def fault(step: Step, source_id: str, code: str, column: str, what: str) -> Fault:
    return Fault(step.shape.kind, None, column, code, f"{source_id}: {what}.")
