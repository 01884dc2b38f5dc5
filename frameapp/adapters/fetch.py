"""Feeds and pictures from strangers' hosts: guarded, bounded, patient only where it may help.

Every failure is a FetchError whose text is a sentence for the user, as "The picture's address answered 404 Not Found."
"""

from __future__ import annotations

import asyncio
import base64
import email.utils
import random
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import BinaryIO
from weakref import WeakValueDictionary

import httpcore
import httpx

from frameapp.adapters.address_guard import AddressGuard, GuardedBackend, Refusal, Unresolvable
from frameapp.adapters.inflate import Inflater, UnknownEncoding
from frameapp.errors import AddressRefused, BadStatus, FetchError, FetchTimeout, TooLarge
from frameapp.settings import Settings

MAX_REDIRECTS = 5
CONNECTIONS_PER_HOST = 8
CONNECTIONS = 100
KEEP_ALIVE_SECONDS = 15.0
BACKOFF_SECONDS = (0.25, 1.0)  # before the second and the third try
DOWN_SECONDS = 5.0  # how long a host that refuses connections is not asked again
REDIRECTS = {301, 302, 303, 307, 308}
SUCCESS = {200, 203}
PHRASES = {status.value: status.phrase for status in HTTPStatus}
SKIPPED_BYTES = 64_000
MAY_PASS = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class FetchedPicture:
    """A picture's answer: ``data`` is empty where it was not modified; validators as the host sent them."""

    not_modified: bool
    data: bytes
    etag: str
    last_modified: str


@dataclass(frozen=True, slots=True)
class FetchedFeed:
    """A feed's answer: ``size`` in bytes after decompression, 0 where it was not modified."""

    not_modified: bool
    size: int
    etag: str
    last_modified: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What one kind of fetch may take: seconds, bytes after decompression, and how long a host may ask us to wait."""

    what: str
    accept: bytes
    encodings: bytes
    connect: float
    read: float
    total: float
    size: int
    patience: float


PICTURES = Limits(
    what="picture",
    accept=b"image/jpeg,image/png,image/webp,image/*;q=0.8,*/*;q=0.5",
    encodings=b"identity",
    connect=5,
    read=10,
    total=20,
    size=25_000_000,
    patience=5,
)
FEEDS = Limits(
    what="feed",
    accept=b"application/xml,text/xml,text/csv,*/*;q=0.5",
    encodings=b"gzip",
    connect=10,
    read=30,
    total=900,
    size=2_000_000_000,
    patience=30,
)

Write = Callable[[bytes], object]
Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class _Order:
    """One fetch on its way: what is asked, with what, and how many seconds are left."""

    limits: Limits
    url: httpx.URL
    headers: Headers
    conditional: bool
    authorization: bytes
    left: float

    @property
    def subject(self) -> str:
        return f"The {self.limits.what}'s address"


class _Failure(Exception):
    """One try failed. ``again``: another may not; ``after``: seconds the host asks for; ``down``: nobody is there."""

    def __init__(
        self, error: FetchError, *, again: bool = False, after: float | None = None, down: bool = False
    ) -> None:
        self.error = error
        self.again = again
        self.after = after
        self.down = down
        self.origin = ""


class Fetcher:
    """Fetches pictures and feeds. Belongs to one event loop; ``transport`` replaces the network in tests."""

    def __init__(self, settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._settings = settings
        self._transport = transport or GuardedTransport(AddressGuard(settings.fetch_networks))
        self._slots: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._pauses: dict[str, float] = {}
        self._down: dict[str, tuple[float, FetchError]] = {}

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
    ) -> FetchedFeed:
        """Write the feed at ``url`` to ``destination`` (seekable), unless it is the same. Raises FetchError.

        ``credentials`` are sent to the feed's own origin only, never along a redirect to another one.
        """
        order = self._order(FEEDS, url, etag, last_modified, credentials, user_agent)
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
            response.headers.get("content-type", ""),
        )

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
    ) -> _Order:
        address = _web_address(url, limits.what)
        headers = [
            (b"User-Agent", _header(user_agent or self._settings.user_agent)),
            (b"Accept", limits.accept),
            (b"Accept-Encoding", limits.encodings),
        ]
        if etag:
            headers.append((b"If-None-Match", _header(etag)))
        if last_modified:
            headers.append((b"If-Modified-Since", _header(last_modified)))
        if credentials is None and address.userinfo:
            credentials = address.username, address.password
        return _Order(limits, address, headers, bool(etag or last_modified), _basic(credentials), limits.total)

    async def _fetch(self, order: _Order, write: Write, rewind: Callable[[], object]) -> httpx.Response:
        """Follow the address to its end, with further tries where they may help."""
        for pause in (*BACKOFF_SECONDS, None):
            rewind()
            try:
                return await self._follow(order, write)
            except _Failure as failure:
                wait = _wait(order, failure, pause)
                if wait is None:
                    if failure.down:
                        self._down[failure.origin] = time.monotonic() + DOWN_SECONDS, failure.error
                    raise failure.error from None
                await asyncio.sleep(wait)
        raise AssertionError("unreachable")

    async def _follow(self, order: _Order, write: Write) -> httpx.Response:
        url = order.url
        for _ in range(MAX_REDIRECTS + 1):
            response = await self._exchange(order, url, write)
            if response.status_code not in REDIRECTS:
                return response
            location = response.headers.get("location", "")
            try:
                url = _web_address(str(url.join(location)), order.limits.what)
            except httpx.InvalidURL:
                raise AddressRefused(f"{order.subject} redirects to what is no web address.") from None
        raise FetchError(f"{order.subject} redirects more than {MAX_REDIRECTS} times.")

    async def _exchange(self, order: _Order, url: httpx.URL, write: Write) -> httpx.Response:
        """One request and its whole answer, in one of the host's few slots; waiting for a slot costs no time."""
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        headers = order.headers
        if order.authorization and _same_origin(url, order.url):
            headers = [*headers, (b"Authorization", order.authorization)]
        timeout = {"connect": order.limits.connect, "read": order.limits.read, "write": order.limits.read, "pool": None}
        request = httpx.Request("GET", url, headers=headers, extensions={"timeout": timeout})
        async with self._slot(origin):
            started = time.monotonic()
            try:
                async with asyncio.timeout(order.left):
                    return await self._send(order, request, write)
            except TimeoutError:
                raise FetchTimeout(f"{order.subject} took longer than {order.limits.total:g} seconds.") from None
            except _Failure as failure:
                failure.origin = origin
                if failure.after is not None:
                    self._pauses[origin] = time.monotonic() + min(failure.after, order.limits.patience)
                raise
            finally:
                order.left -= time.monotonic() - started

    @asynccontextmanager
    async def _slot(self, origin: str) -> AsyncIterator[None]:
        slot = self._slots.get(origin)
        if slot is None:
            slot = self._slots[origin] = asyncio.Semaphore(CONNECTIONS_PER_HOST)
        async with slot:
            if origin in self._pauses:
                await asyncio.sleep(self._pauses[origin] - time.monotonic())
                self._pauses.pop(origin, None)
            if origin in self._down:
                until, error = self._down[origin]
                if time.monotonic() < until:
                    raise type(error)(str(error))
                self._down.pop(origin, None)
            yield

    async def _send(self, order: _Order, request: httpx.Request, write: Write) -> httpx.Response:
        try:
            response = await self._transport.handle_async_request(request)
            try:
                if response.status_code in SUCCESS:
                    await _copy(order, response, write)
                else:
                    await _skip(response)
            finally:
                await response.aclose()
        except Refusal as refusal:
            raise AddressRefused(f"{order.subject} {refusal}.") from None
        except Unresolvable:
            error = FetchError(f"{order.subject} names a host that does not exist.")
            raise _Failure(error, again=True, down=True) from None
        except httpx.TransportError as error:
            raise _translated(order, error) from None
        _check_status(order, response)
        return response


class GuardedTransport(httpx.AsyncHTTPTransport):
    """HTTP/1.1 over connections that the guard allows; no proxy, whatever the environment says."""

    def __init__(self, guard: AddressGuard) -> None:
        context = httpx.create_ssl_context()
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=CONNECTIONS,
            keepalive_expiry=KEEP_ALIVE_SECONDS,
            network_backend=GuardedBackend(guard),
        )


async def _copy(order: _Order, response: httpx.Response, write: Write) -> None:
    limit, subject = order.limits.size, order.subject
    too_large = TooLarge(f"{subject} answered with more than {limit // 1_000_000:,} MB.")
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise too_large
    size = 0
    try:
        inflater = Inflater(response.headers.get("content-encoding", ""))
        async for chunk in _stream(response):
            for piece in inflater.feed(chunk):
                size += len(piece)
                if size > limit:
                    raise too_large
                write(piece)
        inflater.end()
    except UnknownEncoding as encoding:
        raise FetchError(f"{subject} answered in the encoding {encoding}, which was not asked for.") from None
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


def _check_status(order: _Order, response: httpx.Response) -> None:
    status = response.status_code
    if status in SUCCESS or status in REDIRECTS or (status == HTTPStatus.NOT_MODIFIED and order.conditional):
        return
    phrase = f" {PHRASES[status]}" if status in PHRASES else ""
    after = _retry_after(response.headers.get("retry-after", "")) if status in MAY_PASS else None
    asks = f" and asks to wait {after:.0f} seconds" if after and after > order.limits.patience else ""
    error = BadStatus(f"{order.subject} answered {status}{phrase}{asks}.", status=status)
    raise _Failure(error, again=status in MAY_PASS, after=after)


def _translated(order: _Order, error: httpx.TransportError) -> _Failure:
    """The failure that an exception of httpx means."""
    subject, limits = order.subject, order.limits
    match error:
        case httpx.ConnectTimeout():
            sentence = f"{subject} could not be connected to within {limits.connect:g} seconds."
            return _Failure(FetchTimeout(sentence), down=True)
        case httpx.TimeoutException():
            return _Failure(FetchTimeout(f"{subject} did not answer within {limits.read:g} seconds."))
        case httpx.ConnectError() if problem := _tls_problem(error):
            return _Failure(FetchError(f"{subject} {problem}."))
        case httpx.ConnectError():
            return _Failure(FetchError(f"{subject} refuses connections."), again=True, down=True)
        case httpx.RemoteProtocolError() | httpx.NetworkError():
            return _Failure(FetchError(f"{subject} broke off its answer."), again=True)
        case _:
            return _Failure(FetchError(f"{subject} cannot be asked: {error}."))


def _tls_problem(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"has no valid certificate ({cause.verify_message})"
        if isinstance(cause, ssl.SSLError):
            return "does not answer a secure connection"
        cause = cause.__cause__ or cause.__context__
    return ""


def _wait(order: _Order, failure: _Failure, pause: float | None) -> float | None:
    """How many seconds to wait before another try, None where there is none."""
    asked = failure.after or 0.0
    if pause is None or not failure.again or asked > order.limits.patience:
        return None
    wait = max(pause * random.uniform(0.75, 1.25), asked)  # noqa: S311
    return wait if wait < order.left else None


def _web_address(url: str, what: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise AddressRefused(f"The {what}'s address is no web address.") from None
    if address.scheme not in {"http", "https"} or not address.host:
        raise AddressRefused(f"The {what}'s address must begin with http:// or https://.")
    if address.port is not None and not 0 < address.port < 65536:
        raise AddressRefused(f"The {what}'s address is no web address.")
    return address


def _same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def _basic(credentials: tuple[str, str] | None) -> bytes:
    if credentials is None:
        return b""
    return b"Basic " + base64.b64encode(":".join(credentials).encode())


def _header(value: str) -> bytes:
    return bytes(byte for byte in value.encode("latin-1", "ignore") if byte >= 32 and byte != 127)


def _validators(response: httpx.Response, etag: str, last_modified: str) -> tuple[str, str]:
    """The answer's validators; a 304 that repeats none confirms the ones that were sent."""
    sent = response.headers.get("etag", ""), response.headers.get("last-modified", "")
    return sent if any(sent) or response.status_code != HTTPStatus.NOT_MODIFIED else (etag, last_modified)


def _retry_after(value: str) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110, 10.2.3: seconds or a date)."""
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
