"""usage: the database counts each frame's outputs; products of a feed; what the storage holds by kind

Revision: 0005, after 0004
"""

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STATES = ("pending", "done", "failed", "cancelled")

# SQLite has no triggers for whole statements. A batch operation on output or frame makes the table anew and loses its
# triggers: a migration that needs one executes SQLITE again.
SQLITE = [
    """
    CREATE TRIGGER frame_begins AFTER INSERT ON frame BEGIN
        INSERT INTO frame_usage VALUES (NEW.id, NEW.workspace_id, 0, 0, 0, 0, 0);
    END
    """,
    *(
        f"""
        CREATE TRIGGER output_{name} AFTER {event} ON output {when} BEGIN
            UPDATE frame_usage SET
                {", ".join(f"{state} = {state} {term.format(state=state)}" for state in STATES)},
                storage_bytes = storage_bytes {size}
            WHERE frame_id = {row}.frame_id;
        END
        """
        for name, event, when, term, size, row in (
            ("added", "INSERT", "", "+ (NEW.state = '{state}')", "+ NEW.size_bytes", "NEW"),
            ("deleted", "DELETE", "", "- (OLD.state = '{state}')", "- OLD.size_bytes", "OLD"),
            (
                "changed",
                "UPDATE OF state, size_bytes",
                "WHEN OLD.state <> NEW.state OR OLD.size_bytes <> NEW.size_bytes",
                "+ (NEW.state = '{state}') - (OLD.state = '{state}')",
                "+ NEW.size_bytes - OLD.size_bytes",
                "NEW",
            ),
        )
    ),
]
BEGINS = """
    CREATE FUNCTION frame_begins() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO frame_usage VALUES (NEW.id, NEW.workspace_id, 0, 0, 0, 0, 0);
        RETURN NULL;
    END $$
"""
# One for each kind of statement: a function's statement may name only the rows that its trigger gives.
COUNTS = """
    CREATE FUNCTION output_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE frame_usage SET
            {set}, storage_bytes = storage_bytes + moved.moved_bytes
        FROM (
            SELECT frame_id, sum(size) AS moved_bytes, {sums}
            FROM ({rows}) AS changes GROUP BY frame_id
        ) AS moved
        WHERE frame_usage.frame_id = moved.frame_id AND ({any});
        RETURN NULL;
    END $$
"""
SET = ", ".join(f"{state} = {state} + moved.moved_{state}" for state in STATES)
ANY = " OR ".join(f"moved_{name} <> 0" for name in ("bytes", *STATES))
SUMS = ", ".join(f"coalesce(sum(n) FILTER (WHERE state = '{state}'), 0) AS moved_{state}" for state in STATES)
NEW = "SELECT frame_id, state, size_bytes::bigint AS size, 1 AS n FROM new_rows"
OLD = "SELECT frame_id, state, -size_bytes::bigint AS size, -1 AS n FROM old_rows"
POSTGRESQL = {
    "added": ("INSERT", NEW, "NEW TABLE AS new_rows"),
    "deleted": ("DELETE", OLD, "OLD TABLE AS old_rows"),
    "changed": ("UPDATE", f"{NEW} UNION ALL {OLD}", "NEW TABLE AS new_rows OLD TABLE AS old_rows"),
}


def upgrade() -> None:
    op.create_table(
        "frame_usage",
        sa.Column("frame_id", sa.Integer(), sa.ForeignKey("frame.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("workspace_id", sa.Integer(), sa.ForeignKey("workspace.id", ondelete="CASCADE"), nullable=False),
        *(sa.Column(state, sa.Integer(), nullable=False) for state in STATES),
        sa.Column("storage_bytes", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_frame_usage_workspace_id", "frame_usage", ["workspace_id"])
    op.create_table(
        "storage_usage",
        sa.Column("kind", sa.String(), primary_key=True, nullable=False),
        sa.Column("objects", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
    )
    op.add_column("feed", sa.Column("products", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE feed SET products ="
        " (SELECT count(*) FROM product WHERE product.feed_id = feed.id AND product.retired_at IS NULL)"
    )
    op.drop_index("ix_feed_workspace_id", "feed")
    op.create_index("ix_feed_workspace_id", "feed", ["workspace_id", "products"])
    op.drop_index("ix_run_state", "run")
    op.create_index("ix_run_state", "run", ["state", "id"])
    counts = ", ".join(f"sum(CASE WHEN output.state = '{state}' THEN 1 ELSE 0 END)" for state in STATES)
    op.execute(
        f"INSERT INTO frame_usage SELECT frame.id, frame.workspace_id, {counts}, coalesce(sum(output.size_bytes), 0)"
        " FROM frame LEFT JOIN output ON output.frame_id = frame.id GROUP BY frame.id, frame.workspace_id"
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(statement)
        return
    op.execute(BEGINS)
    op.execute("CREATE TRIGGER frame_begins AFTER INSERT ON frame FOR EACH ROW EXECUTE FUNCTION frame_begins()")
    for name, (event, rows, tables) in POSTGRESQL.items():
        op.execute(COUNTS.format(name=name, set=SET, sums=SUMS, any=ANY, rows=rows))
        op.execute(
            f"CREATE TRIGGER output_{name} AFTER {event} ON output REFERENCING {tables}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION output_{name}()"
        )


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table in (("frame_begins", "frame"), *((f"output_{name}", "output") for name in POSTGRESQL)):
        op.execute(f"DROP TRIGGER {name}{f' ON {table}' if postgresql else ''}")
        if postgresql:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_index("ix_run_state", "run")
    op.create_index("ix_run_state", "run", ["state"])
    op.drop_index("ix_feed_workspace_id", "feed")
    op.create_index("ix_feed_workspace_id", "feed", ["workspace_id"])
    op.drop_column("feed", "products")
    op.drop_table("storage_usage")
    op.drop_table("frame_usage")
