"""The actors, one for each kind of job: a message says only "work on row N". What is to be done, the database knows.

``dramatiq frameapp.jobs.actors --processes 1 --threads 2`` runs them: while one batch is fetched, another renders.
Plans hold none of these threads: a slow feed holds up no rendering.
"""

import asyncio
from typing import Any

import dramatiq
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware

from frameapp.adapters.malloc import keep_memory
from frameapp.jobs.broker import broker
from frameapp.services.application import application
from frameapp.services.heartbeats import Heartbeat
from frameapp.services.jobs import JOBS, Job
from frameapp.services.worker_context import WorkerContext

BATCH_MS = 40_000  # deadline 30 s < this < lease 45 s


class WorkerContexts(Middleware):
    """Keeps one context per worker process, on the event loop of its actors."""

    def __init__(self) -> None:
        self._context: WorkerContext | None = None
        self._heartbeat: Heartbeat | None = None

    def context(self) -> WorkerContext:
        """It; made on the event loop on first use."""
        if self._context is None:
            self._context = WorkerContext(application())
        return self._context

    def after_worker_boot(self, broker: dramatiq.Broker, worker: Any) -> None:
        """Make it before there is work."""
        keep_memory()
        thread = get_event_loop_thread()
        if thread is not None:
            thread.run_coroutine(self._open())
        self._heartbeat = Heartbeat(application(), "worker", self._activity)
        self._heartbeat.start()

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: Any) -> None:
        """End the plans, which others resume; batches in work still need the context."""
        thread = get_event_loop_thread()
        if self._context is not None and thread is not None:
            thread.run_coroutine(self._context.end_plans())

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: Any) -> None:
        """Close the context while its event loop still runs (middleware of ours goes before AsyncIO's here)."""
        thread = get_event_loop_thread()
        if self._context is not None and thread is not None:
            thread.run_coroutine(self._context.close())
        if self._heartbeat is not None:
            self._heartbeat.end()

    def _activity(self) -> str:
        return self._context.activity() if self._context else "starting"

    async def _open(self) -> None:
        await self.context().warm()


contexts = WorkerContexts()
broker.add_middleware(contexts)


def _actor_of(job: Job) -> dramatiq.Actor[..., Any]:
    async def work(row_id: int, slot: int) -> None:
        worker = contexts.context()
        await asyncio.to_thread(worker.app.doorbell.heard, job.bell, row_id, slot)
        await job.begin(worker, row_id)

    decorate = dramatiq.actor(actor_name=job.bell.actor, queue_name=job.bell.queue, time_limit=BATCH_MS)
    return decorate(work)


ACTORS = [_actor_of(job) for job in JOBS]
