"""Feeds made up by coverage, for a bounded time: ``make fuzz``.

Needs atheris, which is no requirement of the ordinary tests: it has wheels for Linux only.
Starts from the samples; ends with a traceback where anything but FeedError is raised, where a rewriting that replaces
nothing changes a byte, or where one input takes more than a second (``-timeout=1``).
"""

from __future__ import annotations

import io
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["frameapp.core.feeds"]):
    from frameapp.core.feeds import FeedReader, rewrite
    from frameapp.errors import FeedError

from tests.core.feeds import samples


def one_input(data: bytes) -> None:
    """Reads the feed and rewrites it."""
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
        assert data.startswith(out.getvalue())
        return
    assert out.getvalue() == data
    new = io.BytesIO()
    rewrite(io.BytesIO(data), new, lambda entry: f"https://out.example.com/{entry.position}")
    if reader.format in ("csv", "tsv"):  # whose quoting is told from all of their text
        return
    try:
        links = [entry.image_link for entry in FeedReader(io.BytesIO(new.getvalue()))]
    except FeedError:  # the short cut forgives a product what expat does not, and another of the two may read it now
        return
    expected = [f"https://out.example.com/{entry.position}" if entry.image_link else "" for entry in entries]
    assert links == expected, (links, expected)


def main() -> None:
    """Fuzzes from a corpus of the samples."""
    with tempfile.TemporaryDirectory() as corpus:
        for name, data in samples.ALL.items():
            (Path(corpus) / name.replace(" ", "-")).write_bytes(data)
        atheris.Setup([*sys.argv, "-timeout=1", "-max_len=4096", corpus], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
