"""What roster syncs remember: whose records are whose, each run, and each change in order (events and undo in one)."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from gateway.store.tables.columns import Moment, metadata, tenant_id, tenant_key, tenant_reference

_COUNTER = BigInteger().with_variant(Integer, "sqlite")

roster_sources = Table(
    "roster_sources",
    metadata,
    # A small number stands for the integration in the millions of rows below.
    Column("id", Integer, primary_key=True, autoincrement=True),
    tenant_id(),
    Column("integration_id", String(36), nullable=False, unique=True),
    # While a person must mend something no sync runs by itself; the code and the sentence say what.
    Column("paused_at", Moment),
    Column("pause_code", String(64)),
    Column("pause_sentence", Text),
    Column("guards", JSON, nullable=False),  # thresholds that differ from the house's
    # Of the last reading that was applied whole; emptied by whatever makes it untrue.
    Column("digest", Text),
    Column("since", Text),
    Column("shapes", JSON, nullable=False),  # kind -> how its fingerprints were made
    tenant_key("id"),
    tenant_reference("integration_id", "integrations", "id"),
)

syncs = Table(
    "syncs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    tenant_id(),
    Column("roster_source_id", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("mode", String(16), nullable=False),
    Column("actor", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("of_sync_id", Integer, ForeignKey("syncs.id")),  # the sync that an undo took back
    Column("types", JSON, nullable=False),
    Column("schools", JSON, nullable=False),
    Column("holds", JSON, nullable=False),
    Column("faults", JSON, nullable=False),  # the first thousand
    Column("fault_count", Integer, nullable=False, server_default="0"),
    Column("rows_written", Integer, nullable=False, server_default="0"),
    Column("seconds", Float),
    Column("peak_rss_mb", Float),
    Column("code", String(64)),
    Column("sentence", Text),
    Column("changes_forgotten_at", Moment),  # then it can't be taken back
    tenant_key("id"),
    tenant_reference("roster_source_id", "roster_sources", "id"),
    Index(None, "roster_source_id"),
)

roster_records = Table(
    "roster_records",
    metadata,
    # The source's id, byte for byte (C collation), is whose sourcedId. It is never deleted: who returns is who left.
    # No foreign key here and below: a district writes a million of these at once, and each would be checked.
    Column("roster_source_id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), primary_key=True),
    Column("source_id", Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True),
    Column("sourced_id", String(36), nullable=False),
    Column("is_gone", Boolean, nullable=False),
    Column("content_hash", BigInteger, nullable=False),
    Column("fingerprint", BigInteger),  # of the source line that said so; None: unknown, compare by content
    sqlite_with_rowid=False,
)

roster_changes = Table(
    "roster_changes",
    metadata,
    # Readers of events go by (xid, id) and stop before the oldest transaction still open: nothing is ever missed on
    # PostgreSQL, where numbers are given before commits. SQLite has one writer; there xid is 0.
    Column("id", _COUNTER, primary_key=True, autoincrement=True),
    Column("xid", BigInteger, nullable=False),
    tenant_id(),
    Column("sync_id", Integer),
    Column("kind", String(16), nullable=False),
    Column("action", String(16), nullable=False),  # readers of events pass over `root`: only undo needs it
    Column("sourced_id", String(36), nullable=False),
    Column("at", Moment, nullable=False),
    Column("content_hash", BigInteger),  # the record's before, for undo
    Column("before", JSON),  # the row before, for undo and diff; None where there was none
    Column("is_quiet", Boolean),  # another line of the same transaction tells applications of it
    Index(None, "xid", "id"),
    # A sync's lines lie together: PostgreSQL finds them by blocks, and keeps nothing for each.
    Index(None, "sync_id", postgresql_using="brin"),
)

roster_waiting = Table(
    "roster_waiting",
    metadata,
    # Records whose user, class or org is not there (yet, or any more): who tells changes does not repeat them.
    tenant_id(),
    Column("roster_source_id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), primary_key=True),
    Column("source_id", Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True),
    Column("sync_id", Integer, nullable=False),  # the one that left it open
    Column("sourced_id", String(36), nullable=False),
    Column("content_hash", BigInteger, nullable=False),
    Column("record", JSON, nullable=False),  # as it is staged, by the source's own ids
    tenant_reference("roster_source_id", "roster_sources", "id"),
)
