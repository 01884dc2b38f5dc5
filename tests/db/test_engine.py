"""Transactions on SQLite: one writer after the other, in the order in which they asked."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from frameapp.db.engine import Database
from tests.jobs.workers import wait_until
from tests.locks import waiting

WRITERS = 8


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path}/turns.db")
    with made.write() as session:
        session.execute(sa.text("create table turn (number integer)"))
    return made


def write(database: Database, number: int) -> None:
    with database.write() as session:
        session.execute(sa.text("insert into turn values (:number)"), {"number": number})


def test_writers_take_turns_in_the_order_of_asking(database: Database) -> None:
    lock = Path(f"{database.engine.url.database}.lock")
    with ThreadPoolExecutor(WRITERS) as threads:
        with database.write():
            asked = []
            for number in range(WRITERS):
                asked.append(threads.submit(write, database, number))
                wait_until(lambda: waiting(lock) == len(asked), 10, "a writer does not wait for its turn")
        for one in asked:
            one.result()
    with database.read() as session:
        assert list(session.scalars(sa.text("select number from turn order by rowid"))) == list(range(WRITERS))
    database.dispose()


def test_a_writer_that_is_killed_gives_its_turn_back(database: Database) -> None:
    script = (
        "import sys; from frameapp.db.engine import Database\n"
        "with Database(sys.argv[1]).write(): print('writes', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, database.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "writes\n"
        lock = Path(f"{database.engine.url.database}.lock")
        with ThreadPoolExecutor(1) as thread:
            asked = thread.submit(write, database, 1)
            wait_until(lambda: waiting(lock) == 1, 10, "the writer does not wait for its turn")
            other.kill()
            asked.result(timeout=120)
    database.dispose()
