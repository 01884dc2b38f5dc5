"""A feed of any length, made as it is read. ``python -m tests.core.feeds.growth FORM MODE COUNT`` prints the feed's
size and the most memory that reading it took, in megabytes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import BinaryIO, cast

from frameapp.core.feeds import Entry, FeedReader, rewrite, summarise
from tests.core.feeds.hostile import HEAD, MEGABYTE, TAIL, Stream, peak

TEXT = "Weiches Hemd aus Baumwolle, für jeden Tag gemacht. " * 16


def products(form: str, count: int) -> Iterator[bytes]:
    if form == "csv":
        yield b"id,title,image_link,description\n"
    for number in range(count):
        link = f"https://i.example.com/{number}.jpg"
        if form == "csv":
            yield f'SKU-{number},Hemd {number},{link},"{TEXT}"\n'.encode()
        else:
            odd = "<?odd?>" if number % 10 == 0 else ""  # read by expat, the others by their shape
            yield (
                f"<item>{odd}<g:id>SKU-{number}</g:id><title>Hemd {number}</title><g:image_link>{link}</g:image_link>"
                f"<description>{TEXT}</description></item>"
            ).encode()


class Counting:
    """Where the rewritten feed goes: only its length is kept."""

    size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        return len(data)


def main(form: str, mode: str, count: int) -> None:
    parts: list[Iterator[bytes] | bytes] = [products(form, count)]
    stream = cast(BinaryIO, Stream(*([HEAD, *parts, TAIL] if form == "xml" else parts)))
    if mode == "rewrite":
        out = Counting()

        def link(entry: Entry) -> str:
            return f"https://out.example.com/{entry.product_id}.jpg"

        done = rewrite(stream, cast(BinaryIO, out), link)
        entries, size = done.replaced, out.size
    else:
        entries, size = summarise(FeedReader(stream)).with_picture, count * len(TEXT.encode())
    print(json.dumps({"entries": entries, "feed": size / MEGABYTE, "peak": peak()}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
