"""Feeds and pictures from strangers' hosts: guarded, bounded, patient only where it may help.

Every failure is a FetchError whose text is a sentence for the user, as "The picture's address answered 404 Not Found."
"""

import asyncio
import re
import time
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import BinaryIO
from weakref import WeakValueDictionary

import anyio.lowlevel
import httpx

from frameapp.adapters.address_guard import AddressGuard, Refusal, Unresolvable
from frameapp.adapters.connections import GuardedTransport
from frameapp.adapters.fetch_failures import (
    REDIRECTS,
    Failure,
    brings_body,
    check_status,
    translated,
    wait_before_another,
)
from frameapp.adapters.fetch_order import FEEDS, PICTURES, Limits, Order, basic, header, web_address
from frameapp.adapters.heads import NotHttp
from frameapp.adapters.inflate import Inflater, TooLong, UnknownEncoding
from frameapp.core.feeds.links import absolute
from frameapp.errors import AddressRefused, FetchError, FetchTimeout, TooLarge
from frameapp.settings import Settings

MAX_REDIRECTS = 5
CONNECTIONS_PER_HOST = 8
BACKOFF_SECONDS = (0.25, 1.0)  # before the second and the third try
DOWN_SECONDS = 5.0  # how long a host that refuses connections is not asked again
SKIPPED_BYTES = 64_000
CHARSET = re.compile(r"""[;,\s]charset\s*=\s*["']?([A-Za-z0-9][\w.:+()-]{0,39})""", re.ASCII | re.IGNORECASE)

Write = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class FetchedPicture:
    """A picture's answer: ``data`` is empty where it was not modified; validators as the host sent them."""

    not_modified: bool
    data: bytes
    etag: str
    last_modified: str


@dataclass(frozen=True, slots=True)
class FetchedFeed:
    """A feed's answer: ``size`` in bytes after decompression, 0 where it was not modified. ``charset`` is the label of
    its text's encoding, empty where the host names none.
    """

    not_modified: bool
    size: int
    etag: str
    last_modified: str
    charset: str


class Fetcher:
    """Fetches pictures and feeds. Belongs to one event loop; ``transport`` replaces the network in tests."""

    def __init__(self, settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._settings = settings
        self._transport = transport or GuardedTransport(AddressGuard(settings.fetch_networks))
        self._slots: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._pauses: dict[str, float] = {}
        self._down: dict[tuple[str, str], tuple[float, FetchError]] = {}  # by what was asked for, and origin

    async def picture(self, url: str, *, etag: str = "", last_modified: str = "") -> FetchedPicture:
        """The picture at ``url``, unless the validators say that it is the same. Raises FetchError."""
        order = self._order(PICTURES, url, etag, last_modified)
        body = bytearray()
        response = await self._fetch(order, body.extend, body.clear)
        not_modified = response.status_code == HTTPStatus.NOT_MODIFIED
        if not body and not not_modified:
            raise FetchError(f"{order.subject} answered with an empty file.")
        return FetchedPicture(not_modified, bytes(body), *_validators(response, etag, last_modified))

    async def feed(
        self,
        url: str,
        destination: BinaryIO,
        *,
        credentials: tuple[str, str] | None = None,
        user_agent: str = "",
        etag: str = "",
        last_modified: str = "",
        limits: Limits = FEEDS,
    ) -> FetchedFeed:
        """Write the feed at ``url`` to ``destination`` (seekable), unless it is the same. Raises FetchError.

        ``credentials`` are sent to the feed's own origin only, never along a redirect to another one.
        """
        order = self._order(limits, url, etag, last_modified, credentials, user_agent)
        start = destination.tell()

        def rewind() -> None:
            destination.seek(start)
            destination.truncate()

        response = await self._fetch(order, destination.write, rewind)
        not_modified = response.status_code == HTTPStatus.NOT_MODIFIED
        return FetchedFeed(
            not_modified,
            destination.tell() - start,
            *_validators(response, etag, last_modified),
            _charset(response),
        )

    async def warm(self) -> None:
        """Load what the first request would load: httpcore's anyio finds its half for asyncio on first use."""
        await anyio.lowlevel.checkpoint()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._transport.aclose()

    def _order(
        self,
        limits: Limits,
        url: str,
        etag: str,
        last_modified: str,
        credentials: tuple[str, str] | None = None,
        user_agent: str = "",
    ) -> Order:
        address = web_address(absolute(url, ""), limits.what)
        headers = [
            (b"User-Agent", header(user_agent or self._settings.user_agent)),
            (b"Accept", limits.accept),
            (b"Accept-Encoding", limits.encodings),
        ]
        if etag:
            headers.append((b"If-None-Match", header(etag)))
        if last_modified:
            headers.append((b"If-Modified-Since", header(last_modified)))
        if credentials is None and address.userinfo:
            credentials = address.username, address.password
        return Order(limits, address, headers, bool(etag or last_modified), basic(credentials), limits.total)

    async def _fetch(self, order: Order, write: Write, rewind: Callable[[], object]) -> httpx.Response:
        """Follow the address to its end, with further tries where they may help."""
        for pause in (*BACKOFF_SECONDS, None):
            rewind()
            try:
                return await self._follow(order, write)
            except Failure as failure:
                wait = wait_before_another(order, failure, pause)
                if wait is None:
                    if failure.down:
                        self._down[order.limits.what, failure.origin] = time.monotonic() + DOWN_SECONDS, failure.error
                    raise failure.error from None
                await asyncio.sleep(wait)
        raise AssertionError("unreachable")

    async def _follow(self, order: Order, write: Write) -> httpx.Response:
        url = order.url
        for _ in range(MAX_REDIRECTS + 1):
            response = await self._exchange(order, url, write)
            if response.status_code not in REDIRECTS:
                return response
            location = _location(response)
            if not location:
                raise FetchError(f"{order.subject} redirects without saying where to.")
            url = web_address(absolute(location, str(url)), order.limits.what)
        raise FetchError(f"{order.subject} redirects more than {MAX_REDIRECTS} times.")

    async def _exchange(self, order: Order, url: httpx.URL, write: Write) -> httpx.Response:
        """One request and its whole answer, in one of the host's few slots; waiting for a slot costs no time."""
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        headers = [(b"Host", url.netloc), *order.headers]  # httpx fails over hosts that it cannot spell out
        if order.authorization and _same_origin(url, order.url):
            headers = [*headers, (b"Authorization", order.authorization)]
        timeout = {"connect": order.limits.connect, "read": order.limits.read, "write": order.limits.read, "pool": None}
        request = httpx.Request("GET", url, headers=headers, extensions={"timeout": timeout})
        async with self._slot(order.limits.what, origin):
            started = time.monotonic()
            try:
                async with asyncio.timeout(order.left):
                    return await self._send(order, request, write)
            except TimeoutError:
                raise FetchTimeout(f"{order.subject} took longer than {order.limits.total:g} seconds.") from None
            except Failure as failure:
                failure.origin = origin
                if failure.after is not None:
                    self._pauses[origin] = time.monotonic() + min(failure.after, order.limits.patience)
                raise
            finally:
                order.left -= time.monotonic() - started

    @asynccontextmanager
    async def _slot(self, what: str, origin: str) -> AsyncIterator[None]:
        slot = self._slots.get(origin)
        if slot is None:
            slot = self._slots[origin] = asyncio.Semaphore(CONNECTIONS_PER_HOST)
        async with slot:
            if origin in self._pauses:
                await asyncio.sleep(self._pauses[origin] - time.monotonic())
                self._pauses.pop(origin, None)
            if (what, origin) in self._down:
                until, error = self._down[what, origin]
                if time.monotonic() < until:
                    raise type(error)(str(error))
                self._down.pop((what, origin), None)
            yield

    async def _send(self, order: Order, request: httpx.Request, write: Write) -> httpx.Response:
        try:
            response = await self._transport.handle_async_request(request)
            try:
                if brings_body(response):
                    await _copy(order, response, write)
                else:
                    await _skip(response)
            finally:
                await response.aclose()
        except Refusal as refusal:
            raise AddressRefused(f"{order.subject} {refusal}.") from None
        except NotHttp as answer:
            raise FetchError(f"{order.subject} {answer}.") from None
        except Unresolvable:
            error = FetchError(f"{order.subject} names a host that does not exist.")
            raise Failure(error, again=True, down=True) from None
        except httpx.TransportError as error:
            raise translated(order, error) from None
        check_status(order, response)
        return response


async def _copy(order: Order, response: httpx.Response, write: Write) -> None:
    limit, subject = order.limits.size, order.subject
    too_large = TooLarge(f"{subject} answered with more than {limit // 1_000_000:,} MB.")
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise too_large
    size = received = 0
    began = time.monotonic()

    def unpack(chunk: bytes) -> None:
        nonlocal size
        for piece in inflater.feed(chunk):
            size += len(piece)
            if size > limit:
                raise too_large
            write(piece)

    try:
        inflater = Inflater(response.headers.get("content-encoding", ""), limit)
        at_once = inflater.plain and not order.limits.beside
        async for chunk in _stream(response):
            received += len(chunk)
            seconds = time.monotonic() - began
            if received < order.limits.slowest * (seconds - order.limits.grace):
                raise FetchTimeout(
                    f"{subject} is too slow: {received:,} bytes in {seconds:.0f} seconds. Try again later."
                )
            if at_once:
                unpack(chunk)
            else:  # a thousand bytes may unpack to a million, and a disk may be slow
                await asyncio.to_thread(unpack, chunk)
        inflater.end()
    except UnknownEncoding as encoding:
        raise FetchError(f"{subject} answered in the encoding {encoding}, which was not asked for.") from None
    except TooLong:
        raise too_large from None
    except zlib.error:
        raise FetchError(f"{subject} answered with damaged gzip data.") from None


async def _skip(response: httpx.Response) -> None:
    """Read a short body that nobody needs, so that the connection can be used again."""
    size = 0
    async for chunk in _stream(response):
        size += len(chunk)
        if size > SKIPPED_BYTES:
            return


def _stream(response: httpx.Response) -> httpx.AsyncByteStream:
    if not isinstance(response.stream, httpx.AsyncByteStream):
        raise TypeError(type(response.stream))
    return response.stream


def _same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    return (one.scheme, one.raw_host, one.port) == (other.scheme, other.raw_host, other.port)


def _location(response: httpx.Response) -> str:
    """Where a redirect leads; bytes beyond ASCII are percent-encoded as they are, whatever they spell."""
    value = next((value for name, value in response.headers.raw if name.lower() == b"location"), b"")
    return "".join(chr(byte) if byte < 128 else f"%{byte:02X}" for byte in value)


def _charset(response: httpx.Response) -> str:
    """The Content-Type's charset; the first where there are several (https://mimesniff.spec.whatwg.org)."""
    found = CHARSET.search(response.headers.get("content-type", ""))
    return found[1].lower() if found else ""


def _validators(response: httpx.Response, etag: str, last_modified: str) -> tuple[str, str]:
    """The answer's validators; a 304 that repeats none confirms the ones that were sent."""
    sent = response.headers.get("etag", ""), response.headers.get("last-modified", "")
    return sent if any(sent) or response.status_code != HTTPStatus.NOT_MODIFIED else (etag, last_modified)
