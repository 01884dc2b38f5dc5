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
    assert [row.id for row in history.of_frame(app, ada.viewer, ada.frame_id)] == mine[::-1]
    assert [row.id for row in history.of_frame(app, ada.viewer, ada.frame_id, before_id=hers[0])] == mine[::-1]
    for before in (0, hers[0], mine[1]):
        with pytest.raises(NotFound):
            history.of_frame(app, grace.viewer, ada.frame_id, before_id=before)


def test_activity_is_of_the_viewers_own_frames(app: Application) -> None:
    ada, grace = make_project(app), make_project(app, name="grace")
    mine = add_runs(app, ada, 2)
    hers = add_runs(app, grace, 2)
    assert [run.run_id for run, _, _ in activity.recent(app, ada.viewer)] == mine[::-1]
    assert [run.run_id for run, _, _ in activity.recent(app, ada.viewer, before=hers[1])] == mine[::-1]
    assert [run.run_id for run, _, _ in activity.recent(app, grace.viewer, before=mine[1])] == []
    assert [run.run_id for run, _, _ in activity.recent(app, grace.viewer, size=1)] == hers[:0:-1]
