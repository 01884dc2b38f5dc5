"""Reading a feed to its end."""

from __future__ import annotations

import io

from frameapp.core.feeds import Entry, FeedReader


def read(data: bytes, *, base_url: str = "") -> list[Entry]:
    """The entries of a feed."""
    return list(FeedReader(io.BytesIO(data), base_url=base_url))
