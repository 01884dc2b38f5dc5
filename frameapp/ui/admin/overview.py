"""The overview page."""

import reflex as rx

from frameapp.ui.admin.overview_state import FaultRow, KindRow, OverviewState, ProcessRow, Tile
from frameapp.ui.admin.parts import admin_page, table
from frameapp.ui.components.messages import skeleton, skeleton_lines, warning_callout
from frameapp.ui.components.when import when


def overview() -> rx.Component:
    """Figures, processes, storage and the last errors."""
    return admin_page(OverviewState, "overview", _content(), loading=_loading())


def _content() -> rx.Component:
    return rx.flex(
        rx.el.dl(rx.foreach(OverviewState.sums, _tile), class_name="tiles"),
        rx.el.dl(rx.foreach(OverviewState.going, _tile), class_name="tiles"),
        _section("Processes", _processes()),
        _section("Storage", _storage()),
        _section("Last errors", _faults()),
        direction="column",
        spacing="5",
    )


def _loading() -> rx.Component:
    return rx.flex(skeleton("96px"), skeleton("96px"), skeleton_lines(4), direction="column", spacing="4")


def _tile(tile: rx.Var[Tile]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(tile.name),
        rx.el.dd(tile.value, class_name="tile-value"),
        rx.el.dd(tile.more, class_name="tile-more"),
        class_name="tile",
        key=tile.name,
    )


def _section(name: str, *content: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.heading(name, as_="h2", size="3", weight="bold", margin_bottom="var(--space-3)"), *content, aria_label=name
    )


def _processes() -> rx.Component:
    columns = [
        ("Process", "cell-kind"),
        ("Doing", ""),
        ("Machine · process id", "wide-only"),
        ("Started", "number cell-when wide-only"),
    ]
    return rx.cond(
        OverviewState.processes.length() > 0,
        table("Processes", columns, rx.foreach(OverviewState.processes, _process)),
        warning_callout("No running processes found. Check the workers and the database clock."),
    )


def _process(row: rx.Var[ProcessRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row.kind, class_name="cell-kind strong"),
        rx.el.td(row.doing, class_name="breaks"),
        rx.el.td(row.place, class_name="wide-only quiet breaks"),
        rx.el.td(when(row.started_at), class_name="number cell-when wide-only quiet"),
        key=row.id,
    )


def _storage() -> rx.Component:
    columns = [("Kind", ""), ("Objects", "number"), ("Size", "number")]
    return rx.cond(
        OverviewState.kinds.length() > 0,
        rx.fragment(
            table("Storage", columns, rx.foreach(OverviewState.kinds, _kind), class_name="narrow-rows"),
            rx.text(
                "Counted ", when(OverviewState.counted_at), size="1", color_scheme="gray", as_="p", class_name="below"
            ),
        ),
        rx.text(
            rx.cond(
                OverviewState.counted_at != "",
                rx.fragment("Nothing was stored at the last count, ", when(OverviewState.counted_at), "."),
                rx.fragment("Storage is counted soon after a start, then once an hour."),
            ),
            size="2",
            color_scheme="gray",
        ),
    )


def _kind(row: rx.Var[KindRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row.kind),
        rx.el.td(row.objects, class_name="number quiet"),
        rx.el.td(row.size, class_name="number"),
        key=row.kind,
    )


def _faults() -> rx.Component:
    return rx.cond(
        OverviewState.faults.length() > 0,
        rx.el.ol(rx.foreach(OverviewState.faults, _fault), class_name="run-list", aria_label="Last errors"),
        rx.text("No recent errors.", size="2", color_scheme="gray"),
    )


def _fault(row: rx.Var[FaultRow]) -> rx.Component:
    return rx.el.li(
        rx.flex(
            rx.text(
                rx.link(row.frame, href=f"/admin/frames/{row.frame_id}", weight="medium"),
                rx.el.span(" · " + row.owner + " · " + row.what, class_name="quiet"),
                size="2",
                as_="div",
                class_name="breaks",
            ),
            rx.text(row.reason, size="2", color_scheme="gray", as_="div", class_name="breaks"),
            direction="column",
            spacing="1",
            class_name="run-text",
        ),
        rx.text(when(row.at), size="2", color_scheme="gray", as_="div", class_name="run-when"),
        class_name="run-row fault-row",
    )
