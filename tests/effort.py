"""What a turn costs the processor, here and in the database: other than its time, a busy machine does not change it."""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil
import sqlalchemy as sa

from frameapp.services.application import Application


def least_effort(app: Application, turn: Callable[[], object]) -> float:
    """Processor seconds of the cheapest of three turns; those of a PostgreSQL's processes are right to a hundredth."""
    seconds = _clock(app)

    def once() -> float:
        start = seconds()
        turn()
        return seconds() - start

    return min(once() for _ in range(3))


def _clock(app: Application) -> Callable[[], float]:
    if app.database.is_sqlite:
        return time.process_time
    with app.database.read() as session:
        server = psutil.Process(session.scalar(sa.text("SELECT pg_backend_pid()"))).parent()
    assert server is not None

    def both() -> float:
        times = [process.cpu_times() for process in (server, *server.children())]
        ended = times[0].children_user + times[0].children_system
        return float(time.process_time() + ended + sum(each.user + each.system for each in times))

    return both
