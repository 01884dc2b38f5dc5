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
# What revision 0010 took away: a downgrade restores some of it from other columns and cannot know the rest.
FORGOTTEN = {"workspace": {"created_at"}, "feed": {"created_at"}, "generation": {"created_at"}}
RESTORED = {"workspace": {"name"}, "user_session": {"created_at"}, "feed": {"etag", "last_modified"}}


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


def kept(connection: sa.Connection, columns: dict[str, list[str]]) -> dict[str, list[dict[str, Any]]]:
    """All rows of the old tables, as far as the old columns go and are there."""
    tables = reflected(connection).tables
    found = {}
    for name in OLD_TABLES:
        wanted = [tables[name].c[column] for column in columns[name] if column in tables[name].c]
        found[name] = [
            dict(row._mapping) for row in connection.execute(sa.select(*wanted).order_by(*tables[name].primary_key))
        ]
    return found


def without(rows: dict[str, list[dict[str, Any]]], *gone: dict[str, set[str]]) -> dict[str, list[dict[str, Any]]]:
    """The rows without the columns that are gone, by their tables."""
    left_out = {name: set().union(*(columns.get(name, set()) for columns in gone)) for name in rows}
    return {
        name: [{column: value for column, value in row.items() if column not in left_out[name]} for row in found]
        for name, found in rows.items()
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
    used = connection.execute(sa.select(reflected(connection).tables["user_session"].c.last_used_at)).scalars().all()
    assert [moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment for moment in used] == [NOW] * len(NAMES)


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
            if revision == OLD:
                assert without(kept(connection, columns), FORGOTTEN) == without(before, FORGOTTEN)
            else:
                assert kept(connection, columns) == without(before, FORGOTTEN, RESTORED)
                counts_are_right(connection)
                counting_goes_on(connection)
    command.check(config)
    engine.dispose()
