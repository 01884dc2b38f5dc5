"""A box that is moved and resized by pointer and keyboard: react-rnd, with values in the parent's own pixels.

The parent may be scaled by CSS (``transform: scale(s)``, origin 0 0); with ``scale=s`` every value arrives unscaled.
Each event specification picks plain values from what react-rnd hands over, by one expression.
"""

from typing import Any

import reflex as rx
from reflex.event import EventChain
from reflex.vars import FunctionVar
from reflex.vars.function import ArgsFunctionOperation

HANDLES = {
    "top": "n",
    "right": "e",
    "bottom": "s",
    "left": "w",
    "topRight": "ne",
    "bottomRight": "se",
    "bottomLeft": "sw",
    "topLeft": "nw",
}

# What begins a drag: anything but a handle, else a finger on one moves the box as well. Only ``false`` ends it.
_OFF_THE_HANDLES = ArgsFunctionOperation.create(("_event",), rx.Var("!_event.target.closest('.handle')")).to(
    FunctionVar, EventChain
)


def _dragged(event: rx.Var, data: rx.Var) -> tuple[rx.Var[dict[str, int]]]:
    return (
        _rectangle("Math.round(_data.x)", "Math.round(_data.y)", "_data.node.offsetWidth", "_data.node.offsetHeight"),
    )


def _grasped(event: rx.Var, direction: rx.Var, element: rx.Var) -> tuple[rx.Var[str]]:
    """The handle, by react-rnd's name."""
    return (direction.to(str),)


def _resized(
    event: rx.Var, direction: rx.Var, element: rx.Var, delta: rx.Var, position: rx.Var
) -> tuple[rx.Var[dict[str, int]]]:
    return (
        _rectangle(
            "Math.round(_position.x)", "Math.round(_position.y)", "_element.offsetWidth", "_element.offsetHeight"
        ),
    )


def _rectangle(x: str, y: str, w: str, h: str) -> rx.Var[dict[str, int]]:
    return rx.Var(f"({{x: {x}, y: {y}, w: {w}, h: {h}}})").to(dict[str, int])


def _arrow_key(event: rx.Var) -> tuple[rx.Var[str], rx.Var[bool], rx.Var[bool]]:
    """The key, Shift and Alt. Only arrows lose their default, so that Tab still leaves the box."""
    key: rx.Var[str] = rx.Var('(_event.key.startsWith("Arrow") && _event.preventDefault(), _event.key)')
    return key.to(str), rx.Var("_event.shiftKey").to(bool), rx.Var("_event.altKey").to(bool)


class MovableBox(rx.NoSSRComponent):
    """react-rnd's ``Rnd``, controlled by ``position`` and ``size``."""

    library = "react-rnd@10.5.3"
    tag = "Rnd"

    position: rx.Var[dict[str, Any]]
    size: rx.Var[dict[str, Any]]
    scale: rx.Var[float]
    bounds: rx.Var[str]
    min_width: rx.Var[int]
    min_height: rx.Var[int]
    tab_index: rx.Var[int]
    resize_handle_classes: rx.Var[dict[str, str]]
    resize_handle_wrapper_class: rx.Var[str]
    resize_handle_wrapper_style: rx.Var[dict[str, Any]]

    on_drag_start: rx.EventHandler[rx.event.no_args_event_spec]
    on_drag: rx.EventHandler[_dragged]
    on_drag_stop: rx.EventHandler[_dragged]
    on_resize_start: rx.EventHandler[_grasped]
    on_resize: rx.EventHandler[_resized]
    on_resize_stop: rx.EventHandler[_resized]
    on_key_down: rx.EventHandler[_arrow_key]


def movable_box(*children: rx.Component, **props: Any) -> rx.Component:
    """A MovableBox with eight handles (classes ``handle handle-nw`` and so on), kept inside its parent."""
    classes = {name: f"handle handle-{short}" for name, short in HANDLES.items()}
    return MovableBox.create(
        *children,
        bounds="parent",
        on_drag_start=_OFF_THE_HANDLES,
        min_width=8,
        min_height=8,
        tab_index=0,
        resize_handle_classes=rx.Var.create(classes),
        **props,
    )


def _turned(event: rx.Var) -> tuple[rx.Var[float]]:
    """How far the wheel turned with Ctrl or Cmd held, in pixels down; 0 without. Then the browser does not zoom."""
    delta = "((_event.ctrlKey || _event.metaKey) ? (_event.preventDefault(), _event.deltaY) : 0)"
    return (rx.Var(delta).to(float),)


class WheelArea(rx.el.Div):
    """A custom element, on which React does not register ``onwheel`` passively: the browser's zoom can be prevented."""

    tag = "WheelArea"  # what Reflex names; no hyphen may be in it
    alias = "wheel-area"
    onwheel: rx.EventHandler[_turned]


def least(*values: Any) -> rx.Var:
    """The smallest of the values, in the browser."""
    return rx.Var("Math.min").to(FunctionVar).call(*values).to(float)


def greatest(*values: Any) -> rx.Var:
    """The largest of the values, in the browser."""
    return rx.Var("Math.max").to(FunctionVar).call(*values).to(float)


def clamped(value: Any, low: Any, high: Any) -> rx.Var:
    """``value`` between ``low`` and ``high``, in the browser."""
    return least(greatest(value, low), high)
