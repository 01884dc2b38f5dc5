"""What a page says when there is nothing, when something went wrong, or while it loads."""

from typing import Any

import reflex as rx

from frameapp.ui.components import layout
from frameapp.ui.components.link_button import link_button
from frameapp.ui.components.text import muted


def empty_state(
    sentence: str | rx.Var, *actions: rx.Component, title: str | rx.Var = "", picture: rx.Component | None = None
) -> rx.Component:
    """A sentence, and the button that leads on."""
    return layout.column(
        picture if picture is not None else rx.fragment(),
        layout.column(
            rx.heading(title, as_="h2", size="4", weight="bold") if title else rx.fragment(),
            muted(sentence, align="center", max_width="44ch", text_wrap="balance"),
            align="center",
            gap="2",
        ),
        rx.flex(*actions, spacing="3", wrap="wrap", justify="center") if actions else rx.fragment(),
        align="center",
        justify="center",
        gap="5",
        padding="var(--space-8) var(--space-4)",
        border="1px dashed var(--gray-a6)",
        border_radius="var(--radius-4)",
    )


def error_callout(sentence: str | rx.Var, retry: Any = None, *, label: str = "Try again") -> rx.Component:
    """What happened and what to do; with ``retry``, a button that does it again."""
    button = rx.button(label, on_click=retry, size="1", variant="surface", color_scheme="gray", type="button")
    return rx.callout.root(
        rx.callout.icon(rx.icon("circle-alert", size=16)),
        layout.row(
            rx.callout.text(sentence, flex_grow="1", overflow_wrap="anywhere"),
            button if retry is not None else rx.fragment(),
            justify="between",
            wrap="wrap",
            width="100%",
        ),
        color_scheme="red",
        high_contrast=True,
        display="flex",  # Radix lays it out as a grid, in which the button cannot go to the right
        role="alert",
        size="1",
        width="100%",
    )


def warning_callout(*sentences: str | rx.Var | rx.Component) -> rx.Component:
    """A warning."""
    return info_callout(*sentences, icon="triangle-alert", color_scheme="amber")


def info_callout(*sentences: str | rx.Var | rx.Component, icon: str = "info", **props: Any) -> rx.Component:
    """Something good to know."""
    return rx.callout.root(
        rx.callout.icon(rx.icon(icon, size=16)),
        rx.callout.text(*sentences, overflow_wrap="anywhere"),
        high_contrast=True,
        size="1",
        width="100%",
        **props,
    )


def not_found() -> rx.Component:
    """The answer for what does not exist and for what belongs to somebody else."""
    return layout.column(
        rx.heading("Nothing here", as_="h1", size="6", weight="bold"),
        muted("There is nothing at this address, or it is not yours.", size="3", align="center", text_wrap="balance"),
        link_button("Go to your frames", href="/", margin_top="var(--space-3)"),
        align="center",
        gap="2",
        padding="var(--space-9) var(--space-4)",
        role="status",
    )


def skeleton(height: str, *, width: str = "100%") -> rx.Component:
    """A grey place where content of that height will be."""
    return rx.skeleton(height=height, width=width, aria_hidden="true")


def skeleton_lines(count: int, *, height: str = "44px", gap: str = "2") -> rx.Component:
    """Rows of a list that is loading."""
    return rx.flex(
        *[skeleton(height) for _ in range(count)], direction="column", spacing=gap, role="status", aria_label="Loading"
    )


def skeleton_cards(count: int) -> rx.Component:
    """Cards of a grid that is loading."""
    return rx.box(
        *[skeleton("280px") for _ in range(count)],
        display="grid",
        grid_template_columns="repeat(auto-fill, minmax(min(260px, 100%), 1fr))",
        gap="var(--space-4)",
        role="status",
        aria_label="Loading",
    )


def page_body(state: Any, content: rx.Component, loading: rx.Component, retry: Any = None) -> rx.Component:
    """The right one of not-found, error with "Try again", skeleton and content, for a state that is a PageState."""
    retry = retry if retry is not None else state.load
    return rx.cond(
        state.not_found,
        not_found(),
        rx.cond(
            state.load_error != "", error_callout(state.load_error, retry), rx.cond(state.loaded, content, loading)
        ),
    )
