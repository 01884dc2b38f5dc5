"""What a pulled handle makes of the box while its proportions are locked, in the browser.

react-rnd's own lock lets a corner follow the pointer's y alone: pulled sideways it does nothing. So its box is pulled
freely, and what is shown and kept of it is computed here. All numbers are frame-image pixels.
"""

from typing import Any

import reflex as rx
from reflex.vars.function import ArgsFunctionOperation

from frameapp.ui.components.canvas import clamped, greatest, least
from frameapp.ui.placement.client import box, live, side, stays
from frameapp.ui.placement.moves import SMALLEST_BOX

# The handles that leave the box's right edge where it is, and those that leave its bottom edge.
RIGHT_STAYS = ("left", "topLeft", "bottomLeft", "top")
BOTTOM_STAYS = ("top", "topLeft", "topRight", "left")


def grasp(handle: rx.Var[str]) -> Any:
    """Remembers, as a handle is grasped, what it leaves where it is."""
    right, bottom = (rx.Var.create(list(names)).contains(handle) for names in (RIGHT_STAYS, BOTTOM_STAYS))
    return stays.set_value({"right": right, "bottom": bottom})


def pulled(to: rx.Var[dict[str, int]], width: Any, height: Any) -> rx.Var[dict[str, int]]:
    """The resting box scaled like that side of the free rectangle ``to`` that changed more, inside width x height."""
    x, y, w, h = (side(box, name) for name in ("x", "y", "w", "h"))
    room = least(rx.cond(_stays("right"), x + w, width - x) / w, rx.cond(_stays("bottom"), y + h, height - y) / h)
    wide, high = to["w"].to(float) / w, to["h"].to(float) / h
    asked = rx.cond(abs(wide - 1) >= abs(high - 1), wide, high)
    factor = rx.Var("factor").to(float)
    new_w, new_h = round(factor * w), round(factor * h)
    new_x = rx.cond(_stays("right"), x + w - new_w, x)
    new_y = rx.cond(_stays("bottom"), y + h - new_h, y)
    scaled = ArgsFunctionOperation.create(("factor",), rx.Var.create({"x": new_x, "y": new_y, "w": new_w, "h": new_h}))
    return scaled.call(clamped(asked, greatest(SMALLEST_BOX / w, SMALLEST_BOX / h), room)).to(dict[str, int])


def shown_size() -> dict[str, Any]:
    """The style of what react-rnd's box holds: as large as what is kept of it, at the edges that stay."""
    return {
        "position": "absolute",
        "width": side(live, "w").to(str) + "px",
        "height": side(live, "h").to(str) + "px",
        "left": rx.cond(_stays("right"), "auto", "0"),
        "right": rx.cond(_stays("right"), "0", "auto"),
        "top": rx.cond(_stays("bottom"), "auto", "0"),
        "bottom": rx.cond(_stays("bottom"), "0", "auto"),
    }


def _stays(edge: str) -> rx.Var[bool]:
    return stays.value[edge].to(bool)
