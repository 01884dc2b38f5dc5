"""The administration's lists and figures: searched, sorted, filtered, paged; for administrators only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from frameapp.core.keys import MANIFESTS, PUBLIC, SOURCES
from frameapp.db import processes
from frameapp.db.paging import Asked
from frameapp.errors import Invalid, NotFound
from frameapp.models import Feed, Run, RunState, User, utc_now
from frameapp.services import accounts, limits, runs, sessions, sweeping
from frameapp.services.admin import frames, overview, settings, users
from frameapp.services.admin import runs as all_runs
from frameapp.services.admin.access import reading
from frameapp.services.application import Application
from frameapp.services.limits import Limits
from frameapp.services.viewer import Viewer
from tests.outputs import add_frame, add_outputs, picture
from tests.runs import PASSWORD, make_project, run_of


def make_user(app: Application, name: str, **values: Any) -> Viewer:
    """A user; ``values`` are of its row."""
    viewer = accounts.register(app, name, PASSWORD)
    if values:
        with app.database.write() as session:
            session.execute(sa.update(User).where(col(User.id) == viewer.user_id).values(**values))
    token = sessions.open_session(app, viewer)
    found = sessions.viewer_of(app, token)
    assert found is not None
    return found


@pytest.fixture
def boss(app: Application) -> Viewer:
    """The administrator: the first account."""
    return make_user(app, "boss", is_admin=True)


def all_pages(read: Callable[..., Any], **wanted: Any) -> list[Any]:
    """Every row, page by page, and back again, which must give the same."""
    pages = [read(**wanted, size=3)]
    while pages[-1].next_key:
        pages.append(read(**wanted, size=3, after=pages[-1].next_key))
    page = pages[-1]
    for earlier in reversed(pages[:-1]):
        page = read(**wanted, size=3, before=page.previous_key)
        assert page.rows == earlier.rows
    assert pages[0].previous_key == page.previous_key == "" or len(pages) == 1
    return [row for each in pages for row in each.rows]


def test_users_are_searched_sorted_and_paged(app: Application, boss: Viewer) -> None:
    people = [make_user(app, f"User{number}", email=f"u{number}@shop.example") for number in range(7)]
    for number, viewer in enumerate(people):
        for _ in range(number % 3):
            frame_id = add_frame(app, viewer)
            add_outputs(app, frame_id, [f"sku {n}" for n in range(number)], failed=[0])

    def page(**wanted: Any) -> users.UserPage:
        return users.page(app, boss, Asked(**wanted))

    everybody = all_pages(page)
    assert [row.username for row in everybody] == ["boss", *(f"User{n}" for n in range(7))]
    assert [row.username for row in all_pages(page, sort="newest")] == [row.username for row in everybody][::-1]
    for sort, amount in (
        ("frames", lambda row: row.usage.frames),
        ("storage", lambda row: row.usage.storage_bytes),
        ("products", lambda row: row.usage.products),
    ):
        amounts = list(map(amount, all_pages(page, sort=sort)))
        assert len(amounts) == 8
        assert amounts == sorted(amounts, reverse=True)
    assert [row.username for row in page(search="USER5").rows] == ["User5"]
    assert [row.username for row in page(search="u3@shop").rows] == ["User3"]
    assert page(search="100%").rows == []
    found = next(row for row in everybody if row.username == "User5").usage
    assert (found.frames, found.outputs, found.failed, found.done) == (2, 10, 2, 8)
    assert found.storage_bytes == 8 * len(picture())
    assert page(search="user").counts == {"": 7, "active": 7, "deactivated": 0, "administrators": 0}
    assert [row.username for row in page(chosen="administrators").rows] == ["boss"]


def test_frames_of_everybody_are_searched_filtered_and_paged(app: Application, boss: Viewer) -> None:
    anna, bert = make_user(app, "anna"), make_user(app, "bert")
    ids = [add_frame(app, anna, f"Sale {n}") for n in range(4)] + [
        add_frame(app, bert, f"Outlet {n}") for n in range(4)
    ]
    add_outputs(app, ids[0], ["a", "b", "c"], failed=[1])
    add_outputs(app, ids[5], ["a"])
    with app.database.write() as session:
        ended = {"kind": "full", "created_at": utc_now(), "changed_at": utc_now()}
        session.add(Run(workspace_id=anna.workspace_id, frame_id=ids[1], state=RunState.FAILED, **ended))
        session.add(Run(workspace_id=bert.workspace_id, frame_id=ids[6], state=RunState.RUNNING, **ended))

    def page(**wanted: Any) -> frames.FramePage:
        return frames.page(app, boss, Asked(**wanted))

    assert [row.frame_id for row in all_pages(page)] == ids[::-1]
    assert [row.name for row in all_pages(page, sort="name")][:2] == ["Outlet 0", "Outlet 1"]
    assert [row.outputs for row in all_pages(page, sort="outputs")][:3] == [3, 1, 0]
    assert [row.frame_id for row in all_pages(page, sort="storage")][:2] == [ids[0], ids[5]]
    assert {row.frame_id for row in page(search="BERT").rows} == set(ids[4:])
    assert [row.frame_id for row in page(search="sale 2").rows] == [ids[2]]
    assert {row.owner for row in page(owner_id=anna.user_id).rows} == {"anna"}
    assert {row.frame_id for row in page(chosen="failures").rows} == {ids[0], ids[1]}
    assert [row.frame_id for row in page(chosen="running").rows] == [ids[6]]
    assert page(chosen="published").rows == []
    states = {row.frame_id: row.state for row in page().rows}
    assert [states[ids[n]] for n in (0, 1, 2, 5, 6)] == ["Ready", "Needs attention", "Draft", "Ready", "Running"]


def test_runs_of_everybody_and_stopping_one(app: Application, boss: Viewer) -> None:
    project = make_project(app, name="anna")
    going = runs.start(app, project.viewer, project.frame_id)
    with app.database.write() as session:
        for state in (RunState.DONE, RunState.FAILED, RunState.CANCELLED, RunState.DONE):
            session.add(Run(workspace_id=project.viewer.workspace_id, frame_id=project.frame_id, state=state))

    def page(**wanted: Any) -> all_runs.RunPage:
        return all_runs.page(app, boss, Asked(**wanted))

    found = [row.progress.run_id for row in all_pages(page)]
    assert found == sorted(found, reverse=True)
    assert len(found) == 5
    assert [row.progress.run_id for row in page(chosen="active").rows] == [going]
    assert len(page(chosen="done", search="ANNA").rows) == 2
    assert len(page(search="summer", owner_id=project.viewer.user_id).rows) == 5
    assert page(search="winter").rows == []
    assert all_runs.cancel(app, boss, going)
    assert run_of(app, going).reason == all_runs.STOPPED
    assert not all_runs.cancel(app, boss, going)
    with pytest.raises(NotFound):
        all_runs.cancel(app, boss, 999)


def test_the_overview_says_what_goes_on(app: Application, boss: Viewer) -> None:
    project = make_project(app, name="anna")
    add_outputs(app, add_frame(app, boss), ["a", "b"], failed=[0])
    run_id = runs.start(app, project.viewer, project.frame_id)
    with app.database.write() as session:
        processes.beat(session, "w", kind="worker", host="there", pid=7, doing="idle")
        session.execute(sa.update(Run).values(created_at=utc_now() - timedelta(seconds=90)))
        failed = {"state": RunState.FAILED, "reason": "The feed is empty."}
        session.add(Run(workspace_id=boss.workspace_id, frame_id=project.frame_id, **failed))
        session.execute(sa.update(Feed).values(products=4))
    found, pulse = overview.figures(app, boss), overview.pulse(app, boss)
    assert (found.users, found.administrators, found.deactivated) == (2, 1, 0)
    assert (found.usage.frames, found.usage.done, found.usage.failed, found.usage.products) == (2, 1, 1, 8)
    assert found.database_bytes > 10_000
    assert (pulse.active, pulse.queued) == (0, 1)
    assert pulse.waiting_seconds is not None
    assert 89 < pulse.waiting_seconds < 400
    assert [row.doing for row in pulse.processes] == ["idle"]
    assert [fault.reason for fault in pulse.faults] == ["The feed is empty."]
    assert run_id


def test_the_storage_is_counted_by_kind_as_it_is_collected(app: Application, boss: Viewer) -> None:
    for key in (f"{PUBLIC}a/1.jpg", f"{PUBLIC}a/2.gz", f"{MANIFESTS}1/x.gz", f"{SOURCES}1", f"{SOURCES}2", "cache/x/1"):
        app.storage.put(key, b"12345")
    sweeping.collect_garbage(app)
    found = {row.kind: (row.objects, row.size_bytes) for row in overview.figures(app, boss).storage}
    assert found["outputs"] == (1, 5)
    assert found["published feeds"] == (2, 10)
    assert found["source pictures"] == (2, 10)
    assert found["other cache"] == (1, 5)
    assert found["feeds"] == (0, 0)


def test_an_administrator_reads_a_frame_as_its_owner_does(app: Application, boss: Viewer) -> None:
    project = make_project(app, name="anna")
    viewer, owner = reading(app, boss, project.frame_id)
    assert (viewer.user_id, viewer.workspace_ids, owner.username) == (
        boss.user_id,
        (project.viewer.workspace_id,),
        "anna",
    )
    with pytest.raises(NotFound):
        reading(app, boss, 999)


def test_limits_are_set_for_all_and_for_one(app: Application, boss: Viewer) -> None:
    anna = make_user(app, "anna")
    limits.set_defaults(app, boss, Limits(frames=10, products=500))
    limits.set_own(app, boss, anna.user_id, Limits(frames=0, storage_mb=7))
    assert limits.defaults(app) == Limits(10, 500, None)
    assert [(row.noun, row.limit) for row in limits.standings(app, anna)] == [
        ("products", 500),
        ("storage", 7_000_000),
    ]
    assert users.get(app, boss, anna.user_id).limits == Limits(0, None, 7)
    with pytest.raises(Invalid):
        limits.set_defaults(app, boss, Limits(frames=-1))
    with pytest.raises(Invalid):
        limits.set_own(app, boss, anna.user_id, Limits(frames=limits.LARGEST + 1))


def test_everybody_else_finds_nothing(app: Application, boss: Viewer) -> None:
    project = make_project(app, name="anna")
    anna = project.viewer
    run_id = runs.start(app, anna, project.frame_id)
    for ask in (
        lambda: users.page(app, anna),
        lambda: users.get(app, anna, anna.user_id),
        lambda: frames.page(app, anna),
        lambda: all_runs.page(app, anna),
        lambda: all_runs.cancel(app, anna, run_id),
        lambda: overview.figures(app, anna),
        lambda: overview.pulse(app, anna),
        lambda: settings.in_force(app, anna),
        lambda: reading(app, anna, project.frame_id),
        lambda: limits.set_defaults(app, anna, Limits()),
        lambda: limits.set_own(app, anna, anna.user_id, Limits()),
    ):
        with pytest.raises(NotFound):
            ask()
    assert run_of(app, run_id).state == RunState.QUEUED


@pytest.mark.parametrize("key", ["x", "[]", "[1]", "{}", '["a", "b"]', "[1, 2, 3]", "null"])
def test_a_key_that_is_not_ours_is_refused(app: Application, boss: Viewer, key: str) -> None:
    with pytest.raises(Invalid):
        users.page(app, boss, Asked(sort="storage", after=key))
    with pytest.raises(Invalid):
        users.page(app, boss, Asked(sort="nothing"))


def test_settings_hide_what_is_secret_and_say_where_they_come_from(
    app: Application, boss: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRAMEAPP_CACHE_MB", "100")
    values = app.settings.model_dump() | {
        "database_url": app.settings.database_url,
        "redis_url": "redis://:topsecret@cache.example:6379/0",
        "storage_url": "s3://bucket/prefix?access_key_id=AKIA123&secret=topsecret",
    }
    shown = Application(type(app.settings)(**values, _env_file=None), app.database, app.storage)
    rows = {row.name: row for row in settings.in_force(shown, boss)}
    assert set(rows) == {f"FRAMEAPP_{name.upper()}" for name in type(app.settings).model_fields}
    assert rows["FRAMEAPP_CACHE_MB"].source == "environment"
    assert rows["FRAMEAPP_PORT"].source == "default"
    text = " ".join(row.value for row in rows.values())
    for secret in ("topsecret", "AKIA123", "s" * 40):
        assert secret not in text
    assert "cache.example:6379" in rows["FRAMEAPP_REDIS_URL"].value
