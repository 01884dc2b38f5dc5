"""Limits of a user: told before, held to in services, never silent."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlmodel import col

from frameapp.errors import LimitReached
from frameapp.models import Feed, Installation, RunState, User
from frameapp.services import frames, limits, runs
from frameapp.services.application import Application
from frameapp.services.limits import Standing
from frameapp.services.worker_context import WorkerContext
from tests.runs import assert_consistent, make_project, outputs_of, run_of
from tests.services.conftest import work_through
from tests.shop import Shop


def limit(app: Application, **values: int | None) -> None:
    """Of every user."""
    with app.database.write() as session:
        session.execute(sa.update(User).values({f"max_{name}": value for name, value in values.items()}))


def test_nobody_is_limited_by_default(app: Application) -> None:
    project = make_project(app)
    assert limits.standings(app, project.viewer) == []
    assert frames.duplicate(app, project.viewer, project.frame_id)


def test_the_last_frame_is_refused_with_a_sentence(app: Application) -> None:
    project = make_project(app)
    limit(app, frames=2)
    frames.duplicate(app, project.viewer, project.frame_id)
    assert limits.standings(app, project.viewer) == [Standing("frames", 2, 2)]
    for make in (
        lambda: frames.duplicate(app, project.viewer, project.frame_id),
        lambda: frames.create_sample(app, project.viewer),
    ):
        with pytest.raises(LimitReached, match="You have 2 of 2 frames"):
            make()
    frames.delete(app, project.viewer, project.frame_id)
    assert frames.create_sample(app, project.viewer)


def test_a_users_own_limit_goes_before_the_installations_and_0_lifts_it(app: Application) -> None:
    project = make_project(app)
    with app.database.write() as session:
        session.add(Installation(max_frames=10, max_storage_mb=5))
    assert [(row.noun, row.limit) for row in limits.standings(app, project.viewer)] == [
        ("frames", 10),
        ("storage", 5_000_000),
    ]
    limit(app, frames=0, storage_mb=7)
    assert [(row.noun, row.limit) for row in limits.standings(app, project.viewer)] == [("storage", 7_000_000)]


def test_who_comes_near_a_limit_is_told(app: Application) -> None:
    assert [Standing("frames", used, 10).near for used in (7, 8, 10)] == [False, True, True]
    assert [Standing("frames", used, 10).reached for used in (9, 10)] == [False, True]


async def test_a_feed_with_too_many_products_fails_its_run_and_retires_nothing(
    worker: WorkerContext, shop: Shop
) -> None:
    app = worker.app
    project = make_project(app, address=shop.address)
    shop.sell_numbered(6)
    await work_through(worker, runs.start(app, project.viewer, project.frame_id))
    limit(app, products=20)
    shop.sell((f"other {n}", shop.link(n)) for n in range(60))
    run_id = runs.start(app, project.viewer, project.frame_id)
    await work_through(worker, run_id)
    run = run_of(app, run_id)
    assert run.state == RunState.FAILED
    assert "exceed your limit of 20 products" in run.reason
    assert run.total <= 20
    ids = [output.product_id for output in outputs_of(app, project.frame_id)]
    assert {f"sku {n}" for n in range(6)} < set(ids), "what was there is kept"
    assert len([name for name in ids if name.startswith("other")]) <= 20
    assert_consistent(app, run_id)


async def test_products_are_counted_once_per_feed(worker: WorkerContext, shop: Shop) -> None:
    app = worker.app
    project = make_project(app, address=shop.address)
    copy = frames.duplicate(app, project.viewer, project.frame_id)
    shop.sell_numbered(9)
    limit(app, products=9)
    for frame_id in (project.frame_id, copy):
        run_id = runs.start(app, project.viewer, frame_id)
        await work_through(worker, run_id)
        assert run_of(app, run_id).state == RunState.DONE
    with app.database.read() as session:
        assert session.scalars(sa.select(col(Feed.products))).one() == 9


async def test_full_storage_stops_a_run_and_refuses_the_next(
    worker: WorkerContext, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = worker.app
    monkeypatch.setattr(limits, "MB", 100_000)
    project = make_project(app, address=shop.address)
    shop.sell_numbered(40)
    limit(app, storage_mb=1)
    run_id = runs.start(app, project.viewer, project.frame_id)
    await work_through(worker, run_id)
    run = assert_consistent(app, run_id)
    assert run.state == RunState.FAILED
    assert "You have reached your storage limit of 1 MB." in run.reason
    assert 0 < run.rendered < 40
    with pytest.raises(LimitReached, match="your storage limit"):
        runs.start(app, project.viewer, project.frame_id)
    limit(app, storage_mb=None)
    await work_through(worker, runs.start(app, project.viewer, project.frame_id))
    assert {output.state for output in outputs_of(app, project.frame_id)} == {"done"}
