"""Outputs as a gallery."""

import reflex as rx

from frameapp.ui.components import layout
from frameapp.ui.components.state_badge import state_badge
from frameapp.ui.details.outputs_state import OutputsState
from frameapp.ui.details.rows import Row
from frameapp.ui.details.table import LIST_ID, is_selected, opener_id, thumbnail


def gallery() -> rx.Component:
    """A card per output; the picture opens the side sheet."""
    return rx.el.ul(
        rx.foreach(OutputsState.rows, _card), class_name="gallery", id=LIST_ID, tab_index=-1, aria_label="Outputs"
    )


def _card(row: rx.Var[Row]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            thumbnail(row, 320),
            class_name="gallery-picture",
            id=opener_id(row.id),
            on_click=OutputsState.open_sheet(row.id),
            aria_label="Open " + row.product_id,
        ),
        rx.box(
            rx.checkbox(
                checked=is_selected(row),
                on_change=lambda chosen: OutputsState.select(row.id, chosen),
                aria_label="Select " + row.product_id,
            ),
            class_name="gallery-check",
        ),
        layout.row(
            rx.text(row.product_id, size="2", weight="medium", class_name="truncate", title=row.product_id, as_="span"),
            rx.cond(row.state == "done", rx.fragment(), state_badge(row.state)),
            justify="between",
            gap="2",
            min_height="24px",
        ),
        rx.cond(row.reason != "", rx.el.div(row.reason, class_name="output-reason", title=row.reason)),
        key=row.id.to_string(),
        class_name="gallery-card",
        custom_attrs={"data-selected": rx.cond(is_selected(row), "true", "false")},
    )
