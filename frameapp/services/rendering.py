"""One batch of a run: claim, fetch together, render, store, and record what is still ours."""

import asyncio
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from frameapp.adapters.doorbell import RENDER
from frameapp.adapters.fetch import FetchedPicture
from frameapp.adapters.render_process import picture_of
from frameapp.core.design.content import MAIN_PICTURE, Content
from frameapp.core.design.recipe import Recipe
from frameapp.core.design.stored import StoredDesign
from frameapp.core.design.upgrades import MAIN
from frameapp.core.keys import digest_of, input_digest, picture_key, source_key
from frameapp.db import results, work
from frameapp.db.clock import clock
from frameapp.db.results import Picture, Result, Source
from frameapp.db.work import Batch, Claim
from frameapp.errors import FetchError, PictureError, TookTooLong
from frameapp.models import Run, RunState
from frameapp.services import limits, runs, sources
from frameapp.services.faults import FAULTS, waiting_for
from frameapp.services.meter import Meter
from frameapp.services.worker_context import WorkerContext

log = logging.getLogger(__name__)

LAST_SECONDS = 0.6  # for pictures in work when the worker ends: Dramatiq waits a second for all that is done then
CUT_SECONDS = 2 * work.BATCH_SECONDS  # of rendering: what goes beyond, by what pictures now seem to take, is given back
CHARGED_SECONDS = 0.1  # of waiting for hosts: less is charged with what follows
GIVEN_UP = "This picture stopped its worker three times, so it was not tried again. Replace the picture in the feed."


async def work_on(worker: WorkerContext, run_id: int) -> bool:
    """Render a batch of the least served run, and ring for ``run_id`` if it has work left; whether there was one."""
    batch = await asyncio.to_thread(_claim, worker)
    if batch is None and worker.long:
        return False  # the batch in work rings when it is done
    if batch is not None:
        doing = f"run {batch.run_id}: {len(batch.claims)} pictures"
        with worker.doing(doing), worker.pulse.beating(), _counted(worker, batch):
            await BatchRenderer(worker, batch).work()
    if await asyncio.to_thread(_work_left, worker, run_id):
        await asyncio.to_thread(worker.app.doorbell.ring, RENDER, run_id, wanted=1)
    return batch is not None


def _claim(worker: WorkerContext) -> Batch | None:
    with worker.app.database.write() as session:
        return work.claim(
            session,
            size=worker.limits.batch,
            least=worker.limits.least,
            lease=worker.limits.lease,
            long=not worker.long,
        )


@contextmanager
def _counted(worker: WorkerContext, batch: Batch) -> Iterator[None]:
    """While the block runs, the worker knows of a batch whose pictures take long."""
    long = batch.each >= work.LONG_SECONDS
    worker.long += long
    try:
        yield
    finally:
        worker.long -= long


def _work_left(worker: WorkerContext, run_id: int) -> bool:
    with worker.app.database.read() as session:
        return work.has_claimable(session, run_id, clock(session))


Task = asyncio.Task[Result | None]


class BatchRenderer:
    """A batch in work. Results are recorded every moment, so that progress moves and a death costs little."""

    def __init__(self, worker: WorkerContext, batch: Batch) -> None:
        self.worker = worker
        self.batch = batch
        self.recipe = Recipe.from_json(batch.recipe)
        self.recipe_digest = self.recipe.digest()
        self.design = StoredDesign.of_recipe(self.recipe, batch.image_digest)
        self.fetching = asyncio.Semaphore(worker.limits.fetches)
        self.rendering: set[int] = set()  # outputs that a thread has begun: they end, or their lease does
        self.faulted: list[Claim] = []  # what a fault of the machine stopped
        self.late: list[Claim] = []  # what was not done in its time
        self.stopped: list[Claim] = []  # the same, where this process stood still meanwhile
        self.closed = False  # no thread begins another one
        self.lock = threading.Lock()  # of ``rendering`` and ``closed``
        self.meter = Meter()
        self.spent = 0.0  # seconds of the renderer in the results so far
        self.pace = 0.0  # seconds of the renderer that a picture of the run takes

    async def work(self) -> None:
        """Work until all is recorded or the deadline has come.

        What was not begun by then, or when the worker ends, is given back, and after a pause what a fault of the
        machine stopped. A batch whose pictures take longer than was thought begins no more of them.
        """
        deadline = time.monotonic() + self.worker.limits.deadline
        tasks = {asyncio.create_task(self._result_of(claim)): claim for claim in self.batch.claims}
        waiting = set(tasks)
        try:
            while waiting and time.monotonic() < deadline:
                done, waiting = await asyncio.wait(waiting, timeout=self.worker.limits.flush)
                found = [result for task in done if (result := task.result())]
                if found and not await self._record(found):
                    return
                if self.spent + len(waiting) * self.pace > CUT_SECONDS and self.spent and not self.closed:
                    waiting = await self._cut(tasks, waiting)
            if self.faulted:
                await asyncio.sleep(self.worker.limits.pause)
        finally:
            begun = self._close()
            last = {task for task in waiting if tasks[task].output_id in begun}
            for task in waiting - last:
                task.cancel()
            left = [tasks[task] for task in waiting - last] + self.faulted
            if left or last or self.late or self.stopped:
                await asyncio.shield(self._leave(left, last))

    async def _cut(self, tasks: dict[Task, Claim], waiting: set[Task]) -> set[Task]:
        """Give back what was not begun, so that it is somebody else's turn; what is left to wait for."""
        begun = self._close()
        rest = {task for task in waiting if tasks[task].output_id not in begun}
        for task in rest:
            task.cancel()
        await asyncio.to_thread(self._release, [tasks[task] for task in rest])
        return waiting - rest

    async def _leave(self, left: list[Claim], last: set[Task]) -> None:
        """Give back what was not begun, record what threads are about to end; the rest keeps its lease."""
        await asyncio.to_thread(self._release, left)
        if last:
            done, late = await asyncio.wait(last, timeout=LAST_SECONDS)
            for task in late:
                task.cancel()
            if found := [result for task in done if (result := task.result())]:
                await self._record(found)

    def _close(self) -> set[int]:
        """Let no thread begin another output; those that were begun."""
        with self.lock:
            self.closed = True
            return set(self.rendering)

    def _begin(self, output_id: int) -> bool:
        with self.lock:
            if not self.closed:
                self.rendering.add(output_id)
            return not self.closed

    async def _record(self, found: list[Result]) -> bool:
        """Write the results; whether the run still wants more of them."""
        self.spent += sum(result.seconds for result in found)
        run = await asyncio.to_thread(self._write, found)
        if run is None:
            return False
        self.pace = run.picture_seconds
        self.worker.publisher.offer(runs.progress_of(run))
        return True

    def _write(self, found: list[Result]) -> Run | None:
        with self.worker.app.database.write() as session:
            run = results.record(session, self.batch, found, idle=self.meter.taken(at_least=CHARGED_SECONDS))
            grown = run is not None and any(result.picture for result in found)
            reached = limits.storage_reached(session, run.workspace_id) if run and grown else ""
        if run is not None and reached and runs.stop(self.worker.app, run.id, RunState.FAILED, reached):
            return None
        return run

    def _note_waiting(self, fault: Exception) -> None:
        """Have the run say what it waits for; where the database fails, it cannot."""
        try:
            with self.worker.app.database.write() as session:
                run = work.note_waiting(session, self.batch.run_id, waiting_for(fault))
        except SQLAlchemyError as error:
            log.warning("Run %d cannot say that it waits: %s", self.batch.run_id, error)
            return
        if run is not None:
            runs.publish_progress(self.worker.app, runs.progress_of(run))

    def _release(self, claims: list[Claim]) -> None:
        late, self.late, stopped, self.stopped = self.late, [], self.stopped, []
        with self.worker.app.database.write() as session:
            work.release(session, self.batch, claims)
            work.set_apart(session, self.batch, late, counted=True)
            work.set_apart(session, self.batch, stopped, counted=False)
            work.charge(session, self.batch, self.meter.taken(), len(claims) + len(late) + len(stopped))

    async def _result_of(self, claim: Claim) -> Result | None:
        """What becomes of the claim; an expected failure is a result. None where it is left to its lease."""
        if claim.exhausted:
            return Result(claim, reason=GIVEN_UP)
        began = time.monotonic()
        try:
            async with self.fetching:
                began = time.monotonic()
                return await self._picture_of(claim)
        except (FetchError, PictureError) as error:
            stopped = self.worker.pulse.excuses(error, began)
            if not stopped and (claim.last or not isinstance(error, TookTooLong)):
                return Result(claim, reason=str(error))
            log.warning("Output %d is tried again alone: %s", claim.output_id, error)
            (self.stopped if stopped else self.late).append(claim)
            return None
        except FAULTS as fault:
            log.error("Output %d waits, since the machine failed: %s", claim.output_id, fault)
            self.faulted.append(claim)
            if len(self.faulted) == 1:
                await asyncio.to_thread(self._note_waiting, fault)
            return None
        except Exception:
            # The boundary of one product: a fault of ours costs only it, and is tried again alone.
            log.exception("Output %d failed unexpectedly.", claim.output_id)
            return None

    async def _picture_of(self, claim: Claim) -> Result | None:
        fetched = await self._fetch(claim, claim.source_etag, claim.source_last_modified)
        data = fetched.data
        if fetched.not_modified:
            if self._is_current(claim, claim.source_digest):
                return Result(claim)
            cached = await asyncio.to_thread(self.worker.app.storage.get, source_key(claim.source_digest))
            if cached is not None:
                return await self._rendered(claim, fetched, cached, stored=True)
            fetched = await self._fetch(claim, "", "")
            data = fetched.data
        return await self._rendered(claim, fetched, data, stored=False)

    async def _fetch(self, claim: Claim, etag: str, last_modified: str) -> FetchedPicture:
        known = bool(claim.source_digest)
        return await sources.fetch(
            self.worker.fetcher,
            self.batch.feed_kind,
            claim.image_link,
            etag=etag if known else "",
            last_modified=last_modified if known else "",
        )

    async def _rendered(self, claim: Claim, fetched: FetchedPicture, data: bytes, *, stored: bool) -> Result | None:
        loop = asyncio.get_running_loop()
        with self.meter.rendering():
            return await loop.run_in_executor(self.worker.rendering, self._render, claim, fetched, data, stored)

    def _render(self, claim: Claim, fetched: FetchedPicture, data: bytes, stored: bool) -> Result | None:
        """Render and store, in a thread, what is not current already. None where the batch is over."""
        if not self._begin(claim.output_id):
            return None
        digest = claim.source_digest if stored else digest_of(data)
        source = Source(claim.product_ref, claim.image_link, fetched.etag, fetched.last_modified, digest)
        if self._is_current(claim, digest):
            known = (claim.source_etag, claim.source_last_modified, claim.source_digest)
            return Result(claim, source=None if known == (source.etag, source.last_modified, digest) else source)
        storage = self.worker.app.storage
        if not stored:
            storage.put(source_key(digest), data)
        seconds: list[float] = []
        try:
            results = self.worker.renderer.render(
                {MAIN_PICTURE: data},
                Content(),
                design=self.design,
                load_asset=self._asset,
                spent=seconds.append,
            )
            rendered = picture_of(results, MAIN)
        except TookTooLong:
            self.meter.lose(sum(seconds))
            raise  # whose fault it was is seen where the whole is waited for
        except PictureError as error:
            return Result(claim, reason=str(error), source=source, seconds=sum(seconds))
        key = picture_key(self.batch.secret, rendered.pixels_digest, self.recipe.encoder)
        storage.put(key, rendered.data)
        facts = rendered.source
        return Result(
            claim,
            picture=Picture(
                key=key,
                input_digest=input_digest(digest, self.recipe_digest, self.batch.image_digest),
                width=rendered.width,
                height=rendered.height,
                size_bytes=len(rendered.data),
                format=rendered.format.name,
            ),
            source=Source(
                claim.product_ref,
                claim.image_link,
                fetched.etag,
                fetched.last_modified,
                digest,
                facts.width,
                facts.height,
                " ".join(facts.traits),
            ),
            seconds=sum(seconds),
        )

    def _is_current(self, claim: Claim, digest: str) -> bool:
        """Whether the picture that is there was made from this source with this recipe and frame image."""
        wanted = input_digest(digest, self.recipe_digest, self.batch.image_digest)
        return bool(digest and claim.key) and claim.input_digest == wanted

    def _asset(self, _: str) -> bytes:
        data = self.worker.app.storage.get(self.batch.image_key)
        if data is None:
            raise PictureError("The frame image is missing. Upload it again.")
        return data
