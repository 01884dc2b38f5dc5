"""A feed named on the command line: a file, or an address."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from frameapp.errors import Invalid
from frameapp.services.feed_bytes import fetch_once
from frameapp.settings import Settings


@contextmanager
def opened_feed(settings: Settings, feed: str) -> Iterator[tuple[BinaryIO, str, str]]:
    """The feed (a temporary copy if fetched), its address and the charset its host names, both empty for a file."""
    if not feed.lower().startswith(("http://", "https://")):
        try:
            file: BinaryIO = Path(feed).open("rb")  # noqa: SIM115  (closed below; only opening is guarded)
        except OSError as error:
            raise Invalid(f"The feed {feed} cannot be opened: {error.strerror}.", field="feed") from error
        with file, _seekable(file) as found:
            yield found, "", ""
        return
    with tempfile.TemporaryFile() as copy:
        kept = cast(BinaryIO, copy)
        charset = asyncio.run(fetch_once(settings, feed, kept, user_agent=settings.user_agent)).charset
        kept.seek(0)
        yield kept, feed, charset


@contextmanager
def _seekable(file: BinaryIO) -> Iterator[BinaryIO]:
    """The file, or a copy of what comes out of a pipe: a feed is read more than once."""
    if file.seekable():
        yield file
        return
    with tempfile.TemporaryFile() as copy:
        kept = cast(BinaryIO, copy)
        shutil.copyfileobj(file, kept)
        kept.seek(0)
        yield kept
