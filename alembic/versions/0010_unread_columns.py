"""columns that nothing reads are gone

Revision: 0010, after 0009
"""

import sqlalchemy as sa

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CREATED = ("workspace", "user_session", "one_time_link", "feed", "generation")


def upgrade() -> None:
    for table in CREATED:
        op.drop_column(table, "created_at")
    op.drop_column("workspace", "name")
    op.drop_column("feed", "etag")
    op.drop_column("feed", "last_modified")


def downgrade() -> None:
    """Columns that must have a value get a constant first: SQLite adds no others, and a batch would drop the table."""
    op.add_column("feed", sa.Column("last_modified", sa.String(), nullable=False, server_default=""))
    op.add_column("feed", sa.Column("etag", sa.String(), nullable=False, server_default=""))
    op.add_column("workspace", sa.Column("name", sa.String(), nullable=False, server_default=""))
    op.execute(
        "UPDATE workspace SET name = (SELECT username FROM account WHERE workspace_id = workspace.id)"
        " WHERE id IN (SELECT workspace_id FROM account)"
    )
    for name in CREATED:
        moment = sa.DateTime(timezone=True)
        op.add_column(name, sa.Column("created_at", moment, nullable=False, server_default="1970-01-01 00:00:00"))
        op.execute(f"UPDATE {name} SET created_at = CURRENT_TIMESTAMP")
    op.execute("UPDATE user_session SET created_at = last_used_at")
