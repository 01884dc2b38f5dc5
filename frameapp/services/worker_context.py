"""What a worker process works with: one fetcher, one render child, one publisher, for all its messages."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from frameapp.adapters.fetch import Fetcher
from frameapp.adapters.progress import Publisher
from frameapp.adapters.render_process import Renderer
from frameapp.services.application import Application
from frameapp.services.pulse import Pulse
from frameapp.services.slots import Slot, Slots


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes and times, in seconds. A batch's deadline < its lease < the time after which a dead worker's is redone."""

    batch: int = 32
    least: int = 4  # outputs of a batch towards a run's end
    slice: int = 500
    first_slice: int = 64
    deadline: float = 30.0
    lease: float = 45.0
    flush: float = 0.4
    fetches: int = 24  # of one batch, so that a slow host's batch starves no other
    plans: int = 8  # feeds that are parsed at a time
    downloads: int = 16  # feeds that are waited for at a time, beside those
    generations: int = 4
    deletions: int = 2
    share: int = 2  # of each of these, one workspace's
    pause: float = 5.0  # until what a fault of the machine stopped is tried again


class WorkerContext:
    """Belongs to one event loop. ``close`` when the process ends."""

    def __init__(self, app: Application, *, limits: Limits | None = None, renderer: Renderer | None = None) -> None:
        self.app = app
        self.limits = limits or Limits()
        self.fetcher = Fetcher(app.settings)
        self.renderer = renderer or Renderer()
        self.publisher = Publisher(app.redis)
        self.pulse = Pulse()
        # Two threads keep the one render child busy: while one waits for it, the other hashes and stores.
        self.rendering = ThreadPoolExecutor(2, thread_name_prefix="render")
        self.parsing = ThreadPoolExecutor(self.limits.plans, thread_name_prefix="plan")
        self.writing = ThreadPoolExecutor(self.limits.generations, thread_name_prefix="generation")
        self.plan_slots, self.download_slots, self.generation_slots = (
            Slots(total, self.limits.share)
            for total in (self.limits.plans, self.limits.downloads, self.limits.generations)
        )
        self.deleting = ThreadPoolExecutor(self.limits.deletions, thread_name_prefix="deletion")
        self.deletion_slots = Slots(self.limits.deletions, 1)
        self.plans: set[asyncio.Task[None]] = set()  # and generations and deletions
        self.long = 0  # batches in work whose pictures take long to render
        self._doing: dict[object, str] = {}

    async def warm(self) -> None:
        """Start the render child and the fetcher early; a part that cannot start reports it when it is needed."""
        self.rendering.submit(self.renderer.start)
        await self.fetcher.warm()

    def begin(self, slot: Slot | None, work: Callable[[Slot], Coroutine[Any, Any, None]]) -> bool:
        """Begin the work in its slot, on the event loop; False without a slot: the sweep then offers it again."""
        if slot is None:
            return False

        def ended(task: asyncio.Task[None]) -> None:
            self.plans.discard(task)
            slot.give_back()

        task = asyncio.create_task(work(slot))
        self.plans.add(task)
        task.add_done_callback(ended)
        return True

    @contextmanager
    def doing(self, what: str) -> Iterator[None]:
        """Say what is being done while the block runs."""
        key = object()
        self._doing[key] = what
        try:
            yield
        finally:
            del self._doing[key]

    def activity(self) -> str:
        """What the worker does at the moment, for its heartbeat; any thread may ask."""
        return ", ".join(list(self._doing.values())) or "idle"

    async def end_plans(self) -> None:
        """Interrupt the plans in progress; the next planner continues with the next slice."""
        for task in self.plans:
            task.cancel()
        await asyncio.gather(*self.plans, return_exceptions=True)

    async def close(self) -> None:
        """Publish what is left, close the connections, end the child."""
        await self.publisher.flush()
        await self.fetcher.aclose()
        for threads in (self.rendering, self.parsing, self.writing, self.deleting):
            threads.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self.renderer.close)
