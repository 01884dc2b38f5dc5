"""what the lists of frames and runs are searched and sorted by

Revision: 0006, after 0005
"""

import unicodedata

import sqlalchemy as sa

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would drop the table, and with it all that refers to its rows. So the default stays.
    op.add_column("frame", sa.Column("name_key", sa.String(), nullable=False, server_default=""))
    _fill()
    op.drop_index("ix_frame_workspace_id", table_name="frame")
    op.create_index("ix_frame_workspace_updated", "frame", ["workspace_id", "updated_at", "id"])
    op.create_index("ix_frame_workspace_name", "frame", ["workspace_id", "name_key", "id"])
    for name in ("ix_run_workspace_created", "ix_run_frame_id"):
        op.drop_index(name, table_name="run")
    op.create_index("ix_run_workspace", "run", ["workspace_id", "id"])
    op.create_index("ix_run_workspace_state", "run", ["workspace_id", "state", "id"])
    op.create_index("ix_run_frame", "run", ["frame_id", "id"])


def _fill() -> None:
    connection = op.get_bind()
    frame = sa.table("frame", sa.column("id"), sa.column("name"), sa.column("name_key"))
    rows = connection.execute(sa.select(frame.c.id, frame.c.name)).all()
    change = sa.update(frame).where(frame.c.id == sa.bindparam("which")).values(name_key=sa.bindparam("key"))
    if rows:
        connection.execute(change, [{"which": row.id, "key": _key(row.name)} for row in rows])


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def downgrade() -> None:
    for name in ("ix_run_frame", "ix_run_workspace_state", "ix_run_workspace"):
        op.drop_index(name, table_name="run")
    op.create_index("ix_run_frame_id", "run", ["frame_id"])
    op.create_index("ix_run_workspace_created", "run", ["workspace_id", "created_at"])
    op.drop_index("ix_frame_workspace_name", table_name="frame")
    op.drop_index("ix_frame_workspace_updated", table_name="frame")
    op.create_index("ix_frame_workspace_id", "frame", ["workspace_id"])
    op.drop_column("frame", "name_key")
