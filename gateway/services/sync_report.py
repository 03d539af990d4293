"""A sync as it is printed: what came of it, per type and school, what waits and why, and what was wrong."""

from __future__ import annotations

from typing import Any

from gateway.store.rosters.diffs import Row
from gateway.store.rosters.runs import HELD, Run


def document(run: Run) -> dict[str, Any]:
    """Return a sync as its JSON document."""
    return {
        "id": run.id,
        "integration": run.integration_id,
        "status": run.status,
        "mode": run.mode,
        "held": run.status == HELD,
        "holds": run.holds,
        "types": run.types,
        "schools": run.schools,
        "rows_written": run.rows_written,
        "seconds": run.seconds,
        "peak_rss_mb": run.peak_rss_mb,
        "faults": run.faults,
        "fault_count": run.fault_count,
        "code": run.code,
        "sentence": run.sentence,
        "actor": run.actor,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "of_sync": run.of_sync_id,
    }


def row_document(row: Row) -> dict[str, Any]:
    """Return one changed record as its JSON document."""
    return {"type": row.kind, "action": row.action, "id": row.id, "fields": row.fields}


def type_rows(run: Run) -> list[list[Any]]:
    """Return the table of a sync's types."""
    names = ("added", "changed", "gone", "returned", "untouched", "skipped")
    return [[kind, *(counts[name] for name in names)] for kind, counts in run.types.items()]
