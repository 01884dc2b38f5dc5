"""The ``/`` key puts the focus into a page's search field, unless something is being typed."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_components_core.core.window_events import WindowEventListener

# A dialogue keeps its focus, and where text is typed a slash is text.
_ELSEWHERE = "input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog]"


def _slash(event: ObjectVar) -> tuple[rx.Var[bool]]:
    """Whether the key is a slash for us; it then does not reach the field that gets the focus."""
    free = f"!document.activeElement?.closest('{_ELSEWHERE}')"
    ours = f"({event}.key === '/' && !{event}.ctrlKey && !{event}.metaKey && {free})"
    return (rx.Var(f"({ours} ? ({event}.preventDefault(), true) : false)").to(bool),)


class SlashListener(WindowEventListener):
    """Listens for keys on the window."""

    on_key_down: rx.EventHandler[_slash]


def search_key(field_id: str) -> rx.Component:
    """Listens while it is on the page; ``field_id`` is the search field's id."""

    def focus(ours: rx.Var[bool]) -> Any:
        return rx.cond(ours, rx.set_focus(field_id), rx.noop())

    return SlashListener.create(on_key_down=focus)
