"""Rows of every revision that a database may be at live through the migrations: up, down to where they came from, and
up again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from alembic import command
from frameapp.db.migrate import alembic_config
from frameapp.services.names import username_look

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
NAMES = ("Paul", "PauI", "Überholspur", "p\u0430ul")
FRAMES = (("ÄPFEL im Angebot", 1), ("Straße", 1), ("\uff37ide", 2), ("empty", 2))
KEYS = ["äpfel im angebot", "strasse", "wide", "empty"]
STATES = ("pending", "done", "done", "failed", "cancelled", "done")
REVISIONS = [script.revision for script in ScriptDirectory.from_config(alembic_config("")).walk_revisions()][::-1]
# What revision 0010 takes away. A downgrade restores some of it from other columns and cannot know the rest.
GONE = {
    "workspace": {"created_at", "name"},
    "user_session": {"created_at"},
    "one_time_link": {"created_at"},
    "feed": {"created_at", "etag", "last_modified"},
    "generation": {"created_at"},
}
RESTORED = {("workspace", "name"), ("user_session", "created_at")}
# What newer revisions compute from older columns; any other new column is empty or zero.
DERIVED = {
    ("account", "username_look"),
    ("user_session", "last_used_at"),
    ("feed", "products"),
    ("frame", "name_key"),
}
Rows = dict[str, list[dict[str, Any]]]


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    """A connection that leaves nothing open: a migration waits for other connections' locks."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def reflected(connection: sa.Connection) -> list[sa.Table]:
    """The tables as the database has them, each after those that it refers to."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def add(connection: sa.Connection, table: sa.Table, number: int, **values: Any) -> None:
    """The row of that number; each column that is not given has a value of its own."""
    row = {c.name: values.get(c.name, _value(c, number)) for c in table.columns if c.computed is None}
    connection.execute(table.insert().values(**row))


def _value(column: sa.Column[Any], number: int) -> Any:
    if column.nullable and number % 2:
        return None
    if isinstance(column.type, sa.DateTime):
        return NOW + timedelta(hours=number)
    if isinstance(column.type, sa.Boolean):
        return number % 2 == 0
    if isinstance(column.type, sa.Integer | sa.Float):
        return number
    text = f"{column.name} {number}"
    return {column.name: [text]} if isinstance(column.type, sa.JSON) else text


def fill(connection: sa.Connection) -> None:
    """Rows in every table; unless given, a row refers to the rows of its own number."""
    given = {
        "workspace": _accounts,
        "account": _accounts,
        "membership": _accounts,
        "user_session": _accounts,
        "frame": _frames,
        "product": _products,
        "output": _outputs,
    }
    for table in reflected(connection):
        if table.name == "frame_usage":  # the database's triggers write it
            continue
        for number, values in enumerate(given.get(table.name, _two_rows)(), 1):
            add(connection, table, number, **values)
    assert all(rows for rows in kept(connection, columns_of(connection)).values())


def _two_rows() -> Iterator[dict[str, Any]]:
    """Two rows: a finished run and a published feed for each of the first two frames, and so on."""
    for _ in range(2):
        yield {"state": "done", "active": True, "products": 5}


def _accounts() -> Iterator[dict[str, Any]]:
    for name in NAMES:
        look = {"username": name, "username_key": name.casefold(), "username_look": username_look(name)}
        yield {"name": name, "created_at": NOW, "last_used_at": NOW, **look}


def _frames() -> Iterator[dict[str, Any]]:
    for (name, feed), key in zip(FRAMES, KEYS, strict=True):
        yield {"workspace_id": feed, "feed_id": feed, "name": name, "name_key": key}


def _products() -> Iterator[dict[str, Any]]:
    for number in range(1, 13):
        yield {"feed_id": 1 + number % 2, "retired_at": NOW if number > 10 else None}


def _outputs() -> Iterator[dict[str, Any]]:
    for number in (1, 2):
        for index, state in enumerate(STATES, 1):
            size = index * 300_000_000 if state == "done" else 0
            where = {"frame_id": number, "run_id": number, "product_ref": index * 2}
            yield {**where, "state": state, "size_bytes": size}


def columns_of(connection: sa.Connection) -> dict[str, list[str]]:
    return {table.name: [column.name for column in table.columns] for table in reflected(connection)}


def kept(connection: sa.Connection, columns: dict[str, list[str]]) -> Rows:
    """All rows of these tables, as far as tables and columns are there."""
    found = {}
    for table in reflected(connection):
        wanted = [table.c[name] for name in columns.get(table.name, ()) if name in table.c]
        rows = connection.execute(sa.select(*wanted).order_by(*table.primary_key)) if wanted else ()
        found[table.name] = [dict(row._mapping) for row in rows]
    return {name: found[name] for name in columns if name in found}


def as_migrated(before: Rows, revision: str, *, again: bool = False) -> Rows:
    """What the migrations since that revision keep of its rows; ``again`` is after a downgrade to it."""
    rows = dict(before)
    if revision < "0003":  # nothing had written generations before
        rows["generation"] = []
    if revision >= "0010":
        return rows
    gone = {(table, column) for table, columns in GONE.items() for column in columns} - (RESTORED if again else set())
    return {
        table: [{name: value for name, value in row.items() if (table, name) not in gone} for row in found]
        for table, found in rows.items()
    }


def new_columns_are_right(connection: sa.Connection, columns: dict[str, list[str]]) -> None:
    """What the rows say in columns that their revision did not have."""
    for table in reflected(connection):
        old = columns.get(table.name, [])
        new = [c for c in table.columns if old and c.name not in old and (table.name, c.name) not in DERIVED]
        for row in connection.execute(sa.select(*new)) if new else ():
            assert not any(row), (table.name, row)
    looks = connection.exec_driver_sql("SELECT username_look FROM account ORDER BY id").scalars().all()
    assert looks == [username_look(name) for name in NAMES]
    assert len(set(looks)) == 2
    assert connection.exec_driver_sql("SELECT name_key FROM frame ORDER BY id").scalars().all() == KEYS
    assert connection.exec_driver_sql("SELECT products FROM feed ORDER BY id").scalars().all() == [5, 5]
    sessions = next(table for table in reflected(connection) if table.name == "user_session")
    used = connection.execute(sa.select(sessions.c.last_used_at)).scalars().all()
    assert [moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment for moment in used] == [NOW] * len(NAMES)


def counting_goes_on(connection: sa.Connection) -> None:
    """Outputs are counted, and their triggers are there after each way here."""
    usage = connection.exec_driver_sql(
        "SELECT frame_id, workspace_id, pending, done, failed, cancelled, storage_bytes FROM frame_usage ORDER BY 1"
    ).all()
    full, none = (1, 3, 1, 1, (2 + 3 + 6) * 300_000_000), (0, 0, 0, 0, 0)
    assert [tuple(row) for row in usage] == [(1, 1, *full), (2, 1, *full), (3, 2, *none), (4, 2, *none)]
    connection.exec_driver_sql(
        "UPDATE output SET state = 'done', size_bytes = 7 WHERE frame_id = 1 AND state = 'failed'"
    )
    counted = "SELECT done, failed, storage_bytes FROM frame_usage WHERE frame_id = 1"
    assert tuple(connection.exec_driver_sql(counted).one()) == (4, 0, (2 + 3 + 6) * 300_000_000 + 7)
    connection.exec_driver_sql("UPDATE output SET state = 'failed', size_bytes = 0 WHERE size_bytes = 7")


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_rows_of_a_revision_live_through_all_newer_ones(database_url: str, revision: str) -> None:
    config = alembic_config(database_url)
    command.downgrade(config, "base")
    command.upgrade(config, revision)
    with connected(database_url) as connection:
        fill(connection)
        columns = columns_of(connection)
        before = kept(connection, columns)
    for step in ("head", revision, "head"):
        (command.downgrade if step == revision else command.upgrade)(config, step)
        with connected(database_url) as connection:
            if step == revision:
                again = as_migrated(before, revision, again=True)
                assert as_migrated(kept(connection, columns), revision, again=True) == again
            else:
                assert kept(connection, columns) == as_migrated(before, revision)
                new_columns_are_right(connection, columns)
                counting_goes_on(connection)
    command.check(config)


def test_rows_of_the_newest_revision_go_down_to_none_and_come_up_to_an_empty_head(database_url: str) -> None:
    config = alembic_config(database_url)
    with connected(database_url) as connection:
        fill(connection)
        columns = columns_of(connection)
        before = kept(connection, columns)
    for revision in REVISIONS[-2::-1]:
        command.downgrade(config, revision)
        with connected(database_url) as connection:
            there = columns_of(connection)
            expected = {
                table: [{name: value for name, value in row.items() if name in there[table]} for row in rows]
                for table, rows in before.items()
                if table in there
            }
            assert kept(connection, columns) == as_migrated(expected, revision)
    command.downgrade(config, "base")
    with connected(database_url) as connection:
        assert reflected(connection) == []
    command.upgrade(config, "head")
    command.check(config)
