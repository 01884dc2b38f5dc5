"""Which frame the page's address names."""

from __future__ import annotations

import reflex as rx

from frameapp.errors import NotFound


def frame_of(state: rx.State) -> int:
    """The frame's id in ``/frame/<id>/…``. Raises NotFound where it is no number."""
    parts = (state.router.url.path or "").strip("/").split("/")
    if len(parts) < 2 or not parts[1].isdigit() or len(parts[1]) > 9:
        raise NotFound
    return int(parts[1])
