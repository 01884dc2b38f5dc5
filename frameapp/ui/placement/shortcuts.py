"""Keys that count anywhere on the placement page: undo, redo, save, Edit / Result, zoom."""

from typing import Any

import reflex as rx
from reflex_components_core.core.window_events import WindowEventListener

from frameapp.ui.placement.canvas import larger, smaller
from frameapp.ui.placement.client import zoom
from frameapp.ui.placement.state import PlacementState as State

DIALOGS = "[role=alertdialog], [role=dialog]"
TEXTS = "input:not([type=color], [type=radio]), textarea, select"
ZOOMS = (("+", "zoom-in"), ("=", "zoom-in"), ("-", "zoom-out"), ("0", "zoom-fit"), ("1", "zoom-actual"))
CONTROLS = "button, a, input, [role=radio], [role=switch], [role=slider]"


def _action(event: rx.Var) -> tuple[rx.Var[str]]:
    """The action that a key stands for, or an empty text. A key that acts loses its default."""
    action = _meaning()
    return (rx.Var(f'({action!s} !== "" && _event.preventDefault(), {action!s})').to(str),)


def _meaning() -> Any:
    """Text fields keep all keys but Ctrl+S, and buttons keep Space."""
    key = rx.Var("_event.key.toLowerCase()").to(str)
    ctrl = rx.Var("(_event.ctrlKey || _event.metaKey)").to(bool)
    shift = rx.Var("_event.shiftKey").to(bool)
    with_ctrl = rx.match(key, ("z", rx.cond(shift, "redo", "undo")), ("y", "redo"), "")
    plain = rx.match(key, (" ", rx.cond(_within(CONTROLS), "", "toggle")), *ZOOMS, "")
    on_page = rx.cond(ctrl, with_ctrl, rx.cond(rx.Var("_event.altKey").to(bool), "", plain))
    anywhere = rx.cond(ctrl & (key == "s"), "save", rx.cond(_within(TEXTS), "", on_page))
    return rx.cond(_within(DIALOGS), "", anywhere)


def _within(selector: str) -> rx.Var[bool]:
    return rx.Var(f'!!_event.target.closest?.("{selector}")').to(bool)


class Shortcuts(WindowEventListener):
    """A listener that turns keys into actions."""

    on_key_down: rx.EventHandler[_action]


def shortcuts() -> rx.Component:
    """Listens while the page is open."""
    return Shortcuts.create(on_key_down=_act)


def _act(action: rx.Var) -> list[Any]:
    scale = rx.match(
        action, ("zoom-in", larger()), ("zoom-out", smaller()), ("zoom-fit", 0.0), ("zoom-actual", 1.0), zoom.value
    )
    on_server = (action != "") & ~action.startswith("zoom")
    return [rx.cond(on_server, State.shortcut(action), rx.noop()), zoom.set_value(scale)]
