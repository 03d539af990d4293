"""Background work that is still to be done; these rows are the truth, the queue only wakes a worker up."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text

from gateway.store.tables.columns import Moment, metadata

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("key", Text, unique=True),  # the same work is wanted once, however often it is asked for
    Column("args", JSON, nullable=False),
    Column("state", String(16), nullable=False, server_default="waiting"),
    Column("due_at", Moment, nullable=False),
    Column("every_seconds", Integer),  # periodic work is armed anew when it ends
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("lease", String(36)),  # who has it in hand, until when
    Column("leased_until", Moment),
    Column("queued_until", Moment),  # a queue has heard of it: no second message before then
    Column("is_wanted_again", Boolean, nullable=False, server_default="0"),
    Column("fault", String(128)),  # the code of the last failure
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index(None, "state", "due_at"),
)
