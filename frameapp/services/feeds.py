"""Feeds: looked into before and after they are saved, and shared by the frames of a workspace."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO, cast
from urllib.parse import urlsplit

from sqlmodel import Session

from frameapp.adapters.fetch import Fetcher
from frameapp.core.feeds import Entry, FeedReader, summarise
from frameapp.core.keys import feed_copy_prefix, product_key
from frameapp.core.sample import sample_feed
from frameapp.db import catalogue
from frameapp.db.catalogue import SeenProduct
from frameapp.db.owned import owned_feed
from frameapp.errors import FeedError, FetchError, Invalid, PictureError
from frameapp.models import Feed, FeedKind, utc_now
from frameapp.services import sources
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.credentials import seal, unseal
from frameapp.services.previews import renderer

PICTURES = 6
KEPT_PRODUCTS = 1_000  # of a check, to be placed before the first run has read them all
KEPT_CHARACTERS = 2_000_000  # of these products' ids, titles and links
IN_MEMORY = 8 * 1024 * 1024  # bytes of a fetched feed; more goes to a temporary file
LONGEST_ADDRESS = 2_000


@dataclass(frozen=True, slots=True)
class FeedSource:
    """Where a feed comes from, as the user says it."""

    address: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    user_agent: str = ""
    kind: FeedKind = FeedKind.ADDRESS

    @property
    def credentials(self) -> tuple[str, str] | None:
        """Name and password for Basic authentication, where there are any."""
        return (self.username, self.password) if self.username or self.password else None


SAMPLE = FeedSource(address="sample:", kind=FeedKind.SAMPLE)


@dataclass(frozen=True, slots=True)
class FeedCheck:
    """What a look into a feed found: its report, or the sentence that says why there is none."""

    source: FeedSource
    report: dict[str, Any]
    error: str
    products: tuple[SeenProduct, ...] = ()


def clean_source(source: FeedSource) -> FeedSource:
    """The source with its address as it is kept. Raises Invalid with the field that is wrong."""
    if source.kind is not FeedKind.ADDRESS:
        return source
    address = source.address.strip()
    if address and "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or any(character.isspace() for character in address):
        raise Invalid("Give the feed's address, such as https://shop.example.com/feed.xml.", field="address")
    if len(address) > LONGEST_ADDRESS:
        raise Invalid(f"The feed's address has more than {LONGEST_ADDRESS:,} characters.", field="address")
    if parts.username or parts.password:
        raise Invalid("Put the name and the password into the fields below, not into the address.", field="address")
    if ":" in source.username:
        raise Invalid("A name for Basic authentication has no colon.", field="feed_username")
    agent = source.user_agent.strip()
    if not agent.isascii() or not agent.isprintable() or len(agent) > 300:
        raise Invalid("A User-Agent is made of at most 300 plain characters.", field="user_agent")
    return FeedSource(address, source.username.strip(), source.password, agent, source.kind)


async def inspect(app: Application, viewer: Viewer, source: FeedSource) -> FeedCheck:
    """Fetch the feed and look into it; nothing is kept. A feed that cannot be read is a check with an error.

    Raises Invalid where the source itself is wrong.
    """
    source = clean_source(source)
    file = cast(BinaryIO, SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115  (closed below)
    try:
        await _bring(app, source, file)
        return await asyncio.to_thread(_look_into, source, file)
    except (FetchError, FeedError) as error:
        return FeedCheck(source, {}, str(error))
    finally:
        await asyncio.to_thread(file.close)  # freeing gigabytes takes a while


async def pictures(app: Application, found: FeedCheck, count: int, longest: int) -> list[bytes | None]:
    """Thumbnails (WebP) of the first ``count`` products that have a picture; None where one cannot be had."""
    links = [product.image_link for product in found.products if product.image_link][:count]
    fetcher = Fetcher(app.settings)

    async def small(link: str) -> bytes | None:
        try:
            fetched = await sources.fetch(fetcher, found.source.kind, link)
            return await asyncio.to_thread(renderer.thumbnail, fetched.data, longest)
        except (FetchError, PictureError):
            return None

    try:
        return list(await asyncio.gather(*map(small, links)))
    finally:
        await fetcher.aclose()


async def check(app: Application, viewer: Viewer, feed_id: int) -> FeedCheck:
    """Look into a saved feed again and keep what was found. Raises NotFound."""
    source = await asyncio.to_thread(_source_of, app, viewer, feed_id)
    found = await inspect(app, viewer, source)
    await asyncio.to_thread(_keep_again, app, viewer, feed_id, found)
    return found


def with_saved_password(app: Application, viewer: Viewer, feed_id: int, source: FeedSource) -> FeedSource:
    """``source`` with the feed's saved password where none was typed, and host and name are the saved ones."""
    source = clean_source(source)
    saved = _source_of(app, viewer, feed_id)
    same = urlsplit(saved.address)[:2] == urlsplit(source.address)[:2] and saved.username == source.username
    return replace(source, password=saved.password) if same and not source.password else source


def check_sample(app: Application) -> FeedCheck:
    """What a look into the sample feed finds."""
    return _look_into(SAMPLE, BytesIO(sample_feed()))


def find_or_add(app: Application, session: Session, workspace_id: int, source: FeedSource) -> Feed:
    """The workspace's feed of this source: frames with the same address and credentials share one."""
    for known in catalogue.same_feeds(session, workspace_id, source.kind, source.address, source.user_agent):
        if feed_credentials(app, known) == source.credentials:
            return known
    feed = Feed(workspace_id=workspace_id, kind=source.kind)
    set_source(app, feed, source)
    session.add(feed)
    session.flush()
    return feed


def set_source(app: Application, feed: Feed, source: FeedSource) -> None:
    """Point the feed elsewhere; what was known of the old place is forgotten."""
    feed.kind, feed.address, feed.user_agent = source.kind, source.address, source.user_agent
    feed.credentials = seal(app, json.dumps(source.credentials)) if source.credentials else ""
    feed.etag = feed.last_modified = feed.copy_key = feed.copy_etag = feed.copy_last_modified = feed.error = ""
    feed.report, feed.checked_at = {}, None


def keep(session: Session, feed: Feed, found: FeedCheck) -> None:
    """Write what a check found to the feed's row, and its first products beside it. A failed check keeps the report."""
    feed.checked_at, feed.error = utc_now(), found.error
    if not found.error:
        feed.report = found.report
        catalogue.add_missing_products(session, feed.id, found.products)
    session.add(feed)


def source_of(app: Application, feed: Feed) -> FeedSource:
    """The source that a feed's row holds, with its credentials in the clear."""
    username, password = feed_credentials(app, feed) or ("", "")
    return FeedSource(feed.address, username, password, feed.user_agent, FeedKind(feed.kind))


def feed_credentials(app: Application, feed: Feed) -> tuple[str, str] | None:
    """Name and password for the feed's Basic authentication, where it has any."""
    text = unseal(app, feed.credentials) if feed.credentials else None
    if text is None:
        return None
    username, password = json.loads(text)
    return str(username), str(password)


def copies_prefix(feed: Feed) -> str:
    """The prefix in storage of the copies of this feed."""
    return feed_copy_prefix(feed.id, feed.address).rpartition("/")[0] + "/"


async def _bring(app: Application, source: FeedSource, file: BinaryIO) -> None:
    if source.kind is FeedKind.SAMPLE:
        file.write(sample_feed())
        return
    fetcher = Fetcher(app.settings)
    try:
        await fetcher.feed(
            source.address,
            file,
            credentials=source.credentials,
            user_agent=source.user_agent or app.settings.user_agent,
            etag="",
            last_modified="",
        )
    finally:
        await fetcher.aclose()


def _look_into(source: FeedSource, file: IO[bytes]) -> FeedCheck:
    file.seek(0)
    reader = _Noting(FeedReader(cast(BinaryIO, file), base_url=source.address))
    report = asdict(summarise(cast(FeedReader, reader), pictures=PICTURES))
    return FeedCheck(source, report, "", tuple(reader.noted.values()))


class _Noting:
    """A reader that notes the first products as they pass, ``KEPT_PRODUCTS`` and ``KEPT_CHARACTERS`` at most."""

    def __init__(self, reader: FeedReader) -> None:
        self._reader = reader
        self._room = KEPT_CHARACTERS
        self.noted: dict[str, SeenProduct] = {}

    def __iter__(self) -> Iterator[Entry]:
        for entry in cast(Iterable[Entry], self._reader):
            if self._room > 0 and entry.product_id and entry.product_id not in self.noted:
                self._note(entry)
            yield entry

    def _note(self, entry: Entry) -> None:
        self._room -= len(entry.product_id) + len(entry.title) + len(entry.image_link)
        if self._room >= 0:
            self.noted[entry.product_id] = _seen(entry)
        if len(self.noted) == KEPT_PRODUCTS:
            self._room = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)


def _seen(entry: Entry) -> SeenProduct:
    key = product_key(entry.product_id)
    return SeenProduct(key, entry.product_id, entry.title, entry.image_link, entry.position)


def _source_of(app: Application, viewer: Viewer, feed_id: int) -> FeedSource:
    with app.database.read() as session:
        return source_of(app, owned_feed(session, viewer.workspace_ids, feed_id))


def _keep_again(app: Application, viewer: Viewer, feed_id: int, found: FeedCheck) -> None:
    with app.database.write() as session:
        feed = owned_feed(session, viewer.workspace_ids, feed_id)
        if source_of(app, feed) == found.source:  # else it was pointed elsewhere meanwhile
            keep(session, feed, found)
