"""What a request may bring: read whole, small and in time, before anything parses it."""

import asyncio
import re
from collections.abc import AsyncIterator

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 64 * 1024  # bytes
BODY_SECONDS = 15.0  # for the whole of it
IDLE_SECONDS = 30.0  # an upload that sends nothing for so long is given up
UPLOAD_PATH = "/_upload"
OWN_LIMIT = re.compile(r"/frame/\d+/outputs\.zip")  # thousands of ids; the route counts them itself
BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})
TOO_LARGE = "This request is too large."
TOO_SLOW = "The request took too long to arrive. Try again."
NO_FILES = "This address does not accept files."


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
    """An answer before the body has come; nobody waits for the rest of it."""
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
