"""Heads of answers that break HTTP's rules: what is wrong with one line costs that line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameapp.adapters import fetch
from frameapp.adapters.fetch import Fetcher
from frameapp.adapters.heads import Heads, NotHttp
from frameapp.errors import FetchError
from tests.hosts import Answers, local_fetcher

BODY = b"a picture"
REST = b'ETag: "x"\r\nContent-Length: 9\r\n\r\n'


@pytest.fixture(autouse=True)
def _no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "BACKOFF_SECONDS", (0.001, 0.001))


@pytest.fixture
async def local() -> AsyncIterator[Fetcher]:
    fetcher = local_fetcher()
    yield fetcher
    await fetcher.aclose()


@pytest.mark.wild(
    "headers",
    source="https://github.com/aio-libs/aiohttp/issues/659",
    given="a header line in quotation marks",
    right="the line is passed over",
)
@pytest.mark.wild(
    "headers",
    source="https://github.com/encode/httpx/issues/1363",
    given="a header whose name has a slash",
    right="the line is passed over",
)
@pytest.mark.wild(
    "headers",
    source="https://github.com/curl/curl/issues/11802",
    given="a header line without a colon",
    right="the line is passed over",
)
@pytest.mark.wild(
    "headers",
    source="https://github.com/python/cpython/issues/81274",
    given="a header whose name is not ASCII",
    right="the line is passed over",
)
@pytest.mark.wild(
    "headers",
    source="https://github.com/dotnet/corefx/issues/21314",
    given="a header whose name has a space in its midst",
    right="the line is passed over",
)
@pytest.mark.wild(
    "headers",
    source="https://github.com/aio-libs/aiohttp/issues/5730",
    given="a control character in a header",
    right="read",
)
@pytest.mark.parametrize(
    "line",
    [
        b'"X-XSS-Protection: 0"\r\n',
        b'"Content-Length: 3"\r\n',
        b"get-ban-to-cache-result/forum.php: userdata not support\r\n",
        b"no colon\r\n",
        b": no name\r\n",
        b"\xc3\xa9t\xc3\xa9: chaud\r\n",
        b"Content Length: 3\r\n",
        b"X-Text: a\x00b\x01c\x0bd\x0ce\x7f\xff\r\n",
        b"X-Text: a\rb\r\n",
        b"X-Text:\r\n",
        b"no colon\r\n  and its continuation: 3\r\n",
    ],
)
@pytest.mark.parametrize("first", [True, False])
async def test_a_line_that_breaks_the_rules_is_passed_over(local: Fetcher, line: bytes, first: bool) -> None:
    head = b"HTTP/1.1 200 OK\r\n" + (line + REST if first else REST[:-2] + line + b"\r\n")
    moved = b"HTTP/1.1 302 Found\r\n" + line + b"Location: /b\r\nContent-Length: 0\r\n\r\n"
    async with Answers(moved, head + BODY) as there:
        for path in ("/a", "/c"):
            found = await local.picture(there.url[:-1] + path)
            assert (found.data, found.etag) == (BODY, '"x"')
        assert there.asked == ["/a", "/b", "/c"]


@pytest.mark.wild(
    "headers",
    source="https://github.com/seanmonstar/httparse/issues/88",
    given="a space between a header's name and its colon",
    right="read without the space",
)
@pytest.mark.wild(
    "headers",
    source="https://github.com/benoitc/hackney/pull/706",
    given="lines that end in LF alone",
    right="read",
)
@pytest.mark.wild(
    "headers",
    source="https://github.com/curl/curl/issues/8844",
    given="a header over several lines",
    right="read as one line",
)
@pytest.mark.wild(
    "headers",
    source="https://github.com/encode/httpx/issues/1862",
    given="`Transfer-Encoding: chunked` twice",
    right="read as once",
)
@pytest.mark.wild(
    "headers",
    source="https://github.com/nodejs/node/issues/37580",
    given="`Transfer-Encoding: identity` beside a length",
    right="read by its length",
)
@pytest.mark.wild(
    "headers",
    source="https://github.com/dart-archive/http_server/pull/61",
    given="`Transfer-Encoding: binary`, or another word that is no coding",
    right="read as if it were not there",
)
@pytest.mark.wild(
    "headers",
    source="https://github.com/web-platform-tests/wpt/pull/10548",
    given="a `Content-Length` that is no number",
    right="read until the connection closes, as browsers do",
)
@pytest.mark.parametrize(
    "answer",
    [
        b'HTTP/1.1 200 OK\r\nETag : "x"\r\nContent-Length \t: 9\r\n\r\n' + BODY,
        b'HTTP/1.1 200 OK\nETag: "x"\nContent-Length: 9\n\n' + BODY,
        b'HTTP/1.1 200 OK\r\nETag: "x"\nContent-Length: 9\n\r\n' + BODY,
        b'HTTP/1.1 200 OK\r\nETag:\r\n "x"\r\nContent-Length:\r\n\t9\r\n\r\n' + BODY,
        b'HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: 9\r\nContent-Length: 9\r\n\r\n' + BODY,
        b'HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: 9, 9\r\n\r\n' + BODY,
        b'HTTP/1.1 200 OK\r\nETag: "x"\r\nTransfer-Encoding: identity\r\nContent-Length: 9\r\n\r\n' + BODY,
        b'HTTP/1.1 200 OK\r\nETag: "x"\r\nTransfer-Encoding:\r\nContent-Length: 9\r\n\r\n' + BODY,
        b'HTTP/1.1 200 OK\r\nETag: "x"\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: Chunked\r\n\r\n'
        b"9\r\na picture\r\n0\r\n\r\n",
        b'HTTP/1.1 200 OK\r\nETag: "x"\r\nTransfer-Encoding: chunked, chunked\r\n\r\n9\r\na picture\r\n0\r\n\r\n',
        b'HTTP/1.1 200 OK\r\nETag: "x"\r\nTransfer-Encoding: identity,chunked\r\n\r\n9\r\na picture\r\n0\r\n\r\n',
        b'HTTP/1.1 200 OK\r\nETag: "x"\r\nTransfer-Encoding: utf-8\r\nContent-Length: 9\r\n\r\n' + BODY,
        b'HTTP/1.1 200 OK\r\nETag: "x"\r\nTransfer-Encoding: binary\r\nContent-Length: 9\r\n\r\n' + BODY,
        b'HTTP/1.1 200 OK\r\nETag: "x"\r\nTransfer-Encoding: "chunked"\r\n\r\n9\r\na picture\r\n0\r\n\r\n',
        b"http/1.1 200 ok\r\n" + REST + BODY,
        b"HTTP/1.1 200\r\n" + REST + BODY,
        b"HTTP/1.1 200 OK\r\n Content-Length: 3\r\n" + REST + BODY,
        b"HTTP/1.1  200OK\r\n" + REST + BODY,
        b"http/1.1 200 \xc3\xa9\x00\r\n" + REST + BODY,
        b"HTTP/2 200 OK\r\n" + REST + BODY,
        b"HTTP/2.0 200 OK\r\n" + REST + BODY,
        b"\r\n\r\nHTTP/1.1 200 OK\r\n" + REST + BODY,
        b"HTTP/1.1 100 Continue\r\nno colon\r\n\r\nHTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nno colon\r\n"
        + REST
        + BODY,
    ],
)
async def test_what_can_be_read_is_read(local: Fetcher, answer: bytes) -> None:
    async with Answers(answer) as there:
        for _ in range(2):
            found = await local.picture(there.url)
            assert (found.data, found.etag) == (BODY, '"x"')
        assert there.asked == ["/", "/"]


@pytest.mark.parametrize("length", [b"abc", b"-1", b"", b"9 bytes", b"9.0", b"9" * 40])
async def test_without_a_length_the_answer_ends_with_its_connection(local: Fetcher, length: bytes) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\n" + BODY
    async with Answers(answer, closing=True) as there:
        assert (await local.picture(there.url)).data == BODY
        assert there.asked == ["/"]


@pytest.mark.wild(
    "headers",
    source="https://github.com/python-hyper/h11/issues/98",
    given="an answer that cannot be read as HTTP",
    right="refused at once with a sentence of its own",
)
@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (b"\xff\xd8\xff\xe0 a picture without a head", "gives an answer that is no HTTP"),
        (b"\x15\x03\x01\x00\x02\x02\x16", "gives an answer that is no HTTP"),
        (b"HTTP/1.1 OK\r\n\r\n", "gives an answer that is no HTTP"),
        (b"HTTP/1.1 99 Low\r\n\r\n", "gives an answer that is no HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-Long: x\r\n" * 10_000, "answers with more than 100 kB of headers"),
        (b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200_000 + b"\r\n\r\n", "answers with more than 100 kB of headers"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 8\r\n\r\n" + BODY, "breaks the rules of HTTP"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "breaks the rules of HTTP"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", "breaks the rules of HTTP"),
    ],
)
async def test_what_cannot_be_read_is_refused_at_once(local: Fetcher, answer: bytes, sentence: str) -> None:
    async with Answers(answer) as there:
        with pytest.raises(FetchError, match=f"The picture's address {sentence}"):
            await local.picture(there.url)
        assert len(there.asked) == 1


async def test_a_connection_with_leftovers_is_given_up_for_a_new_one(local: Fetcher) -> None:
    """A host that counts its body too short: what is left over is no part of the next answer."""
    answer = b"HTTP/1.1 200 OK\r\n" + REST + BODY + b" and more"
    async with Answers(answer) as there:
        for _ in range(3):
            assert (await local.picture(there.url)).data == BODY


SOUND = b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 9\r\n\r\n" + BODY
LOOSE = b"HTTP/1.1 103 Early\n\nhttp/1.1 200 OK\nServer : x\nno colon\n and on\r\nContent-Length: 9\r\n\r\n" + BODY


@given(st.sampled_from([SOUND, LOOSE]), st.lists(st.integers(1, 120), max_size=8))
def test_heads_are_read_in_any_pieces(answer: bytes, cuts: list[int]) -> None:
    def read(*pieces: bytes) -> bytes:
        heads = Heads()
        heads.expect()
        return b"".join(map(heads.passed, pieces))

    places = sorted({0, *cuts, len(answer)})
    pieces = [answer[start:end] for start, end in pairwise(places)]
    assert read(*pieces).replace(b"Server: x", b"Server:x") == read(answer).replace(b"Server: x", b"Server:x")


LINE = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"Content-Length: 9", b"transfer-encoding:chunked", b" folded", b"X: \xff", b'"a: b"', b"a : b"]),
)


@given(st.lists(LINE, max_size=8), st.sampled_from([b"\r\n", b"\n", b"\r"]))
def test_h11_reads_every_head_that_is_passed(lines: list[bytes], end: bytes) -> None:
    heads = Heads()
    heads.expect()
    try:
        passed = heads.passed(end.join([b"HTTP/1.1 200 OK", *lines]) + b"\r\n\r\n")
    except NotHttp:
        return
    peer = h11.Connection(h11.CLIENT)
    peer.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    peer.send(h11.EndOfMessage())
    peer.receive_data(passed)
    try:
        event = peer.next_event()
    except h11.RemoteProtocolError as error:
        assert "Transfer-Encoding" in str(error) or "Content-Length" in str(error)  # noqa: PT017
    else:
        assert isinstance(event, h11.Response)
