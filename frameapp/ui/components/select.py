"""A choice of one from a short list: an order, an action, the length of a page."""

from typing import Any

import reflex as rx


def select(value: rx.Var[str], on_change: Any, options: dict[str, str], *, label: str = "Order") -> rx.Component:
    """``options`` are labels by their values."""
    return rx.select.root(
        rx.select.trigger(aria_label=label),
        rx.select.content(*[rx.select.item(name, value=word) for word, name in options.items()], position="popper"),
        value=value,
        on_change=on_change,
    )
