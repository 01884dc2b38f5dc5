"""The page of all users' frames."""

import reflex as rx

from frameapp.ui.admin.frames_state import SORTS, AdminFramesState, FrameView
from frameapp.ui.admin.parts import admin_page, listed, tools
from frameapp.ui.components.state_badge import state_badge
from frameapp.ui.components.table import table
from frameapp.ui.components.text import muted
from frameapp.ui.components.when import when
from frameapp.ui.shell import signed_in_page


@signed_in_page("/admin/frames", title="All frames", on_load=AdminFramesState.load)
def frames() -> rx.Component:
    """The frames of all users."""
    columns = [
        ("Frame", ""),
        ("State", "cell-state"),
        ("Products", "number wide-only"),
        ("Outputs", "number wide-only"),
        ("Storage", "number wide-only"),
        ("Created", "number cell-when wide-only"),
    ]
    rows = table("Frames", columns, rx.foreach(AdminFramesState.rows, _row), class_name="stacked beside")
    return admin_page(
        AdminFramesState,
        "frames",
        rx.fragment(
            tools(AdminFramesState, placeholder="Search by frame or owner", sorts=SORTS),
            listed(AdminFramesState, rows, "No matching frames."),
        ),
    )


def _row(row: rx.Var[FrameView]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.link(row.name, href=f"/admin/frames/{row.frame_id}", size="2", weight="medium", class_name="breaks"),
            muted(row.owner, as_="div", class_name="truncate", title=row.owner),
            muted(row.summary, as_="div", class_name="narrow-only"),
        ),
        rx.el.td(state_badge(row.state), class_name="cell-state"),
        rx.el.td(row.products, class_name="number wide-only"),
        rx.el.td(
            row.outputs,
            rx.cond(row.failed != "", rx.el.div(row.failed, class_name="quiet")),
            class_name="number wide-only",
        ),
        rx.el.td(row.storage, class_name="number wide-only"),
        rx.el.td(when(row.made), class_name="number cell-when wide-only quiet"),
        key=row.frame_id.to_string(),
    )
