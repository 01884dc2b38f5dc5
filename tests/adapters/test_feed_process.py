"""Reading a feed in a child: what it finds, and what an unruly feed costs."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from frameapp.adapters.feed_process import FeedProcess
from frameapp.core.feeds import Inspection, inspect
from frameapp.errors import FeedError

CSV = b"id,title,image_link\n" + b"".join(b"%d,Shoe,/%d.jpg\n" % (n, n) for n in range(2_500))


def read(
    feed: bytes,
    *,
    process: FeedProcess | None = None,
    passed: Callable[[int], object] = lambda _: None,
    **limits: Any,
) -> Inspection:
    with tempfile.TemporaryFile() as file:
        file.write(feed)
        file.flush()
        process = process or FeedProcess(**limits)
        return process.read(file.fileno(), base_url="https://shop.example.com/feed.csv", passed=passed)


def test_the_child_finds_what_core_finds() -> None:
    expected = inspect(BytesIO(CSV), base_url="https://shop.example.com/feed.csv")
    found = read(CSV)
    assert found == expected
    assert found.products[3].image_link == "https://shop.example.com/3.jpg"


@pytest.mark.parametrize(
    ("feed", "sentence"),
    [
        (b"<html><body>Sign in</body></html>", "a web page"),
        (b"crash", "crashed the feed reader"),
        (b"stall", "took longer than 2 seconds"),
        (b"memory", "needs too much memory"),
        (b"bug", r"The feed cannot be read\."),
    ],
)
def test_a_feed_that_cannot_be_read_is_a_sentence(feed: bytes, sentence: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(FeedError, match=sentence):
        read(feed, seconds=2, module="tests.adapters.unruly_feed_child")
    assert ("KeyError: 'a bug'" in caplog.text) == (feed == b"bug")


def test_it_can_be_killed_at_any_time() -> None:
    process = FeedProcess(module="tests.adapters.unruly_feed_child")
    children: list[int] = []

    def kill(_: int) -> None:
        assert process._child is not None
        children.append(process._child.process.pid)
        threading.Thread(target=process.kill).start()

    with pytest.raises(FeedError):
        read(b"stall", process=process, passed=kill)
    assert len(children) == 1
    with pytest.raises(FeedError):
        read(b"stall", process=process)
