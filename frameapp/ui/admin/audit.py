"""The page of the audit log."""

import reflex as rx

from frameapp.ui.admin.audit_state import ACTIONS, AuditState, EventView
from frameapp.ui.admin.list_state import SEARCH_ID
from frameapp.ui.admin.parts import admin_page, listed
from frameapp.ui.components import layout
from frameapp.ui.components.search_box import search_box
from frameapp.ui.components.select import select
from frameapp.ui.components.table import table
from frameapp.ui.components.text import muted
from frameapp.ui.shell import signed_in_page


@signed_in_page("/admin/audit", title="Audit log", on_load=AuditState.load)
def audit() -> rx.Component:
    """The events, with their search and the choice of an action."""
    columns = [("Time", "cell-when cell-moment"), ("User", ""), ("Action", ""), ("Address", "wide-only")]
    rows = table("Events", columns, rx.foreach(AuditState.rows, _row), class_name="stacked")
    return admin_page(
        AuditState,
        "audit",
        rx.fragment(_tools(), listed(AuditState, rows, "No matching events.")),
        subtitle="Sign-ins, administration, deletions and publishing.",
    )


def _tools() -> rx.Component:
    chosen = rx.cond(AuditState.chosen == "", "all", AuditState.chosen)
    return layout.row(
        search_box(SEARCH_ID, "Search by name, address or detail", AuditState.search, AuditState.find),
        rx.spacer(),
        select(chosen, AuditState.choose_action, ACTIONS, label="Action"),
        wrap="wrap",
        margin_bottom="var(--space-3)",
    )


def _row(row: rx.Var[EventView]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.moment(row.at, format="D MMM YYYY, HH:mm:ss"), class_name="cell-when cell-moment quiet"),
        rx.el.td(
            rx.text(row.actor, size="2", weight="medium", as_="div", class_name="breaks"),
            muted(row.address, as_="div", class_name="narrow-only"),
        ),
        rx.el.td(
            rx.text(
                row.label, rx.cond(row.subject != "", ": " + row.subject, ""), size="2", as_="div", class_name="breaks"
            ),
            rx.cond(row.detail != "", muted(row.detail, as_="div", class_name="breaks")),
        ),
        rx.el.td(row.address, class_name="wide-only quiet breaks"),
        key=row.id.to_string(),
    )
