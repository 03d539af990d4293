"""People and classes of launches meet their roster: signed SIS ids, pairs of integrations, links that can be undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _keep_signed_ids()
    _make_pairs()
    _make_links()


def _bytewise() -> sa.types.TypeEngine[str]:
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _keep_signed_ids() -> None:
    op.add_column("identities", sa.Column("sis_id", _bytewise(), nullable=True))
    op.create_index("ix_identities_integration_id_sis_id", "identities", ["integration_id", "sis_id"], unique=False)
    # Until now only launches wrote users' identifiers, where no roster owns the user.
    op.execute(
        "UPDATE identities SET sis_id = (SELECT users.identifier FROM users "
        "WHERE users.sourced_id = identities.user_sourced_id AND users.roster_source_id IS NULL)"
    )
    op.add_column("contexts", sa.Column("sis_id", _bytewise(), nullable=True))
    op.create_index("ix_contexts_sis_id", "contexts", ["sis_id"], unique=False)
    op.create_index("ix_contexts_class_sourced_id", "contexts", ["class_sourced_id"], unique=False)


def _make_pairs() -> None:
    op.create_table(
        "integration_pairs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("launch_integration_id", sa.String(length=36), nullable=False),
        sa.Column("roster_integration_id", sa.String(length=36), nullable=False),
        sa.Column("match", sa.String(length=16), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", name],
                ["integrations.tenant_id", "integrations.id"],
                name=op.f(f"fk_integration_pairs_tenant_id_{name}"),
            )
            for name in ("launch_integration_id", "roster_integration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integration_pairs")),
        sa.UniqueConstraint(
            "launch_integration_id",
            "roster_integration_id",
            name=op.f("uq_integration_pairs_launch_integration_id_roster_integration_id"),
        ),
    )
    op.create_index("ix_integration_pairs_roster_integration_id", "integration_pairs", ["roster_integration_id"])


_REFERENCES = {
    "user_sourced_id": "users.sourced_id",
    "other_user_sourced_id": "users.sourced_id",
    "class_sourced_id": "classes.sourced_id",
    "other_class_sourced_id": "classes.sourced_id",
    "roster_source_id": "roster_sources.id",
    "integration_id": "integrations.id",
}


def _make_links() -> None:
    op.create_table(
        "record_links",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        *(sa.Column(name, sa.String(length=16), nullable=False) for name in ("status", "how", "evidence")),
        *(sa.Column(name, sa.String(length=36), nullable=True) for name in list(_REFERENCES)[:4]),
        sa.Column("roster_source_id", sa.Integer(), nullable=False),
        sa.Column("source_id", _bytewise(), nullable=False),
        sa.Column("integration_id", sa.String(length=36), nullable=False),
        sa.Column("arrival_key", sa.Text(), nullable=True),
        sa.Column("sync_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", name],
                [f"{target.partition('.')[0]}.tenant_id", target],
                name=op.f(f"fk_record_links_tenant_id_{name}"),
            )
            for name, target in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_links")),
    )
    op.create_index("ix_record_links_roster_source_id_source_id", "record_links", ["roster_source_id", "source_id"])
    op.create_index("ix_record_links_user_sourced_id", "record_links", ["user_sourced_id"])
    op.create_index("ix_record_links_class_sourced_id", "record_links", ["class_sourced_id"])
