"""The administration's lists with very many users and outputs: none goes past all outputs or runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from frameapp.db.paging import Asked
from frameapp.services import limits
from frameapp.services.admin import frames, overview, runs, users
from frameapp.services.application import Application
from frameapp.services.viewer import Viewer
from frameapp.settings import Settings
from tests.crowd import FRAMES, RUNS, add_crowd

BOSS = Viewer(1, "user1", True, 1, (1,))
USERS, OUTPUTS = 400, 20_000
# All rows of the large tables; what has a row per frame or user may be gone past.
SCANS = re.compile(r"SCAN (output|run|product|feed)\b(?! USING COVERING INDEX)|Seq Scan on (output|run|product)\b")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def crowd(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """An application with the crowd in it, for all tests here."""
    folder = tmp_path_factory.mktemp("crowd")
    if request.param == "sqlite":
        (folder / "frameapp.db").write_bytes(request.getfixturevalue("sqlite_template"))
        yield from _filled(Settings(data_dir=folder, secret="s" * 40, _env_file=None))  # type: ignore[call-arg]
        return
    with request.getfixturevalue("postgres_server").database() as url:
        yield from _filled(Settings(data_dir=folder, database_url=url, secret="s" * 40, _env_file=None))  # type: ignore[call-arg]


def _filled(settings: Settings) -> Iterator[Application]:
    app = Application.from_settings(settings)
    add_crowd(app.database, users=USERS, outputs=OUTPUTS)
    yield app
    app.database.dispose()


@contextmanager
def plans(app: Application) -> Iterator[list[str]]:
    """The statements that are executed, each with how the database goes about it."""
    found: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        if not statement.startswith("SELECT"):
            return
        asked = connection.connection.cursor()
        lite = app.database.is_sqlite
        if not lite:  # so few rows may well be scanned: the question is whether they must be
            asked.execute("SET LOCAL enable_seqscan = off")
        asked.execute(f"EXPLAIN {'QUERY PLAN ' if lite else ''}{statement}", values)
        steps = " | ".join(str(row[-1]) for row in asked.fetchall())
        in_order = lite and "LIMIT" in statement and "TEMP B-TREE" not in steps  # it ends with the page
        found.append(f"{statement} -> {'' if in_order else steps}")

    sa.event.listen(app.database.engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        sa.event.remove(app.database.engine, "before_cursor_execute", explain)


def every_page() -> dict[str, Callable[[Application], Any]]:
    """Each list in each order, its first page and the one after."""

    def both(read: Callable[..., Any], **wanted: Any) -> Callable[[Application], Any]:
        return lambda app: read(app, BOSS, Asked(**wanted, after=read(app, BOSS, Asked(**wanted)).next_key))

    asked = {f"users by {sort}": both(users.page, sort=sort) for sort in users.UserSort}
    asked |= {f"users {chosen}": both(users.page, chosen=chosen) for chosen in users.UserFilter}
    asked |= {f"frames by {sort}": both(frames.page, sort=sort) for sort in frames.FrameSort}
    asked |= {f"frames {chosen}": both(frames.page, chosen=chosen) for chosen in frames.FrameFilter}
    asked |= {"runs": both(runs.page), "runs of one": both(runs.page, owner_id=7)}
    asked |= {f"runs {chosen}": both(runs.page, chosen=chosen) for chosen in runs.RunFilter}
    asked |= {"figures": lambda app: overview.figures(app, BOSS), "pulse": lambda app: overview.pulse(app, BOSS)}
    return asked | {"standings": lambda app: limits.standings(app, BOSS)}


@pytest.mark.parametrize("name", every_page())
def test_no_list_goes_past_all_outputs_or_runs(crowd: Application, name: str) -> None:
    read = every_page()[name]
    with plans(crowd) as found:
        read(crowd)
    assert found
    assert [plan for plan in found if SCANS.search(plan)] == []


def test_the_crowd_is_counted(crowd: Application) -> None:
    found = overview.figures(crowd, BOSS)
    assert (found.users, found.usage.frames, found.usage.outputs) == (USERS, USERS * FRAMES, OUTPUTS)
    with crowd.database.read() as session:
        total, size = session.execute(sa.text("SELECT count(*), sum(size_bytes) FROM output")).one()
        assert session.execute(sa.text("SELECT count(*) FROM run")).scalar_one() == USERS * FRAMES * RUNS
    assert (found.usage.outputs, found.usage.storage_bytes) == (total, size)


@pytest.mark.parametrize("search", ["user77", "frame 9", "nothing like it", "%", "\\"])
def test_a_search_finds_what_contains_it(crowd: Application, search: str) -> None:
    for row in users.page(crowd, BOSS, Asked(search=search)).rows:
        assert search in row.username.lower() or search in row.email
    for frame in frames.page(crowd, BOSS, Asked(search=search)).rows:
        assert search in frame.name.lower() or search in frame.owner
    for run in runs.page(crowd, BOSS, Asked(search=search)).rows:
        assert search in run.frame.lower() or search in run.owner
