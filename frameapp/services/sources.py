"""Source pictures: from the sample, from the private cache, or over the network."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import col

from frameapp.adapters.fetch import FetchedPicture, Fetcher
from frameapp.core.keys import digest_of, source_key
from frameapp.core.sample import sample_picture
from frameapp.errors import NO_PICTURE, PictureError
from frameapp.models import Feed, FeedKind, Product
from frameapp.services.application import Application

T = TypeVar("T")

SAMPLE_LINK = "sample:/product/"
SAMPLE_ETAG = '"sample-1"'  # the sample's pictures are part of this version
WAITING_THREADS = 128  # a name server may take its time, and each fetch in hand may ask one


async def fetch(
    fetcher: Fetcher, feed_kind: str, link: str, *, etag: str = "", last_modified: str = ""
) -> FetchedPicture:
    """The picture at ``link`` (the sample's from within), or "not modified". Raises FetchError or PictureError."""
    if not link:
        raise PictureError(NO_PICTURE)
    if feed_kind != FeedKind.SAMPLE or not link.startswith(SAMPLE_LINK):
        return await fetcher.picture(link, etag=etag, last_modified=last_modified)
    if etag == SAMPLE_ETAG:
        return FetchedPicture(not_modified=True, data=b"", etag=etag, last_modified="")
    data = await asyncio.to_thread(sample_picture, int(link.removeprefix(SAMPLE_LINK)))
    return FetchedPicture(not_modified=False, data=data, etag=SAMPLE_ETAG, last_modified="")


async def source_of(app: Application, fetcher: Fetcher, feed: Feed, product: Product, *, anew: bool = False) -> bytes:
    """The product's source picture, from the private cache where it is there. Raises FetchError or PictureError.

    A fetched one is put into the cache and its digest and validators are noted on the product. ``anew`` asks the
    picture's host whatever the cache holds.
    """
    if product.source_digest and not anew:
        cached = await asyncio.to_thread(app.storage.get, source_key(product.source_digest))
        if cached is not None:
            return cached
    fetched = await fetch(fetcher, feed.kind, product.image_link)
    await asyncio.to_thread(_remember, app, product, fetched)
    return fetched.data


async def read_source(app: Application, feed: Feed, product: Product, *, anew: bool = False) -> bytes:
    """``source_of`` for pages, ``apart`` and with a fetcher for all of them."""
    return await apart(_read(app, feed, product, anew))


async def read_link(app: Application, feed_kind: str, link: str) -> bytes:
    """The picture at ``link``, which is kept nowhere. Raises FetchError or PictureError."""

    async def read() -> bytes:
        return (await fetch(_fetcher(app), feed_kind, link)).data

    return await apart(read())


async def apart(work: Coroutine[Any, Any, T]) -> T:
    """What ``work`` gives, on an event loop of its own thread, for what waits for strangers' hosts and name servers."""
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, _background_loop()))


def _remember(app: Application, product: Product, fetched: FetchedPicture) -> None:
    digest = digest_of(fetched.data)
    app.storage.put(source_key(digest), fetched.data)
    values = {
        "source_digest": digest,
        "source_etag": fetched.etag,
        "source_last_modified": fetched.last_modified,
    }
    same = (col(Product.id) == product.id, col(Product.image_link) == product.image_link)
    with app.database.write() as session:
        session.execute(sa.update(Product).where(*same).values(**values))


_starting = threading.Lock()  # a cache alone lets two threads make a loop each, which cannot share connections
_fetchers: dict[int, Fetcher] = {}  # by the settings they were made for; used on the background loop only


async def _read(app: Application, feed: Feed, product: Product, anew: bool) -> bytes:
    return await source_of(app, _fetcher(app), feed, product, anew=anew)


def _fetcher(app: Application) -> Fetcher:
    key = id(app.settings)
    if key not in _fetchers:
        _fetchers[key] = Fetcher(app.settings)
    return _fetchers[key]


def _background_loop() -> asyncio.AbstractEventLoop:
    with _starting:
        return _loop()


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(WAITING_THREADS, thread_name_prefix="sources"))
    threading.Thread(target=loop.run_forever, name="sources", daemon=True).start()
    return loop
