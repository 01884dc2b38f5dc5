"""Answers as the wild sends them, over a real loopback server."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import AsyncIterator

import pytest

from frameapp.adapters import fetch
from frameapp.adapters.fetch import Fetcher
from frameapp.errors import BadStatus, FetchError
from tests.hosts import Answers, answered, local_fetcher

BODY = b"hello " * 9
GZIPPED = gzip.compress(BODY, mtime=0)
RAW = zlib.compress(BODY)[2:-4]


@pytest.fixture(autouse=True)
def _no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "BACKOFF_SECONDS", (0.001, 0.001))


@pytest.fixture
async def local() -> AsyncIterator[Fetcher]:
    fetcher = local_fetcher()
    yield fetcher
    await fetcher.aclose()


async def fetched(local: Fetcher, *answers: bytes) -> tuple[bytes, list[str]]:
    """What comes out as a picture, and as a feed, which is the same; and the paths that were asked for."""
    async with Answers(*answers) as there:
        data = (await local.picture(there.url)).data
        asked = list(there.asked)
    async with Answers(*answers) as there:
        file = io.BytesIO()
        await local.feed(there.url, file)
        assert (file.getvalue(), there.asked) == (data, asked)
    return data, asked


@pytest.mark.wild(
    "content encoding",
    source="https://github.com/sparklemotion/mechanize/issues/138",
    given="`Content-Encoding: UTF-8`",
    right="the body as it is",
)
@pytest.mark.wild(
    "content encoding",
    source="https://github.com/curl/curl/issues/3315",
    given="`Content-Encoding: none`",
    right="the body as it is",
)
@pytest.mark.wild(
    "content encoding",
    source="https://github.com/aws/aws-sdk-java-v2/issues/5769",
    given="`Content-Encoding: aws-chunked`",
    right="the body as it is",
)
@pytest.mark.wild(
    "content encoding",
    source="https://github.com/Kong/unirest-java/issues/56",
    given="`Content-Encoding: ISO-8859-1`",
    right="the body as it is",
)
@pytest.mark.wild(
    "content encoding",
    source="https://github.com/aws/aws-sdk-kotlin/issues/1358",
    given="`Content-Encoding` without a value",
    right="the body as it is",
)
@pytest.mark.parametrize(
    "encoding",
    ["", "UTF-8", "utf-8", "aws-chunked", "binary", "none", "image/jpeg", "ISO-8859-1", "identity", "identity, ,none"],
)
async def test_what_is_no_content_coding_changes_nothing(local: Fetcher, encoding: str) -> None:
    assert await fetched(local, answered(BODY, f"Content-Encoding: {encoding}")) == (BODY, ["/"])


@pytest.mark.wild(
    "content encoding",
    source="https://github.com/google/neuroglancer/issues/795",
    given="`Content-Encoding: aws-chunked,gzip`",
    right="unpacked",
)
@pytest.mark.wild(
    "content encoding",
    source="https://github.com/urllib3/urllib3/pull/5189",
    given="`Content-Encoding: gzip, identity`",
    right="unpacked",
)
@pytest.mark.wild(
    "content encoding",
    source="https://github.com/aws/aws-sdk/issues/498",
    given="two `Content-Encoding` lines, the first without a value",
    right="unpacked by the second",
)
@pytest.mark.wild(
    "content encoding",
    source="https://github.com/notatallshaw/nab/pull/591",
    given="`Content-Encoding: x-gzip`",
    right="unpacked",
)
@pytest.mark.wild(
    "content encoding",
    source="https://github.com/request/request/issues/2197",
    given="`Content-Encoding: deflate` without zlib's head",
    right="unpacked",
)
@pytest.mark.wild(
    "content encoding",
    source="https://github.com/oven-sh/bun/pull/31520",
    given="`Content-Encoding: deflate` with a small window",
    right="unpacked",
)
@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("aws-chunked,gzip", GZIPPED),
        ("gzip, identity", GZIPPED),
        ("identity,gzip", GZIPPED),
        (",gzip,", GZIPPED),
        ("\r\nContent-Encoding: gzip", GZIPPED),
        ("utf-8\r\nContent-Encoding: gzip", GZIPPED),
        ("GZip", GZIPPED),
        ("X-GZIP", GZIPPED),
        ('"gzip"', GZIPPED),
        ("gzip;q=1.0", GZIPPED),
        ("deflate", RAW),
        ("deflate", zlib.compress(BODY)),
        ("deflate", zlib.compress(BODY, wbits=9)),
        ("Deflate", GZIPPED),
        ("gzip", zlib.compress(BODY)),
    ],
)
async def test_what_was_packed_once_is_unpacked(local: Fetcher, encoding: str, body: bytes) -> None:
    assert await fetched(local, answered(body, f"Content-Encoding: {encoding}")) == (BODY, ["/"])


@pytest.mark.wild(
    "content encoding",
    source="https://github.com/yesodweb/yesod/issues/534",
    given="`Content-Encoding: gzip` twice, packed twice",
    right="unpacked twice",
)
@pytest.mark.wild(
    "content encoding",
    source="https://github.com/yhirose/cpp-httplib/issues/993",
    given="`Content-Encoding: gzip, gzip`, packed once",
    right="unpacked once",
)
@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip, gzip", gzip.compress(GZIPPED, mtime=0)),
        ("gzip\r\nContent-Encoding: gzip", gzip.compress(GZIPPED, mtime=0)),
        ("gzip, identity, gzip", gzip.compress(GZIPPED, mtime=0)),
        ("deflate, gzip", gzip.compress(zlib.compress(BODY), mtime=0)),
        ("gzip, deflate", zlib.compress(GZIPPED)),
        ("gzip, gzip", GZIPPED),
        ("gzip, gzip", gzip.compress(GZIPPED, mtime=0) + b"\r\n"),
    ],
)
async def test_a_list_is_undone_from_its_end(local: Fetcher, encoding: str, body: bytes) -> None:
    assert await fetched(local, answered(body, f"Content-Encoding: {encoding}")) == (BODY, ["/"])


@pytest.mark.wild(
    "content encoding",
    source="https://github.com/google/neuroglancer/issues/795",
    given="`Content-Encoding: aws-chunked,zstd`, which was not asked for",
    right="refused, and the sentence names zstd",
)
@pytest.mark.parametrize(
    ("encoding", "named"),
    [("br", "br"), ("aws-chunked,ZSTD", "zstd"), ("br, gzip", "br"), ("compress", "compress"), ("gzip," * 6, "gzip")],
)
async def test_a_coding_that_is_not_undone_is_named(local: Fetcher, encoding: str, named: str) -> None:
    async with Answers(answered(BODY, f"Content-Encoding: {encoding}")) as there:
        for _ in range(2):
            with pytest.raises(FetchError, match=f"answered in the encoding {named}"):
                await local.picture(there.url)
        assert len(there.asked) == 2


@pytest.mark.wild(
    "charset",
    source="https://github.com/thechangelog/changelog.com/issues/265",
    given="`Content-Type: application/xml; charset=utf-8; charset=utf-8`",
    right="the first counts",
)
@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/csv; charset=iso-8859-7", "iso-8859-7"),
        ("text/csv;CHARSET = ISO-8859-7 ;header=present", "iso-8859-7"),
        ('text/csv; header=present; charset="Windows-1253"', "windows-1253"),
        ("text/csv; charset='utf-8'", "utf-8"),
        ("text/csv, charset=windows-1251", "windows-1251"),
        ("text/csv;\r\n charset=greek", "greek"),
        ("application/xml; charset=utf-8; charset=latin1", "utf-8"),
        ("text/csv; charset=", ""),
        ("text/csv; xcharset=utf-8", ""),
        ("text/csv", ""),
    ],
)
async def test_a_feed_comes_with_its_charset(local: Fetcher, header: str, charset: str) -> None:
    async with Answers(answered(BODY, f"Content-Type: {header}")) as there:
        assert (await local.feed(there.url, io.BytesIO())).charset == charset


async def test_bombs_inside_one_another_are_cut_off(local: Fetcher) -> None:
    inner = gzip.compress(bytes(30_000_000))
    members = gzip.compress(gzip.compress(b"", mtime=0) * 100_000)
    async with Answers(
        answered(gzip.compress(inner), "Content-Encoding: gzip, gzip"),
        answered(members, "Content-Encoding: gzip, gzip"),
    ) as there:
        with pytest.raises(FetchError, match="more than 25 MB"):
            await local.picture(there.url)
        with pytest.raises(FetchError, match="damaged gzip"):
            await local.picture(there.url)


@pytest.mark.wild(
    "after gzip",
    source="https://github.com/nodejs/node/issues/7502",
    given="line ends after the end of a gzip body",
    right="ignored, as browsers do",
)
@pytest.mark.wild(
    "after gzip",
    source="https://github.com/icsharpcode/SharpZipLib/issues/116",
    given="other bytes after the end of a gzip body",
    right="ignored, as gunzip does",
)
@pytest.mark.parametrize(
    "rest",
    [
        b"\0",
        bytes(700),
        b"\r\n",
        b"<!-- cached by a plugin -->",
        b"\x1f",
        b"\x1f\x8b",
        b"\x1f\x8b\0\0",
        b"\0\0\r\n",
        RAW,
    ],
)
async def test_bytes_after_the_end_of_gzip_are_ignored(local: Fetcher, rest: bytes) -> None:
    for encoding, body in (("gzip", GZIPPED), ("deflate", zlib.compress(BODY)), ("deflate", RAW)):
        assert await fetched(local, answered(body + rest, f"Content-Encoding: {encoding}")) == (BODY, ["/"])


@pytest.mark.wild(
    "after gzip",
    source="https://github.com/curl/curl/issues/22156",
    given="a gzip body of several members",
    right="all of them, one after the other",
)
@pytest.mark.parametrize("between", [b"", b"\0", bytes(700)])
@pytest.mark.parametrize("after", [b"", b"\r\n"])
async def test_a_second_gzip_member_is_read(local: Fetcher, between: bytes, after: bytes) -> None:
    body = gzip.compress(BODY[:20]) + between + gzip.compress(BODY[20:]) + after
    assert await fetched(local, answered(body, "Content-Encoding: gzip")) == (BODY, ["/"])


@pytest.mark.wild(
    "after gzip",
    source="https://github.com/pydantic/pydantic-ai/issues/7159",
    given="a gzip body that is cut off",
    right="refused",
)
@pytest.mark.parametrize("body", [GZIPPED[:1], GZIPPED[:-9], GZIPPED + GZIPPED[:-1], GZIPPED + GZIPPED[:5]])
async def test_a_truncated_gzip_member_is_refused(local: Fetcher, body: bytes) -> None:
    async with Answers(answered(body, "Content-Encoding: gzip")) as there:
        with pytest.raises(FetchError, match="damaged gzip"):
            await local.picture(there.url)
        with pytest.raises(FetchError, match="damaged gzip"):
            await local.feed(there.url, io.BytesIO())


@pytest.mark.wild(
    "answers",
    source="https://github.com/earendil-works/pi/issues/9627",
    given="520, and the picture when it is asked for again",
    right="the picture",
)
@pytest.mark.wild(
    "answers",
    source="https://github.com/Stack-Cairn/LiveAgent/issues/608",
    given="521 or 525, and the picture when it is asked for again",
    right="the picture",
)
@pytest.mark.parametrize("status", [502, *range(520, 531)])
async def test_what_a_cdn_says_of_the_host_behind_it_may_pass(local: Fetcher, status: int) -> None:
    bad = answered(b"sorry", status=f"{status} ")
    assert await fetched(local, bad, answered(BODY)) == (BODY, ["/", "/"])
    async with Answers(bad) as there:
        with pytest.raises(BadStatus, match=f"answered {status}"):
            await local.picture(there.url)
        assert len(there.asked) == 3


@pytest.mark.wild(
    "answers",
    source="https://github.com/mozilla/pdf.js/pull/6731",
    given="206 with all of the file, which was asked for without a range",
    right="the file",
)
@pytest.mark.parametrize("header", ["Server: any", "Content-Range: bytes 0-53/54", "Content-Range: Bytes=0-53/54"])
async def test_a_range_that_is_all_of_the_file_is_taken(local: Fetcher, header: str) -> None:
    assert await fetched(local, answered(BODY, header, status="206 Partial Content")) == (BODY, ["/"])


@pytest.mark.wild(
    "answers",
    source="https://github.com/ansible/ansible/issues/68843",
    given="206 with a part of the file, which was asked for without a range",
    right="refused: a part of the file only",
)
@pytest.mark.parametrize(
    "header",
    [
        "Content-Range: bytes 0-53/55",
        "Content-Range: bytes 1-54/55",
        "Content-Range: bytes 0-53/*",
        "Content-Range: nonsense",
        "Content-Type: multipart/byteranges; boundary=x",
    ],
)
async def test_a_part_of_the_file_is_refused(local: Fetcher, header: str) -> None:
    async with Answers(answered(BODY, header, status="206 Partial Content")) as there:
        with pytest.raises(BadStatus, match="answered 206 Partial Content, a part of the file only"):
            await local.picture(there.url)
        assert len(there.asked) == 1
