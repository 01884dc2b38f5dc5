"""The product strip: which product is on show."""

import reflex as rx

from frameapp.ui.components import layout
from frameapp.ui.components.reporting_image import reporting_image
from frameapp.ui.components.search_box import search_box
from frameapp.ui.components.text import muted
from frameapp.ui.placement.canvas import again_button
from frameapp.ui.placement.fields import tool_button
from frameapp.ui.placement.products import Card
from frameapp.ui.placement.state import PlacementState as State


def strip() -> rx.Component:
    """Search, previous, next, the difficult ones, and the thumbnails."""
    return rx.el.section(
        _controls(),
        _thumbnails(),
        rx.cond(State.unread != "", muted(State.unread, size="1")),
        rx.cond(State.cards_loading, muted(State.cards_stage, size="1", role="status")),
        class_name="placement-strip",
        aria_label="Products",
    )


def _controls() -> rx.Component:
    return rx.flex(
        layout.row(
            tool_button("chevron-left", "Previous product", State.step_product(-1), disabled=State.product["ref"] == 0),
            tool_button("chevron-right", "Next product", State.step_product(1), disabled=State.product["ref"] == 0),
            rx.box(
                rx.text(State.product["product_id"], size="2", weight="medium", class_name="truncate"),
                rx.cond(
                    State.product_error != "",
                    layout.row(
                        rx.text(State.product_error, size="1", color_scheme="red"),
                        rx.cond(State.product["has_picture"], again_button()),
                        gap="2",
                        wrap="wrap",
                        role="alert",
                    ),
                    muted(
                        State.product["title"],
                        rx.cond(State.product["size"] != "", " · " + State.product["size"], ""),
                        size="1",
                        class_name="truncate",
                    ),
                ),
                min_width="0",
                aria_live="polite",
            ),
            gap="1",
            min_width="0",
            flex="1",
            class_name="strip-product",
        ),
        layout.row(
            rx.el.button(
                rx.icon("flame", size=14),
                "Difficult ones",
                class_name="text-button",
                on_click=State.show_difficult,
                custom_attrs={"aria-pressed": rx.cond(State.only_difficult, "true", "false")},
            ),
            search_box(
                "placement-search",
                "Search by id or title",
                State.search,
                State.search_products,
                key=State.shown_id.to_string() + State.only_difficult.to_string(),
            ),
            gap="2",
            class_name="strip-tools",
        ),
        class_name="strip-controls",
    )


def _thumbnails() -> rx.Component:
    return rx.cond(
        State.cards_error != "",
        _trouble(),
        rx.cond(
            State.cards_loading,
            rx.flex(
                *[rx.skeleton(width="64px", height="64px", flex="none") for _ in range(12)],
                class_name="thumbs",
                role="status",
                aria_label="Loading products",
            ),
            rx.cond(State.cards.length() > 0, _row(), _nothing()),
        ),
    )


def _row() -> rx.Component:
    return layout.row(
        rx.cond(State.previous_key != "", tool_button("chevrons-left", "Earlier products", State.turn_strip(-1))),
        rx.box(rx.flex(rx.foreach(State.cards, _thumbnail), class_name="thumbs", role="list"), flex="1", min_width="0"),
        rx.cond(State.next_key != "", tool_button("chevrons-right", "Later products", State.turn_strip(1))),
        gap="1",
        min_width="0",
    )


def _thumbnail(card: rx.Var[Card]) -> rx.Component:
    chosen = State.product["ref"] == card["ref"]
    return rx.box(
        rx.el.button(
            rx.cond(
                card["has_picture"] & ~card["broken"].to(bool),
                rx.cond(
                    card["cached"],
                    reporting_image(
                        src=card["thumb"],
                        alt="",
                        width="64",
                        height="64",
                        draggable=False,
                        on_error=State.mark_broken(card["ref"]),
                    ),
                    rx.skeleton(width="64px", height="64px"),
                ),
                rx.icon("image-off", size=18),
            ),
            rx.cond(card["why"] != "", rx.el.span(card["why"], class_name="thumb-why")),
            class_name="thumb",
            title=rx.cond(card["why"] != "", card["why"] + ": ", "") + card["title"],
            aria_label=card["product_id"] + rx.cond(card["why"] != "", ", " + card["why"], ""),
            on_click=State.choose_product(card["ref"]),
            custom_attrs={"aria-pressed": rx.cond(chosen, "true", "false")},
        ),
        role="listitem",
    )


def _trouble() -> rx.Component:
    return layout.row(
        rx.icon("circle-alert", size=16, color="var(--red-11)"),
        rx.text(State.cards_error, size="2", color_scheme="red", flex="1"),
        rx.button("Try again", size="1", variant="soft", color_scheme="gray", on_click=State.load_products),
        min_height="70px",
        role="alert",
    )


def _nothing() -> rx.Component:
    sentence = rx.cond(
        State.only_difficult,
        "The widest, tallest and smallest products appear here after a run, which measures every picture.",
        rx.cond(
            State.search == "",
            "The feed has no products.",
            rx.cond(
                State.searched != "",
                "None of the " + State.searched + " products has this in its id or title.",
                "No product has this in its id or title.",
            ),
        ),
    )
    return layout.row(
        muted(sentence),
        rx.cond(
            State.only_difficult,
            rx.button("Show all", size="1", variant="soft", color_scheme="gray", on_click=State.show_difficult),
        ),
        min_height="70px",
        role="status",
    )
