"""Which frame the page's address names."""

import reflex as rx

from frameapp.errors import NotFound
from frameapp.services.outputs import LARGEST_ID
from frameapp.ui.session import address_of

DETAILS = "frame_detail"


def frame_of(state: rx.State, page: str = "frame") -> int:
    """The frame's id in ``/frame/<id>/…``, or in ``/<page>/<id>``. Raises NotFound where the address has none."""
    _, first, number, *_ = [*address_of(state).split("/"), "", ""]
    if first != page or not (number.isascii() and number.isdigit()) or len(number) > 10 or int(number) >= LARGEST_ID:
        raise NotFound
    return int(number)
