"""Buttons that narrow a list to some of its rows, of which one is pressed."""

from dataclasses import dataclass
from typing import Any

import reflex as rx


@dataclass(frozen=True)
class Filter:
    """Something to filter by; ``word`` is empty for all, ``count`` where it is not counted."""

    word: str
    label: str
    count: str = ""


def filters(items: rx.Var[list[Filter]], chosen: rx.Var[str], on_choose: Any, *, label: str = "Filter") -> rx.Component:
    """A button for each; ``on_choose`` is called with its word."""

    def button(item: rx.Var[Filter]) -> rx.Component:
        pressed = chosen == item.word
        return rx.button(
            item.label,
            rx.cond(item.count != "", rx.el.span(item.count, class_name="filter-count")),
            on_click=on_choose(item.word),
            variant="soft",
            color_scheme="gray",
            high_contrast=pressed,
            class_name="filter",
            custom_attrs={"aria-pressed": rx.cond(pressed, "true", "false")},
        )

    return rx.el.div(rx.foreach(items, button), role="group", aria_label=label, class_name="filters")
