"""Below a list that comes in pages: where one is, and the way to the other pages."""

from typing import Any

import reflex as rx

from frameapp.ui.components.text import muted

TURNS = {
    "first": ("chevrons-left", "First page"),
    "previous": ("chevron-left", "Previous page"),
    "next": ("chevron-right", "Next page"),
    "last": ("chevrons-right", "Last page"),
}


def pager(
    turn: Any, *, label: str, place: rx.Var[str], at_start: rx.Var[bool], at_end: rx.Var[bool], top: str = ""
) -> rx.Component:
    """``place`` in words (``51-100 of 1,204``) and a button for each of ``TURNS``, which ``turn`` is given.

    A turned page is read from its start: the window scrolls to the element with the id ``top``, where there is one.
    """
    ends = {"first": at_start, "previous": at_start, "next": at_end, "last": at_end}
    return rx.fragment(
        muted(place, as_="span", role="status"),
        rx.el.nav(
            *[turn_button(turn, where, ends[where], top=top) for where in TURNS], aria_label=label, class_name="pager"
        ),
    )


def turn_button(turn: Any, where: str, disabled: rx.Var[bool], *, top: str = "") -> rx.Component:
    """The button of one of ``TURNS``; ``top`` as for ``pager``."""
    icon, label = TURNS[where]
    return rx.icon_button(
        rx.icon(icon, size=16),
        on_click=[turn(where), rx.scroll_to(top)] if top else turn(where),
        disabled=disabled,
        aria_label=label,
        title=label,
        variant="soft",
        color_scheme="gray",
    )
