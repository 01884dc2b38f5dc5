"""What stands before every WebSocket: whose it is, how many there may be, and the end of its session."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from frameapp.adapters import descriptors, session_ends
from frameapp.adapters.broadcasts import broadcasts
from frameapp.services import sessions
from frameapp.services.accounts import Viewer
from frameapp.services.application import application
from frameapp.services.attempts import place_of
from frameapp.web.identity import client_address, session_token, viewer_of

log = logging.getLogger(__name__)

SEAT = "frameapp.seat"  # where a WebSocket's scope has its seat
POLICY_VIOLATION = 1008
PROGRESS = "/ws/"
MOST_PAGES = 100  # open pages of a user
MOST_PROGRESS = 60  # progress sockets of a user
MOST_OF_ADDRESS = 50  # sockets without a session, from one address
MOST_STRANGERS = 500  # sockets without a session
SPARED_DESCRIPTORS = 256  # for requests, the database, files
FULL = "You have too many pages or connections open. Close some and try again."
BUSY = "Too many connections are open. Try again in a minute."


@dataclass(eq=False, slots=True)
class Seat:
    """An open WebSocket: the hash of its session's token (empty without one), its viewer and the client's address."""

    session: str
    viewer: Viewer | None
    address: str
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Seats:
    """The open WebSockets of this process."""

    def __init__(self) -> None:
        self._by_session: dict[str, set[Seat]] = {}
        self._counts: Counter[tuple[str, str | int]] = Counter()

    def refusal(self, seat: Seat, path: str) -> str:
        """Why there is no room for it, or an empty text."""
        if self._counts["all", 0] >= descriptors.raise_limit() - SPARED_DESCRIPTORS:
            return BUSY
        if seat.viewer is None:
            crowded = self._counts["address", place_of(seat.address)] >= MOST_OF_ADDRESS
            return BUSY if crowded or self._counts["strangers", 0] >= MOST_STRANGERS else ""
        most = MOST_PROGRESS if path.startswith(PROGRESS) else MOST_PAGES
        return FULL if self._counts[_kind(path), seat.viewer.user_id] >= most else ""

    @contextlib.contextmanager
    def listening(self, seat: Seat) -> Iterator[None]:
        """End it with its session while the block runs. Before the session is looked up: it may end meanwhile."""
        self._by_session.setdefault(seat.session, set()).add(seat)
        try:
            yield
        finally:
            self._by_session[seat.session].discard(seat)
            if not self._by_session[seat.session]:
                del self._by_session[seat.session]

    @contextlib.contextmanager
    def taken(self, seat: Seat, path: str) -> Iterator[None]:
        """Count it while the block runs."""
        keys: list[tuple[str, str | int]] = [("all", 0)]
        if seat.viewer is None:
            keys += [("address", place_of(seat.address)), ("strangers", 0)]
        else:
            keys.append((_kind(path), seat.viewer.user_id))
        self._counts.update(keys)
        try:
            yield
        finally:
            self._counts.subtract(keys)
            for key in keys:
                if not self._counts[key]:
                    del self._counts[key]

    def end(self, session: str) -> None:
        """End the sockets of a session."""
        for seat in self._by_session.get(session, ()):
            seat.ended.set()


seats = Seats()


@asynccontextmanager
async def ending_with_sessions() -> AsyncIterator[None]:
    """While the web process lives: what Redis says about ended sessions ends their sockets."""
    descriptors.raise_limit()
    listening = asyncio.create_task(_listen())
    try:
        yield
    finally:
        listening.cancel()
        await asyncio.wait([listening])


async def _listen() -> None:
    async with broadcasts(application().settings.resolved_redis_url).reading([session_ends.CHANNEL]) as reader:
        while True:
            for message in await reader.take(60.0):
                _end_those_of(message)


def _end_those_of(message: bytes) -> None:
    try:
        for session in session_ends.read(message):
            seats.end(session)
    except Exception:  # whatever somebody sent there: the next message is heard all the same
        log.exception("What came about ended sessions cannot be read")


class SocketLimits:
    """Finds the session of each WebSocket once, refuses what is too many, and closes it when its session ends."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on with its seat, or say why not and close it."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        seat, connection = _seat(scope)
        with seats.listening(seat):
            seat.viewer = await asyncio.to_thread(viewer_of, connection)
            refusal = seats.refusal(seat, scope["path"])
            if refusal:
                await _refuse(receive, send, refusal if seat.viewer else "")
                return
            scope[SEAT] = seat
            with seats.taken(seat, scope["path"]):
                await _until_ended(self.app, scope, receive, send)


def _seat(scope: Scope) -> tuple[Seat, HTTPConnection]:
    connection = HTTPConnection(scope)
    token = session_token(connection)
    return Seat(sessions.token_hash(token) if token else "", None, client_address(connection)), connection


async def _refuse(receive: Receive, send: Send, sentence: str) -> None:
    """A sentence reaches a client only once it is let in; a stranger gets none."""
    await receive()
    if sentence:
        await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": sentence})


async def _until_ended(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run it; once the session ends, the client hears nothing more and the application that the client has left."""
    seat: Seat = scope[SEAT]
    ending = asyncio.ensure_future(seat.ended.wait())

    async def received() -> Message:
        getting = asyncio.ensure_future(receive())
        try:
            await asyncio.wait({getting, ending}, return_when=asyncio.FIRST_COMPLETED)
        except BaseException:
            getting.cancel()
            raise
        if not seat.ended.is_set():
            return getting.result()
        getting.cancel()
        await asyncio.wait([getting])  # granian closes no socket that is being read
        await _close(send)
        return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}

    async def sent(message: Message) -> None:
        if not seat.ended.is_set():
            await send(message)

    try:
        await app(scope, received, sent)
    finally:
        ending.cancel()


async def _close(send: Send) -> None:
    with contextlib.suppress(RuntimeError, OSError):  # it has gone meanwhile
        await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": "The session has ended."})


def _kind(path: str) -> str:
    return "progress" if path.startswith(PROGRESS) else "pages"
