"""Which frame the page's address names."""

from __future__ import annotations

import re

import reflex as rx

from frameapp.errors import NotFound
from frameapp.services.outputs import LARGEST_ID

_ADDRESS = re.compile(r"^/frame_detail/([0-9]{1,10})/?$")


def frame_of(state: rx.State) -> int:
    """The frame's id in the page's address. Raises NotFound where it is no number."""
    found = _ADDRESS.match(state.router.url.path)
    if not found or int(found[1]) >= LARGEST_ID:
        raise NotFound
    return int(found[1])
