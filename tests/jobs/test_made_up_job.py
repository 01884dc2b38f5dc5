"""A kind of job is a line in ``JOBS``: a made-up one has its actor, its queue and its sweep without another line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from frameapp.services import jobs, sweeping
from frameapp.services.application import Application
from tests.jobs.workers import SECONDS, Worker, redis_at, wait_until
from tests.parcels import Base, Parcel, Post

PARCELS = 20
ACTORS = "tests.jobs.made_up_actors"


@pytest.fixture
def _parcels(working: Application, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    Base.metadata.create_all(working.database.engine)
    with working.database.write() as session:
        session.add_all(Parcel() for _ in range(PARCELS))
    monkeypatch.setattr(sweeping, "JOBS", [*jobs.JOBS, Post().job])
    yield
    Base.metadata.drop_all(working.database.engine)


def sent(app: Application) -> list[tuple[str, int]]:
    with app.database.read() as session:
        return [(row.state, row.sent) for row in session.scalars(sa.select(Parcel))]


@pytest.mark.usefixtures("_parcels", "scheduling")
def test_workers_do_each_one_once(working: Application, valkey: Path) -> None:
    with redis_at(valkey), Worker(working, ACTORS), Worker(working, ACTORS):
        wait_until(lambda: all(state == "done" for state, _ in sent(working)), SECONDS, "parcels are left")
    assert sent(working) == [("done", 1)] * PARCELS
