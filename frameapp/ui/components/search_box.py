"""A list's search field. The ``/`` key puts the focus into it, unless something is being typed."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_components_core.core.window_events import WindowEventListener

# A dialogue keeps its focus, and where text is typed a slash is text.
_ELSEWHERE = (
    "input:not([type=radio], [type=color]), textarea, select, [contenteditable], [role=dialog], [role=alertdialog]"
)


def _slash(event: ObjectVar) -> tuple[rx.Var[bool]]:
    """Whether the key is a slash for us; it then does not reach the field that gets the focus."""
    free = f"!document.activeElement?.closest('{_ELSEWHERE}')"
    ours = f"({event}.key === '/' && !{event}.ctrlKey && !{event}.metaKey && {free})"
    return (rx.Var(f"({ours} ? ({event}.preventDefault(), true) : false)").to(bool),)


class SlashListener(WindowEventListener):
    """Listens for keys on the window."""

    on_key_down: rx.EventHandler[_slash]


def search_box(field_id: str, label: str, value: rx.Var[str], on_change: Any, **props: Any) -> rx.Component:
    """The field with its icon and key; ``on_change`` is an event handler, called when typing pauses."""

    def focus(ours: rx.Var[bool]) -> Any:
        return rx.cond(ours, rx.set_focus(field_id), rx.noop())

    return rx.fragment(
        SlashListener.create(on_key_down=focus),
        rx.input(
            rx.input.slot(rx.icon("search", size=16)),
            rx.input.slot(rx.el.kbd("/", class_name="search-hint"), side="right"),
            id=field_id,
            name="search",
            type="search",
            default_value=value,
            on_change=on_change.debounce(300),
            placeholder=label,
            aria_label=label,
            auto_complete=False,
            spell_check=False,
            class_name="search-box",
            **props,
        ),
    )
