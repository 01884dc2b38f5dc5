"""The progress WebSocket, with a real Redis."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlmodel import select

from frameapp.adapters.progress import publish
from frameapp.models import Run, RunState, utc_now
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.runs import progress_of
from frameapp.services.sessions import close_session, open_session
from frameapp.web import progress
from frameapp.web.identity import cookie_name
from frameapp.web.routes import web_app
from tests.jobs.workers import wait_until
from tests.outputs import add_frame
from tests.web.conftest import SITE
from tests.web.sockets import Closed, Socket


@pytest.fixture(autouse=True)
def _redis(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMEAPP_REDIS_URL", redis_url)


@pytest.fixture
def frame_id(app: Application, anna: Viewer) -> int:
    return add_frame(app, anna)


def connected(frame_id: int | str, sent: dict[str, str]) -> Socket:
    """A client of the whole application."""
    return Socket(web_app(), f"/ws/progress/{frame_id}/", sent)


def headers(app: Application, viewer: Viewer | None, **more: str) -> dict[str, str]:
    token = open_session(app, viewer) if viewer else ""
    return {**({"cookie": f"{cookie_name(app.settings)}={token}"} if token else {}), **more}


def change_run(app: Application, frame_id: int, **values: Any) -> None:
    """Change the frame's run (begin it where there is none) and publish, as a worker does."""
    with app.database.write() as session:
        run = session.exec(select(Run).where(Run.frame_id == frame_id)).one_or_none()
        run = run or Run(workspace_id=1, frame_id=frame_id, state=RunState.RUNNING)
        for name, value in values.items():
            setattr(run, name, value)
        run.version, run.changed_at = run.version + 1, utc_now()
        session.add(run)
        session.flush()
        message = progress_of(run)
    publish(app.redis, message, force=True)


def numbers(message: dict[str, Any]) -> tuple[int, int, str]:
    return message["processed"], message["total"], message["product_id"]


async def test_it_sends_the_snapshot_first_and_then_what_happens(app: Application, frame_id: int, anna: Viewer) -> None:
    change_run(app, frame_id, total=100, rendered=15, current_product_id="sku 15")
    async with connected(frame_id, headers(app, anna)) as ws:
        first = await ws.receive()
        assert numbers(first) == (15, 100, "sku 15")
        assert (first["state"], first["failed"], first["version"]) == ("running", 0, 1)
        await ws.send("what a client says is dropped")
        change_run(app, frame_id, rendered=20, failed=1, current_product_id="sku 21", errors=[["sku 16", "Too slow."]])
        assert numbers(await ws.receive()) == (21, 100, "sku 21")
        assert (await ws.receive()) == {"error": "Too slow.", "product_id": "sku 16"}
        change_run(app, frame_id, failed=2, errors=[["sku 22", "Not a picture."], ["sku 16", "Too slow."]])
        assert numbers(await ws.receive())[0] == 22
        assert (await ws.receive()) == {"error": "Not a picture.", "product_id": "sku 22"}
        change_run(app, frame_id, rendered=98, state=RunState.DONE, ended_at=utc_now())
        last = await ws.receive()
        assert (numbers(last)[0], last["state"]) == (100, "done")


async def test_it_stays_open_for_the_next_run(app: Application, frame_id: int, anna: Viewer) -> None:
    async with connected(frame_id, headers(app, anna)) as ws:
        assert (await ws.receive()) == {"processed": 0, "total": 0, "product_id": "", "state": ""}
        change_run(app, frame_id, total=3)
        assert numbers(await ws.receive()) == (0, 3, "")


@pytest.mark.parametrize("origin", [SITE, "http://other.example:3000"])
async def test_our_own_origins_are_let_in(app: Application, frame_id: int, anna: Viewer, origin: str) -> None:
    host = origin.removeprefix("http://")
    async with connected(frame_id, headers(app, anna, origin=origin, host=host)) as ws:
        assert (await ws.receive())["total"] == 0


async def refused(frame_id: int | str, sent: dict[str, str]) -> bool:
    with pytest.raises(Closed) as ended:
        await connected(frame_id, sent).__aenter__()
    return not ended.value.accepted


async def test_strangers_are_refused_before_anything_is_accepted(
    app: Application, frame_id: int, anna: Viewer, bert: Viewer
) -> None:
    assert await refused(frame_id, headers(app, None))
    assert await refused(frame_id, headers(app, bert))
    assert await refused(frame_id, headers(app, anna, origin="https://evil.example"))
    assert await refused(9999999999, headers(app, anna))
    assert await refused("x", headers(app, anna))


async def test_it_ends_with_the_session(
    app: Application, frame_id: int, anna: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "CHECK_SECONDS", 0.05)
    token = open_session(app, anna)
    sent = {"cookie": f"{cookie_name(app.settings)}={token}"}
    async with connected(frame_id, sent) as ws:
        (await ws.receive())
        close_session(app, token)
        with pytest.raises(Closed) as ended:
            await ws.receive()
    assert ended.value.code == progress.POLICY_VIOLATION


async def test_a_client_that_leaves_ends_the_watch(app: Application, frame_id: int, anna: Viewer) -> None:
    change_run(app, frame_id, total=3)
    async with connected(frame_id, headers(app, anna)) as ws:
        assert (await ws.receive())["total"] == 3
        assert app.redis.pubsub_numpat() == 1

    def nobody() -> bool:
        return app.redis.pubsub_numpat() == 0

    await asyncio.to_thread(wait_until, nobody, 30, "the subscription is left")  # Redis sees the end a moment later
