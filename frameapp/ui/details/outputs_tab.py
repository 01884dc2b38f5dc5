"""The Outputs tab: tool bar, table or gallery, pager, and what stands there when there is nothing."""

import reflex as rx

from frameapp.services.outputs import PAGE_SIZES
from frameapp.ui.components import layout
from frameapp.ui.components.link_button import link_button
from frameapp.ui.components.messages import empty_state, error_callout, skeleton, skeleton_lines
from frameapp.ui.components.pager import pager
from frameapp.ui.components.select import select
from frameapp.ui.components.text import muted
from frameapp.ui.details.frame_state import FrameState
from frameapp.ui.details.gallery import gallery
from frameapp.ui.details.next_step import next_step
from frameapp.ui.details.outputs_state import OutputsState
from frameapp.ui.details.state import DetailsState
from frameapp.ui.details.table import output_table
from frameapp.ui.details.toolbar import toolbar

PER_PAGE = {str(size): f"{size} per page" for size in PAGE_SIZES}


def outputs_tab() -> rx.Component:
    """Skeleton, error, nothing yet, nothing found, or the outputs."""
    return rx.cond(
        OutputsState.load_error != "",
        error_callout(OutputsState.load_error, OutputsState.load),
        rx.cond(
            OutputsState.loaded,
            rx.cond((OutputsState.total == 0) & ~OutputsState.narrowed, _nothing_yet(), _outputs()),
            outputs_skeleton(),
        ),
    )


def outputs_skeleton() -> rx.Component:
    """Where the outputs will be."""
    return layout.column(
        rx.flex(skeleton("32px", width="280px"), rx.spacer(), skeleton("32px", width="180px"), spacing="3"),
        skeleton("36px", width="60%"),
        skeleton_lines(8, height="52px", gap="1"),
    )


def _outputs() -> rx.Component:
    return layout.column(
        toolbar(),
        rx.cond(
            OutputsState.rows.length() > 0,
            rx.cond(OutputsState.view == "gallery", gallery(), output_table()),
            _nothing_found(),
        ),
        rx.cond(OutputsState.matching > 0, _pager()),
    )


def _nothing_yet() -> rx.Component:
    return rx.cond(
        DetailsState.run.active,
        layout.column(
            skeleton_lines(6, height="52px", gap="1"),
            muted("The first outputs will appear in a moment.", align="center"),
        ),
        rx.cond(DetailsState.run.state == "failed", _feed_failed(), _not_run_yet()),
    )


def _feed_failed() -> rx.Component:
    """It is its feed that fails a run; why stands in the progress card."""
    return empty_state(
        "The run could not use the feed, so there are no outputs. Fix the feed or its address, then run again.",
        rx.button("Go to the feed", on_click=DetailsState.show_tab("feed")),
        link_button("Edit feed", href=FrameState.edit_address, quiet=True),
        title="No outputs yet",
    )


def _not_run_yet() -> rx.Component:
    return empty_state(
        rx.cond(
            FrameState.placed,
            "The placement is set. A run reads the feed and creates an output for each product.",
            "Set where the product goes in the frame. A run then creates an output for each product.",
        ),
        next_step(),
        title="No outputs yet",
    )


def _nothing_found() -> rx.Component:
    return empty_state(
        rx.cond(
            OutputsState.search == "",
            "No outputs have this state.",
            "No product id contains “"
            + OutputsState.search
            + rx.cond(OutputsState.state_filter == "", "”.", "” in this state."),
        ),
        rx.button("Show all", on_click=OutputsState.clear_filters, variant="soft"),
    )


def _pager() -> rx.Component:
    return layout.row(
        select(OutputsState.size.to_string(), OutputsState.resize, PER_PAGE, label="Outputs per page"),
        rx.spacer(),
        pager(
            OutputsState.turn,
            label="Pages of outputs",
            place=OutputsState.range_label,
            at_start=OutputsState.previous_key == "",
            at_end=OutputsState.next_key == "",
        ),
        wrap="wrap",
    )
