"""Small pictures of outputs, made when first asked for and kept in the cache."""

import asyncio
import hashlib

from frameapp.errors import NotFound
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.previews import drawing, renderer

LONGEST = 320  # pixels: the gallery's cards on a dense screen
PREFIX = "cache/thumbs/"


def place_of(key: str) -> str:
    """Where the small picture of the stored picture ``key`` is kept."""
    return f"{PREFIX}{hashlib.sha256(key.encode()).hexdigest()}-{LONGEST}"


async def thumbnail(app: Application, viewer: Viewer, key: str) -> bytes:
    """A picture of at most 20 kB of the stored picture ``key``. Raises NotFound, PictureError."""
    kept = await asyncio.to_thread(app.storage.get, place_of(key))
    return kept if kept is not None else await drawing.run(viewer.user_id, _make, app, key)


def _make(app: Application, key: str) -> bytes:
    data = app.storage.get(key)
    if data is None:
        raise NotFound
    made = renderer.thumbnail(data, LONGEST)
    app.storage.put(place_of(key), made)
    return made
