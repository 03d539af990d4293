"""Operators: keys for the API, one-time links to the console, sessions there; and answers kept for repeated calls."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, LargeBinary, String, Table, Text

from gateway.store.tables.columns import Moment, metadata

operator_keys = Table(
    "operator_keys",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", Text, nullable=False),
    Column("key_hash", LargeBinary(32), unique=True, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("used_at", Moment),  # to the minute
)

operator_sign_ins = Table(
    "operator_sign_ins",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Index(None, "expires_at"),
)

operator_sessions = Table(
    "operator_sessions",
    metadata,
    Column("session_hash", LargeBinary(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),  # to the minute
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index(None, "expires_at"),
)

# What a call with an Idempotency-Key was answered, so that its repetition gets the same and changes nothing.
api_answers = Table(
    "api_answers",
    metadata,
    Column("key_hash", LargeBinary(32), primary_key=True),  # of caller and key
    Column("request_hash", LargeBinary(32), nullable=False),
    Column("sealed", Text),
    Column("expires_at", Moment, nullable=False),
    Index(None, "expires_at"),
)
