"""generations are made by workers; nothing has written to the table before

Revision: 0003, after 0002
"""

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PENDING, ACTIVE = sa.text("state = 'pending'"), sa.text("active")


def _columns() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("frame_id", sa.Integer(), sa.ForeignKey("frame.id", ondelete="CASCADE"), nullable=False),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id", ondelete="SET NULL"), nullable=True),
        sa.Column("manifest_key", sa.String(), nullable=False),
        sa.Column("feed_key", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _make(*more: sa.Column) -> None:
    op.create_table("generation", *_columns(), *more)
    op.create_index("ix_generation_frame_id", "generation", ["frame_id"])
    op.create_index("ix_generation_run_id", "generation", ["run_id"])


def upgrade() -> None:
    op.drop_table("generation")
    _make(
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("base_url", sa.Text(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("framed", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_generation_token", "generation", ["token"])
    for name, where in (("uq_generation_pending", PENDING), ("uq_generation_active", ACTIVE)):
        op.create_index(name, "generation", ["frame_id"], unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_table("generation")
    _make()
