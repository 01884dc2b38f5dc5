"""Feeds, and heads of answers, made up by coverage, for a bounded time: ``make fuzz``.

Needs atheris, which is no requirement of the ordinary tests: it has wheels for Linux only.
Starts from the samples, whole and damaged; ends with a traceback where anything but FeedError is raised, where a
rewriting that replaces nothing changes a byte of a sound feed or leaves a broken one broken, where h11 refuses a head
that was made readable, or where one input takes more than a second (``-timeout=1``).
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import atheris
import h11

with atheris.instrument_imports(include=["frameapp.core.feeds", "frameapp.adapters.heads"]):
    from frameapp.adapters.heads import Heads, NotHttp
    from frameapp.core.feeds import FeedReader, rewrite
    from frameapp.errors import FeedError

from tests.core.feeds import damage, samples
from tests.core.feeds.reading import well_formed

_TABLES = 40


def broken_table(seed: bytes) -> tuple[bytes, int]:
    """A table with one damaged record, and how many records it has."""
    chance = random.Random(seed)
    header, records = damage.a_table(chance)
    at = chance.randrange(len(records))
    records[at] = damage.spoiled(chance, records[at])
    return (header + "".join(records)).encode(), len(records)


def no_other_pictures(seed: bytes) -> None:
    """Reads a broken table: no product has the picture of another."""
    data, count = broken_table(seed)
    own = {f"A-{number}": damage.link(number) for number in range(1, count + 1)}
    with suppress(FeedError):
        for entry in FeedReader(io.BytesIO(data)):
            others = {link for product_id, link in own.items() if product_id != entry.product_id}
            assert entry.product_id not in own or entry.image_link not in others, data


def one_input(data: bytes) -> None:
    """Reads the feed and rewrites it; what begins with a zero byte chooses a broken table."""
    if data.startswith(b"\0"):
        no_other_pictures(data[1:])
        return
    if data[:4].upper() == b"HTTP":
        one_head(data)
        return
    if data.startswith(b"\x1f\x8b"):
        with suppress(FeedError):
            list(FeedReader(io.BytesIO(data)))
        return
    out = io.BytesIO()
    try:
        reader = FeedReader(io.BytesIO(data))
        entries = list(reader)
        rewrite(io.BytesIO(data), out, lambda _entry: None)
    except FeedError:
        with suppress(FeedError):
            rewrite(io.BytesIO(data), out, lambda _entry: None)
        return
    if reader.format.name in ("csv", "tsv") or well_formed(data, reader):
        assert out.getvalue() == data
    else:
        assert well_formed(out.getvalue(), reader), out.getvalue()
    new = io.BytesIO()
    rewrite(io.BytesIO(data), new, lambda entry: f"https://out.example.com/{entry.position}")
    if reader.format.name in ("csv", "tsv"):  # whose quoting is told from all of their text
        return
    links = [entry.image_link for entry in FeedReader(io.BytesIO(new.getvalue()))]
    expected = [f"https://out.example.com/{entry.position}" if entry.image_link else "" for entry in entries]
    assert links == expected, (links, expected)


REFUSED = ("Transfer-Encoding", "Content-Length", "SWITCH_UPGRADE")  # other codings, differing lengths, 101
HEADS = (
    b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 4\r\n\r\nbody",
    b'HTTP/1.1 103 Early\n\nhttp/2 200\n"a: b"\nno colon\n folded\r\nA : b\r\ntransfer-encoding: Chunked\r\n\r\n0',
)


def one_head(data: bytes) -> None:
    """Makes the answer's head readable, in two pieces, and has h11 read it."""
    heads = Heads()
    heads.expect()
    try:
        passed = heads.passed(data[: len(data) // 2]) + heads.passed(data[len(data) // 2 :])
    except NotHttp:
        return
    if not passed:
        return
    peer = h11.Connection(h11.CLIENT)
    peer.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    peer.send(h11.EndOfMessage())
    peer.receive_data(passed)
    try:
        peer.next_event()
    except h11.RemoteProtocolError as error:
        if not any(refused in str(error) for refused in REFUSED):
            raise


FAULTS = (
    (b"</item>", b""),
    (b"</item>", b"</item></item>"),
    (b"</g:id>", b"</id>"),
    (b"<title>", b"<title><br>a < b & c &eacute; ]]> \x08"),
    (b"<title", b"<title a=1 a=2"),
    (b"</channel>", b"<![CDATA["),
    (b"</rss>", b"</rss><rss><item/>"),
    (b"<entry>", b"<entry"),
)


def main() -> None:
    """Fuzzes from a corpus of the samples."""
    with tempfile.TemporaryDirectory() as corpus:
        for name, data in samples.ALL.items():
            (Path(corpus) / name.replace(" ", "-")).write_bytes(data)
            for number, (sound, broken) in enumerate(FAULTS):
                (Path(corpus) / f"{name}-{number}".replace(" ", "-")).write_bytes(data.replace(sound, broken, 1))
        for number, head in enumerate(HEADS):
            (Path(corpus) / f"head-{number}").write_bytes(head)
        for number in range(_TABLES):
            seed = bytes([number])
            (Path(corpus) / f"table-{number}").write_bytes(broken_table(seed)[0])
            (Path(corpus) / f"seed-{number}").write_bytes(b"\0" + seed)
        atheris.Setup([*sys.argv, "-timeout=1", "-max_len=4096", corpus], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
