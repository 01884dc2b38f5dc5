"""The overview page."""

import reflex as rx

from frameapp.ui.admin.overview_state import FaultRow, KindRow, OverviewState, ProcessRow, Tile
from frameapp.ui.admin.parts import admin_page
from frameapp.ui.components import layout
from frameapp.ui.components.messages import skeleton, skeleton_lines, warning_callout
from frameapp.ui.components.table import table
from frameapp.ui.components.text import muted
from frameapp.ui.components.when import when
from frameapp.ui.shell import signed_in_page


@signed_in_page("/admin", title="Admin", on_load=[OverviewState.load, OverviewState.follow])
def overview() -> rx.Component:
    """Figures, processes, storage and the last errors."""
    loading = layout.column(skeleton("96px"), skeleton("96px"), skeleton_lines(4), gap="4")
    return admin_page(OverviewState, "overview", _content(), loading=loading)


def _content() -> rx.Component:
    return layout.column(
        _tiles(OverviewState.sums),
        _tiles(OverviewState.going),
        _section("Processes", _processes()),
        _section("Storage", _storage()),
        _section("Last errors", _faults()),
        gap="5",
    )


def _tiles(tiles: rx.Var[list[Tile]]) -> rx.Component:
    columns = rx.breakpoints(initial="2", md="4")
    return rx.grid(rx.el.dl(rx.foreach(tiles, _tile), margin="0"), as_child=True, columns=columns, spacing="3")


def _tile(tile: rx.Var[Tile]) -> rx.Component:
    return rx.card(
        muted(rx.el.dt(tile.name), as_child=True),
        rx.text(rx.el.dd(tile.value), as_child=True, size="5", weight="bold", margin="0"),
        muted(rx.el.dd(tile.more, min_height="var(--line-height-2)"), as_child=True, margin="0"),
        key=tile.name,
    )


def _section(name: str, *content: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.heading(name, as_="h2", size="3", weight="bold", margin_bottom="var(--space-3)"), *content, aria_label=name
    )


def _processes() -> rx.Component:
    columns = [
        ("Process", "cell-kind"),
        ("Activity", ""),
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
            muted("Counted ", when(OverviewState.counted_at), size="1", as_="p", class_name="below"),
        ),
        muted(
            rx.cond(
                OverviewState.counted_at != "",
                rx.fragment("Nothing was stored at the last count, ", when(OverviewState.counted_at), "."),
                rx.fragment("Storage is counted soon after a start, then once an hour."),
            )
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
        muted("No recent errors."),
    )


def _fault(row: rx.Var[FaultRow]) -> rx.Component:
    return rx.el.li(
        layout.column(
            rx.text(
                rx.link(row.frame, href=f"/admin/frames/{row.frame_id}", weight="medium"),
                rx.el.span(" · " + row.owner + " · " + row.what, class_name="quiet"),
                size="2",
                as_="div",
                class_name="breaks",
            ),
            muted(row.reason, as_="div", class_name="breaks"),
            gap="1",
            class_name="run-text",
        ),
        muted(when(row.at), as_="div", class_name="run-when"),
        class_name="run-row fault-row",
    )
