"""``/ws/progress/<frame_id>/``: a frame's progress as JSON, for a signed-in client that is no page of ours."""

import asyncio
from collections.abc import Iterator
from typing import Any

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from frameapp.core.progress import Progress
from frameapp.errors import NotFound
from frameapp.services import live, outputs, runs
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.web.answers import path_number
from frameapp.web.identity import viewer_of
from frameapp.web.middleware import is_own_request

CHECK_SECONDS = 30.0  # how often the session and the frame are looked at again
SEND_SECONDS = 20.0  # a client that takes no message for so long is let go
POLICY_VIOLATION = 1008
NOTHING_YET = {"processed": 0, "total": 0, "product_id": "", "state": ""}


async def progress_socket(websocket: WebSocket) -> None:
    """Refuse strangers with 403 before accepting; then send until the client leaves or may no longer look."""
    viewer = await _entitled(websocket)
    if viewer is None:
        await websocket.close(POLICY_VIOLATION)
        return
    await websocket.accept()
    sending = asyncio.create_task(_send(websocket, viewer))
    leaving = asyncio.create_task(_until_left(websocket))
    try:
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (sending, leaving):
            task.cancel()
        results = await asyncio.gather(sending, leaving, return_exceptions=True)
    for result in results:
        expected = (asyncio.CancelledError, WebSocketDisconnect, TimeoutError, NotFound)
        if isinstance(result, BaseException) and not isinstance(result, expected):
            raise result


async def _entitled(websocket: WebSocket) -> Viewer | None:
    """The viewer whose frame this is, where the page that asks is ours (or no page)."""

    def look() -> Viewer | None:
        viewer = viewer_of(websocket)
        if viewer is not None:
            outputs.frame_of(application(), viewer, path_number(websocket, "frame_id"))
        return viewer

    try:
        return await asyncio.to_thread(look) if is_own_request(websocket.headers) else None
    except NotFound:
        return None


async def _send(websocket: WebSocket, viewer: Viewer) -> None:
    frame_id = path_number(websocket, "frame_id")
    if await asyncio.to_thread(runs.snapshot, application(), viewer, frame_id) is None:
        await _tell(websocket, NOTHING_YET)
    told: tuple[int, frozenset[tuple[str, str]]] = (0, frozenset())
    async with live.follow(application(), viewer, frame_id) as follower:
        while True:
            message = await follower.next(CHECK_SECONDS)
            if message is None:
                if await _entitled(websocket) is None:
                    await websocket.close(POLICY_VIOLATION)
                    return
                continue
            await _tell(websocket, numbers(message))
            failures = frozenset((error.product_id, error.reason) for error in message.errors)
            for error in _new(message, told):
                await _tell(websocket, error)
            told = (message.run_id, failures)


def numbers(message: Progress) -> dict[str, Any]:
    """What a client is sent of a run's progress."""
    return {
        "processed": message.processed,
        "total": message.total,
        "product_id": message.product_id,
        "state": message.state,
        "planned": message.planned,
        "failed": message.failed,
        "rate": message.rate,
        "seconds_left": message.seconds_left,
        "waiting": message.waiting,
        "run_id": message.run_id,
        "version": message.version,
    }


def _new(message: Progress, told: tuple[int, frozenset[tuple[str, str]]]) -> Iterator[dict[str, str]]:
    """The failures that were not told before."""
    run_id, known = told
    for error in message.errors:
        if run_id != message.run_id or (error.product_id, error.reason) not in known:
            yield {"error": error.reason, "product_id": error.product_id}


async def _tell(websocket: WebSocket, message: dict[str, Any]) -> None:
    async with asyncio.timeout(SEND_SECONDS):  # wait_for forgets a cancellation that comes as the message goes
        await websocket.send_json(message)


async def _until_left(websocket: WebSocket) -> None:
    """Read and drop what the client sends until it leaves."""
    while True:
        if (await websocket.receive())["type"] == "websocket.disconnect":
            return


routes: list[BaseRoute] = [WebSocketRoute("/ws/progress/{frame_id}/", progress_socket)]
