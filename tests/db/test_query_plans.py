"""What is done for every few hundred products of a frame goes past these alone, however many the frame has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from frameapp.db import generations, planning
from frameapp.db import outputs as table
from frameapp.db.outputs import Selection
from frameapp.services import runs
from frameapp.services.application import Application
from tests.db.test_work import LEASE, claim, record, started
from tests.runs import entries, make_project, outputs_of

# Past all of a frame's, a run's or a feed's rows, or all rows that there are.
TOO_MANY = re.compile(
    r"SCAN (output|product)\b|SEARCH (output|product)\b.*\((frame_id|run_id|feed_id)=\?( AND state=\?)?\)$"
)


@contextmanager
def watched(app: Application) -> Iterator[list[str]]:
    """The statements that go past too many rows, with what SQLite says it does."""
    found: list[str] = []

    def explain(
        connection: sa.Connection, _cursor: Any, statement: str, values: Any, _context: Any, many: bool
    ) -> None:
        if statement.split()[0] not in ("SELECT", "UPDATE", "DELETE"):
            return
        asked = connection.connection.cursor()
        asked.execute(f"EXPLAIN QUERY PLAN {statement}", values[0] if many else values)
        steps = [step for *_, step in asked.fetchall()]
        in_order = "LIMIT" in statement and not any("TEMP B-TREE" in step for step in steps)
        if not in_order and any(map(TOO_MANY.match, steps)):
            found.append(f"{statement} -> {steps}")

    sa.event.listen(app.database.engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        sa.event.remove(app.database.engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_slices_and_batches_are_found_by_their_keys(app: Application) -> None:
    project = make_project(app)
    started(app, project, 40)
    while batch := claim(app):
        record(app, batch)
    keys = [entry.key for entry in entries(40)]
    ids = [output.id for output in outputs_of(app, project.frame_id)]
    run_id = runs.start(app, project.viewer, project.frame_id)
    with watched(app) as found:
        with app.database.write() as session:
            plan = planning.take_plan(session, run_id, LEASE)
            assert plan
            planning.plan_slice(session, plan, entries(20), lease=LEASE)
            planning.plan_slice(session, plan, entries(20, start=20), lease=LEASE)
            planning.complete_plan(session, plan, lease=LEASE)
        batch = claim(app)
        assert batch
        record(app, batch)
        with app.database.read() as session:
            assert len(generations.pictures(session, project.frame_id, project.feed_id, keys)) == len(batch.claims)
            assert len(table.with_ids(session, project.frame_id, ids)) == 40
        assert sum(map(len, table.parts(app.database, Selection(project.frame_id), 7))) == 40
        with app.database.write() as session:
            runs.forget_outputs(session, project.frame_id, ids[:5])
    assert not found
    with watched(app) as found:
        assert len(outputs_of(app, project.frame_id)) == 35
    assert len(found) == 1, "it sees what it is to see"
