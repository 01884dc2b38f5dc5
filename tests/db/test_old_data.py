"""Rows of version 0.1 (revision 0003) live through the migrations: up, down to where they came from, and up again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from alembic import command
from frameapp.db.migrate import alembic_config
from frameapp.services.names import username_look

OLD = "0003"
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
NAMES = ("Paul", "PauI", "Überholspur", "p\u0430ul")
FRAMES = (("ÄPFEL im Angebot", 1), ("Straße", 1), ("\uff37ide", 2), ("empty", 2))
STATES = ("pending", "done", "done", "failed", "cancelled", "done")
OLD_TABLES = (
    "workspace",
    "account",
    "membership",
    "user_session",
    "feed",
    "frame",
    "product",
    "product_override",
    "run",
    "output",
    "generation",
)


def reflected(connection: sa.Connection) -> sa.MetaData:
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return metadata


def add(connection: sa.Connection, tables: sa.MetaData, into: str, /, **values: Any) -> None:
    """A row; what is not said is empty, zero, false or now."""
    table = tables.tables[into]
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.name in values:
            row[column.name] = values[column.name]
        elif not (column.nullable or column.primary_key or column.computed is not None):
            row[column.name] = _plain(column.type)
    connection.execute(table.insert().values(**row))


def _plain(kind: Any) -> Any:
    if isinstance(kind, sa.DateTime):
        return NOW
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.Integer | sa.Float):
        return 0
    return {} if isinstance(kind, sa.JSON) else ""


def fill(connection: sa.Connection) -> None:
    """Four users with sessions, two of them with frames; two frames with runs, outputs and a published feed."""
    tables = reflected(connection)
    for number, name in enumerate(NAMES, 1):
        add(connection, tables, "workspace", id=number, name=name)
        add(connection, tables, "account", id=number, username=name, username_key=name.casefold(), workspace_id=number)
        add(connection, tables, "membership", workspace_id=number, user_id=number, role="owner")
        add(connection, tables, "user_session", id=number, token_hash=f"hash {number}", user_id=number)
    for number in (1, 2):
        add(connection, tables, "feed", id=number, workspace_id=number, kind="address", address=f"http://{number}")
    for number, (name, feed) in enumerate(FRAMES, 1):
        add(connection, tables, "frame", id=number, workspace_id=feed, feed_id=feed, name=name, secret=f"s{number}")
    for number in range(1, 13):
        feed, retired = 1 + number % 2, NOW if number > 10 else None
        key = f"key {number}"
        add(connection, tables, "product", id=number, feed_id=feed, product_key=key, product_id=key, retired_at=retired)
    for number in (1, 2):
        add(connection, tables, "run", id=number, workspace_id=1, frame_id=number, kind="full", state="done", total=6)
        add(connection, tables, "product_override", id=number, frame_id=number, product_ref=number)
        add(connection, tables, "generation", id=number, frame_id=number, run_id=number, state="done", active=True)
        for index, state in enumerate(STATES, 1):
            size = index * 300_000_000 if state == "done" else 0
            output = {"id": (number - 1) * 6 + index, "frame_id": number, "run_id": number, "size_bytes": size}
            add(connection, tables, "output", product_ref=index * 2, slot="main", state=state, **output)


def kept(connection: sa.Connection, columns: dict[str, list[str]]) -> dict[str, list[Any]]:
    """All rows of the old tables, as far as the old columns go."""
    tables = reflected(connection)
    return {
        name: [
            tuple(row)
            for row in connection.execute(
                sa.select(*(tables.tables[name].c[column] for column in columns[name])).order_by(sa.text("1, 2"))
            )
        ]
        for name in OLD_TABLES
    }


def counts_are_right(connection: sa.Connection) -> None:
    """What the newer revisions derive of the old rows."""
    usage = connection.exec_driver_sql(
        "SELECT frame_id, workspace_id, pending, done, failed, cancelled, storage_bytes FROM frame_usage ORDER BY 1"
    ).all()
    full = (1, 3, 1, 1, (2 + 3 + 6) * 300_000_000)
    none = (0, 0, 0, 0, 0)
    assert [tuple(row) for row in usage] == [(1, 1, *full), (2, 1, *full), (3, 2, *none), (4, 2, *none)]
    assert connection.exec_driver_sql("SELECT products FROM feed ORDER BY id").scalars().all() == [5, 5]
    keys = connection.exec_driver_sql("SELECT name_key FROM frame ORDER BY id").scalars().all()
    assert keys == ["äpfel im angebot", "strasse", "wide", "empty"]
    looks = connection.exec_driver_sql("SELECT username_look FROM account ORDER BY id").scalars().all()
    assert looks == [username_look(name) for name in NAMES]
    assert len(set(looks)) == 2
    sessions = connection.exec_driver_sql("SELECT count(*) FROM user_session WHERE last_used_at = created_at").scalar()
    assert sessions == len(NAMES)


def counting_goes_on(connection: sa.Connection) -> None:
    """The triggers hold after each way here."""
    connection.exec_driver_sql(
        "UPDATE output SET state = 'done', size_bytes = 7 WHERE frame_id = 1 AND state = 'failed'"
    )
    counted = "SELECT done, failed, storage_bytes FROM frame_usage WHERE frame_id = 1"
    assert tuple(connection.exec_driver_sql(counted).one()) == (4, 0, (2 + 3 + 6) * 300_000_000 + 7)
    connection.exec_driver_sql("UPDATE output SET state = 'failed', size_bytes = 0 WHERE size_bytes = 7")


def test_old_rows_live_through_all_migrations(database_url: str) -> None:
    config = alembic_config(database_url)
    command.downgrade(config, OLD)
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        fill(connection)
        columns = {table: [c["name"] for c in sa.inspect(connection).get_columns(table)] for table in OLD_TABLES}
        before = kept(connection, columns)
    for revision in ("head", OLD, "head"):
        (command.downgrade if revision == OLD else command.upgrade)(config, revision)
        with engine.begin() as connection:
            assert kept(connection, columns) == before
            if revision == "head":
                counts_are_right(connection)
                counting_goes_on(connection)
    command.check(config)
    engine.dispose()
