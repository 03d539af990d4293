"""What a person takes away from a list: the rows that were left out, and the made passwords, once (E10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from gateway.services.native.visits import Visitor
from gateway.services.native_import.bad_rows import rows_again
from gateway.services.native_import.columns import BY_NAME
from gateway.services.native_import.imports import PURPOSE, Imports
from gateway.store.audit import note
from gateway.store.classrooms.imports import Import, PlannedRow, hand_out, has_made_passwords, planned_rows


class Slip(NamedTuple):
    """One student's way in, for the print sheet."""

    name: str
    username: str
    password: str
    classes: str


@dataclass(frozen=True, slots=True)
class Handing:
    """Thread-safe. A list belongs to who uploaded it (NotThere for others)."""

    imports: Imports
    now: Callable[[], datetime]

    def left_out(self, visitor: Visitor, import_id: str) -> bytes:
        """Return the rows that are refused or undecided as a CSV file, each with its reason, made safe to open (E8)."""
        one = self.imports.find(visitor, import_id)
        reasons = {row.row: reason(row) for row in self._left_out(one)}
        return rows_again(self.imports.files.open(one), reasons)

    def can_hand_out(self, one: Import) -> bool:
        """Return whether there are made passwords that nobody has had yet."""
        return one.passwords_at is None and has_made_passwords(self.imports.store, one)

    def passwords(self, visitor: Visitor, import_id: str) -> list[Slip]:
        """Return the made passwords and forget them: the second time there are none (E10)."""
        one, at = self.imports.find(visitor, import_id), self.now()
        with self.imports.store.transaction() as connection:
            handed = hand_out(connection, one, at)
            if handed:
                note(connection, at=at, actor=visitor.actor, action="students.passwords_handed_out", subject=one.id,
                     tenant_id=one.tenant_id, detail={"number": len(handed)})  # fmt: skip
        open_ = self.imports.files.sealer.open
        return [
            Slip(
                name=f"{each.told['values']['givenName']} {each.told['values']['familyName']}",
                username=each.told["values"]["username"],
                password=open_(
                    each.sealed_password, purpose=PURPOSE, bound_to=f"{one.id}:{each.row}".encode()
                ).decode(),
                classes=each.told["values"].get("className", ""),
            )
            for each in handed
        ]

    def _left_out(self, one: Import) -> Iterator[PlannedRow]:
        for action in ("refused", "doubt"):
            after = 0
            while found := planned_rows(self.imports.store, one, action, after=after):
                yield from (row for row in found if row.decision is None)
                after = found[-1].row


def reason(row: PlannedRow) -> str:
    """Return why a row was left out, as it stands in the file that comes back."""
    faults = row.told.get("faults", ())
    told = [f"{BY_NAME[column].heading}: {sentence}" if column else sentence for column, sentence in faults]
    return " ".join(told) or row.told.get("why", "")
