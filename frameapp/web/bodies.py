"""What a request may bring: read whole, small and in time, before anything parses it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 64 * 1024  # bytes
BODY_SECONDS = 15.0  # for the whole of it
IDLE_SECONDS = 30.0  # an upload that sends nothing for so long is given up
UPLOAD_PATH = "/_upload"
PASSED_ON = 1024 * 1024  # bytes: what nginx passes on (nginx/application.conf)
UPLOAD_PASSED_ON = 21 * 1024 * 1024
OWN_LIMIT = re.compile(r"/frame/\d+/outputs\.zip")  # thousands of ids; the route counts them itself
BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})
TOO_LARGE = "This request is too large."
TOO_SLOW = "The request took too long to arrive. Try again."
NO_FILES = "This address does not accept files."


class WholeBodies:
    """Reads and drops what is left of a body before an answer goes out.

    A client that is still sending, nginx too, would find the connection closed and often lose the answer. Bodies that
    are longer than nginx passes on, or take too long, are answered at once.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer once the body has come."""
        if scope["type"] != "http" or scope["method"] in BODILESS:
            await self.app(scope, receive, send)
            return
        rest = _Rest(receive, UPLOAD_PASSED_ON if is_below(scope["path"], UPLOAD_PATH) else PASSED_ON)

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                await rest.drop(Headers(scope=scope))
            await send(message)

        await self.app(scope, rest.receive, answered)


class _Rest:
    """A request's body, of which at most ``most`` bytes are read for nothing."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self._until = asyncio.get_running_loop().time() + BODY_SECONDS
        self._read = 0
        self._more = True

    async def receive(self) -> Message:
        """The next part."""
        message = await self._receive()
        self._read += len(message.get("body", b""))
        self._more = bool(message.get("more_body", False))
        return message

    async def drop(self, headers: Headers) -> None:
        """Read the parts that are left, unless the client waits for our word before it sends any."""
        waits = not self._read and headers.get("expect", "").lower() == "100-continue"
        if waits or is_longer(headers, self._most):
            return
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._until):
                while self._more and self._read <= self._most:
                    await self.receive()


class BodyLimits:
    """Refuses bodies that are large (413), slow (408) or hold files (400). Uploads have protection of their own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body first, then pass it on."""
        if scope["type"] != "http" or scope["method"] in BODILESS or is_below(scope["path"], UPLOAD_PATH):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        large = OWN_LIMIT.fullmatch(scope["path"])
        if headers.get("content-type", "").lower().startswith("multipart/"):
            await refusal(NO_FILES, 400)(scope, receive, send)
        elif large:
            await self.app(scope, in_time(receive), send)
        elif is_longer(headers, LARGEST_BODY):
            await refusal(TOO_LARGE, 413)(scope, receive, send)
        else:
            await self._read(scope, receive, send)

    async def _read(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for chunk in _chunks(receive):
                    body += chunk
                    if len(body) > LARGEST_BODY:
                        await refusal(TOO_LARGE, 413)(scope, receive, send)
                        return
        except TimeoutError:
            await refusal(TOO_SLOW, 408)(scope, receive, send)
            return
        except ClientDisconnect:
            return
        await self.app(scope, _replayed(body, receive), send)


def is_longer(headers: Headers, limit: int) -> bool:
    """Whether the request says itself that its body is larger than ``limit`` bytes."""
    length = headers.get("content-length", "")
    return length.isdigit() and (len(length) > 15 or int(length) > limit)


def refusal(sentence: str, status: int) -> PlainTextResponse:
    """An answer before the body has come; the connection ends with it, since the rest may never come."""
    return PlainTextResponse(sentence, status, {"connection": "close", "cache-control": "no-store"})


def in_time(receive: Receive) -> Receive:
    """The body's parts; a client that sends none for ``IDLE_SECONDS`` counts as gone."""
    reading = True

    async def received() -> Message:
        nonlocal reading
        if not reading:  # nothing but the client's leaving is to come
            return await receive()
        try:
            async with asyncio.timeout(IDLE_SECONDS):
                message = await receive()
        except TimeoutError:
            message = {"type": "http.disconnect"}
        reading = bool(message.get("more_body", False))
        return message

    return received


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return


def _replayed(body: bytes, receive: Receive) -> Receive:
    given = False

    async def received() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return received


def is_below(path: str, prefix: str) -> bool:
    """Whether the path is the prefix or leads on from it."""
    return path == prefix or path.startswith(prefix + "/")
