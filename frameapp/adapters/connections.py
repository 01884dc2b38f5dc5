"""Connections that are used again, by origin.

The fetcher bounds how many a host has at once, so all there is to do is to keep the idle ones: httpcore's own pool,
made for shared use, looks at every connection twice for every request (encode/httpcore#924).
"""

import ssl
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpcore
import httpx

from frameapp.adapters.address_guard import AddressGuard, GuardedBackend

KEPT = 100
KEEP_ALIVE_SECONDS = 15.0
HTTPCORE_ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)


class GuardedTransport(httpx.AsyncBaseTransport):
    """HTTP/1.1 over connections that the guard allows; no proxy, whatever the environment says."""

    def __init__(self, guard: AddressGuard) -> None:
        self._connections = Connections(httpx.create_ssl_context(), GuardedBackend(guard))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, whose body is still to be read."""
        url = request.url
        asked = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _errors_of_httpx():
            answer = await self._connections.handle_async_request(asked)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Stream(answer), extensions=dict(answer.extensions)
        )

    async def aclose(self) -> None:
        """Close what is idle."""
        await self._connections.aclose()


class _Stream(httpx.AsyncByteStream):
    """An answer's body, as httpx reads it."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _errors_of_httpx():
            async for part in self._answer.aiter_stream():
                yield part

    async def aclose(self) -> None:
        with _errors_of_httpx():
            await self._answer.aclose()


@contextmanager
def _errors_of_httpx() -> Iterator[None]:
    """httpcore's errors as httpx's, which have the same names."""
    try:
        yield
    except HTTPCORE_ERRORS as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error


class Connections:
    """A request goes over an idle connection of its origin, or over a new one."""

    def __init__(self, context: ssl.SSLContext, backend: httpcore.AsyncNetworkBackend) -> None:
        self._context = context
        self._backend = backend
        self._idle: deque[tuple[httpcore.AsyncHTTPConnection, float]] = deque()  # the longest idle one first

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """The answer; its connection is kept once it is closed."""
        connection = await self._kept(request.url.origin)
        if connection is None:
            connection = self._new(request.url.origin)
            response = await _asked(connection, request)
        else:
            try:
                response = await _asked(connection, request)
            except httpcore.RemoteProtocolError:  # closed meanwhile, or what is left of its last answer is in the way
                connection = self._new(request.url.origin)
                response = await _asked(connection, request)
        content = _Content(response, connection, self)
        return httpcore.Response(
            response.status, headers=response.headers, content=content, extensions=response.extensions
        )

    async def keep(self, connection: httpcore.AsyncHTTPConnection) -> None:
        """Keep it for another request, or close it."""
        if not connection.is_idle():
            await connection.aclose()
            return
        self._idle.append((connection, time.monotonic()))
        while self._idle and (len(self._idle) > KEPT or self._idle[0][1] < time.monotonic() - KEEP_ALIVE_SECONDS):
            await self._idle.popleft()[0].aclose()  # meanwhile others may take the rest

    async def aclose(self) -> None:
        """Close what is idle."""
        while self._idle:
            await self._idle.popleft()[0].aclose()

    async def _kept(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection | None:
        for number in range(len(self._idle) - 1, -1, -1):  # the last used one is the least likely to be closed
            connection = self._idle[number][0]
            if connection.can_handle_request(origin):
                del self._idle[number]
                if not connection.has_expired():
                    return connection
                await connection.aclose()
                break
        return None

    def _new(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection:
        return httpcore.AsyncHTTPConnection(
            origin, ssl_context=self._context, keepalive_expiry=KEEP_ALIVE_SECONDS, network_backend=self._backend
        )


async def _asked(connection: httpcore.AsyncHTTPConnection, request: httpcore.Request) -> httpcore.Response:
    try:
        return await connection.handle_async_request(request)
    except BaseException:
        await connection.aclose()
        raise


class _Content:
    """An answer's body, which gives its connection back."""

    def __init__(
        self, response: httpcore.Response, connection: httpcore.AsyncHTTPConnection, connections: Connections
    ) -> None:
        self._response = response
        self._connection = connection
        self._connections = connections

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._response.aiter_stream()

    async def aclose(self) -> None:
        await self._response.aclose()
        await self._connections.keep(self._connection)
