"""Frames: the user's projects, made, read, changed, copied and deleted."""

import functools
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from frameapp.core.design.recipe import Layer, Recipe, first_placement
from frameapp.core.feeds import FeedReport
from frameapp.core.keys import manifest_prefix, picture_prefix
from frameapp.core.render import formats
from frameapp.core.sample import sample_frame_image
from frameapp.db import cards, generations
from frameapp.db import feeds as feed_rows
from frameapp.db.engine import after_commit
from frameapp.db.owned import owned_feed, owned_frame
from frameapp.errors import Invalid
from frameapp.models import ACTIVE_RUN_STATES, Feed, Frame, Generation, Output, Product, Run, name_key, utc_now
from frameapp.services import audit, feeds, images, limits, runs
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.feeds import FeedCheck, FeedSource
from frameapp.services.images import Draft

LONGEST_NAME = 120
NO_IMAGE = f"Add a frame image: {formats.listed(formats.frame_images())}."
SAMPLE_NAME = "Sample frame"
DELETE_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A frame's feed. ``report`` is what the last check found, empty before it; ``error`` its sentence if it failed."""

    feed_id: int
    kind: str
    address: str
    username: str
    user_agent: str
    has_credentials: bool
    checked_at: datetime | None
    report: FeedReport
    error: str

    @property
    def products(self) -> int | None:
        """How many products the last check counted; None before one succeeded."""
        return self.report.products


@dataclass(frozen=True, slots=True)
class FrameRow:
    """A frame with its feed; sizes in frame-image pixels."""

    frame_id: int
    name: str
    image_digest: str
    image_width: int
    image_height: int
    placed: bool
    created_at: datetime
    feed: FeedRow

    @property
    def image_url(self) -> str:
        """Where its owner reads the frame image."""
        return f"/files/frame/{self.frame_id}/{self.image_digest}"


@dataclass(frozen=True, slots=True)
class Deletion:
    """What goes with a frame."""

    name: str
    outputs: int
    running: bool
    published: bool


def get(app: Application, viewer: Viewer, frame_id: int) -> FrameRow:
    """The frame. Raises NotFound where it does not exist or is not the viewer's."""
    with app.database.read() as session:
        frame = owned_frame(session, viewer.workspace_ids, frame_id)
        return _row(app, frame, owned_feed(session, viewer.workspace_ids, frame.feed_id))


def refusals(name: str, has_image: bool, source: FeedSource) -> dict[str, str]:
    """What can be refused before anything is fetched: a sentence for each field."""
    wrong = {} if has_image else {"image": NO_IMAGE}
    for check in (lambda: _clean_name(name), lambda: feeds.clean_source(source)):
        try:
            check()
        except Invalid as error:
            wrong[error.field] = str(error)
    return wrong


def create(
    app: Application, viewer: Viewer, *, name: str, image: Draft | None, source: FeedSource, found: FeedCheck | None
) -> int:
    """Create a frame; its id. ``found`` is what a check of the source found, if any. Raises Invalid, LimitReached."""
    name, source = _clean_name(name), feeds.clean_source(source)
    if image is None:
        raise Invalid(NO_IMAGE, field="image")
    key = images.keep_image(app, viewer, image)
    with app.database.write() as session:
        limits.refuse_frame(session, viewer.workspace_id)
        feed = feeds.find_or_add(app, session, viewer.workspace_id, source)
        if found is not None and found.source == source:
            feeds.keep(session, feed, found)
        frame = Frame(
            workspace_id=viewer.workspace_id,
            feed_id=feed.id,
            name=name,
            secret=secrets.token_urlsafe(32),
            image_key=key,
            image_digest=image.digest,
            image_width=image.width,
            image_height=image.height,
            recipe=first_recipe(image).to_json(),
        )
        session.add(frame)
        session.flush()
        return frame.id


def update(
    app: Application,
    viewer: Viewer,
    frame_id: int,
    *,
    name: str,
    image: Draft | None,
    source: FeedSource,
    found: FeedCheck | None,
) -> None:
    """Change a frame; without ``image`` the present one stays. Raises NotFound, or Invalid with the field.

    Another image means that the placement must be set again: the new image's proposal takes its place.
    """
    name, source = _clean_name(name), feeds.clean_source(source)
    get(app, viewer, frame_id)
    key = images.keep_image(app, viewer, image) if image is not None else ""
    with app.database.write() as session:
        frame = owned_frame(session, viewer.workspace_ids, frame_id, kept=True)
        frame.name, frame.name_key, frame.updated_at = name, name_key(name), utc_now()
        if image is not None and image.digest != frame.image_digest:
            _replace_image(app, session, frame, image, key)
        feed = _repoint(app, session, frame, source)
        if found is not None and found.source == source:
            feeds.keep(session, feed, found)
        session.add(frame)


def first_recipe(image: Draft, before: Recipe | None = None) -> Recipe:
    """The proposal for a new image: its window, else centred at 60 %; the rest as it was ``before``."""
    box = image.window or first_placement(image.width, image.height)
    layer = image.layer if image.window else Layer.BELOW
    return replace(before, box=box, layer=layer) if before else Recipe(box=box, layer=layer)


def duplicate(app: Application, viewer: Viewer, frame_id: int) -> int:
    """A copy of the frame with its placement, without its outputs; its id. Raises NotFound, LimitReached."""
    with app.database.write() as session:
        frame = owned_frame(session, viewer.workspace_ids, frame_id, kept=True)
        limits.refuse_frame(session, frame.workspace_id)
        copy = Frame(
            workspace_id=frame.workspace_id,
            feed_id=frame.feed_id,
            name=f"{frame.name[: LONGEST_NAME - 7]} (copy)",
            secret=secrets.token_urlsafe(32),
            image_key=frame.image_key,
            image_digest=frame.image_digest,
            image_width=frame.image_width,
            image_height=frame.image_height,
            recipe=frame.recipe,
            placed=frame.placed,
        )
        session.add(copy)
        session.flush()
        return copy.id


def deletion(app: Application, viewer: Viewer, frame_id: int) -> Deletion:
    """What would go with the frame. Raises NotFound."""
    with app.database.read() as session:
        frame = owned_frame(session, viewer.workspace_ids, frame_id)
        count = select(sa.func.count()).select_from(Output).where(Output.frame_id == frame_id)
        running = select(Run.id).where(Run.frame_id == frame_id, col(Run.state).in_(ACTIVE_RUN_STATES))
        active = select(Generation.id).where(Generation.frame_id == frame_id, col(Generation.active).is_(True))
        return Deletion(
            frame.name,
            session.exec(count).one(),
            session.exec(running).first() is not None,
            session.exec(active).first() is not None,
        )


def delete(
    app: Application,
    viewer: Viewer,
    frame_id: int,
    *,
    by: Viewer | None = None,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Delete the frame, its outputs and their files, and what is published of it; its feed too where no other frame
    uses it. Raises NotFound.

    A run that is under way is stopped first; outputs go in batches, so that no transaction is long. Where the owner's
    account is deleted, the audit log names the user who asked for it (``by``), and ``check``, which may raise, runs
    before each batch.
    """
    runs.cancel(app, viewer, frame_id)
    while True:
        check()
        with app.database.write() as session:
            owned_frame(session, viewer.workspace_ids, frame_id)
            if cards.delete_outputs(session, frame_id, DELETE_BATCH) < DELETE_BATCH:
                break
    with app.database.write() as session:
        generations.lock_runs(session, frame_id)  # first: who writes a run may ask for its frame after it
        frame = owned_frame(session, viewer.workspace_ids, frame_id, alone=True)
        pictures = picture_prefix(frame.secret)
        audit.record(session, audit.Action.FRAME_DELETED, viewer=by or viewer, subject=frame.name)
        session.delete(frame)
        session.flush()
        images.drop_if_unused(app, session, frame.image_key)
        _drop_feed_if_unused(app, session, frame.feed_id)
        for prefix in (pictures, manifest_prefix(frame_id)):
            after_commit(session, functools.partial(app.storage.delete_prefix, prefix))


def create_sample(app: Application, viewer: Viewer) -> int:
    """A frame and a feed of 60 products that come with the application; the frame's id. No network is needed."""
    draft = images.keep_draft(app, viewer, sample_frame_image())
    name = _free_name(app, viewer, SAMPLE_NAME)
    return create(app, viewer, name=name, image=draft, source=feeds.SAMPLE, found=feeds.check_sample())


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid("Give the frame a name.", field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"A name has at most {LONGEST_NAME} characters.", field="name")
    return name


def _free_name(app: Application, viewer: Viewer, name: str) -> str:
    with app.database.read() as session:
        mine = select(Frame.name).where(col(Frame.workspace_id).in_(viewer.workspace_ids))
        taken = set(session.exec(mine.where(col(Frame.name).startswith(name))))
    number = next(n for n in range(1, len(taken) + 2) if _numbered(name, n) not in taken)
    return _numbered(name, number)


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name} {number}"


def _replace_image(app: Application, session: Session, frame: Frame, image: Draft, key: str) -> None:
    before = Recipe.from_json(frame.recipe) if frame.recipe else None
    old = frame.image_key
    frame.image_key, frame.image_digest = key, image.digest
    frame.image_width, frame.image_height = image.width, image.height
    frame.recipe, frame.placed = first_recipe(image, before).to_json(), False
    session.add(frame)
    session.flush()
    images.drop_if_unused(app, session, old)


def _repoint(app: Application, session: Session, frame: Frame, source: FeedSource) -> Feed:
    """The frame's feed for this source. One that other frames share is left to them."""
    feed = feed_rows.locked_feed(session, frame.feed_id)
    if feeds.source_of(app, feed) == source:
        return feed
    if feed_rows.frames_of_feed(session, feed.id) == 1:
        if (feed.kind, feed.address) != (source.kind, source.address):
            feed_rows.forget_products(session, feed.id)
        feeds.set_source(app, feed, source)
        session.add(feed)
        return feed
    chosen = feeds.find_or_add(app, session, frame.workspace_id, source)
    frame.feed_id = chosen.id
    return chosen


def _drop_feed_if_unused(app: Application, session: Session, feed_id: int) -> None:
    feed = feed_rows.locked_feed(session, feed_id)
    if feed_rows.frames_of_feed(session, feed_id):
        return
    copies = feeds.copies_prefix(feed)
    session.execute(sa.delete(Product).where(col(Product.feed_id) == feed_id))
    session.delete(feed)
    session.flush()
    after_commit(session, lambda: app.storage.delete_prefix(copies))


def _row(app: Application, frame: Frame, feed: Feed) -> FrameRow:
    source = feeds.source_of(app, feed)
    return FrameRow(
        frame_id=frame.id,
        name=frame.name,
        image_digest=frame.image_digest,
        image_width=frame.image_width,
        image_height=frame.image_height,
        placed=frame.placed,
        created_at=frame.created_at,
        feed=FeedRow(
            feed_id=feed.id,
            kind=feed.kind,
            address=feed.address,
            username=source.username,
            user_agent=feed.user_agent,
            has_credentials=bool(feed.credentials),
            checked_at=feed.checked_at,
            report=feed.report,
            error=feed.error,
        ),
    )
