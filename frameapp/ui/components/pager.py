"""Below a list that comes in pages: where one is, and the way to the other pages."""

from __future__ import annotations

from typing import Any

import reflex as rx

TURNS = {
    "first": ("chevrons-left", "First page"),
    "previous": ("chevron-left", "Previous page"),
    "next": ("chevron-right", "Next page"),
    "last": ("chevrons-right", "Last page"),
}


def pager(turn: Any, *, label: str, place: rx.Var[str], at_start: rx.Var[bool], at_end: rx.Var[bool]) -> rx.Component:
    """``place`` in words (``51-100 of 1,204``) and a button for each of ``TURNS``, which ``turn`` is given."""
    ends = {"first": at_start, "previous": at_start, "next": at_end, "last": at_end}
    return rx.fragment(
        rx.text(place, size="2", color_scheme="gray", as_="span", role="status"),
        rx.el.nav(
            *[_button(turn(where), icon, name, ends[where]) for where, (icon, name) in TURNS.items()],
            aria_label=label,
            class_name="pager",
        ),
    )


def _button(on_click: Any, icon: str, label: str, disabled: rx.Var[bool]) -> rx.Component:
    return rx.icon_button(
        rx.icon(icon, size=16, aria_hidden="true"),
        on_click=on_click,
        disabled=disabled,
        aria_label=label,
        title=label,
        variant="soft",
        color_scheme="gray",
        size="2",
        type="button",
    )
