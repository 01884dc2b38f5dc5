"""The page of all users' runs."""

import reflex as rx

from frameapp.ui.admin.parts import admin_page, listed, tools
from frameapp.ui.admin.runs_state import AdminRunsState
from frameapp.ui.components.confirm import confirm_dialog
from frameapp.ui.components.progress_bar import progress_bar
from frameapp.ui.components.state_badge import state_badge
from frameapp.ui.components.table import table
from frameapp.ui.components.text import muted
from frameapp.ui.components.when import when
from frameapp.ui.run_rows import RunRow, run_notes, run_text
from frameapp.ui.shell import signed_in_page


@signed_in_page("/admin/runs", title="All runs", on_load=[AdminRunsState.load, AdminRunsState.follow])
def runs() -> rx.Component:
    """The runs of all users, live."""
    columns = [("Run", ""), ("State", "cell-state"), ("Updated", "number cell-when wide-only"), ("", "cell-action")]
    rows = table("Runs", columns, rx.foreach(AdminRunsState.rows, _row), class_name="stacked beside")
    return admin_page(
        AdminRunsState,
        "runs",
        rx.fragment(
            tools(AdminRunsState, placeholder="Search by frame or owner"),
            listed(AdminRunsState, rows, "No matching runs."),
            _dialog(),
        ),
    )


def _row(row: rx.Var[RunRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.text(
                rx.link(row.frame, href=f"/admin/frames/{row.frame_id}", weight="medium"),
                rx.el.span(" · " + row.owner, class_name="quiet"),
                rx.cond(row.kind != "", rx.el.span(" · " + row.kind, class_name="quiet")),
                size="2",
                as_="div",
                class_name="breaks",
            ),
            run_text(row),
            run_notes(row),
            rx.cond(row.active, progress_bar(row.percent, label=f"Progress of {row.frame}", height="4px")),
            muted(when(row.at), as_="div", class_name="narrow-only"),
        ),
        rx.el.td(state_badge(row.state), class_name="cell-state"),
        rx.el.td(when(row.at), class_name="number cell-when wide-only quiet"),
        rx.el.td(
            rx.cond(
                row.active,
                rx.button(
                    "Cancel",
                    on_click=AdminRunsState.ask_cancel(row.run_id),
                    aria_label=f"Cancel the run of {row.frame}",
                    variant="soft",
                    color_scheme="red",
                    size="1",
                    custom_attrs={"data-run": row.run_id},
                ),
            ),
            class_name="cell-action",
        ),
        key=row.run_id.to_string(),
    )


def _dialog() -> rx.Component:
    return confirm_dialog(
        title="Cancel this run?",
        sentence=f"The run of {AdminRunsState.doomed} will stop. Rendered outputs are kept, "
        "and its owner sees that an administrator cancelled it.",
        action="Cancel run",
        dismiss="Keep running",
        on_confirm=AdminRunsState.cancel,
        open=AdminRunsState.asking,
        on_open_change=AdminRunsState.set_asking,
        back_to=[f"[data-run='{AdminRunsState.doomed_id}']"],
    )
