"""What arrived: accepted launches with their trace (a launch row also uses up its nonce), and a ring of refusals."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from gateway.store.tables.columns import Moment, metadata

launches = Table(
    "launches",
    metadata,
    Column("ref", String(16), primary_key=True),
    Column("created_at", Moment, nullable=False),
    # The unique index makes "record the launch" and "use up the nonce" one atomic statement (attack A10).
    Column("nonce_hash", LargeBinary(32), unique=True, nullable=False),
    Column("registration_id", String(36), ForeignKey("registrations.id")),  # None: a native sign-in
    Column("outcome", String(64), nullable=False),
    Column("tenant_id", String(36)),
    Column("integration_id", String(36)),
    Column("deployment_row_id", String(36)),
    Column("user_sourced_id", String(36)),
    Column("class_sourced_id", String(36)),
    Column("resource_link_row_id", String(36)),
    Column("message_type", String(64), nullable=False),
    Column("trace", Text, nullable=False),
    Column("application_id", String(64)),
    Column("login_hint_hash", LargeBinary(32), unique=True),
    Column("login_hint_expires_at", Moment),
    Column("login_hint_used_at", Moment),
    # What the application's ID token will say of this launch; emptied by housekeeping after a day.
    Column("claims", JSON),
    Index(None, "created_at"),
)

refusals = Table(
    "refusals",
    metadata,
    # A fixed number of slots per registration ("" = none known): bad posts can't grow the table (attack A13).
    Column("registration_id", String(36), primary_key=True),
    Column("slot", Integer, primary_key=True),
    Column("ref", String(16), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("outcome", String(64), nullable=False),
    Column("trace", Text, nullable=False),
)
