"""The database as the queue: claims, fencing, poison, fairness and the end of a run."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from frameapp.core.feeds import PlanReport
from frameapp.core.keys import picture_prefix
from frameapp.db import planning, results, work
from frameapp.db.results import Picture, Result
from frameapp.db.work import Batch
from frameapp.models import Output, Product, Run, RunState, Workspace, utc_now
from frameapp.services import runs
from frameapp.services.application import Application
from tests.runs import Project, assert_consistent, entries, make_project, outputs_of, run_of

LEASE = 45.0


@pytest.fixture
def project(app: Application) -> Project:
    return make_project(app)


def started(app: Application, project: Project, count: int, *, complete: bool = True) -> int:
    run_id = runs.start(app, project.viewer, project.frame_id)
    with app.database.write() as session:
        plan = planning.take_plan(session, run_id, LEASE)
        assert plan
        planning.plan_slice(session, plan, entries(count), lease=LEASE)
        if complete:
            planning.complete_plan(session, plan, lease=LEASE)
    return run_id


def claim(app: Application, size: int = 8) -> Batch | None:
    with app.database.write() as session:
        return work.claim(session, size=size, lease=LEASE)


def record(app: Application, batch: Batch, *, reason: str = "") -> Run | None:
    keys = {claim: f"{picture_prefix(batch.secret)}{claim.output_id}" for claim in batch.claims}
    found = [
        Result(claim, reason=reason) if reason else Result(claim, Picture(key, "digest", 1, 1, 1, "jpeg"))
        for claim, key in keys.items()
    ]
    for key in keys.values():
        app.storage.put(key, b"x")
    with app.database.write() as session:
        return results.record(session, batch, found)


def lapse(app: Application) -> None:
    with app.database.write() as session:
        past = utc_now() - timedelta(seconds=1)
        session.execute(sa.update(Output).where(col(Output.lease_until).is_not(None)).values(lease_until=past))


def test_a_run_is_claimed_in_batches_and_ends_once(app: Application, project: Project) -> None:
    run_id = started(app, project, 20)
    sizes = []
    while batch := claim(app):
        sizes.append(len(batch.claims))
        last = record(app, batch)
    assert sizes == [8, 8, 4]
    assert last is not None
    assert last.state == RunState.DONE
    run = assert_consistent(app, run_id)
    assert (run.total, run.rendered, run.ended_at is not None) == (20, 20, True)


def test_two_claims_never_hold_the_same_output(app: Application, project: Project) -> None:
    started(app, project, 10)
    first, second = claim(app), claim(app)
    assert first is not None
    assert second is not None
    ids = [c.output_id for batch in (first, second) for c in batch.claims]
    assert len(set(ids)) == len(ids) == 10
    assert claim(app) is None


def is_alone(app: Application, batch: work.Batch) -> bool:
    """Whether the first of the batch is tried alone."""
    with app.database.read() as session:
        return session.get_one(Output, batch.claims[0].output_id).lone


def test_only_the_holder_of_the_attempt_may_finish(app: Application, project: Project) -> None:
    run_id = started(app, project, 1)
    stale = claim(app)
    lapse(app)
    fresh = claim(app)
    assert stale is not None
    assert fresh is not None
    assert is_alone(app, fresh)
    assert record(app, stale) is None
    assert record(app, fresh) is not None
    assert record(app, fresh) is None, "the same result again counts nothing"
    assert assert_consistent(app, run_id).rendered == 1


def test_work_whose_lease_lapsed_is_claimed_singly_and_given_up_after_three_lone_claims(
    app: Application, project: Project
) -> None:
    started(app, project, 2)
    claim(app)
    seen: dict[int, list[bool]] = {}
    for _ in range(8):
        lapse(app)
        batch = claim(app)
        assert batch is not None
        assert len(batch.claims) == 1
        seen.setdefault(batch.claims[0].output_id, []).append(batch.claims[0].exhausted)
    assert list(seen.values()) == [[False, False, False, True]] * 2


def test_released_work_is_claimed_again_in_batches(app: Application, project: Project) -> None:
    started(app, project, 6)
    batch = claim(app)
    assert batch is not None
    with app.database.write() as session:
        work.release(session, batch, batch.claims)
    again = claim(app)
    assert again is not None
    assert len(again.claims) == 6
    assert not is_alone(app, again)


def test_a_cancelled_run_discards_what_is_in_flight(app: Application, project: Project) -> None:
    run_id = started(app, project, 20)
    done, flying = claim(app), claim(app)
    assert done is not None
    assert flying is not None
    record(app, done)
    assert runs.cancel(app, project.viewer, project.frame_id)
    assert record(app, flying) is None
    run = assert_consistent(app, run_id)
    assert (run.state, run.rendered, run.cancelled) == (RunState.CANCELLED, 8, 12)
    assert not runs.cancel(app, project.viewer, project.frame_id)


def test_a_large_cancellation_is_sliced_and_can_be_taken_up_again(
    app: Application, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = started(app, project, 20)
    with app.database.write() as session:
        work.end_early(session, run_id, RunState.CANCELLED, "")
        _, more = work.cancel_slice(session, run_id, 6)
    assert more
    assert run_of(app, run_id).pending == 14
    with app.database.read() as session:
        assert list(work.stopped_with_pending(session)) == [run_id]
    monkeypatch.setattr(runs, "CANCEL_SLICE", 6)
    runs.finish_stopped(app, run_id)
    assert assert_consistent(app, run_id).cancelled == 20


def test_the_least_recently_served_workspace_goes_first(app: Application, project: Project) -> None:
    started(app, project, 30)
    other = make_project(app, name="grace")
    started(app, other, 30)
    frames = [batch.frame_id for _ in range(4) if (batch := claim(app))]
    assert frames == [project.frame_id, other.frame_id, project.frame_id, other.frame_id]


def test_two_runs_of_one_workspace_share_its_turns() -> None:
    def at(second: int) -> datetime:
        return utc_now() + timedelta(seconds=second)

    rows = [(1, 1, 0.0, at(-5)), (2, 1, 0.0, at(-1)), (3, 2, 0.0, at(-3)), (4, 3, 0.0, None)]
    turns = work.least_served([work.Waiting(*row) for row in rows], utc_now())
    assert [run.run_id for run in turns] == [4, 3, 1, 2]


def test_the_workspace_that_was_served_least_goes_first_and_idleness_is_no_credit() -> None:
    now = utc_now()
    lately, long_ago = now - timedelta(seconds=5), now - timedelta(hours=1)
    rows = [(1, 1, 90.0, lately), (2, 2, 70.0, lately), (3, 3, 1.0, long_ago), (4, 4, 500.0, None)]
    turns = work.least_served([work.Waiting(*row) for row in rows], now)
    assert [(run.run_id, run.served_seconds) for run in turns] == [(3, 68.5), (2, 70.0), (1, 90.0), (4, 500.0)]
    anew = work.least_served([work.Waiting(*row) for row in rows[2:]], now)
    assert [(run.run_id, run.served_seconds) for run in anew] == [(4, 500.0), (3, 500.0)], (
        "the one that never was first"
    )


def test_a_workspace_is_charged_what_its_pictures_took(app: Application, project: Project) -> None:
    def served() -> float:
        with app.database.read() as session:
            return session.get_one(Workspace, project.viewer.workspace_id).served_seconds

    run_id = started(app, project, 40)
    with app.database.write() as session:
        session.execute(sa.update(Run).values(picture_seconds=0.5))
    batch = claim(app, 8)
    assert batch
    assert (len(batch.claims), served()) == (3, 1.5), "as much as was thought, beforehand"
    with app.database.write() as session:
        results.record(session, batch, [Result(batch.claims[0], reason="No.", seconds=2.0)], idle=0.25)
    assert served() == pytest.approx(1.5 - 0.5 + 2.25)
    with app.database.write() as session:
        work.release(session, batch, batch.claims[1:])
        work.charge(session, batch, 0.0, 2)
    assert served() == pytest.approx(2.25)
    assert 0.5 < run_of(app, run_id).picture_seconds < 2.0
    with app.database.write() as session:
        session.execute(sa.update(Run).values(picture_seconds=60.0))
    heavy = claim(app, 8)
    assert heavy
    assert len(heavy.claims) == 1


def test_unchanged_outputs_are_charged_when_they_are_claimed(app: Application, project: Project) -> None:
    def served() -> float:
        with app.database.read() as session:
            return session.get_one(Workspace, project.viewer.workspace_id).served_seconds

    started(app, project, 4)
    batch = claim(app, 4)
    assert batch
    assert served() == pytest.approx(4 * work.LEAST_SECONDS)
    with app.database.write() as session:
        results.record(session, batch, [Result(each) for each in batch.claims])
    assert served() == pytest.approx(4 * work.LEAST_SECONDS)


def test_a_duplicate_id_is_counted_and_the_first_wins(app: Application, project: Project) -> None:
    run_id = runs.start(app, project.viewer, project.frame_id)
    twice = [*entries(3), *entries(2)]
    with app.database.write() as session:
        plan = planning.take_plan(session, run_id, LEASE)
        assert plan
        planning.plan_slice(session, plan, twice, lease=LEASE)
        planning.plan_slice(session, plan, entries(4), lease=LEASE)
    run = run_of(app, run_id)
    assert run.total == 4
    assert run.warnings == PlanReport(entries=9, duplicates=5)


def test_entries_without_id_are_counted_and_those_without_picture_fail(app: Application, project: Project) -> None:
    run_id = runs.start(app, project.viewer, project.frame_id)
    nameless, pictureless = entries(2)
    parts = [
        planning.PlannedEntry("", "", 0, "", nameless.image_link, {}),
        planning.PlannedEntry(pictureless.key, pictureless.product_id, 1, "", "", {}),
    ]
    with app.database.write() as session:
        plan = planning.take_plan(session, run_id, LEASE)
        assert plan
        planning.plan_slice(session, plan, parts, lease=LEASE)
        planning.complete_plan(session, plan, lease=LEASE)
    run = assert_consistent(app, run_id)
    assert (run.state, run.total, run.failed, run.warnings.missing_ids) == (RunState.DONE, 1, 1, 1)
    assert run.errors == [[pictureless.product_id, planning.NO_PICTURE]]


def test_products_that_left_the_feed_go_only_after_a_complete_parse(app: Application, project: Project) -> None:
    started(app, project, 10)
    while batch := claim(app):
        record(app, batch)
    run_id = runs.start(app, project.viewer, project.frame_id)
    with app.database.write() as session:
        plan = planning.take_plan(session, run_id, LEASE)
        assert plan
        planning.plan_slice(session, plan, entries(6), lease=LEASE)
    assert len(outputs_of(app, project.frame_id)) == 10
    with app.database.write() as session:
        assert planning.retire_slice(session, plan, 3, lease=LEASE) == 3
        assert planning.retire_slice(session, plan, 3, lease=LEASE) == 1
        planning.complete_plan(session, plan, lease=LEASE)
    assert len(outputs_of(app, project.frame_id)) == 6
    with app.database.read() as session:
        retired = session.scalars(sa.select(Product).where(col(Product.retired_at).is_not(None))).all()
    assert sorted(product.position for product in retired) == [6, 7, 8, 9]


def test_a_changed_image_link_forgets_what_was_known_of_the_old_one(app: Application, project: Project) -> None:
    run_id = runs.start(app, project.viewer, project.frame_id)
    with app.database.write() as session:
        plan = planning.take_plan(session, run_id, LEASE)
        assert plan
        planning.plan_slice(session, plan, entries(2), lease=LEASE)
        session.execute(sa.update(Product).values(source_etag='"1"', source_digest="d", source_width=7))
        same, other = entries(2)
        moved = planning.PlannedEntry(other.key, other.product_id, 1, "", "https://shop.example/new.jpg", {})
        session.execute(sa.update(Output).values(run_id=None))
        planning.plan_slice(session, plan, [same, moved], lease=LEASE)
    with app.database.read() as session:
        rows = session.scalars(sa.select(Product).order_by(col(Product.position))).all()
    assert [(row.source_etag, row.source_digest, row.source_width) for row in rows] == [('"1"', "d", 7), ("", "", 0)]


def test_one_planner_at_a_time_and_a_lapsed_one_is_fenced_off(app: Application, project: Project) -> None:
    run_id = runs.start(app, project.viewer, project.frame_id)
    with app.database.write() as session:
        first = planning.take_plan(session, run_id, LEASE)
        assert first
        planning.plan_slice(session, first, entries(5), lease=LEASE)
    with app.database.write() as session:
        assert planning.take_plan(session, run_id, LEASE) is None
        session.execute(sa.update(Run).values(plan_lease_until=utc_now() - timedelta(seconds=1)))
    with app.database.write() as session:
        second = planning.take_plan(session, run_id, LEASE)
        assert second
    assert second.cursor == 5
    with app.database.write() as session:
        assert planning.plan_slice(session, first, entries(5, start=5), lease=LEASE) is None
        assert planning.plan_slice(session, second, entries(5, start=5), lease=LEASE) is not None
        assert planning.complete_plan(session, first, lease=LEASE) is None
    assert run_of(app, run_id).total == 10


def test_deleting_a_pending_output_takes_it_out_of_the_total_and_may_end_the_run(
    app: Application, project: Project
) -> None:
    run_id = started(app, project, 3)
    batch = claim(app, 2)
    assert batch is not None
    record(app, batch)
    ids = [output.id for output in outputs_of(app, project.frame_id)]
    with app.database.write() as session:
        keys = runs.forget_outputs(session, project.frame_id, ids[1:])
    assert keys == [f"{picture_prefix(batch.secret)}{ids[1]}"]
    run = run_of(app, run_id)
    assert (run.state, run.total, run.pending) == (RunState.DONE, 2, 0)


def test_a_picture_that_another_output_names_stays(app: Application, project: Project) -> None:
    started(app, project, 2)
    with app.database.write() as session:
        session.execute(sa.update(Output).values(key="public/x/same"))
    first, second = (output.id for output in outputs_of(app, project.frame_id))
    with app.database.write() as session:
        assert runs.forget_outputs(session, project.frame_id, [first]) == []
    with app.database.write() as session:
        assert runs.forget_outputs(session, project.frame_id, [second]) == ["public/x/same"]


def test_the_pace_keeps_the_last_seconds() -> None:
    pace: list[object] = []
    for tenth in range(300):
        pace = work.paced(pace, 1000 + tenth / 10, tenth, tenth)
    assert 15 <= len(pace) <= 27
    assert pace[-1] == [1029.9, 299, 299]
    assert 1029.9 - pace[0][0] <= work.PACE_SECONDS  # type: ignore[index]
