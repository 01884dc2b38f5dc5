"""what a run waits for; workspaces are served by seconds of rendering

Revision: 0007, after 0006
"""

import sqlalchemy as sa

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in batches: SQLite would drop the tables, and with them all that refers to their rows. So the defaults stay.
    op.add_column("run", sa.Column("waiting", sa.Text(), nullable=False, server_default=""))
    op.add_column("run", sa.Column("picture_seconds", sa.Float(), nullable=False, server_default="0"))
    op.add_column("workspace", sa.Column("served_seconds", sa.Float(), nullable=False, server_default="0"))


def downgrade() -> None:
    for table, column in (("workspace", "served_seconds"), ("run", "picture_seconds"), ("run", "waiting")):
        op.drop_column(table, column)
