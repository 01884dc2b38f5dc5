"""The deletion of an account, cut by the death of the worker process that does it."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col

from frameapp.models import AccountDeletion, Frame, User
from frameapp.services import accounts, users
from frameapp.services.application import Application
from tests.jobs.workers import SECONDS, Worker, redis_at, wait_until
from tests.outputs import add_frame, add_outputs

FRAMES = 120


def left(app: Application, table: type) -> int:
    with app.database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.mark.usefixtures("scheduling")
def test_another_worker_finishes_it(working: Application, valkey: Path) -> None:
    admin = accounts.register(working, "root", "correct horse battery")
    anna = accounts.register(working, "anna", "correct horse battery")
    for number in range(FRAMES):
        add_outputs(working, add_frame(working, anna, f"Frame {number}"), ["first", "second"])
    with redis_at(valkey):
        users.delete(working, admin, anna.user_id)
        with Worker(working) as worker:
            wait_until(lambda: left(working, Frame) < FRAMES, SECONDS, "the deletion does not begin")
            worker.kill_worker_process()
        assert 0 < left(working, Frame) < FRAMES
        with working.database.write() as session:  # as 45 seconds would
            session.execute(sa.update(AccountDeletion).values(lease_until=None))
        with Worker(working):
            wait_until(lambda: left(working, User) == 1, SECONDS, "the deletion does not go on")
    assert left(working, Frame) == 0
    with working.database.read() as session:
        assert session.scalars(sa.select(col(User.username))).all() == ["root"]
