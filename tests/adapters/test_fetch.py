"""The fetcher: sentences, limits, redirects, retries and credentials, over a mock."""

from __future__ import annotations

import asyncio
import base64
import gzip
import io
import threading
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from frameapp.adapters import fetch
from frameapp.adapters.fetch import FetchedPicture, Fetcher
from frameapp.adapters.fetch_order import FEEDS
from frameapp.errors import AddressRefused, BadStatus, FetchError, FetchTimeout, TooLarge
from frameapp.settings import Settings

URL = "http://pictures.example/a.jpg"
Handler = Callable[[httpx.Request], httpx.Response]


class Body(httpx.AsyncByteStream):
    """An answer's body in chunks, not decoded by httpx."""

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            yield chunk


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


def fetcher(handler: Handler) -> Fetcher:
    return Fetcher(settings(), transport=httpx.MockTransport(handler))


@pytest.fixture(autouse=True)
def _no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "BACKOFF_SECONDS", (0.001, 0.001))


async def test_a_picture_comes_with_its_validators() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, headers={"ETag": '"1"', "Last-Modified": "today"}, stream=Body(b"pic", b"ture"))

    fetched = await fetcher(handler).picture(URL)
    assert fetched == FetchedPicture(False, b"picture", '"1"', "today")
    assert seen[0].headers["accept-encoding"] == "identity"
    assert "if-none-match" not in seen[0].headers
    assert seen[0].headers["user-agent"].startswith("Frameapp/")


async def test_a_picture_that_did_not_change_is_not_sent() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.headers["if-none-match"] == '"1"'
        assert request.headers["if-modified-since"] == "yesterday"
        return httpx.Response(304, stream=Body())

    fetched = await fetcher(handler).picture(URL, etag='"1"', last_modified="yesterday")
    assert fetched == FetchedPicture(True, b"", '"1"', "yesterday")


@pytest.mark.parametrize(
    ("status", "credentials", "advice"),
    [
        (401, None, "answered 401 Unauthorized. It asks for a name and a password."),
        (401, ("ada", "wrong"), "answered 401 Unauthorized. Check the name and the password."),
        (403, None, "answered 403 Forbidden. It may want a name and a password, or another User-Agent."),
        (404, None, "answered 404 Not Found. Check the address."),
        (400, None, "answered 400 Bad Request."),
    ],
)
async def test_a_feed_that_is_not_given_out_says_what_to_do(
    status: int, credentials: tuple[str, str] | None, advice: str
) -> None:
    with pytest.raises(BadStatus) as raised:
        await fetcher(lambda _: httpx.Response(status, stream=Body())).feed(URL, io.BytesIO(), credentials=credentials)
    assert str(raised.value) == f"The feed's address {advice}"


@pytest.mark.parametrize(
    ("status", "sentence", "tries"),
    [
        (404, "The picture's address answered 404 Not Found.", 1),
        (403, "The picture's address answered 403 Forbidden.", 1),
        (304, "The picture's address answered 304 Not Modified.", 1),
        (204, "The picture's address answered 204 No Content.", 1),
        (503, "The picture's address answered 503 Service Unavailable.", 3),
        (799, "The picture's address answered 799.", 1),
    ],
)
async def test_a_bad_status_has_its_sentence(status: int, sentence: str, tries: int) -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status, stream=Body(b"sorry"))

    with pytest.raises(BadStatus) as raised:
        await fetcher(handler).picture(URL)
    assert str(raised.value) == sentence
    assert raised.value.status == status
    assert len(seen) == tries


async def test_what_may_pass_is_tried_again() -> None:
    answers = iter(
        [httpx.Response(503, stream=Body()), httpx.ReadError("reset"), httpx.Response(200, stream=Body(b"x"))]
    )

    def handler(_: httpx.Request) -> httpx.Response:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert (await fetcher(handler).picture(URL)).data == b"x"


@pytest.mark.parametrize("style", ["seconds", "date"])
async def test_retry_after_is_honoured(style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(fetch.asyncio, "sleep", sleep)
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=5), usegmt=True) if style == "date" else "5"
    answers = iter(
        [httpx.Response(429, headers={"Retry-After": when}, stream=Body()), httpx.Response(200, stream=Body(b"x"))]
    )
    assert (await fetcher(lambda _: next(answers)).picture(URL)).data == b"x"
    assert 1.25 < waits[0] <= 5, "longer than a pause of our own"


async def test_a_host_that_asks_for_too_long_is_left_alone() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(429, headers={"Retry-After": "120"}, stream=Body())

    with pytest.raises(BadStatus, match=r"429 Too Many Requests and asks to wait 120 seconds\."):
        await fetcher(handler).picture(URL)
    assert len(seen) == 1


async def test_an_empty_picture_is_refused() -> None:
    with pytest.raises(FetchError, match="empty file"):
        await fetcher(lambda _: httpx.Response(200, stream=Body())).picture(URL)


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "30000000"}])
async def test_a_huge_picture_is_cut_off(headers: dict[str, str]) -> None:
    chunks = [b"x" * 1_000_000] * 26
    with pytest.raises(TooLarge, match="more than 25 MB"):
        await fetcher(lambda _: httpx.Response(200, headers=headers, stream=Body(*chunks))).picture(URL)


async def test_a_gzip_bomb_is_cut_off() -> None:
    bomb = gzip.compress(b"\0" * 60_000_000)
    answer = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Body(bomb))
    with pytest.raises(TooLarge):
        await fetcher(lambda _: answer).picture(URL)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"hello " * 9, mtime=0)),
        ("gzip", gzip.compress(b"hello " * 4, mtime=0) + gzip.compress(b"hello " * 5, mtime=0)),
        ("deflate", zlib.compress(b"hello " * 9)),
        ("deflate", zlib.compress(b"hello " * 9)[2:-4]),
    ],
)
async def test_compressed_answers_are_read_in_any_pieces(encoding: str, body: bytes) -> None:
    pieces = [body[i : i + 3] for i in range(0, len(body), 3)]
    answer = httpx.Response(200, headers={"Content-Encoding": encoding}, stream=Body(*pieces))
    assert (await fetcher(lambda _: answer).picture(URL)).data == b"hello " * 9


@pytest.mark.parametrize(
    ("encoding", "body", "sentence"),
    [
        ("br", b"x", "encoding br"),
        ("gzip", b"no gzip at all", "damaged gzip"),
        ("gzip", gzip.compress(b"hello" * 50, mtime=0)[:-9], "damaged gzip"),
    ],
)
async def test_a_wrong_encoding_has_its_sentence(encoding: str, body: bytes, sentence: str) -> None:
    answer = httpx.Response(200, headers={"Content-Encoding": encoding}, stream=Body(body))
    with pytest.raises(FetchError, match=sentence):
        await fetcher(lambda _: answer).picture(URL)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://pictures.example/a.jpg", "must begin with http"),
        ("file:///etc/passwd", "must begin with http"),
        ("a.jpg", "must begin with http"),
        ("", "must begin with http"),
        ("http://[::1/a.jpg", "no web address"),
        ("http://pictures.example:99999/", "no web address"),
        ("http://two words.example/", "no web address"),
    ],
)
async def test_what_is_no_web_address_is_refused(url: str, sentence: str) -> None:
    with pytest.raises(AddressRefused, match=sentence):
        await fetcher(lambda _: httpx.Response(200)).picture(url)


async def test_a_host_whose_idna_cannot_be_spelled_out_is_asked() -> None:
    asked: list[bytes] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_host)
        return httpx.Response(200, stream=Body(b"here"))

    assert (await fetcher(handler).picture("http://name:word@xn--i-7iq.example/a.jpg")).data == b"here"
    assert asked == [b"xn--i-7iq.example"]


async def test_five_redirects_are_followed_and_no_more() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        left = int(request.url.path[1:])
        if left:
            return httpx.Response(302, headers={"Location": f"/{left - 1}"}, stream=Body(b"moved"))
        return httpx.Response(200, stream=Body(b"here"))

    assert (await fetcher(handler).picture("http://pictures.example/5")).data == b"here"
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        await fetcher(handler).picture("http://pictures.example/6")


async def test_a_redirect_to_a_file_is_refused() -> None:
    answer = httpx.Response(302, headers={"Location": "file:///etc/passwd"}, stream=Body())
    with pytest.raises(AddressRefused):
        await fetcher(lambda _: answer).picture(URL)


async def test_credentials_stay_with_the_feeds_own_origin() -> None:
    seen: dict[str, str] = {}

    def handler(request: httpx.Request) -> httpx.Response:
        seen[str(request.url)] = request.headers.get("authorization", "")
        target = {"/feed": "/moved", "/moved": "http://other.example/feed.xml"}.get(request.url.path)
        if target:
            return httpx.Response(302, headers={"Location": target}, stream=Body())
        return httpx.Response(200, headers={"Content-Type": "text/xml"}, stream=Body(b"<feed/>"))

    file = io.BytesIO()
    fetched = await fetcher(handler).feed(
        "https://shop.example/feed", file, credentials=("anna", "pass:word"), user_agent="Known/1"
    )
    assert fetched == fetch.FetchedFeed(False, 7, "", "", "")
    assert file.getvalue() == b"<feed/>"
    expected = "Basic " + base64.b64encode(b"anna:pass:word").decode()
    assert seen == {
        "https://shop.example/feed": expected,
        "https://shop.example/moved": expected,
        "http://other.example/feed.xml": "",
    }


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_a_feed_is_unpacked_and_written_beside_the_event_loop(encoding: str) -> None:
    """A small answer may unpack to gigabytes, and nobody's page waits for them."""
    threads: list[threading.Thread] = []

    class File(io.BytesIO):
        def write(self, data: Any) -> int:
            threads.append(threading.current_thread())
            return super().write(data)

    feed = bytes(20_000_000)
    body = Body(gzip.compress(feed) if encoding == "gzip" else feed)
    file = File()
    await fetcher(lambda _: httpx.Response(200, headers={"Content-Encoding": encoding}, stream=body)).feed(URL, file)
    assert file.getvalue() == feed
    assert threads
    assert threading.current_thread() not in threads


async def test_a_feed_that_drips_is_given_up() -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Body(*[b"x"] * 1000))

    slow = replace(FEEDS, slowest=10**12, grace=0)
    with pytest.raises(FetchTimeout, match=r"is too slow: 1 bytes in 0 seconds\."):
        await fetcher(handler).feed(URL, io.BytesIO(), limits=slow)
    patient = replace(slow, grace=60)
    assert (await fetcher(handler).feed(URL, io.BytesIO(), limits=patient)).size == 1000


async def test_a_picture_needs_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(asyncio, "to_thread")
    assert (await fetcher(lambda _: httpx.Response(200, stream=Body(b"x" * 100_000))).picture(URL)).data


async def test_a_feed_that_breaks_off_begins_anew() -> None:
    class Broken(Body):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"<feed>half"
            raise httpx.ReadError("reset")

    answers = iter([httpx.Response(200, stream=Broken()), httpx.Response(200, stream=Body(b"<feed/>"))])
    file = io.BytesIO(b"kept:")
    file.seek(5)
    fetched = await fetcher(lambda _: next(answers)).feed("http://shop.example/", file)
    assert (fetched.size, file.getvalue()) == (7, b"kept:<feed/>")
