"""The page of the audit log."""

import reflex as rx

from frameapp.ui.admin.audit_state import ACTIONS, AuditState, EventView
from frameapp.ui.admin.list_state import SEARCH_ID
from frameapp.ui.admin.parts import admin_page, listed, search_field, sort_select, table
from frameapp.ui.components.search_key import search_key


def audit() -> rx.Component:
    """Who did what, when and from where."""
    columns = [("When", "cell-when cell-moment"), ("Who", ""), ("What", ""), ("From", "wide-only")]
    rows = table("Events", columns, rx.foreach(AuditState.rows, _row), class_name="stacked")
    return admin_page(
        AuditState,
        "audit",
        rx.fragment(_tools(), listed(AuditState, rows, "No matching events.")),
        subtitle="Sign-ins, administration, deletions and publishing.",
    )


def _tools() -> rx.Component:
    return rx.flex(
        search_key(SEARCH_ID),
        search_field(AuditState, "Search by name, address or detail"),
        rx.spacer(),
        sort_select(AuditState.action, AuditState.choose, ACTIONS, label="Action"),
        align="center",
        spacing="3",
        wrap="wrap",
        margin_bottom="var(--space-3)",
    )


def _row(row: rx.Var[EventView]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.moment(row.at, format="D MMM YYYY, HH:mm:ss"), class_name="cell-when cell-moment quiet"),
        rx.el.td(
            rx.text(row.actor, size="2", weight="medium", as_="div", class_name="breaks"),
            rx.text(row.address, size="2", color_scheme="gray", as_="div", class_name="narrow-only"),
        ),
        rx.el.td(
            rx.text(
                row.label, rx.cond(row.subject != "", ": " + row.subject, ""), size="2", as_="div", class_name="breaks"
            ),
            rx.cond(
                row.detail != "", rx.text(row.detail, size="2", color_scheme="gray", as_="div", class_name="breaks")
            ),
        ),
        rx.el.td(row.address, class_name="wide-only quiet breaks"),
        key=row.id.to_string(),
    )
