"""Frame images: checked when uploaded, kept as drafts until a frame is saved, then with the workspace's files."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, select

from frameapp.core.design.recipe import Box, Layer
from frameapp.core.render import FrameFacts, formats
from frameapp.db.engine import after_commit
from frameapp.db.owned import owned_frame
from frameapp.errors import Invalid, NotFound, PictureError
from frameapp.models import ACTIVE_RUN_STATES, Frame, Run
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.previews import drawing, renderer

LARGEST_IMAGE = 20_000_000  # bytes
DRAFTS = "private/drafts/"
DRAFT_LIFE = timedelta(days=1)  # the sweep takes older ones
MOST_DRAFTS = 10  # of a workspace; the oldest go
IMAGES = "private/frames/"


@dataclass(frozen=True, slots=True)
class Draft:
    """A frame image that was uploaded and not yet saved; sizes in pixels. ``window`` is where the product may go."""

    digest: str
    width: int
    height: int
    format: str
    size: int
    window: Box | None
    layer: Layer = Layer.BELOW


def keep_draft(app: Application, viewer: Viewer, data: bytes) -> Draft:
    """Check an uploaded frame image by its bytes and keep it until the frame is saved. Raises Invalid."""
    if len(data) > LARGEST_IMAGE:
        raise Invalid("The frame image is larger than 20 MB.", field="image")
    try:
        facts = renderer.inspect_frame(data)
    except PictureError as error:
        raise Invalid(str(error), field="image") from error
    draft = _draft(data, facts)
    app.storage.put(_draft_key(viewer, draft.digest), data)
    _drop_oldest(app, viewer)
    return draft


async def take_draft(app: Application, viewer: Viewer, data: bytes) -> Draft:
    """``keep_draft`` in the viewer's turn."""
    return await drawing.run(viewer.user_id, keep_draft, app, viewer, data)


def _drop_oldest(app: Application, viewer: Viewer) -> None:
    """Only the owner's own drafts make room for the owner's next."""
    kept = sorted(app.storage.objects(f"{DRAFTS}{viewer.workspace_id}/"), key=lambda item: item.written_at)
    app.storage.delete(*[item.key for item in kept[:-MOST_DRAFTS]])


def draft_image(app: Application, viewer: Viewer, digest: str) -> bytes:
    """The bytes of an image that the viewer uploaded and has not saved. Raises NotFound."""
    return _object(app, _draft_key(viewer, digest))


def frame_image_key(app: Application, viewer: Viewer, frame_id: int, digest: str) -> str:
    """Where the frame image with this digest is stored. Raises NotFound, also for an image that was replaced."""
    with app.database.read() as session:
        frame = owned_frame(session, viewer.workspace_ids, frame_id)
    if frame.image_digest != digest:
        raise NotFound
    return frame.image_key


def frame_image(app: Application, viewer: Viewer, frame_id: int, digest: str) -> bytes:
    """The bytes of the frame image with this digest. Raises NotFound."""
    return _object(app, frame_image_key(app, viewer, frame_id, digest))


async def displayed(viewer: Viewer, data: bytes) -> bytes:
    """A frame image for a browser: as it is, or as a PNG where browsers do not draw it as renders do.

    Raises PictureError. A browser is never sent an SVG.
    """
    found = formats.recognised(data)
    if found is None or found.displayed:
        return data
    return await drawing.run(viewer.user_id, renderer.frame_png, data)


def _draft(data: bytes, facts: FrameFacts) -> Draft:
    return Draft(
        digest=hashlib.sha256(data).hexdigest(),
        width=facts.width,
        height=facts.height,
        format=facts.format,
        size=len(data),
        window=facts.window.box if facts.window else None,
        layer=facts.window.layer if facts.window else Layer.BELOW,
    )


def _draft_key(viewer: Viewer, digest: str) -> str:
    if len(digest) != 64 or not digest.isalnum():
        raise NotFound
    return f"{DRAFTS}{viewer.workspace_id}/{digest}"


def _object(app: Application, key: str) -> bytes:
    data = app.storage.get(key)
    if data is None:
        raise NotFound
    return data


def keep_image(app: Application, viewer: Viewer, image: Draft) -> str:
    """Move the uploaded image to where frame images stay; its key. Written before the row that names it."""
    key = f"{IMAGES}{viewer.workspace_id}/{image.digest}"
    draft = _draft_key(viewer, image.digest)
    data = app.storage.get(draft)
    if data is not None:
        app.storage.put(key, data)
        app.storage.delete(draft)
    elif not app.storage.exists(key):
        raise Invalid("The uploaded image is no longer available. Add it again.", field="image")
    return key


def drop_if_unused(app: Application, session: Session, key: str) -> None:
    """Delete the image's file after the commit, unless a frame has it or a run under way works with it."""
    frames = select(Frame.id).where(Frame.image_key == key)
    runs = select(Run.id).where(Run.image_key == key, col(Run.state).in_(ACTIVE_RUN_STATES))
    if session.exec(frames).first() is None and session.exec(runs).first() is None:
        after_commit(session, lambda: app.storage.delete(key))


def forget_workspace(app: Application, workspace_id: int) -> None:
    """Delete all frame images of a workspace that is gone, saved or not."""
    for folder in (IMAGES, DRAFTS):
        app.storage.delete_prefix(f"{folder}{workspace_id}/")
