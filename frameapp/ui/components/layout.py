"""Rows and columns: Radix's flex box with the alignment and the gap that most of them have."""

from typing import Any

import reflex as rx


def row(*children: Any, gap: str = "3", **props: Any) -> rx.Component:
    """Children side by side, centred vertically; ``gap`` is a step of Radix's scale."""
    return rx.flex(*children, **{"align": "center", "spacing": gap, **props})


def column(*children: Any, gap: str = "3", **props: Any) -> rx.Component:
    """Children one below the other, as wide as the column."""
    return rx.flex(*children, direction="column", spacing=gap, **props)
