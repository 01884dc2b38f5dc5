"""Feeds that were made to do harm, endless ones as streams. ``python -m tests.core.feeds.hostile NAME`` reads one and
prints how it ended, in how many seconds of processor time, and by how many megabytes memory rose."""

from __future__ import annotations

import gzip
import io
import json
import resource
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import BinaryIO, cast

from frameapp.core.feeds import FeedReader, rewrite
from frameapp.errors import FeedError

MEGABYTE = 1_000_000
HEAD = b'<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0"><channel>'
TAIL = b"</channel></rss>"


class Stream(io.RawIOBase):
    """A stream of parts, made as they are read."""

    def __init__(self, *parts: Iterator[bytes] | bytes) -> None:
        self._parts = chain.from_iterable([part] if isinstance(part, bytes) else part for part in parts)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        parts, length = [self._rest], len(self._rest)
        while length < size and (part := next(self._parts, None)) is not None:
            parts.append(part)
            length += len(part)
        data = b"".join(parts)
        self._rest = data[size:]
        return data[:size]


def much(unit: bytes, size: int) -> Iterator[bytes]:
    """``size`` bytes or a little more of ``unit`` again and again."""
    block = unit * (100_000 // len(unit) + 1)
    return repeat(block, size // len(block) + 1)


def zipped(parts: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(9, wbits=31)
    for part in parts:
        yield packer.compress(part)
    yield packer.flush()


def entity_bomb() -> bytes:
    declarations = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return f"<!DOCTYPE rss [{declarations}]><rss><channel><item><id>&a11;</id></item></channel></rss>".encode()


def with_type(declaration: str, value: str) -> bytes:
    return f"<!DOCTYPE rss {declaration}><rss><channel><item><id>{value}</id></item></channel></rss>".encode()


def attributes(count: int) -> bytes:
    return b"<item " + b" ".join(b'a%d="x"' % n for n in range(count)) + b"><g:id>1</g:id></item>"


CASES: dict[str, Callable[[], BinaryIO]] = {
    name: cast(Callable[[], BinaryIO], make)
    for name, make in {
        "entity bomb": lambda: io.BytesIO(entity_bomb()),
        "quadratic entities": lambda: io.BytesIO(with_type(f'[<!ENTITY a "{"a" * 100_000}">]', "&a;" * 100_000)),
        "external entity": lambda: io.BytesIO(with_type('[<!ENTITY x SYSTEM "http://127.0.0.1:PORT/x">]', "&x;")),
        "external file": lambda: io.BytesIO(with_type('[<!ENTITY x SYSTEM "file:///etc/passwd">]', "&x;")),
        "parameter entity": lambda: io.BytesIO(
            with_type('[<!ENTITY % p SYSTEM "http://127.0.0.1:PORT/p"> %p;]', "1")
        ),
        "deep nesting": lambda: Stream(HEAD + b"<item>", much(b"<a>", 300_000), much(b"</a>", 400_000), TAIL),
        "deep nesting around products": lambda: Stream(much(b"<a>", 300_000)),
        "element of 500 MB": lambda: Stream(HEAD + b"<item><g:id>", much(b"x", 500 * MEGABYTE), b"</g:id>", TAIL),
        "element of 500 MB between products": lambda: Stream(HEAD + b"<title>", much(b"x", 500 * MEGABYTE)),
        "CDATA of 500 MB": lambda: Stream(HEAD + b"<item><g:id><![CDATA[", much(b"x]", 500 * MEGABYTE), b"]]></g:id>"),
        "comment of 500 MB": lambda: Stream(HEAD + b"<!--", much(b"x", 500 * MEGABYTE), b"-->"),
        "tag of 500 MB": lambda: Stream(HEAD + b"<item a='", much(b"x", 500 * MEGABYTE), b"'>"),
        "endless spaces": lambda: Stream(much(b" ", 500 * MEGABYTE)),
        "endless spaces between products": lambda: Stream(HEAD, much(b" ", 500 * MEGABYTE)),
        "endless elements between products": lambda: Stream(HEAD, much(b"<a/>", 500 * MEGABYTE)),
        "endless fields": lambda: Stream(HEAD, b"<item>", much(b"<a/>", 500 * MEGABYTE)),
        "endless fields of many names": lambda: Stream(HEAD, b"<item>", (b"<n%d/>" % n for n in range(10**8))),
        "endless nested fields": lambda: Stream(HEAD, b"<item><s>", much(b"<a>1</a>", 200_000), b"</s></item>", TAIL),
        "100,000 attributes": lambda: io.BytesIO(HEAD + attributes(100_000) + TAIL),
        "10,000 attributes": lambda: io.BytesIO(HEAD + attributes(10_000) + TAIL),
        "300 attributes": lambda: io.BytesIO(HEAD + attributes(300) + TAIL),
        "gzip bomb": lambda: Stream(zipped(chain([HEAD], much(b"<item><g:id>1</g:id></item>", 300 * MEGABYTE)))),
        "gzip bomb of zeros": lambda: Stream(zipped(much(b"\0", 300 * MEGABYTE))),
        "gzip bomb of spaces": lambda: Stream(zipped(much(b" ", 300 * MEGABYTE))),
        "gzip bomb of members": lambda: Stream(repeat(gzip.compress(b"\n"), 10**8)),
        "zero bytes": lambda: Stream(much(b"\0", 500 * MEGABYTE)),
        "zero bytes in a product": lambda: io.BytesIO(HEAD + b"<item><g:id>a\0b</g:id></item>" + TAIL),
        "zero bytes in a table": lambda: io.BytesIO(b"id,image_link\n1,http://a\0b\n"),
        "field of 1 GB": lambda: Stream(b"id,image_link\n1,", much(b"x", 1000 * MEGABYTE)),
        "quoted field of 1 GB": lambda: Stream(b'id,image_link\n1,"', much(b"x\n", 1000 * MEGABYTE)),
        "quoted fields without end": lambda: Stream(b"id,image_link\n", much(b'"x\n",', 1000 * MEGABYTE)),
        "header of 1 GB": lambda: Stream(b"id,image_link,", much(b"x,", 1000 * MEGABYTE)),
        "columns without end": lambda: Stream(b"id,image_link\n1,", much(b"x,", 1000 * MEGABYTE)),
        "one line of 1 GB": lambda: Stream(much(b"x", 1000 * MEGABYTE)),
        "blank lines without end": lambda: Stream(b"id,image_link\n", much(b"\n", 1000 * MEGABYTE)),
        "quotation marks without end": lambda: Stream(b"id,image_link\n1,", much(b'"', 1000 * MEGABYTE)),
        "open CDATA again and again": lambda: Stream(HEAD, much(b"<item><a><![CDATA[</item>", 3 * MEGABYTE)),
        "open products again and again": lambda: Stream(HEAD, much(b"<item>", 3 * MEGABYTE)),
        "ampersands without end": lambda: Stream(HEAD + b"<item><g:id>", much(b"&", 500 * MEGABYTE)),
        "less-than signs without end": lambda: Stream(HEAD, much(b"<", 500 * MEGABYTE)),
    }.items()
}  # fmt: skip


def peak() -> float:
    """The most memory that this process held, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / MEGABYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def ending(stream: BinaryIO, *, rewriting: bool) -> str:
    """The sentence that reading ended with, empty where it came to the end of the feed."""
    try:
        if rewriting:
            with open("/dev/null", "wb") as nowhere:  # noqa: PTH123
                rewrite(stream, nowhere, lambda _entry: "https://out.example.com/1.jpg")
        else:
            for _ in FeedReader(stream):
                pass
    except FeedError as error:
        return str(error)
    return ""


def main(name: str, rewriting: bool) -> None:
    stream = CASES[name]()
    if name.startswith("gzip bomb"):
        stream = io.BytesIO(stream.read(5 * MEGABYTE))
    list(FeedReader(io.BytesIO(HEAD + b"<item><g:id>1</g:id></item>" + TAIL)))
    before, start = peak(), time.process_time()
    sentence = ending(stream, rewriting=rewriting)
    seconds = time.process_time() - start
    print(json.dumps({"sentence": sentence, "seconds": seconds, "megabytes": peak() - before}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:] == ["rewrite"])
