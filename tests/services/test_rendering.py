"""A run from its start to its end, with a real catalogue host, render child, Redis and database."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlmodel import col

from frameapp.adapters.progress import progress_key, watch
from frameapp.adapters.render_process import Renderer
from frameapp.core import keys
from frameapp.core.design.recipe import Fit, Recipe
from frameapp.core.progress import Progress
from frameapp.errors import FetchTimeout, TookTooLong
from frameapp.models import FeedKind, Frame, Output, OutputState, Product, RunState
from frameapp.services import planning, pulse, rendering, runs
from frameapp.services.application import Application
from frameapp.services.worker_context import Limits, WorkerContext
from tests.jobs.workers import SECONDS, wait_until
from tests.runs import Project, assert_consistent, make_project, outputs_of, run_of
from tests.services.conftest import work_through
from tests.shop import Shop


@pytest.fixture
def project(working: Application, shop: Shop) -> Project:
    return make_project(working, address=shop.address)


class Counting:
    """A renderer that counts what it decodes."""

    def __init__(self, renderer: Renderer) -> None:
        self.renderer = renderer
        self.decoded = 0

    def render(self, *arguments: object, **options: object) -> object:
        self.decoded += 1
        return self.renderer.render(*arguments, **options)  # type: ignore[arg-type]


@pytest.fixture
def counting(worker: WorkerContext) -> Counting:
    counting = Counting(worker.renderer)
    worker.renderer = counting  # type: ignore[assignment]
    return counting


async def test_every_product_gets_its_picture_or_its_reason(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    good = [(f"sku {n}", shop.link(n)) for n in range(20)]
    bad = [(kind, shop.link(n, kind)) for n, kind in enumerate(("missing", "html", "truncated", "empty"))]
    shop.sell([*good, *bad, ("no picture", ""), ("", shop.link(1)), good[0]])
    run_id = runs.start(working, project.viewer, project.frame_id)
    await work_through(worker, run_id)
    run = assert_consistent(working, run_id)
    assert (run.state, run.total, run.rendered, run.failed) == (RunState.DONE, 25, 20, 5)
    assert (run.warnings.missing_ids, run.warnings.duplicates) == (1, 1)
    reasons = {o.product_id: o.reason for o in outputs_of(working, project.frame_id) if o.state == OutputState.FAILED}
    assert len(set(reasons.values())) == 5, reasons
    assert "404" in reasons["missing"]
    output = outputs_of(working, project.frame_id)[0]
    picture = Image.open(io.BytesIO(working.storage.get(output.key) or b""))
    assert (picture.format, picture.size) == ("JPEG", (output.width, output.height))
    assert "sku" not in output.key


async def test_a_second_run_checks_each_address_once_and_decodes_nothing(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, counting: Counting
) -> None:
    shop.sell_numbered(12)
    await work_through(worker, runs.start(working, project.viewer, project.frame_id))
    assert counting.decoded == 12
    keys = [output.key for output in outputs_of(working, project.frame_id)]
    shop.requests.clear()
    run_id = runs.start(working, project.viewer, project.frame_id)
    await work_through(worker, run_id)
    run = assert_consistent(working, run_id)
    assert (run.unchanged, run.rendered, counting.decoded) == (12, 0, 12)
    assert [count for path, count in shop.requests.items() if path.startswith("/picture/")] == [1] * 12
    assert [output.key for output in outputs_of(working, project.frame_id)] == keys


async def test_the_same_bytes_without_validators_are_not_decoded_either(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, counting: Counting
) -> None:
    shop.sell_numbered(3)
    await work_through(worker, runs.start(working, project.viewer, project.frame_id))
    with working.database.write() as session:
        session.execute(sa.update(Product).values(source_etag=""))
    run_id = runs.start(working, project.viewer, project.frame_id)
    await work_through(worker, run_id)
    assert (run_of(working, run_id).unchanged, counting.decoded) == (3, 3)
    with working.database.read() as session:
        assert all(session.scalars(sa.select(col(Product.source_etag)))), "the new validators are kept"


async def test_an_update_that_renders_differently_makes_all_pictures_anew(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sell_numbered(3)
    await work_through(worker, runs.start(working, project.viewer, project.frame_id))
    monkeypatch.setattr(keys, "RENDERING", keys.RENDERING + 1)
    run_id = runs.start(working, project.viewer, project.frame_id)
    await work_through(worker, run_id)
    assert (run_of(working, run_id).unchanged, run_of(working, run_id).rendered) == (0, 3)


async def test_another_placement_renders_from_the_cache_or_fetches_anew(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, counting: Counting
) -> None:
    shop.sell_numbered(4)
    await work_through(worker, runs.start(working, project.viewer, project.frame_id))
    before = [output.key for output in outputs_of(working, project.frame_id)]
    with working.database.write() as session:
        frame = session.get_one(Frame, project.frame_id)
        frame.recipe = replace(Recipe.from_json(frame.recipe), fit=Fit.STRETCH, padding="#ff0000").to_json()
    working.storage.delete(*list(working.storage.keys("cache/sources/"))[:2])
    shop.requests.clear()
    run_id = runs.start(working, project.viewer, project.frame_id)
    await work_through(worker, run_id)
    run = assert_consistent(working, run_id)
    assert (run.rendered, counting.decoded, shop.asked()) == (4, 8, 6)
    assert not {output.key for output in outputs_of(working, project.frame_id)} & set(before)


async def test_what_left_the_feed_goes_and_what_is_new_comes(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(10)
    await work_through(worker, runs.start(working, project.viewer, project.frame_id))
    shop.sell((f"sku {n}", shop.link(n)) for n in range(5, 12))
    run_id = runs.start(working, project.viewer, project.frame_id)
    await work_through(worker, run_id)
    run = assert_consistent(working, run_id)
    assert (run.total, run.unchanged, run.rendered) == (7, 5, 2)
    assert [output.product_id for output in outputs_of(working, project.frame_id)] == [f"sku {n}" for n in range(5, 12)]


async def test_the_sample_needs_no_network(working: Application, worker: WorkerContext) -> None:
    project = make_project(working, kind=FeedKind.SAMPLE)
    run_id = runs.start(working, project.viewer, project.frame_id)
    await work_through(worker, run_id)
    run = assert_consistent(working, run_id)
    assert (run.state, run.rendered, run.failed) == (RunState.DONE, 60, 0)
    again = runs.start(working, project.viewer, project.frame_id)
    await work_through(worker, again)
    assert assert_consistent(working, again).unchanged == 60


async def test_cancelled_in_the_middle(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(40, "gated")
    run_id = runs.start(working, project.viewer, project.frame_id)
    await planning.plan(worker, run_id)
    await rendering.work_on(worker, run_id)
    shop.gate.clear()
    working_on = asyncio.create_task(rendering.work_on(worker, run_id))
    await asyncio.to_thread(
        wait_until, lambda: any("gated/8" in path for path in list(shop.requests)), SECONDS, "no request"
    )
    assert await asyncio.to_thread(runs.cancel, working, project.viewer, project.frame_id)
    shop.gate.set()
    await working_on
    run = assert_consistent(working, run_id)
    assert (run.state, run.rendered, run.cancelled) == (RunState.CANCELLED, 8, 32)


class Clock:
    """Stands still until something has come about; then every deadline has passed."""

    def __init__(self, over: Callable[[], bool]) -> None:
        self.over = over

    def monotonic(self) -> float:
        return 1_000_000.0 if self.over() else 0.0


async def test_at_the_deadline_what_was_not_begun_is_given_back(
    working: Application, project: Project, shop: Shop, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = WorkerContext(working, limits=Limits(batch=4, flush=0.1), renderer=renderer)
    shop.sell([("fast", shop.link(1)), ("slow", shop.link(2, "gated"))])
    run_id = runs.start(working, project.viewer, project.frame_id)
    await planning.plan(bench, run_id)
    shop.gate.clear()
    with monkeypatch.context() as passing:
        passing.setattr(rendering, "time", Clock(lambda: run_of(working, run_id).rendered == 1))
        await rendering.work_on(bench, run_id)
    states = {output.product_id: (output.state, output.lease_until) for output in outputs_of(working, project.frame_id)}
    assert states == {"fast": ("done", None), "slow": ("pending", None)}
    shop.gate.set()
    await rendering.work_on(bench, run_id)
    assert assert_consistent(working, run_id).rendered == 2
    await bench.publisher.flush()
    await bench.fetcher.aclose()


class Late:
    """A renderer whose first so many answers come too late; ``pause`` is called before each of those."""

    def __init__(self, renderer: Renderer, times: int, pause: Callable[[], object] = lambda: None) -> None:
        self.renderer = renderer
        self.left = times
        self.pause = pause

    def render(self, *arguments: object, **options: object) -> object:
        if self.left > 0:
            self.left -= 1
            self.pause()
            raise TookTooLong("The picture took longer than 10 seconds to render.")
        return self.renderer.render(*arguments, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(("times", "rendered"), [(3, 1), (4, 0)])
async def test_a_picture_that_is_late_is_tried_again_alone_until_its_third_lone_claim(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, times: int, rendered: int
) -> None:
    worker.renderer = Late(worker.renderer, times)  # type: ignore[assignment]
    shop.sell_numbered(1)
    run_id = runs.start(working, project.viewer, project.frame_id)
    await planning.plan(worker, run_id)
    for attempts in range(times):
        (output,) = outputs_of(working, project.frame_id)
        assert (output.state, output.lone, output.lone_attempts) == (
            OutputState.PENDING, attempts > 0, max(0, attempts - 1),
        )  # fmt: skip
        assert await rendering.work_on(worker, run_id)
    await work_through(worker, run_id)
    run = assert_consistent(working, run_id)
    assert (run.rendered, run.failed) == (rendered, 1 - rendered)
    assert rendered or "longer than 10 seconds" in outputs_of(working, project.frame_id)[0].reason


async def test_what_is_late_while_the_worker_stood_still_does_not_count(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.renderer = Late(worker.renderer, 6)  # type: ignore[assignment]
    shop.sell_numbered(1)
    run_id = runs.start(working, project.viewer, project.frame_id)
    await planning.plan(worker, run_id)
    with monkeypatch.context() as stopped:
        stopped.setattr(worker.pulse, "missed_since", lambda _: True)
        for _ in range(6):
            assert await rendering.work_on(worker, run_id)
    (output,) = outputs_of(working, project.frame_id)
    assert (output.state, output.lone, output.lone_attempts) == (OutputState.PENDING, True, 0)
    await work_through(worker, run_id)
    assert assert_consistent(working, run_id).rendered == 1


async def test_a_host_that_does_not_answer_fails_its_picture_unless_the_worker_stood_still(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: object, **__: object) -> object:
        raise FetchTimeout("The picture's address did not answer within 10 seconds.")

    shop.sell_numbered(1)
    run_id = runs.start(working, project.viewer, project.frame_id)
    await planning.plan(worker, run_id)
    monkeypatch.setattr(rendering.sources, "fetch", silent)
    with monkeypatch.context() as stopped:
        stopped.setattr(worker.pulse, "missed_since", lambda _: True)
        assert await rendering.work_on(worker, run_id)
    assert outputs_of(working, project.frame_id)[0].state == OutputState.PENDING
    assert await rendering.work_on(worker, run_id)
    assert assert_consistent(working, run_id).failed == 1


async def test_the_pulse_sees_that_the_process_stood_still(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(pulse, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0)
    heart = pulse.Pulse()

    async def beat() -> None:
        for _ in range(10):
            await asyncio.sleep(0)
        assert heart._beat == now

    with heart.beating():
        now += pulse.MISSED_SECONDS - 0.1
        await beat()
        assert not heart.missed_since(40)
        stopped, now = now, now + pulse.MISSED_SECONDS + 0.1
        assert heart.missed_since(stopped), "before it beats again"
        await beat()
        assert heart.missed_since(stopped)
        assert not heart.missed_since(now + 0.1)


async def test_at_the_deadline_what_waited_for_the_renderer_is_given_back(
    working: Application, project: Project, shop: Shop, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    gated = Gated(renderer, first=False)
    bench = WorkerContext(working, limits=Limits(batch=8, least=8, flush=0.1), renderer=gated)  # type: ignore[arg-type]
    monkeypatch.setattr(rendering, "time", Clock(lambda: gated.waiting == 2))
    shop.sell_numbered(8)
    run_id = runs.start(working, project.viewer, project.frame_id)
    await planning.plan(bench, run_id)
    await rendering.work_on(bench, run_id)
    leased = [output for output in outputs_of(working, project.frame_id) if output.lease_until]
    assert len(leased) == 2, "as many as there are threads"
    gated.gate.set()
    await bench.publisher.flush()
    await bench.fetcher.aclose()
    bench.rendering.shutdown()
    assert all(output.state == OutputState.PENDING for output in outputs_of(working, project.frame_id))


class Gated(Counting):
    """Decodes the first picture at once, unless told otherwise; the others wait for the gate."""

    def __init__(self, renderer: Renderer, *, first: bool = True) -> None:
        super().__init__(renderer)
        self.first = first
        self.gate = threading.Event()
        self.lock = threading.Lock()
        self.waiting = 0

    def render(self, *arguments: object, **options: object) -> object:
        with self.lock:
            waits, self.first = not self.first, False
            self.waiting += waits
        if waits:
            assert self.gate.wait(SECONDS)
        return super().render(*arguments, **options)


async def test_a_worker_that_ends_keeps_nothing(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "LAST_SECONDS", SECONDS)
    gated, close = Gated(worker.renderer), rendering.BatchRenderer._close
    worker.renderer = gated  # type: ignore[assignment]

    def closes(bench: rendering.BatchRenderer) -> set[int]:
        begun = close(bench)
        gated.gate.set()
        return begun

    monkeypatch.setattr(rendering.BatchRenderer, "_close", closes)
    shop.sell_numbered(8)
    run_id = runs.start(working, project.viewer, project.frame_id)
    await planning.plan(worker, run_id)
    working_on = asyncio.create_task(rendering.work_on(worker, run_id))
    await asyncio.to_thread(wait_until, lambda: gated.waiting == 2, SECONDS, "nothing is rendered")
    working_on.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working_on
    assert run_of(working, run_id).rendered == 3, "what was begun when the worker ended"
    assert not [output for output in outputs_of(working, project.frame_id) if output.lease_until]
    await work_through(worker, run_id)
    assert assert_consistent(working, run_id).rendered == 8
    assert gated.decoded == 8, "nothing was rendered twice"


async def test_a_batch_of_a_slow_host_starves_no_other(
    working: Application, shop: Shop, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = WorkerContext(working, limits=Limits(batch=8, least=8, fetches=4, flush=0.1), renderer=renderer)
    slow, fast = (make_project(working, name=name, address=shop.address) for name in ("ada", "grace"))
    asked, gate, whole = asyncio.Event(), asyncio.Event(), rendering.sources.fetch

    async def fetch(fetcher: object, kind: str, link: str, **options: str) -> object:
        if "gated" in link:
            asked.set()
            await gate.wait()
        return await whole(fetcher, kind, link, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(rendering.sources, "fetch", fetch)
    shop.sell_numbered(8, "gated")
    waits = runs.start(working, slow.viewer, slow.frame_id)
    await planning.plan(bench, waits)
    waiting = asyncio.create_task(rendering.work_on(bench, waits))
    await asked.wait()
    shop.sell_numbered(8)
    goes = runs.start(working, fast.viewer, fast.frame_id)
    await planning.plan(bench, goes)
    try:
        await asyncio.wait_for(rendering.work_on(bench, goes), SECONDS)
    finally:
        gate.set()
        await waiting
    assert assert_consistent(working, goes).rendered == 8
    assert assert_consistent(working, waits).rendered == 8
    await bench.publisher.flush()
    await bench.fetcher.aclose()


async def test_an_output_that_kills_thrice_is_given_up_with_its_reason(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    shop.sell_numbered(2)
    run_id = runs.start(working, project.viewer, project.frame_id)
    await planning.plan(worker, run_id)
    with working.database.write() as session:
        deadly = outputs_of(working, project.frame_id)[1].id
        session.execute(sa.update(Output).where(col(Output.id) == deadly).values(lone=True, lone_attempts=3))
    while await rendering.work_on(worker, run_id):
        continue
    run = assert_consistent(working, run_id)
    assert (run.state, run.rendered, run.failed) == (RunState.DONE, 1, 1)
    assert outputs_of(working, project.frame_id)[1].reason == rendering.GIVEN_UP


async def test_a_watcher_sees_the_run_to_its_end(
    working: Application, project: Project, shop: Shop, worker: WorkerContext, redis_url: str
) -> None:
    shop.sell_numbered(24)
    seen: list[Progress] = []

    async def follow() -> None:
        def load() -> list[Progress]:
            found = runs.snapshot(working, project.viewer, project.frame_id)
            return [found] if found else []

        async for progress in watch(redis_url, [progress_key(project.frame_id)], load):
            seen.append(progress)
            if not progress.active:
                return

    follower = asyncio.create_task(follow())
    run_id = runs.start(working, project.viewer, project.frame_id)
    await work_through(worker, run_id)
    await asyncio.wait_for(follower, SECONDS)
    assert [p.version for p in seen] == sorted({p.version for p in seen})
    assert (seen[-1].state, seen[-1].processed, seen[-1].total) == (RunState.DONE, 24, 24)
    for p in seen:
        assert p.total == p.rendered + p.unchanged + p.failed + p.cancelled + p.pending


async def test_a_storage_that_fails_costs_no_product(
    working: Application, project: Project, shop: Shop, worker: WorkerContext
) -> None:
    worker.limits = replace(worker.limits, pause=0.0)
    shop.sell_numbered(4)
    run_id = runs.start(working, project.viewer, project.frame_id)
    await planning.plan(worker, run_id)
    assert working.storage.folder
    in_the_way = working.storage.folder / "cache"
    in_the_way.touch()  # a file where the pictures' folder would be
    for _ in range(5):
        assert await rendering.work_on(worker, run_id)
    with working.database.write() as session:
        session.execute(sa.update(Output).values(lone=True))  # as after a worker's death
    for _ in range(20):
        assert await rendering.work_on(worker, run_id)
    run = run_of(working, run_id)
    assert (run.state, run.pending) == (RunState.RUNNING, 4)
    assert run.waiting.startswith("Waiting for storage: it does not answer.")
    run.pace = [[run.changed_at.timestamp() - 5, 0, 0]]
    assert (runs.progress_of(run).rate, runs.progress_of(run).seconds_left) == (0.0, None)
    in_the_way.unlink()
    while await rendering.work_on(worker, run_id):
        continue
    assert assert_consistent(working, run_id).rendered == 4
