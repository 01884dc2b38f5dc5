"""The Runs tab."""

import reflex as rx

from frameapp.ui.components import layout
from frameapp.ui.components.messages import empty_state, page_body, skeleton_lines
from frameapp.ui.components.state_badge import state_badge
from frameapp.ui.components.table import table
from frameapp.ui.components.text import muted
from frameapp.ui.components.when import when
from frameapp.ui.details.next_step import next_step
from frameapp.ui.details.runs_state import RunsState
from frameapp.ui.paging import pages_of
from frameapp.ui.run_rows import RunRow, run_notes


def runs_tab() -> rx.Component:
    """The frame's runs, newest first."""
    return page_body(
        RunsState,
        rx.cond(
            RunsState.rows.length() > 0,
            layout.column(runs_table(RunsState.rows), pages_of(RunsState, "Pages of runs"), align="stretch"),
            empty_state("Each run is listed here with its results.", next_step(), title="No runs yet"),
        ),
        skeleton_lines(4, height="56px"),
    )


def runs_table(rows: rx.Var[list[RunRow]]) -> rx.Component:
    """Runs as a table."""
    columns = [("Run", "cell-run"), ("State", "cell-state"), ("Products", ""), ("Took", "number")]
    return table("Runs", columns, rx.foreach(rows, _row), class_name="stacked beside runs")


def _row(row: rx.Var[RunRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.text(rx.cond(row.kind != "", row.kind, "Full run"), size="2", weight="medium", as_="div"),
            muted(when(row.began), as_="div"),
        ),
        rx.el.td(state_badge(row.state)),
        rx.el.td(
            rx.el.div(rx.cond(row.outcome != "", row.outcome, "—")),
            rx.cond(row.reason != "", rx.el.div(row.reason, class_name="output-reason", title=row.reason)),
            run_notes(row),
        ),
        rx.el.td(rx.cond(row.took != "", row.took, "—"), class_name="number"),
        key=row.run_id.to_string(),
    )
