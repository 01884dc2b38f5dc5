"""Above the outputs: search, state filter, order, view and ZIP; or the selection's actions."""

from typing import Any

import reflex as rx

from frameapp.ui.components import layout
from frameapp.ui.components.confirm import confirm_dialog
from frameapp.ui.components.filters import filters
from frameapp.ui.components.plain_form import plain_form
from frameapp.ui.components.progress_bar import progress_bar
from frameapp.ui.components.search_box import search_box
from frameapp.ui.components.select import select
from frameapp.ui.components.text import muted
from frameapp.ui.details.outputs_state import OutputsState
from frameapp.ui.details.table import LIST_ID

SEARCH_ID = "output-search"
DELETE_ID = "delete-selection"
ZIP = "Download ZIP"
ZIP_PLACE = "zip-place"  # a page that leaves for an answer ends its connection, even where that is a download
ZIP_LOOK: dict[str, Any] = {"variant": "soft", "color_scheme": "gray"}
SORTS = {"feed": "Feed order", "product": "Product id", "newest": "Newest first"}


def toolbar() -> rx.Component:
    """Two lines that keep their height, whatever is selected; the second stays in sight while something is."""
    return rx.fragment(
        layout.row(
            search_box(SEARCH_ID, "Search by product id", OutputsState.search, OutputsState.find),
            rx.spacer(),
            select(OutputsState.sort, OutputsState.sort_by, SORTS),
            _views(),
            wrap="wrap",
        ),
        layout.row(
            _select_page(),
            rx.cond(OutputsState.selected_count > 0, _selection(), _filters()),
            min_height="36px",
            class_name="filter-line",
        ),
        rx.cond(OutputsState.deleting_label != "", _deletion()),
        rx.el.iframe(name=ZIP_PLACE, title=ZIP, hidden=True),
        _confirm_delete(),
    )


def _views() -> rx.Component:
    def item(value: str, icon: str, label: str) -> rx.Component:
        return rx.segmented_control.item(
            rx.flex(rx.icon(icon, size=16), rx.el.span(label, class_name="only-heard"), align="center"), value=value
        )

    return rx.segmented_control.root(
        item("table", "rows-3", "Table"),
        item("gallery", "layout-grid", "Gallery"),
        value=OutputsState.view,
        on_change=OutputsState.show_as,
        custom_attrs={"aria-label": "View"},
    )


def _select_page() -> rx.Component:
    """Where no table's head has it: in the gallery and on narrow screens."""
    return rx.el.label(
        rx.checkbox(
            checked=OutputsState.page_selected.to(bool),
            on_change=OutputsState.select_page,
            disabled=OutputsState.rows.length() == 0,
            aria_label="Select this page",
        ),
        class_name=rx.cond(OutputsState.view == "gallery", "select-page", "select-page narrow-only"),
        title="Select this page",
    )


def _deletion() -> rx.Component:
    return layout.column(
        rx.text(OutputsState.deleting_label, size="2", as_="span", role="status"),
        progress_bar(OutputsState.deleted_percent, label="Deletion"),
        gap="2",
    )


def _filters() -> rx.Component:
    return layout.row(
        filters(OutputsState.filters, OutputsState.state_filter, OutputsState.filter_by, label="State"),
        rx.spacer(),
        rx.cond(OutputsState.matching > 0, _zip()),
        width="100%",
        min_width="0",
    )


def _selection() -> rx.Component:
    return layout.row(
        rx.text(OutputsState.selection_label, size="2", weight="medium", as_="span", role="status"),
        rx.cond(
            OutputsState.select_all_label != "",
            rx.button(OutputsState.select_all_label, on_click=OutputsState.select_all, variant="ghost"),
        ),
        rx.spacer(),
        _zip(),
        rx.button(
            rx.icon("trash-2", size=14),
            rx.el.span("Delete", class_name="action-label"),
            id=DELETE_ID,
            on_click=OutputsState.set_confirming(True),
            disabled=OutputsState.deleting_label != "",
            aria_label="Delete",
            title="Delete",
            color_scheme="red",
            variant="soft",
        ),
        rx.icon_button(
            rx.icon("x", size=16),
            on_click=OutputsState.clear_selection,
            variant="ghost",
            color_scheme="gray",
            aria_label="Clear selection",
            margin="0 var(--space-1)",
        ),
        width="100%",
        wrap="wrap",
        class_name="selection-bar",
    )


def _zip() -> rx.Component:
    """Named outputs are posted, for an address has no room for thousands; all that match have an address."""
    return rx.cond(
        OutputsState.nothing_to_pack,
        muted("No pictures to download", as_="span", class_name="action-label"),
        rx.cond(
            (OutputsState.selected.length() > 0) & ~OutputsState.all_matching,
            plain_form(
                rx.el.input(type="hidden", name="ids", value=OutputsState.selected.join(","), read_only=True),
                rx.button(
                    *_zip_label(),
                    on_click=OutputsState.check_selection,
                    aria_label=ZIP,
                    title=ZIP,
                    type="submit",
                    **ZIP_LOOK,
                ),
                action=OutputsState.zip_of_named,
                method="post",
                target=ZIP_PLACE,
            ),
            rx.button(
                rx.el.a(
                    *_zip_label(),
                    href=OutputsState.zip_of_matching,
                    reload_document=True,  # the browser downloads it; the router would look for a page
                    title=ZIP,
                    download=True,
                    aria_label=ZIP,
                ),
                as_child=True,
                **ZIP_LOOK,
            ),
        ),
    )


def _zip_label() -> list[rx.Component]:
    return [rx.icon("download", size=14), rx.el.span(ZIP, class_name="action-label")]


def _confirm_delete() -> rx.Component:
    return confirm_dialog(
        title=OutputsState.delete_label + "?",
        sentence="Their pictures will be deleted and left out of the ZIP. "
        "The products stay in the feed, so the next full run creates the outputs again.",
        action=OutputsState.delete_label,
        on_confirm=OutputsState.delete_selected,
        open=OutputsState.confirming,
        on_open_change=OutputsState.set_confirming,
        back_to=(f"#{DELETE_ID}", f"#{LIST_ID}"),
    )
