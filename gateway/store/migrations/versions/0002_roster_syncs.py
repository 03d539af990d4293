"""Roster syncs: whose record is whose, each run and each change; a role and an enrollment say who told of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_changes()
    _make_records()
    _make_sources()
    _make_syncs()
    _say_who_owns_classes()
    _say_who_told_enrollments()
    _say_who_told_roles()
    _widen_users()


def _make_changes() -> None:
    op.create_table(
        "roster_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("sync_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("sourced_id", sa.String(length=36), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("content_hash", sa.BigInteger(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_changes")),
    )
    with op.batch_alter_table("roster_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_changes_sync_id"), ["sync_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_changes_xid_id"), ["xid", "id"], unique=False)


def _make_records() -> None:
    op.create_table(
        "roster_records",
        sa.Column("roster_source_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("source_id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("sourced_id", sa.String(length=36), nullable=False),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("roster_source_id", "kind", "source_id", name=op.f("pk_roster_records")),
        sqlite_with_rowid=False,
    )


def _make_sources() -> None:
    op.create_table(
        "roster_sources",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("integration_id", sa.String(length=36), nullable=False),
        sa.Column("paused_at", Moment, nullable=True),
        sa.Column("pause_code", sa.String(length=64), nullable=True),
        sa.Column("pause_sentence", sa.Text(), nullable=True),
        sa.Column("guards", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("since", sa.Text(), nullable=True),
        sa.Column("shapes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "integration_id"],
            ["integrations.tenant_id", "integrations.id"],
            name=op.f("fk_roster_sources_tenant_id_integration_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_sources")),
        sa.UniqueConstraint("integration_id", name=op.f("uq_roster_sources_integration_id")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_roster_sources_tenant_id_id")),
    )


def _make_syncs() -> None:
    op.create_table(
        "syncs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("roster_source_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("finished_at", Moment, nullable=True),
        sa.Column("of_sync_id", sa.Integer(), nullable=True),
        sa.Column("types", sa.JSON(), nullable=False),
        sa.Column("schools", sa.JSON(), nullable=False),
        sa.Column("holds", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("fault_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_written", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("peak_rss_mb", sa.Float(), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["of_sync_id"], ["syncs.id"], name=op.f("fk_syncs_of_sync_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "roster_source_id"],
            ["roster_sources.tenant_id", "roster_sources.id"],
            name=op.f("fk_syncs_tenant_id_roster_source_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_syncs")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_syncs_tenant_id_id")),
    )
    with op.batch_alter_table("syncs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_syncs_roster_source_id"), ["roster_source_id"], unique=False)


def _say_who_owns_classes() -> None:
    with op.batch_alter_table("classes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("roster_source_id", sa.Integer(), nullable=True))


def _say_who_told_enrollments() -> None:
    with op.batch_alter_table("enrollments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=16), server_default="launch", nullable=False))
        batch_op.drop_index(batch_op.f("ix_enrollments_tenant_id_class_sourced_id"))
        batch_op.drop_constraint(batch_op.f("uq_enrollments_tenant_id_sourced_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_enrollments_user_sourced_id_class_sourced_id_role"), type_="unique")
        batch_op.create_index(batch_op.f("ix_enrollments_class_sourced_id"), ["class_sourced_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrollments_user_sourced_id"), ["user_sourced_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_enrollments_user_sourced_id_class_sourced_id_role"),
            ["user_sourced_id", "class_sourced_id", "role"],
            unique=True,
            sqlite_where=sa.text("source != 'roster'"),
            postgresql_where=sa.text("source != 'roster'"),
        )


def _say_who_told_roles() -> None:
    with op.batch_alter_table("roles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=16), server_default="launch", nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_roles_tenant_id_sourced_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_roles_user_sourced_id_org_sourced_id_role"), type_="unique")
        batch_op.create_index(batch_op.f("ix_roles_user_sourced_id"), ["user_sourced_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_roles_user_sourced_id_org_sourced_id_role"),
            ["user_sourced_id", "org_sourced_id", "role"],
            unique=True,
            sqlite_where=sa.text("source != 'roster'"),
            postgresql_where=sa.text("source != 'roster'"),
        )


def _widen_users() -> None:
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("preferred_given_name", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("preferred_middle_name", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("preferred_family_name", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("pronouns", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("phone", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("sms", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("user_ids", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("agent_source_ids", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("primary_org_sourced_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("roster_source_id", sa.Integer(), nullable=True))
