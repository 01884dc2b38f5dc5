"""A page's heading with its actions."""

import reflex as rx

from frameapp.ui.components import layout
from frameapp.ui.components.text import muted


def page_header(
    title: str | rx.Var,
    *actions: rx.Component,
    subtitle: str | rx.Var | rx.Component | None = None,
    beside: rx.Component | None = None,
    back: tuple[str, str | rx.Var] | None = None,
) -> rx.Component:
    """Title, what stands beside it, a line below, actions at the right; ``back`` is a label and its address."""
    heading = layout.row(
        rx.heading(title, as_="h1", size="6", weight="bold", trim="normal", class_name="truncate"),
        *([beside] if beside is not None else []),
        min_width="0",
        class_name="page-title",
    )
    line = [muted(subtitle, as_="div")] if subtitle is not None else []
    return rx.el.header(
        *([_back(*back)] if back else []),
        layout.row(
            layout.column(heading, *line, gap="1", min_width="0", flex_grow="1"),
            layout.row(*actions, gap="2", wrap="wrap") if actions else rx.fragment(),
            justify="between",
            gap="4",
            wrap="wrap",
        ),
        class_name="page-header",
        margin_bottom="var(--space-5)",
    )


def _back(label: str, href: str | rx.Var) -> rx.Component:
    return rx.link(
        layout.row(rx.icon("chevron-left", size=14), label, gap="1"),
        href=href,
        size="2",
        color_scheme="gray",
        underline="hover",
        display="inline-block",
        margin_bottom="var(--space-2)",
    )
