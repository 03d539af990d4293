"""When rosters are synced by themselves, when they are not, and which folder is watched for packages."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, Index, Integer, String, Table, Text

from gateway.store.tables.columns import Moment, metadata, tenant_id, tenant_key, tenant_reference

roster_schedules = Table(
    "roster_schedules",
    metadata,
    Column("id", String(36), primary_key=True),
    tenant_id(),
    Column("integration_id", String(36), nullable=False, unique=True),
    # Either a time of day in a zone, or every so many minutes, or neither: then it is off.
    Column("daily_at", String(5)),
    Column("zone", String(64), nullable=False, server_default="UTC"),
    Column("every_minutes", Integer),
    Column("next_at", Moment),
    Column("paused_at", Moment),  # by a person; a sync that fails pauses its roster source instead
    # From the first day to the last, both included; what a sync may do then: preview or nothing.
    Column("freeze_from", Date),
    Column("freeze_until", Date),
    Column("frozen", String(16), nullable=False, server_default="preview"),
    Column("watch_folder", Text),
    Column("seen", JSON, nullable=False),  # name -> [size, time] of what lay in the watched folder at the last look
    tenant_key("id"),
    tenant_reference("integration_id", "integrations", "id"),
    Index(None, "next_at"),
)
