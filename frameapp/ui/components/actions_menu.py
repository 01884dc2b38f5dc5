"""The menu of what can be done with one row or card."""

from typing import Any

import reflex as rx


def actions_menu(subject: rx.Var[str], *items: rx.Component, **props: Any) -> rx.Component:
    """``items`` are Radix's menu items; ``props`` are the button's, which needs no id: that would hide its name."""
    button = rx.icon_button(
        rx.icon("ellipsis", size=18),
        variant="ghost",
        color_scheme="gray",
        aria_label=f"Actions for {subject}",
        **props,
    )
    return rx.dropdown_menu.root(rx.dropdown_menu.trigger(button), rx.dropdown_menu.content(*items, align="end"))
