"""administration: deactivated accounts, limits, devices of sessions, one-time links, audit log, processes

Revision: 0004, after 0003
"""

import unicodedata

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
LIMITS = ("max_frames", "max_products", "max_storage_mb")


def upgrade() -> None:
    op.add_column("account", sa.Column("deactivated_at", MOMENT, nullable=True))
    for name in LIMITS:
        op.add_column("account", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("account", sa.Column("username_look", sa.String(), nullable=False, server_default=""))
    accounts = sa.table("account", sa.column("id"), sa.column("username"), sa.column("username_look"))
    for row in op.get_bind().execute(sa.select(accounts.c.id, accounts.c.username)).all():
        op.execute(sa.update(accounts).where(accounts.c.id == row.id).values(username_look=_look(row.username)))
    op.create_index("ix_account_username_look", "account", ["username_look"])
    # What is known of the sessions there are: they were last used when they were opened, or since.
    with op.batch_alter_table("user_session") as table:
        table.add_column(sa.Column("user_agent", sa.String(), nullable=True))
        table.add_column(sa.Column("address", sa.String(), nullable=True))
        table.add_column(sa.Column("last_used_at", MOMENT, nullable=True))
    op.execute("UPDATE user_session SET user_agent = '', address = '', last_used_at = created_at")
    with op.batch_alter_table("user_session") as table:
        table.alter_column("user_agent", existing_type=sa.String(), nullable=False)
        table.alter_column("address", existing_type=sa.String(), nullable=False)
        table.alter_column("last_used_at", existing_type=MOMENT, nullable=False)
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
    )
    op.create_index("ix_one_time_link_token_hash", "one_time_link", ["token_hash"], unique=True)
    op.create_index("ix_one_time_link_user_id", "one_time_link", ["user_id"])
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("registration", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in LIMITS),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), sa.ForeignKey("account.id", ondelete="SET NULL"), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
    )
    op.create_index("ix_audit_event_at", "audit_event", ["at"])
    op.create_index("ix_audit_event_action", "audit_event", ["action", "id"])
    op.create_index("ix_audit_event_actor_id", "audit_event", ["actor_id"])
    op.create_table(
        "process",
        sa.Column("id", sa.String(), primary_key=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
    )
    op.create_index("ix_process_seen_at", "process", ["seen_at"])


def _look(username: str) -> str:
    """What names that look alike share, as services/names.py had it when this was written."""
    from confusable_homoglyphs.confusables import confusables_data

    plain = {"I": "l", "1": "l", "0": "O", "m": "rn"}

    def prototype(letter: str) -> str:
        if letter.isascii():
            return plain.get(letter, letter)
        twins = [twin["c"] for twin in confusables_data.get(letter, ()) if len(twin["c"]) == 1]
        best = min([letter, *(twin for twin in twins if twin.isalnum())])
        return plain.get(best, best)

    return "".join(prototype(letter) for letter in unicodedata.normalize("NFKC", username)).casefold()


def downgrade() -> None:
    for name in ("process", "audit_event", "installation", "one_time_link"):
        op.drop_table(name)
    with op.batch_alter_table("user_session") as table:
        for name in ("last_used_at", "address", "user_agent"):
            table.drop_column(name)
    op.drop_index("ix_account_username_look", "account")
    for name in (
        *LIMITS,
        "username_look",
        "deactivated_at",
    ):  # not in a batch: SQLite would drop the accounts' table, and all below it
        op.drop_column("account", name)
