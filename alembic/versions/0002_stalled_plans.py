"""how often a plan stalled, and outputs found by their picture

Revision: 0002, after 0001
"""

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("plan_stalled", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_output_frame_key", "output", ["frame_id", "key"])


def downgrade() -> None:
    op.drop_index("ix_output_frame_key", table_name="output")
    op.drop_column("run", "plan_stalled")
