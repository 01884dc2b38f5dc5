"""Rows under headings, in a frame of their own."""

from typing import Any

import reflex as rx

Column = tuple[str | rx.Component, str]


def table(label: str, columns: list[Column], rows: rx.Component, *, class_name: str = "", **props: Any) -> rx.Component:
    """``columns`` are headings with their cells' class names; ``props`` are the frame's."""
    return rx.box(
        rx.el.table(
            rx.el.thead(rx.el.tr(*[rx.el.th(heading, scope="col", class_name=cells) for heading, cells in columns])),
            rx.el.tbody(rows),
            class_name=f"table {class_name}".strip(),
            aria_label=label,
        ),
        class_name="table-frame",
        **props,
    )
