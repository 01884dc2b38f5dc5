"""Starting, replacing, retrying and following runs."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from frameapp.core.progress import Progress
from frameapp.errors import Conflict, NotFound
from frameapp.models import Frame, Run, RunKind, RunState
from frameapp.services import runs
from frameapp.services.application import Application
from tests.db.test_work import claim, record, started
from tests.runs import Project, assert_consistent, make_project, outputs_of, run_of


@pytest.fixture
def project(app: Application) -> Project:
    return make_project(app)


def test_a_double_click_makes_one_run(app: Application, project: Project) -> None:
    started_ids: list[int] = []
    refused: list[str] = []
    gate = threading.Barrier(4)

    def click() -> None:
        gate.wait()
        try:
            started_ids.append(runs.start(app, project.viewer, project.frame_id))
        except Conflict as error:
            refused.append(str(error))

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(started_ids) == 1
    assert refused == ["A run of this frame is still in progress."] * 3
    with app.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Run)) == 1


def test_save_and_generate_during_a_run_cancels_it_and_starts_anew(app: Application, project: Project) -> None:
    first = started(app, project, 5)
    second = runs.start(app, project.viewer, project.frame_id, replace=True)
    assert second > first
    run = assert_consistent(app, first)
    assert (run.state, run.cancelled) == (RunState.CANCELLED, 5)
    assert run_of(app, second).state == RunState.QUEUED


def test_retry_runs_over_the_failed_ones_only(app: Application, project: Project) -> None:
    started(app, project, 12)
    good, bad = claim(app), claim(app)
    assert good is not None
    assert bad is not None
    record(app, good)
    record(app, bad, reason="The picture's host answered 404.")
    run_id = runs.retry_failed(app, project.viewer, project.frame_id)
    run = run_of(app, run_id)
    assert (run.kind, run.state, run.total, run.pending) == (RunKind.RETRY, RunState.RUNNING, 4, 4)
    batch = claim(app)
    assert batch is not None
    assert {c.output_id for c in batch.claims} == {c.output_id for c in bad.claims}
    record(app, batch)
    assert_consistent(app, run_id)
    assert {output.state for output in outputs_of(app, project.frame_id)} == {"done"}
    with pytest.raises(Conflict, match="nothing to render"):
        runs.retry_failed(app, project.viewer, project.frame_id)


def test_chosen_outputs_can_be_rendered_again(app: Application, project: Project) -> None:
    started(app, project, 3)
    while batch := claim(app):
        record(app, batch)
    chosen = outputs_of(app, project.frame_id)[1].id
    run_id = runs.render_again(app, project.viewer, project.frame_id, [chosen])
    assert run_of(app, run_id).total == 1
    digests = [output.input_digest for output in outputs_of(app, project.frame_id)]
    assert [bool(digest) for digest in digests] == [True, False, True], "the chosen one counts as changed"


def test_an_unplaced_frame_is_not_run(app: Application, project: Project) -> None:
    with app.database.write() as session:
        session.execute(sa.update(Frame).values(placed=False))
    with pytest.raises(Conflict, match="placement"):
        runs.start(app, project.viewer, project.frame_id)


def test_somebody_elses_frame_is_not_there(app: Application, project: Project) -> None:
    stranger = make_project(app, name="grace").viewer
    for action in (runs.start, runs.cancel, runs.retry_failed, runs.snapshot):
        with pytest.raises(NotFound):
            action(app, stranger, project.frame_id)  # type: ignore[operator]
    with pytest.raises(NotFound):
        runs.render_again(app, stranger, project.frame_id, [1])


def test_the_snapshot_tells_totals_pace_and_the_last_failures(app: Application, project: Project) -> None:
    assert runs.snapshot(app, project.viewer, project.frame_id) is None
    run_id = started(app, project, 20)
    for reason in ("", "Too slow."):
        batch = claim(app)
        assert batch is not None
        record(app, batch, reason=reason)
    progress = runs.snapshot(app, project.viewer, project.frame_id)
    assert progress is not None
    assert (progress.run_id, progress.processed, progress.total, progress.pending) == (run_id, 16, 20, 4)
    assert (progress.rendered, progress.failed, progress.planned) == (8, 8, True)
    assert [failure.reason for failure in progress.errors] == ["Too slow."] * 5
    assert progress.rate > 0
    assert progress.seconds_left is not None
    assert Progress.from_json(progress.to_json()) == progress
    moving, newest = runs.moving(app, project.viewer, [], after=-1)
    assert ([each.version for each in moving], newest) == ([progress.version], run_id)
