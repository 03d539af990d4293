"""The product's side: applications (OIDC clients), their sessions, authorization codes and tokens."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from gateway.store.tables.columns import Moment, metadata

applications = Table(
    "applications",
    metadata,
    Column("id", String(64), primary_key=True),  # the OIDC client_id
    Column("name", Text, nullable=False),
    Column("secret_hash", LargeBinary(32)),  # None: a public client, PKCE only
    # While a new secret is being carried to the application's servers, the old one counts as well.
    Column("previous_secret_hash", LargeBinary(32)),
    Column("previous_secret_until", Moment),
    Column("jwks", JSON),  # its public keys, when it proves itself by signature (private_key_jwt) and has no secret
    Column("pairwise_salt", LargeBinary(32)),  # when its people's subjects are its own; never changed
    Column("redirect_uris", JSON, nullable=False),
    Column("login_uri", Text, nullable=False),
    Column("all_tenants", Boolean, nullable=False, server_default="1"),
    Column("status", String(16), nullable=False, server_default="active"),
    Column("post_logout_redirect_uris", JSON, nullable=False, server_default="[]"),
    Column("backchannel_logout_uri", Text),
    Column("session_hours", Integer, nullable=False, server_default="12"),  # how long refresh tokens keep one alive
    Column("api_scopes", JSON, nullable=False, server_default="[]"),  # of /api/v1, granted one by one
    Column("created_at", Moment, nullable=False),
)

application_tenants = Table(
    "application_tenants",
    metadata,
    Column("application_id", String(64), ForeignKey("applications.id"), primary_key=True),
    Column("tenant_id", String(36), ForeignKey("orgs.sourced_id"), primary_key=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("tenant_id", String(36), nullable=False),
    Column("application_id", String(64), ForeignKey("applications.id"), nullable=False),
    Column("subject", String(64), nullable=False),  # the user's sourcedId; for an anonymous launch its own id
    Column("user_sourced_id", String(36)),
    Column("launch_ref", String(16)),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index(None, "user_sourced_id"),
    Index(None, "created_at"),
)

authorization_codes = Table(
    "authorization_codes",
    metadata,
    Column("code_hash", LargeBinary(32), primary_key=True),
    Column("session_id", String(36), ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("application_id", String(64), ForeignKey("applications.id"), nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("nonce", Text),
    Column("code_challenge", String(128)),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Index(None, "expires_at"),
    Index(None, "session_id"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("session_id", String(36), ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("application_id", String(64), ForeignKey("applications.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("scope", Text, nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("used_at", Moment),  # a refresh token's first use
    Index(None, "expires_at"),
    Index(None, "session_id"),
)

# What an application holds for itself, with no person behind it (client credentials).
application_tokens = Table(
    "application_tokens",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("application_id", String(64), ForeignKey("applications.id"), nullable=False),
    Column("scope", Text, nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index(None, "expires_at"),
)
