"""Small pictures of outputs, made when first asked for and kept in the cache."""

from __future__ import annotations

import hashlib

from frameapp.errors import NotFound
from frameapp.services.application import Application
from frameapp.services.previews import renderer

LONGEST = 320  # pixels: the gallery's cards on a dense screen
PREFIX = "cache/thumbs/"


def place_of(key: str) -> str:
    """Where the small picture of the stored picture ``key`` is kept."""
    return f"{PREFIX}{hashlib.sha256(key.encode()).hexdigest()}-{LONGEST}"


def thumbnail(app: Application, key: str) -> bytes:
    """A picture of at most 20 kB of the stored picture ``key``. Raises NotFound, PictureError."""
    place = place_of(key)
    kept = app.storage.get(place)
    if kept is not None:
        return kept
    data = app.storage.get(key)
    if data is None:
        raise NotFound
    made = renderer.thumbnail(data, LONGEST)
    app.storage.put(place, made)
    return made
