"""Heartbeats: who is alive, who ended, and who is gone without a word."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from frameapp.db import processes
from frameapp.models import Process, utc_now
from frameapp.services import heartbeats
from frameapp.services.application import Application
from frameapp.services.heartbeats import Heartbeat
from frameapp.services.worker_context import WorkerContext
from tests.jobs.workers import SECONDS, wait_until


def doings(app: Application) -> list[tuple[str, str]]:
    with app.database.read() as session:
        return [(row.kind, row.doing) for row in processes.alive(session)]


def test_a_process_is_there_with_what_it_does_until_it_ends(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeats, "BEAT_SECONDS", 0.05)
    words = ["run 12: 32 pictures"]
    with Heartbeat(app, "worker", lambda: words[0]):
        wait_until(lambda: doings(app) == [("worker", "run 12: 32 pictures")], 30, "no heartbeat")
        words[0] = "idle"
        wait_until(lambda: doings(app) == [("worker", "idle")], 30, "no second heartbeat")
    wait_until(lambda: doings(app) == [], 30, "the row outlives its process")


def test_a_process_that_died_is_gone_after_a_minute_and_swept(app: Application) -> None:
    def beat(name: str) -> None:
        with app.database.write() as session:
            processes.beat(session, name, kind="worker", host="there", pid=7, doing=name)

    beat("dead")
    with app.database.write() as session:
        session.execute(sa.update(Process).values(seen_at=utc_now() - processes.GONE - timedelta(seconds=1)))
    assert doings(app) == []
    beat("alive")
    with app.database.read() as session:
        assert list(session.scalars(sa.select(Process.id))) == ["alive"]


def test_a_fault_of_the_database_ends_nothing(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeats, "BEAT_SECONDS", 0.05)
    beat, failed = processes.beat, threading.Event()

    def away(*_: object, **__: object) -> None:
        failed.set()
        raise OperationalError("INSERT", {}, Exception("the database is away"))

    monkeypatch.setattr(processes, "beat", away)
    with Heartbeat(app, "scheduler", lambda: "leading"):
        assert failed.wait(SECONDS)
        monkeypatch.setattr(processes, "beat", beat)
        wait_until(lambda: doings(app) == [("scheduler", "leading")], SECONDS, "it beats no more")


async def test_a_worker_says_all_that_it_does(worker: WorkerContext) -> None:
    assert worker.activity() == "idle"
    with worker.doing("run 12: 32 pictures"), worker.doing("planning run 7"):
        assert worker.activity() == "run 12: 32 pictures, planning run 7"
    assert worker.activity() == "idle"
