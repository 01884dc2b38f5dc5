"""Text that stands back: hints, facts and what is secondary."""

from typing import Any

import reflex as rx


def muted(*children: Any, **props: Any) -> rx.Component:
    """Grey text, of Radix's size 2 unless ``size`` says another."""
    return rx.text(*children, **{"size": "2", "color_scheme": "gray", **props})
