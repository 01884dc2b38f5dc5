"""Feeds: looked into before and after they are saved, and shared by the frames of a workspace."""

import asyncio
import json
import re
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import BinaryIO

from ada_url import URL
from sqlmodel import Session

from frameapp.adapters.fetch_order import FEED_CHECKS
from frameapp.core.feeds import FeedReport, FirstProduct
from frameapp.core.feeds import inspect as read_entries
from frameapp.core.feeds.inspection import PICTURES as PICTURES  # pages take it from here
from frameapp.core.keys import feed_copy_prefix, product_key
from frameapp.core.sample import sample_feed
from frameapp.db import feeds as feed_rows
from frameapp.db.feeds import SeenProduct
from frameapp.db.owned import owned_feed
from frameapp.errors import FeedError, FetchError, Invalid, PictureError, TooBusy
from frameapp.models import Feed, FeedKind, utc_now
from frameapp.services import previews, sources
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.checks import CheckProgress, read_feed
from frameapp.services.credentials import seal, unseal
from frameapp.services.feed_bytes import fetch_once

LONGEST_ADDRESS = 2_000
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[/\\]")


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
    report: FeedReport
    error: str
    products: tuple[SeenProduct, ...] = ()


def clean_source(source: FeedSource) -> FeedSource:
    """The source with its address as it is kept. Raises Invalid with the field that is wrong."""
    if source.kind is not FeedKind.ADDRESS:
        return source
    address = source.address.strip()
    if address and not SCHEME.match(address):
        address = f"https://{address}"
    parts = _parsed(address)
    if parts is None or any(character.isspace() for character in address):
        raise Invalid("Enter the feed's address, such as https://shop.example.com/feed.xml.", field="address")
    if len(address) > LONGEST_ADDRESS:
        raise Invalid(f"The feed's address has more than {LONGEST_ADDRESS:,} characters.", field="address")
    if parts.username or parts.password:
        raise Invalid("Enter the username and password in the fields below, not in the address.", field="address")
    if ":" in source.username:
        raise Invalid("A username for Basic authentication cannot contain a colon.", field="feed_username")
    agent = source.user_agent.strip()
    if not agent.isascii() or not agent.isprintable() or len(agent) > 300:
        raise Invalid("A User-Agent has at most 300 characters, all of them printable ASCII.", field="user_agent")
    return FeedSource(address, source.username.strip(), source.password, agent, source.kind)


async def inspect(
    app: Application, viewer: Viewer, source: FeedSource, progress: CheckProgress | None = None
) -> FeedCheck:
    """Fetch and check a feed, keeping nothing; errors are in the check. Raises Invalid for the source, and TooBusy."""
    source = clean_source(source)
    if source.kind is FeedKind.SAMPLE:
        return check_sample()

    async def fetch(file: BinaryIO) -> str:
        return await sources.apart(_fetch(app, source, file))

    try:
        found = await read_feed(viewer.user_id, fetch, base_url=source.address, progress=progress or CheckProgress())
    except (FetchError, FeedError) as error:
        return FeedCheck(source, FeedReport(), str(error))
    return FeedCheck(source, found.report, "", _seen(found.products))


async def pictures(app: Application, viewer: Viewer, found: FeedCheck, count: int, longest: int) -> list[bytes | None]:
    """Thumbnails (WebP) of the first ``count`` products that have a picture; None where one cannot be had."""
    links = [product.image_link for product in found.products if product.image_link][:count]

    async def small(link: str) -> bytes | None:
        try:
            return await previews.small(app, viewer, found.source.kind, link, longest)
        except (FetchError, PictureError, TooBusy):
            return None

    return list(await asyncio.gather(*map(small, links)))


async def check(app: Application, viewer: Viewer, feed_id: int, progress: CheckProgress | None = None) -> FeedCheck:
    """Look into a saved feed again and keep what was found. Raises NotFound, and TooBusy as ``inspect`` does."""
    source = await asyncio.to_thread(_source_of, app, viewer, feed_id)
    found = await inspect(app, viewer, source, progress)
    await asyncio.to_thread(_keep_again, app, viewer, feed_id, found)
    return found


def with_saved_password(app: Application, viewer: Viewer, feed_id: int, source: FeedSource) -> FeedSource:
    """``source`` with the feed's saved password where none was typed, and host and name are the saved ones."""
    source = clean_source(source)
    saved = _source_of(app, viewer, feed_id)
    known, typed = _parsed(saved.address), _parsed(source.address)
    same = known and typed and known.origin == typed.origin and saved.username == source.username
    return replace(source, password=saved.password) if same and not source.password else source


def check_sample() -> FeedCheck:
    """What a look into the sample feed finds."""
    found = read_entries(BytesIO(sample_feed()), base_url=SAMPLE.address)
    return FeedCheck(SAMPLE, found.report, "", _seen(found.products))


def find_or_add(app: Application, session: Session, workspace_id: int, source: FeedSource) -> Feed:
    """The workspace's feed of this source: frames with the same address and credentials share one."""
    for known in feed_rows.same_feeds(session, workspace_id, source.kind, source.address, source.user_agent):
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
    feed.copy_key = feed.copy_etag = feed.copy_last_modified = feed.copy_charset = feed.error = ""
    feed.report, feed.checked_at = FeedReport(), None


def keep(session: Session, feed: Feed, found: FeedCheck) -> None:
    """Write what a check found to the feed's row, and its first products beside it. A failed check keeps the report."""
    if not found.error:
        feed_rows.add_missing_products(session, feed.id, found.products)  # before the feed's row, as plans write them
        feed.report = found.report
    feed.checked_at, feed.error = utc_now(), found.error
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


async def _fetch(app: Application, source: FeedSource, file: BinaryIO) -> str:
    """The charset that the feed's host names."""
    user_agent = source.user_agent or app.settings.user_agent
    fetched = await fetch_once(
        app.settings,
        source.address,
        file,
        credentials=source.credentials,
        user_agent=user_agent,
        limits=FEED_CHECKS,
    )
    return fetched.charset


def _parsed(address: str) -> URL | None:
    """The address as browsers read it, where it is one on http or https."""
    try:
        parts = URL(address)
    except ValueError:
        return None
    return parts if parts.protocol in {"http:", "https:"} and parts.port != "0" else None


def _seen(products: tuple[FirstProduct, ...]) -> tuple[SeenProduct, ...]:
    return tuple(SeenProduct(product_key(product.product_id), *product) for product in products)


def _source_of(app: Application, viewer: Viewer, feed_id: int) -> FeedSource:
    with app.database.read() as session:
        return source_of(app, owned_feed(session, viewer.workspace_ids, feed_id))


def _keep_again(app: Application, viewer: Viewer, feed_id: int, found: FeedCheck) -> None:
    with app.database.write() as session:
        feed = owned_feed(session, viewer.workspace_ids, feed_id)
        if source_of(app, feed) == found.source:  # else it was pointed elsewhere meanwhile
            keep(session, feed, found)
