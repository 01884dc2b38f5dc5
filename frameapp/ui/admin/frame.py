"""The page of one frame of anybody: looked at, not touched."""

import reflex as rx

from frameapp.ui.admin.frame_state import SORTS, AdminFrameState
from frameapp.ui.admin.parts import admin_page, listed, tools
from frameapp.ui.components.facts import fact, facts_card
from frameapp.ui.components.messages import empty_state
from frameapp.ui.components.state_badge import state_badge
from frameapp.ui.components.table import table
from frameapp.ui.components.text import muted
from frameapp.ui.components.when import when
from frameapp.ui.details.rows import Row
from frameapp.ui.details.runs_tab import runs_table
from frameapp.ui.shell import signed_in_page

detail = AdminFrameState.detail


@signed_in_page("/admin/frames/[frame_id]", title="Frame", on_load=AdminFrameState.load)
def frame() -> rx.Component:
    """What it is, its outputs and its last runs."""
    return admin_page(
        AdminFrameState,
        "frames",
        rx.fragment(
            facts_card(
                rx.foreach(detail.facts, lambda each: fact(each.name, each.value)),
                fact("Created", when(detail.created)),
            ),
            rx.tabs.root(
                rx.tabs.list(
                    rx.tabs.trigger("Outputs", value="outputs"),
                    rx.tabs.trigger("Last runs", value="runs"),
                    margin_y="var(--space-4)",
                ),
                rx.tabs.content(_outputs(), value="outputs"),
                rx.tabs.content(_runs(), value="runs"),
                value=AdminFrameState.tab,
                on_change=AdminFrameState.show_tab,
            ),
        ),
        title=detail.name,
        subtitle="Read-only. Only its owner can change a frame.",
    )


def _outputs() -> rx.Component:
    columns = [
        ("Product", ""),
        ("State", "cell-reason"),
        ("Size", "number wide-only"),
        ("File", "number wide-only"),
        ("Rendered", "number cell-when wide-only"),
    ]
    return rx.fragment(
        tools(AdminFrameState, placeholder="Search by product id", sorts=SORTS),
        listed(
            AdminFrameState,
            table("Outputs", columns, rx.foreach(AdminFrameState.rows, _output)),
            rx.cond(AdminFrameState.narrowed, "No matching outputs.", "There are no outputs yet."),
        ),
    )


def _output(row: rx.Var[Row]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.text(row.product_id, size="2", weight="medium", as_="div", class_name="breaks"),
            muted(row.title, as_="div", class_name="truncate"),
        ),
        rx.el.td(
            state_badge(row.state),
            rx.cond(row.reason != "", rx.el.div(row.reason, class_name="output-reason", title=row.reason)),
            class_name="cell-reason",
        ),
        rx.el.td(row.size, class_name="number wide-only quiet"),
        rx.el.td(row.weight, class_name="number wide-only quiet"),
        rx.el.td(rx.cond(row.rendered_at != "", when(row.rendered_at)), class_name="number cell-when wide-only quiet"),
        key=row.id.to_string(),
    )


def _runs() -> rx.Component:
    return rx.cond(
        AdminFrameState.runs.length() > 0, runs_table(AdminFrameState.runs), empty_state("This frame has no runs yet.")
    )
