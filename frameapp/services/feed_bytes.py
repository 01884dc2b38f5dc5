"""A feed's bytes: the sample's, an upload's, a stored copy's, or what its address answers."""

from typing import Any, BinaryIO

from frameapp.adapters.fetch import FetchedFeed, Fetcher
from frameapp.core.sample import sample_feed
from frameapp.models import Feed, FeedKind
from frameapp.services.application import Application
from frameapp.settings import Settings


def read_kept(app: Application, feed: Feed, file: BinaryIO, *, copy: str = "") -> bool:
    """Write the sample, the upload or the copy under that key into ``file``; False where there is none."""
    if feed.kind == FeedKind.SAMPLE:
        file.write(sample_feed())
        return True
    key = feed.upload_key if feed.kind == FeedKind.UPLOAD else copy
    return bool(key) and app.storage.get_file(key, file)


async def fetch_once(settings: Settings, address: str, file: BinaryIO, **options: Any) -> FetchedFeed:
    """Write the feed at the address into ``file``, for a caller without a fetcher. Raises FetchError."""
    fetcher = Fetcher(settings)
    try:
        return await fetcher.feed(address, file, **options)
    finally:
        await fetcher.aclose()
