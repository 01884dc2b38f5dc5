"""the charset that a feed's host names, kept with its copy; a published feed's that its text does not tell

Revision: 0009, after 0008
"""

import sqlalchemy as sa

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COLUMNS = (("feed", "copy_charset"), ("run", "feed_charset"), ("generation", "charset"))


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    for table, column in COLUMNS:
        op.drop_column(table, column)
