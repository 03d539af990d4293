"""Sign-ins through portals: their registrations, and what a provider's own roster calls a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    bytewise = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=16), nullable=False, server_default="lti"))
    op.add_column("identities", sa.Column("roster_id", bytewise, nullable=True))
    op.create_index(
        "ix_identities_integration_id_roster_id", "identities", ["integration_id", "roster_id"], unique=False
    )
