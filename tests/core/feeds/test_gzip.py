"""Feed files packed with gzip, and what stands after their end."""

from __future__ import annotations

import gzip
import io

import pytest

from frameapp.core.feeds import FeedReader
from frameapp.core.feeds.unpack import BLOCK
from frameapp.errors import FeedError

FEED = b"id,image_link\n" + b"".join(b"%d,https://shop.example/%d.jpg\n" % (number, number) for number in range(9))
PACKED = gzip.compress(FEED, mtime=0)


def ids(packed: bytes) -> list[str]:
    return [entry.product_id for entry in FeedReader(io.BytesIO(packed))]


@pytest.mark.wild(
    "after gzip",
    source="https://github.com/sile/libflate/issues/75",
    given="a feed file of gzip members with other bytes after the last",
    right="all products; the rest is ignored",
)
@pytest.mark.parametrize(
    "rest",
    [b"\0", bytes(700), bytes(2 * BLOCK), b"\r\n", b"<!-- cached -->", b"\x1f", b"\x1f\x8b\0", b"1,x"],
)
def test_bytes_after_the_end_are_ignored(rest: bytes) -> None:
    assert ids(PACKED + rest) == ids(FEED)
    assert ids(gzip.compress(FEED[:40]) + gzip.compress(FEED[40:]) + rest) == ids(FEED)


@pytest.mark.parametrize("into_the_next_block", [0, 1, 2, 3])
@pytest.mark.parametrize("zeros", [0, 1, 700])
def test_a_second_member_is_read_wherever_blocks_end(zeros: int, into_the_next_block: int) -> None:
    """The first member is filled up by its name, so that a block ends within the head of the second."""
    filled = BLOCK - zeros - into_the_next_block
    first = gzip.compress(FEED[:40], mtime=0)
    name = b"n" * (filled - len(first) - 1) + b"\0"
    first = first[:3] + b"\x08" + first[4:10] + name + first[10:]
    assert len(first) == filled
    assert ids(first + bytes(zeros) + gzip.compress(FEED[40:])) == ids(FEED)


@pytest.mark.parametrize("packed", [PACKED[:-1], PACKED[:-9], PACKED + PACKED[:-1], PACKED + PACKED[:5]])
def test_a_member_that_breaks_off_is_refused(packed: bytes) -> None:
    with pytest.raises(FeedError, match="breaks off before its end"):
        ids(packed)
