"""The page of one frame of anybody: looked at, not touched."""

import reflex as rx

from frameapp.ui.admin.frame_state import SORTS, AdminFrameState, Fact
from frameapp.ui.admin.parts import admin_page, listed, table, tools
from frameapp.ui.components.messages import empty_state
from frameapp.ui.components.state_badge import state_badge
from frameapp.ui.components.when import when
from frameapp.ui.details.rows import Row
from frameapp.ui.details.runs_tab import runs_table

detail = AdminFrameState.detail


def frame() -> rx.Component:
    """What it is, its outputs and its last runs."""
    return admin_page(
        AdminFrameState,
        "frames",
        rx.fragment(
            rx.el.dl(
                rx.foreach(detail.facts, _fact),
                rx.el.div(rx.el.dt("Made"), rx.el.dd(when(detail.made))),
                class_name="facts facts-card",
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


def _fact(fact: rx.Var[Fact]) -> rx.Component:
    return rx.el.div(rx.el.dt(fact.name), rx.el.dd(fact.value, class_name="breaks"))


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
            rx.text(row.title, size="2", color_scheme="gray", as_="div", class_name="truncate"),
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
