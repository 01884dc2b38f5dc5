"""Hosts on the loopback that answer as they are told, byte for byte."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from frameapp.adapters.fetch import Fetcher
from frameapp.settings import Settings


@asynccontextmanager
async def host(answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]) -> AsyncIterator[str]:
    """A loopback server that reads a request's head and lets ``answer`` do the rest."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


class Answers:
    """A loopback server that gives these answers in turn, the last one again and again; ``asked`` are the paths."""

    def __init__(self, *answers: bytes, closing: bool = False) -> None:
        self._answers = list(answers)
        self._closing = closing
        self.asked: list[str] = []

    def answer(self, *answers: bytes) -> None:
        """Give these from now on."""
        self._answers = list(answers)

    async def __aenter__(self) -> Answers:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                self.asked.append(request.split(b" ")[1].decode("latin-1"))
                writer.write(self._answers.pop(0) if len(self._answers) > 1 else self._answers[0])
                await writer.drain()
                if self._closing:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def answered(body: bytes, *headers: str, status: str = "200 OK", location: bytes = b"") -> bytes:
    """An answer with its length and these header lines."""
    lines = [line.encode("latin-1") for line in (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers)]
    moved = [b"Location: " + location] if location else []
    return b"\r\n".join([*lines, *moved, b"", b""]) + body


def local_fetcher() -> Fetcher:
    """A fetcher that may go to the loopback."""
    return Fetcher(Settings(fetch_allow="127.0.0.0/8", _env_file=None))
