"""Outputs as a table."""

import reflex as rx

from frameapp.ui.components.state_badge import state_badge
from frameapp.ui.components.table import table
from frameapp.ui.components.when import when
from frameapp.ui.details.outputs_state import OutputsState
from frameapp.ui.details.rows import Row

LIST_ID = "outputs"


def opener_id(output_id: rx.Var[int]) -> rx.Var[str]:
    """The id of what opens an output's side sheet, in the table and in the gallery."""
    return "output-" + output_id.to_string()


def output_table() -> rx.Component:
    """A row per output; a click or Enter on its product id opens the side sheet."""
    whole_page = rx.checkbox(
        checked=OutputsState.page_selected.to(bool), on_change=OutputsState.select_page, aria_label="Select this page"
    )
    columns = [
        (whole_page, "cell-check"),
        (rx.el.span("Picture", class_name="only-heard"), "cell-thumb"),
        ("Product", ""),
        ("State", "cell-state"),
        ("Size", "wide-only number"),
        ("File", "wide-only number"),
        ("Rendered", "wide-only number cell-when"),
    ]
    rows = rx.foreach(OutputsState.rows, _row)
    return table(
        "Outputs", columns, rows, class_name="outputs", id=LIST_ID, tab_index=-1, role="region", aria_label="Outputs"
    )


def _row(row: rx.Var[Row]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.checkbox(
                checked=is_selected(row),
                on_change=lambda chosen: OutputsState.select(row.id, chosen),
                aria_label="Select " + row.product_id,
            ),
            class_name="cell-check",
            on_click=rx.stop_propagation,
        ),
        rx.el.td(thumbnail(row, 44), class_name="cell-thumb"),
        rx.el.td(
            rx.el.button(
                row.product_id,
                class_name="output-name truncate",
                id=opener_id(row.id),
                title=row.product_id,
                on_click=OutputsState.open_sheet(row.id).stop_propagation,
            ),
            rx.cond(row.title != "", rx.el.div(row.title, class_name="output-title truncate")),
            class_name="cell-product",
        ),
        rx.el.td(
            state_badge(row.state),
            rx.cond(row.reason != "", rx.el.div(row.reason, class_name="output-reason", title=row.reason)),
            class_name="cell-state",
        ),
        rx.el.td(row.size, class_name="wide-only number"),
        rx.el.td(row.weight, class_name="wide-only number"),
        rx.el.td(rx.cond(row.rendered_at != "", when(row.rendered_at)), class_name="wide-only number"),
        key=row.id.to_string(),
        on_click=OutputsState.open_sheet(row.id),
        custom_attrs={"data-selected": rx.cond(is_selected(row), "true", "false")},
    )


def is_selected(row: rx.Var[Row]) -> rx.Var[bool]:
    """Whether an action on the selection would touch the row."""
    return OutputsState.all_matching | OutputsState.selected.contains(row.id)


def thumbnail(row: rx.Var[Row], side: int) -> rx.Component:
    """The small picture in a box of its own size, so that nothing moves when it comes."""
    return rx.el.div(
        rx.cond(
            row.thumbnail != "",
            rx.el.img(
                src=row.thumbnail,
                alt="",
                width=f"{side}",
                height=f"{side}",
                loading="lazy",
                custom_attrs={"decoding": "async"},
            ),
            rx.match(row.state, ("failed", rx.icon("image-off", size=18)), rx.icon("image", size=18)),
        ),
        class_name="output-thumb",
    )
