"""Of a link, pictures of rows are in `link_traces`; its own column for one has been empty since."""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE record_links DROP COLUMN "before"')
