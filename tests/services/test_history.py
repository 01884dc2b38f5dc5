"""What was run: a frame's history and a viewer's activity, each the owner's only."""

from __future__ import annotations

import pytest

from frameapp.errors import NotFound
from frameapp.models import Run, RunState
from frameapp.services import activity, history
from frameapp.services.application import Application
from tests.runs import Project, make_project


def add_runs(app: Application, project: Project, count: int) -> list[int]:
    """Finished runs of the frame; their ids, oldest first."""
    with app.database.write() as session:
        runs = [
            Run(workspace_id=project.viewer.workspace_id, frame_id=project.frame_id, state=RunState.DONE)
            for _ in range(count)
        ]
        session.add_all(runs)
        session.flush()
        return [run.id for run in runs]


def test_a_frames_runs_are_its_owners(app: Application) -> None:
    ada, grace = make_project(app), make_project(app, name="grace")
    mine, hers = add_runs(app, ada, 2), add_runs(app, grace, 1)
    assert [row.run_id for row in history.page(app, ada.viewer, ada.frame_id).rows] == mine[::-1]
    assert [row.run_id for row in history.page(app, grace.viewer, grace.frame_id).rows] == hers
    for start in (0, 25):
        with pytest.raises(NotFound):
            history.page(app, grace.viewer, ada.frame_id, start=start)


def test_activity_is_of_the_viewers_own_frames(app: Application) -> None:
    ada, grace = make_project(app), make_project(app, name="grace")
    mine, hers = add_runs(app, ada, 2), add_runs(app, grace, 2)
    assert [run.run_id for run, _ in activity.page(app, ada.viewer).entries] == mine[::-1]
    assert [run.run_id for run, _ in activity.page(app, grace.viewer).entries] == hers[::-1]
    found = activity.of_run(app, ada.viewer, mine[0])
    assert found
    assert (found[0].run_id, found[0].kind, found[1]) == (mine[0], "full", "Summer sale")
    assert activity.of_run(app, ada.viewer, hers[0]) is None


def test_runs_come_in_pages(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "PAGE", 2)
    monkeypatch.setattr(history, "PAGE", 2)
    ada = make_project(app)
    ids = add_runs(app, ada, 5)[::-1]
    for start, wanted, begins in (
        (0, ids[:2], 0),
        (2, ids[2:4], 2),
        (4, ids[4:], 4),
        (99, ids[4:], 4),
        (-1, ids[:2], 0),
    ):
        of_all, of_frame = (
            activity.page(app, ada.viewer, start=start),
            history.page(app, ada.viewer, ada.frame_id, start=start),
        )
        assert [run.run_id for run, _ in of_all.entries] == [row.run_id for row in of_frame.rows] == wanted
        assert (of_all.start, of_all.total) == (of_frame.start, of_frame.total) == (begins, 5)
