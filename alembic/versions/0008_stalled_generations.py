"""attempts at a generation that got no further are counted as those at a plan are

Revision: 0008, after 0007
"""

import sqlalchemy as sa

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("generation", sa.Column("stalled", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("generation", "stalled")
