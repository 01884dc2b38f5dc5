"""A WebSocket client of an ASGI application in the same event loop."""

from __future__ import annotations

import asyncio
import json
from types import TracebackType
from typing import Any

from starlette.types import ASGIApp, Message

SECONDS = 120.0


class Closed(Exception):
    """The application closed the socket; ``accepted`` says whether it had let the client in (else: 403)."""

    def __init__(self, code: int, *, accepted: bool, reason: str = "") -> None:
        super().__init__(f"closed with {code} {reason}")
        self.code = code
        self.reason = reason
        self.accepted = accepted


class Socket:
    """Connects on entering, leaves at the end and waits until the application has noticed."""

    def __init__(self, app: ASGIApp, path: str, headers: dict[str, str]) -> None:
        host = headers.get("host", "localhost:3000")
        pairs = [(name.encode(), value.encode()) for name, value in {"host": host, **headers}.items()]
        self._scope = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": pairs,
            "client": ("192.0.2.1", 5000),
            "server": ("localhost", 3000),
            "subprotocols": [],
            "state": {},
        }
        self._app = app
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()
        self._accepted = False

    async def __aenter__(self) -> Socket:
        self._task = asyncio.create_task(self._app(self._scope, self._to_app.get, self._from_app.put))
        await self._to_app.put({"type": "websocket.connect"})
        message = await self._next()
        assert message["type"] == "websocket.accept"
        self._accepted = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.leave()

    async def leave(self) -> None:
        """Close it from the client's side."""
        await self._to_app.put({"type": "websocket.disconnect", "code": 1000})
        async with asyncio.timeout(SECONDS):
            await self._task

    async def send(self, text: str) -> None:
        """Say something."""
        await self._to_app.put({"type": "websocket.receive", "text": text})

    async def receive(self) -> Any:
        """The next message's JSON. Raises Closed."""
        return json.loads((await self._next())["text"])

    async def _next(self) -> Message:
        async with asyncio.timeout(SECONDS):
            message = await self._from_app.get()
        if message["type"] == "websocket.close":
            raise Closed(message.get("code", 1000), accepted=self._accepted, reason=message.get("reason", ""))
        return message
