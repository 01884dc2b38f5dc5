"""What the placement page keeps in the browser, so that nothing waits for the server while a pointer moves.

``box`` is where the product box rests, ``live`` where it is at this moment of a drag; both in frame-image pixels.
``moving`` is what moves it: ``pointer``, ``keys``, or nothing. ``stays`` are the edges that a pulled handle leaves
where they are: the right one or else the left one, the bottom one or else the top one.
``view`` is the size of the canvas area on the screen and ``zoom`` its scale (0: fit). A draft is what is being
typed into a number field: committed on blur or Enter, so that a cleared field is never a 0.
"""

from typing import Any

import reflex as rx
from reflex.experimental import ClientStateVar

from frameapp.ui.components.canvas import greatest, least

VIEW_ID = "placement-view"
MARGIN = 44  # screen pixels around a fitted frame image, for the handles

ZERO = {"x": 0, "y": 0, "w": 0, "h": 0}
FIELDS = ("x", "y", "w", "h", "quality", "output_width", "output_height")

box = ClientStateVar.create("placement_box", ZERO)
live = ClientStateVar.create("placement_live", ZERO)
view = ClientStateVar.create("placement_view", {"w": 0, "h": 0})
zoom = ClientStateVar.create("placement_zoom", 0.0)
moving = ClientStateVar.create("placement_moving", "")
stays = ClientStateVar.create("placement_stays", {"right": False, "bottom": False})
result_shown = ClientStateVar.create("placement_result_shown", "")
drafts = {name: ClientStateVar.create(f"placement_draft_{name}", None) for name in FIELDS}


def side(rectangle: ClientStateVar, name: str) -> rx.Var:
    """One number of a client-side rectangle."""
    return rectangle.value[name].to(int)


def scale(width: Any, height: Any) -> rx.Var:
    """Screen pixels per frame-image pixel."""
    fit = least((side(view, "w") - MARGIN) / width, (side(view, "h") - MARGIN) / height)
    return rx.cond(zoom.value.to(float) > 0, zoom.value.to(float), greatest(fit, 0.02)).to(float)


def measure() -> Any:
    """Reads the size of the canvas area into ``view``."""
    element = f'document.getElementById("{VIEW_ID}")'
    return view.set_value(rx.Var(f"({{w: {element}?.clientWidth ?? 0, h: {element}?.clientHeight ?? 0}})"))


def show_box(x: int, y: int, w: int, h: int) -> list[Any]:
    """Events that move the box in the browser to what the server says."""
    rectangle = {"x": x, "y": y, "w": w, "h": h}
    return [box.push(rectangle), live.push(rectangle)]
