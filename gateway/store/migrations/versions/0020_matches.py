"""Doubtful matches for a person to decide, and what each link did, so that it can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("record_links", schema=None) as batch_op:
        batch_op.add_column(sa.Column("change_id", sa.BigInteger(), nullable=True))
        batch_op.create_unique_constraint("uq_record_links_tenant_id_id", ["tenant_id", "id"])
    op.create_index(
        "ix_users_unrostered",
        "users",
        ["tenant_id"],
        sqlite_where=sa.text("roster_source_id IS NULL"),
        postgresql_where=sa.text("roster_source_id IS NULL"),
    )
    _make_traces()
    _make_proposals()


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    tenant = f"{target.partition('.')[0]}.tenant_id"
    return sa.ForeignKeyConstraint(["tenant_id", column], [tenant, target], name=op.f(f"fk_{table}_tenant_id_{column}"))


def _make_traces() -> None:
    op.create_table(
        "link_traces",
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("link_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(length=32), nullable=False),
        sa.Column("row_id", sa.String(length=36), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        _reference("link_traces", "link_id", "record_links.id"),
        sa.PrimaryKeyConstraint("link_id", "place", "row_id", name=op.f("pk_link_traces")),
    )


def _make_proposals() -> None:
    name = "match_proposals"
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("user_sourced_id", sa.String(length=36), nullable=False),
        sa.Column("rostered_user_sourced_id", sa.String(length=36), nullable=False),
        sa.Column("roster_source_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", Moment, nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        _reference(name, "user_sourced_id", "users.sourced_id"),
        _reference(name, "rostered_user_sourced_id", "users.sourced_id"),
        _reference(name, "roster_source_id", "roster_sources.id"),
        _reference(name, "link_id", "record_links.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_proposals")),
        sa.UniqueConstraint(
            "roster_source_id",
            "source_id",
            "user_sourced_id",
            name=op.f("uq_match_proposals_roster_source_id_source_id_user_sourced_id"),
        ),
    )
    op.create_index("ix_match_proposals_tenant_id_state", name, ["tenant_id", "state"])
    op.create_index("ix_match_proposals_user_sourced_id", name, ["user_sourced_id"])
